// Plays what a browser can play: the original, or its proxy, said to be one. Watermarked.
import { Alert } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/hooks';
import type { RecordingFull } from '../api/types';
import { time } from './format';
import { Watermark } from './watermark';
import { Waveform } from './waveform';

interface Props {
  row: RecordingFull;
  /** The grant as a query, with its `?`; empty without. */
  under: string;
  seek: number;
  onTime: (ms: number) => void;
}

export function Player({ row, under, seek, onTime }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  const element = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const [trouble, setTrouble] = useState<'failed' | 'black' | null>(null);
  const [opened] = useState(() => new Date());
  const media = row.media;
  const kind = media?.kind ?? 'other';
  const proxy = media?.products.find((one) => one.kind === 'proxy');
  const original = media?.plays_in_browser ?? true;
  const base = `/api/v1/recordings/${row.recording}`;
  const source = original || !proxy ? `${base}/content${under}` : `${base}/products/proxy${under}`;

  useEffect(() => {
    const player = element.current;
    if (player && seek > 0) {
      player.currentTime = seek / 1000;
      player.play().catch(() => {});
    }
  }, [seek]);

  const local = new Date(opened.getTime() + 8 * 3_600_000).toISOString();
  const mark = [`${session.person} ${session.unit}`, time(local)];
  const watch = {
    ref: element,
    src: source,
    controls: true,
    preload: 'metadata' as const,
    onTimeUpdate: (event: React.SyntheticEvent<HTMLMediaElement>) => onTime(event.currentTarget.currentTime * 1000),
    onError: () => setTrouble('failed'),
    onLoadedMetadata: (event: React.SyntheticEvent<HTMLMediaElement>) => {
      if (kind === 'video' && (event.currentTarget as HTMLVideoElement).videoWidth === 0) setTrouble('black');
      if (seek > 0) event.currentTarget.currentTime = seek / 1000;
    },
  };
  const vtt = media && media.transcripts.length > 0 ? `${base}/transcript${under}${under ? '&' : '?'}format=vtt` : null;
  return (
    <>
      {!original && proxy && <Alert type="info" showIcon style={{ marginBottom: 10 }} title={t('player.proxy')} />}
      {!original && !proxy && kind === 'video' && <Alert type="warning" showIcon style={{ marginBottom: 10 }} title={t('player.no-proxy')} />}
      {trouble === 'failed' && <Alert type="error" showIcon style={{ marginBottom: 10 }} title={t('player.failed')} role="alert" />}
      {trouble === 'black' && <Alert type="warning" showIcon style={{ marginBottom: 10 }} title={t('player.black')} role="alert" />}
      <Watermark lines={mark}>
        {kind === 'video' && <video {...watch} playsInline poster={media?.products.some((one) => one.kind === 'poster') ? `${base}/products/poster${under}` : undefined}>{vtt && <track kind="captions" src={vtt} label={t('transcript')} />}</video>}
        {kind === 'audio' && <audio {...watch} />}
        {kind === 'picture' && <img className="photo" src={source} alt={row.name} />}
        {kind === 'other' && <a href={source}>{t('player.download')}</a>}
      </Watermark>
      {kind === 'video' && media?.products.some((one) => one.kind === 'sheet') && (
        <details className="sheet">
          <summary>{t('player.sheet')}</summary>
          <Watermark lines={mark}><img className="photo" src={`${base}/products/sheet${under}`} alt={t('player.sheet.of', { name: row.name })} loading="lazy" /></Watermark>
        </details>
      )}
      {media?.products.some((one) => one.kind === 'waveform') && (
        <Waveform source={`${base}/products/waveform${under}`} duration={media.duration_ms ?? 0} at={element} />
      )}
    </>
  );
}
