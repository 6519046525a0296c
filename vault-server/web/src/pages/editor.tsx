// The editor of a recording's text: keyboard first, machine and person told apart, versions kept.
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Card, Input, Space, Tag } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Problem, get, post, put } from '../api/client';
import { useMay } from '../api/hooks';
import type { Cue, RecordingFull, Transcript } from '../api/types';
import { clock, time } from '../parts/format';
import { Player } from '../parts/player';
import { Head, Shown, Trouble } from '../parts/states';

/** How far back the key that repeats goes. */
const BACK_MS = 3000;

export function Editor() {
  const { id = '' } = useParams();
  const row = useQuery({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`) });
  const has = (row.data?.media?.transcripts.length ?? 0) > 0;
  const text = useQuery({ queryKey: ['transcript', id, null], enabled: has, retry: false, queryFn: () => get<Transcript>(`/recordings/${id}/transcript`) });
  return (
    <div className="page">
      <Shown pending={row.isPending || (has && text.isPending)} error={row.error ?? text.error}>
        {row.data && <Desk key={text.data?.version.version ?? 0} row={row.data} text={text.data ?? null} changed={() => { row.refetch(); text.refetch(); }} />}
      </Shown>
    </div>
  );
}

function Desk({ row, text, changed }: { row: RecordingFull; text: Transcript | null; changed: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const mayCheck = useMay('transcript.check');
  const [cues, setCues] = useState<Cue[]>(() => text?.cues ?? []);
  const [dirty, setDirty] = useState(false);
  const [at, setAt] = useState(0);
  const [seek, setSeek] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const change = (index: number, part: Partial<Cue>) => {
    setCues((all) => all.map((cue, place) => (place === index ? { ...cue, ...part, origin: 'person' } : cue)));
    setDirty(true);
  };
  const add = () => {
    const from = Math.round(at);
    const fresh: Cue = { from_ms: from, to_ms: from + 3000, speaker: '', text: '', origin: 'person', confidence: null };
    setCues((all) => [...all, fresh].sort((one, other) => one.from_ms - other.from_ms));
    setDirty(true);
  };
  const save = async () => {
    setProblem(null);
    try {
      await put(`/recordings/${row.recording}/transcript`, {
        base_version: text?.version.version ?? null,
        cues: cues.filter((cue) => cue.text.trim()).map(({ from_ms, to_ms, speaker, text: words }) => ({ from_ms, to_ms, speaker, text: words })),
      });
      message.success(t('editor.saved'));
      setDirty(false);
      changed();
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  const check = async () => {
    try {
      await post(`/recordings/${row.recording}/transcript/${text?.version.version}/check`);
      message.success(t('editor.checked'));
      changed();
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const player = document.querySelector<HTMLMediaElement>('video, audio');
      if (event.key === 'F2' || (event.key === 'Escape' && player)) {
        event.preventDefault();
        if (player?.paused) player.play().catch(() => {});
        else player?.pause();
      } else if (event.key === 'F1' && player) {
        event.preventDefault();
        player.currentTime = Math.max(0, player.currentTime - BACK_MS / 1000);
      } else if ((event.ctrlKey || event.metaKey) && event.key === 's') {
        event.preventDefault();
        save();
      } else if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
        event.preventDefault();
        add();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  });
  return (
    <>
      <Head title={t('editor.title', { name: row.name })} article="A2.18(一)2" sub={text ? t('editor.version', { version: text.version.version, person: text.version.person || text.version.engine, at: time(text.version.at) }) : t('editor.new')}>
        <Space wrap>
          <Link to={`/recordings/${row.recording}`}>{t('back')}</Link>
          <Button onClick={add}>{t('editor.add')}</Button>
          <Button type="primary" disabled={!dirty} onClick={save}>{t('save')}</Button>
          {mayCheck && text && !text.version.checked && <Button disabled={dirty} onClick={check}>{t('editor.check')}</Button>}
        </Space>
      </Head>
      {problem && <Trouble error={problem} />}
      {text?.version.checked && <Alert type="success" showIcon style={{ marginBottom: 12 }} title={t('transcript.checked', { person: text.version.checked_by ?? '' })} />}
      <div className="two">
        <Card size="small" styles={{ body: { maxHeight: '72vh', overflow: 'auto' } }}>
          <div ref={list} className="stack" style={{ gap: 10 }}>
            {cues.length === 0 && <p className="quiet">{t('editor.empty')}</p>}
            {cues.map((cue, index) => (
              <div key={index} className={at >= cue.from_ms && at < cue.to_ms ? 'cue now' : 'cue'} style={{ gridTemplateColumns: '92px 120px 1fr', cursor: 'default' }}>
                <Button size="small" onClick={() => setSeek(cue.from_ms + Math.random() / 1000)} aria-label={t('editor.play', { at: clock(cue.from_ms) })}>{clock(cue.from_ms)}</Button>
                <Input size="small" value={cue.speaker} placeholder={t('speaker')} aria-label={t('speaker')} onChange={(event) => change(index, { speaker: event.target.value })} />
                <Input.TextArea autoSize value={cue.text} aria-label={t('editor.words', { at: clock(cue.from_ms) })} onChange={(event) => change(index, { text: event.target.value })} onFocus={() => {}} />
                <span />
                <span>{cue.origin === 'machine' ? <Tag color="warning">{t('origin.machine')}</Tag> : <Tag>{t('origin.person')}</Tag>}</span>
              </div>
            ))}
          </div>
        </Card>
        <div className="stack" style={{ position: 'sticky', top: 72 }}>
          <Card size="small"><Player row={row} under="" seek={seek} onTime={setAt} /></Card>
          <Card size="small" title={t('editor.keys')}>
            <ul style={{ margin: 0, paddingInlineStart: 20 }}>
              <li>{t('editor.key.play')}</li><li>{t('editor.key.back')}</li><li>{t('editor.key.add')}</li><li>{t('editor.key.save')}</li>
            </ul>
          </Card>
        </div>
      </div>
    </>
  );
}
