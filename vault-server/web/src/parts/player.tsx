// Plays what a browser can play: the original, or its proxy, said to be one. Watermarked.
import { Alert, Tag } from 'antd';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { post, Problem, problemOf } from '../api/client';
import { useSession } from '../api/hooks';
import type { RecordingFull } from '../api/types';
import { clock, now, time } from './format';
import { Trouble } from './states';
import { Watermark } from './watermark';
import { Waveform } from './waveform';

/** A place to go to; each asking is one of its own, also for the same place. */
export interface Seek { ms: number }

export function useSeek(from: number): [Seek, (ms: number) => void] {
  const [seek, set] = useState<Seek>({ ms: from });
  return [seek, (ms) => set({ ms })];
}

/** Seconds of a skip by J and L, and of one step by comma and full stop (a frame of most recorders). */
const SKIP_SECONDS = 10;
const FRAME_SECONDS = 1 / 25;

/** The keys of those who look at film all day, where nobody is writing. */
function usePlayerKeys(element: RefObject<HTMLMediaElement | null>) {
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const player = element.current;
      const writes = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [role=combobox], [role=dialog]');
      if (!player || writes || event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { j: -SKIP_SECONDS, l: SKIP_SECONDS, ',': -FRAME_SECONDS, '.': FRAME_SECONDS }[event.key];
      if (by !== undefined) player.currentTime = Math.max(0, player.currentTime + by);
      else if (event.key === 'k') player.paused ? player.play().catch(() => {}) : player.pause();
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [element]);
}

/** Says for an inspection what was played since the last time; what the vault served counts at most. */
function useWatched(element: RefObject<HTMLMediaElement | null>, recording: string) {
  const inspection = new URLSearchParams(location.search).get('inspection');
  const told = useRef('');
  useEffect(() => {
    if (!inspection) return;
    const tell = () => {
      const played = element.current?.played;
      if (!played || played.length === 0) return;
      const ranges = Array.from({ length: played.length }, (_, at) => [Math.floor(played.start(at) * 1000), Math.ceil(played.end(at) * 1000)]).filter(([from = 0, to = 0]) => from < to);
      const said = JSON.stringify(ranges);
      if (ranges.length === 0 || said === told.current) return;
      told.current = said;
      // Who is no inspector, or not of this inspection, is refused; nothing depends on it here.
      post(`/inspections/${inspection}/watched`, { recording, ranges }).catch(() => {});
    };
    const timer = setInterval(tell, TOLD_EVERY_MS);
    window.addEventListener('pagehide', tell);
    return () => {
      clearInterval(timer);
      window.removeEventListener('pagehide', tell);
      tell();
    };
  }, [inspection, recording, element]);
}

/** What a browser shows in the page; everything else, also what could not be examined, is saved to be looked at. */
const SHOWN = ['video', 'audio', 'picture'];

/** Why the service does not give this content; none where it does. A browser says only that it failed. */
async function whyNot(source: string): Promise<Problem | null> {
  const there = await fetch(source, { method: 'HEAD', credentials: 'same-origin' });
  if (there.ok) return null;
  return problemOf(await fetch(source, { credentials: 'same-origin' }));
}

/** How often a player says what it played. */
const TOLD_EVERY_MS = 15_000;

interface Props {
  row: RecordingFull;
  /** The grant as a query, with its `?`; empty without. */
  under: string;
  /** For a grant of a stretch: what of the recording its excerpt covers. */
  excerpt: [number, number] | null;
  seek: Seek;
  /** Where it is, in milliseconds, as `onTime` told. */
  at: number;
  onTime: (ms: number) => void;
}

