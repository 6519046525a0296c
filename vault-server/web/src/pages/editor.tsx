// The editor of a recording's text: keyboard first, machine and person told apart, versions kept.
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Card, Input, Space } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Problem, get, post, put } from '../api/client';
import { useMay } from '../api/hooks';
import type { Cue, RecordingFull, Transcript } from '../api/types';
import { clock, time } from '../parts/format';
import { Player, useSeek } from '../parts/player';
import { Head, Shown, Trouble } from '../parts/states';
import { Versions } from '../parts/versions';

/** Seconds that going on starts earlier, so that the last words are heard again. */
const BACK_SECONDS = 2;
/** Seconds that a skip goes, and by how much the speed changes; as far as speech stays speech. */
const SKIP_SECONDS = 1.5;
const SPEED_STEP = 0.1;
const SPEED = { slowest: 0.5, fastest: 2 };

export function Editor() {
  const { id = '' } = useParams();
  const row = useQuery({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`) });
  const has = (row.data?.media?.transcripts.length ?? 0) > 0;
  const text = useQuery({ queryKey: ['transcript', id, null], enabled: has, retry: false, queryFn: () => get<Transcript>(`/recordings/${id}/transcript`) });
  return (
    <div className="page">
      <Shown pending={row.isPending || (has && text.isPending)} error={row.error ?? text.error}>
        {row.data && <Desk row={row.data} text={text.data ?? null} changed={() => { row.refetch(); text.refetch(); }} />}
      </Shown>
    </div>
  );
}

function toggle(player: HTMLMediaElement): void {
  if (!player.paused) return player.pause();
  player.currentTime = Math.max(0, player.currentTime - BACK_SECONDS);
  player.play().catch(() => {});
}

function Desk({ row, text, changed }: { row: RecordingFull; text: Transcript | null; changed: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const mayCheck = useMay('transcript.check');
  const [cues, setCues] = useState<Cue[]>(() => text?.cues ?? []);
  const [dirty, setDirty] = useState(false);
  const [at, setAt] = useState(0);
  const [seek, go] = useSeek(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const begun = useRef<number | null>(null);
  // A newer version takes the place of what is shown, but not of what is being written; the sound goes on.
  const version = text?.version.version;
  useEffect(() => {
    if (text && !dirty) setCues(text.cues);
  }, [version]);
  const change = (index: number, part: Partial<Cue>) => {
    setCues((all) => all.map((cue, place) => (place === index ? { ...cue, ...part, origin: 'person' } : cue)));
    setDirty(true);
  };
  const add = () => {
    const player = document.querySelector<HTMLMediaElement>('video, audio');
    const from = Math.round(player ? player.currentTime * 1000 : at);
    const fresh: Cue = { from_ms: from, to_ms: from + 3000, speaker: '', text: '', origin: 'person', confidence: null };
    const all = [...cues, fresh].sort((one, other) => one.from_ms - other.from_ms);
    setCues(all);
    setDirty(true);
    begun.current = all.indexOf(fresh);
  };
  // What was begun is what is written next.
  useEffect(() => {
    if (begun.current === null) return;
    list.current?.querySelectorAll('textarea')[begun.current]?.focus();
    begun.current = null;
  }, [cues]);
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
      const command = event.ctrlKey || event.metaKey;
      const act = command ? { j: add, s: save }[event.key] : player && {
        Escape: () => toggle(player),
        F1: () => { player.currentTime = Math.max(0, player.currentTime - SKIP_SECONDS); },
        F2: () => { player.currentTime += SKIP_SECONDS; },
        F3: () => { player.playbackRate = Math.max(SPEED.slowest, player.playbackRate - SPEED_STEP); },
        F4: () => { player.playbackRate = Math.min(SPEED.fastest, player.playbackRate + SPEED_STEP); },
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
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
      <div className="two player-first">
        <Card size="small" styles={{ body: { maxHeight: '72vh', overflow: 'auto' } }}>
          <div ref={list} className="stack" style={{ gap: 10 }}>
            {cues.length === 0 && <p className="quiet">{t('editor.empty')}</p>}
            {cues.map((cue, index) => (
              <div key={index} className={at >= cue.from_ms && at < cue.to_ms ? 'cue edited now' : 'cue edited'}>
                <div>
                  <Button size="small" block onClick={() => go(cue.from_ms)} aria-label={t('editor.play', { at: clock(cue.from_ms) })}>{clock(cue.from_ms)}</Button>
                  <div className={cue.origin === 'machine' ? 'origin machine' : 'origin'}>{t(cue.origin === 'machine' ? 'origin.machine' : 'origin.person')}</div>
                </div>
                <Input value={cue.speaker} placeholder={t('speaker')} aria-label={t('speaker')} onChange={(event) => change(index, { speaker: event.target.value })} />
                <Input.TextArea className="as-long-as-its-text" rows={1} value={cue.text} aria-label={t('editor.words', { at: clock(cue.from_ms) })} onChange={(event) => change(index, { text: event.target.value })} />
              </div>
            ))}
          </div>
        </Card>
        <div className="stack" style={{ position: 'sticky', top: 72 }}>
          <Card size="small"><Player row={row} under="" excerpt={null} seek={seek} at={at} onTime={setAt} /></Card>
          <Card size="small" title={t('editor.keys')}>
            <ul style={{ margin: 0, paddingInlineStart: 20 }}>
              {(['play', 'skip', 'speed', 'add', 'save'] as const).map((key) => <li key={key}>{t(`editor.key.${key}`)}</li>)}
            </ul>
          </Card>
          <Versions row={row} />
        </div>
      </div>
    </>
  );
}
