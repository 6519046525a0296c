// Uploads: several files at once, going on at the server's offset, with labels for the whole batch.
import { CheckCircleFilled, DeleteOutlined, InboxOutlined, PauseCircleOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Progress, Tag } from 'antd';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Upload as Tus } from 'tus-js-client';
import { get, remove } from '../api/client';
import type { Listed, RecordingFull, Upload } from '../api/types';
import { size, time } from '../parts/format';
import { type Labels, LabelsForm, useLabels } from '../parts/labels';
import { Digest, RecordingLink } from '../parts/small';
import { Head } from '../parts/states';
import { language } from '../words';

type State = 'waiting' | 'sending' | 'paused' | 'done' | 'failed';

interface Item {
  key: string;
  file: File;
  labels: Labels;
  state: State;
  sent: number;
  received: number;
  recording?: string;
  duplicate?: boolean;
  problem?: string;
  tus?: Tus;
}

/** What can be done with a file. */
interface Acts {
  pause: (item: Item) => void;
  resume: (item: Item) => void;
  drop: (item: Item) => void;
}

/** Files sent at once: enough to fill a line, few enough for the service's other users. */
const AT_ONCE = 3;
/** Bytes of one piece: what came in whole pieces survives a broken connection. */
const PIECE = 32 * 1024 * 1024;