export function Player({ row, under, excerpt, seek, at, onTime }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  const element = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const [trouble, setTrouble] = useState<'failed' | 'black' | null>(null);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const [opened] = useState(now);
  const media = row.media;
  const kind = media?.kind ?? 'other';
  const proxy = media?.products.find((one) => one.kind === 'proxy');
  const original = excerpt !== null || (media?.plays_in_browser ?? true);
  const codec = media?.streams.map((one) => one.codec).filter(Boolean).join(' + ') || '—';
  const base = `/api/v1/recordings/${row.recording}`;
  const whole = original || !proxy ? `${base}/content${under}` : `${base}/products/proxy${under}`;
  const source = excerpt ? `${base}/excerpt${under}` : whole;
  const begins = excerpt?.[0] ?? 0;
  const made = excerpt ? [] : media?.products ?? [];

  usePlayerKeys(element);
  useWatched(element, row.recording);

  useEffect(() => {
    const player = element.current;
    if (player && player.readyState > 0) {
      player.currentTime = Math.max(0, seek.ms - begins) / 1000;
      player.play().catch(() => {});
    }
  }, [seek, begins]);

  const mark = [`${session.person} ${session.unit}`, time(opened)];
  const watch = {
    ref: element,
    src: source,
    controls: true,
    preload: 'metadata' as const,
    onTimeUpdate: (event: React.SyntheticEvent<HTMLMediaElement>) => onTime(begins + event.currentTarget.currentTime * 1000),
    onError: () => { setTrouble('failed'); whyNot(source).then(setRefusal, () => {}); },
    onLoadedMetadata: (event: React.SyntheticEvent<HTMLMediaElement>) => {
      if (kind === 'video' && (event.currentTarget as HTMLVideoElement).videoWidth === 0) setTrouble('black');
      if (seek.ms > 0) event.currentTarget.currentTime = Math.max(0, seek.ms - begins) / 1000;
    },
  };
  const vtt = !excerpt && media && media.transcripts.length > 0 ? `${base}/transcript${under}${under ? '&' : '?'}format=vtt` : null;
  return (
    <>
      {excerpt && <Alert type="info" showIcon style={{ marginBottom: 10 }} title={t('player.excerpt', { from: clock(excerpt[0]), to: clock(excerpt[1]) })} />}
      {!original && proxy && <Alert type="info" showIcon style={{ marginBottom: 10 }} title={<><Tag color="warning">{t('player.proxy.mark')}</Tag>{t('player.proxy', { codec })}</>} />}
      {!original && !proxy && kind === 'video' && <Alert type="warning" showIcon style={{ marginBottom: 10 }} title={t('player.no-proxy')} />}
      {trouble === 'failed' && refusal && <div style={{ marginBottom: 10 }}><Trouble error={refusal} /></div>}
      {trouble === 'failed' && !refusal && <Alert type="error" showIcon style={{ marginBottom: 10 }} title={t('player.failed')} role="alert" />}
      {trouble === 'black' && <Alert type="warning" showIcon style={{ marginBottom: 10 }} title={t('player.black', { codec })} role="alert" />}
      <Watermark lines={mark}>
        {kind === 'video' && <video {...watch} playsInline poster={made.some((one) => one.kind === 'poster') ? `${base}/products/poster${under}` : undefined}>{vtt && <track kind="captions" src={vtt} label={t('transcript')} />}</video>}
        {kind === 'audio' && <audio {...watch} />}
        {kind === 'picture' && <img className="photo" src={source} alt={row.name} />}
        {!SHOWN.includes(kind) && <a href={source}>{t('player.download')}</a>}
      </Watermark>
      {(kind === 'video' || kind === 'audio') && (
        <p className="under-player no-print">
          {made.some((one) => one.kind === 'sheet') && <Link to={`/recordings/${row.recording}/sheet${under}`}>{t('sheet')}</Link>}
          <span className="quiet">{t('player.keys')}</span>
        </p>
      )}
      {media && made.some((one) => one.kind === 'waveform') && (
        <Waveform source={`${base}/products/waveform${under}`} duration={media.duration_ms ?? 0} at={at} go={(ms) => { if (element.current) element.current.currentTime = ms / 1000; }} />
      )}
    </>
  );
}