export function UploadPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [items, setItems] = useState<Item[]>([]);
  const [over, setOver] = useState(false);
  const labels = useLabels();
  const input = useRef<HTMLInputElement>(null);
  const left = useQuery({ queryKey: ['uploads'], queryFn: () => get<Listed<Upload>>('/uploads') });

  const set = (key: string, change: Partial<Item>) =>
    setItems((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const sending = items.some((one) => one.state === 'sending' || one.state === 'waiting');

  useBlockLeaving(sending);

  const add = (files: FileList | File[]) => {
    const said = labels.values();
    const fresh = [...files].map((file) => ({
      key: `${file.name}:${file.size}:${file.lastModified}`,
      file, labels: said, state: 'waiting' as State, sent: 0, received: 0,
    }));
    setItems((all) => [...all, ...fresh.filter((one) => !all.some((other) => other.key === one.key))]);
  };

  const start = (item: Item) => {
    const earlier = left.data?.items.find((one) => one.name === item.file.name && one.bytes === item.file.size);
    const metadata: Record<string, string> = { filename: item.file.name };
    for (const [name, text] of Object.entries(item.labels)) if (text) metadata[name] = text;
    const tus = new Tus(item.file, {
      endpoint: '/api/v1/uploads',
      uploadUrl: earlier?.url ?? null,
      chunkSize: PIECE,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
      storeFingerprintForResuming: false,
      metadata,
      headers: { 'accept-language': language() },
      onBeforeRequest: (request) => {
        (request.getUnderlyingObject() as XMLHttpRequest).withCredentials = true;
      },
      onProgress: (sent) => set(item.key, { sent }),
      onChunkComplete: (_, received) => set(item.key, { received }),
      onAfterResponse: (_, response) => {
        const recording = response.getHeader('Upload-Recording');
        if (recording) set(item.key, { recording, duplicate: response.getHeader('Upload-Duplicate') === 'true' });
      },
      onSuccess: () => {
        set(item.key, { state: 'done', sent: item.file.size, received: item.file.size });
        client.invalidateQueries({ queryKey: ['uploads'] });
        client.invalidateQueries({ queryKey: ['tray'] });
      },
      onError: (error) => {
        const body = 'originalResponse' in error ? error.originalResponse?.getBody() : undefined;
        let problem = t('unreachable');
        try {
          if (body) problem = (JSON.parse(body) as { detail: string }).detail;
        } catch {
          // Not a problem of ours: the line was cut.
        }
        set(item.key, { state: 'failed', problem });
      },
    });
    set(item.key, { state: 'sending', tus, problem: undefined });
    tus.start();
  };

  useEffect(() => {
    const busy = items.filter((one) => one.state === 'sending').length;
    const next = items.filter((one) => one.state === 'waiting').slice(0, Math.max(0, AT_ONCE - busy));
    if (!left.isPending) next.forEach(start);
  });

  const pause = (item: Item) => {
    item.tus?.abort();
    set(item.key, { state: 'paused' });
  };
  const drop = (item: Item) => {
    item.tus?.abort(true).catch(() => {});
    setItems((all) => all.filter((one) => one.key !== item.key));
  };
  // The same for every render, so that a change of one file renders one row and not five hundred.
  const newest = useRef<Acts>({ pause, resume: start, drop });
  newest.current = { pause, resume: start, drop };
  const acts = useMemo<Acts>(() => ({
    pause: (item) => newest.current.pause(item),
    resume: (item) => newest.current.resume(item),
    drop: (item) => newest.current.drop(item),
  }), []);
  const unfinished = (left.data?.items ?? []).filter((one) => !items.some((item) => item.file.name === one.name && item.file.size === one.bytes));

  return (
    <div className="page">
      <Head title={t('nav.upload')} sub={t('upload.sub')} article="A3.10, A2.18(一)1" />
      <div className="stack">
        <Card title={t('upload.labels')} size="small"><LabelsForm labels={labels} /></Card>
        {unfinished.length > 0 && (
          <Alert type="warning" showIcon title={t('upload.unfinished')} description={
            <div className="stack" style={{ gap: 4 }}>
              {unfinished.map((one) => (
                <div key={one.upload} style={{ display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
                  <span style={{ flex: 1 }}>{one.name}</span>
                  <span>{size(one.offset)} / {size(one.bytes)}</span>
                  <span>{t('upload.until', { time: time(one.expires) })}</span>
                  <Button size="small" onClick={() => client.fetchQuery({ queryKey: ['drop', one.upload], queryFn: () => remove(`/uploads/${one.upload}`) }).catch(() => {}).finally(() => left.refetch())}>{t('upload.drop')}</Button>
                </div>
              ))}
            </div>
          } />
        )}
        <div className={over ? 'drop over' : 'drop'}
          onDragOver={(event) => { event.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => { event.preventDefault(); setOver(false); add(event.dataTransfer.files); }}>
          <InboxOutlined style={{ fontSize: 34, color: '#1d4f91' }} aria-hidden />
          <p style={{ margin: '8px 0 12px' }}>{t('upload.drop-here')}</p>
          <Button type="primary" onClick={() => input.current?.click()}>{t('upload.choose')}</Button>
          <input ref={input} type="file" multiple hidden aria-label={t('upload.choose')}
            onChange={(event) => { if (event.target.files) add(event.target.files); event.target.value = ''; }} />
          <p className="quiet" style={{ marginBottom: 0 }}>{t('upload.note')}</p>
        </div>
        {items.length > 0 && (
          <Card size="small" title={t('upload.files', { done: items.filter((one) => one.state === 'done').length, all: items.length })}>
            <div style={{ maxHeight: 560, overflow: 'auto' }} aria-live="polite">
              {items.map((item) => <Row key={item.key} item={item} acts={acts} />)}
            </div>
          </Card>
        )}
      </div>
    </div>
  );
}

const Row = memo(function Row({ item, acts: { pause, resume, drop } }: { item: Item; acts: Acts }) {
  const { t } = useTranslation();
  const share = item.file.size === 0 ? 100 : Math.floor((item.sent / item.file.size) * 100);
  const stays = !item.labels.case || !item.labels.counterpart || !item.labels.handler || !item.labels.activity;
  return (
    <div style={{ padding: '10px 4px', borderBottom: '1px solid #eef0f4', contentVisibility: 'auto', containIntrinsicSize: 'auto 84px' }}>
      <div style={{ display: 'flex', gap: 10, alignItems: 'center', flexWrap: 'wrap' }}>
        <span style={{ flex: 1, minWidth: 180, overflowWrap: 'anywhere' }}>
          {item.recording ? <RecordingLink id={item.recording} name={item.file.name} /> : item.file.name}
        </span>
        {item.state === 'done' && !item.duplicate && <Tag icon={<CheckCircleFilled />} color="green">{t('upload.stored')}</Tag>}
        {item.duplicate && <Tag color="processing">{t('upload.duplicate')}</Tag>}
        {stays && item.state === 'done' && <Tag color="warning">{t('upload.to-tray')}</Tag>}
        {item.state === 'waiting' && <Tag>{t('upload.waiting')}</Tag>}
        {item.state === 'sending' && <Button size="small" icon={<PauseCircleOutlined />} onClick={() => pause(item)}>{t('upload.pause')}</Button>}
        {(item.state === 'paused' || item.state === 'failed') && <Button size="small" icon={<PlayCircleOutlined />} onClick={() => resume(item)}>{t('upload.resume')}</Button>}
        {item.state !== 'done' && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('upload.drop')} onClick={() => drop(item)} />}
      </div>
      <Progress percent={share} size="small" status={item.state === 'failed' ? 'exception' : item.state === 'done' ? 'success' : 'active'} aria-label={item.file.name} />
      <div className="quiet" style={{ fontSize: 13 }}>
        {t('upload.counts', { source: size(item.file.size), received: size(Math.max(item.received, item.state === 'done' ? item.file.size : 0)), stored: item.state === 'done' ? size(item.file.size) : '—' })}
        {item.recording && <> · BLAKE3 <Digest text={item.recording} /></>}
      </div>
      {item.duplicate && item.recording && <Earlier id={item.recording} />}
      {item.problem && <div role="alert" style={{ color: '#b3261e' }}>{item.problem}</div>}
    </div>
  );
});

/** Who brought the same content in before, when, and for which case. */
function Earlier({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: row } = useQuery({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`) });
  if (!row) return null;
  return <div style={{ fontSize: 13 }}>{t('upload.earlier', { who: row.received_by ?? t('upload.terminal'), time: time(row.received), case: row.case || t('upload.no-case'), name: row.name })}</div>;
}

/** Asks before a page with work under way is left. */
function useBlockLeaving(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [active]);
}
