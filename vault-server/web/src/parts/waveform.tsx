// The peaks of the sound, as the service computed them (audiowaveform data, version 2, 8 bits).
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from './format';

interface Props {
  source: string;
  /** Milliseconds: how long it is, where it is. */
  duration: number;
  at: number;
  go: (ms: number) => void;
}

const HEAD_BYTES = 24;
/** How far an arrow key goes. */
const STEP_MS = 5_000;

export function Waveform({ source, duration, at, go }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let live = true;
    fetch(source, { credentials: 'same-origin' })
      .then((response) => (response.ok ? response.arrayBuffer() : Promise.reject(new Error('refused'))))
      .then((bytes) => { if (live && canvas.current) draw(canvas.current, bytes); })
      .catch(() => {});
    return () => { live = false; };
  }, [source]);
  const jump = (event: React.MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    go(((event.clientX - box.left) / box.width) * duration);
  };
  const step = (event: React.KeyboardEvent) => {
    const by = { ArrowLeft: -STEP_MS, ArrowRight: STEP_MS }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    go(Math.min(duration, Math.max(0, at + by)));
  };
  return (
    <div className="wave" onClick={jump} onKeyDown={step} role="slider" tabIndex={0} aria-label={t('waveform')}
      aria-valuemin={0} aria-valuemax={Math.round(duration / 1000)} aria-valuenow={Math.round(at / 1000)} aria-valuetext={clock(at)}>
      <canvas ref={canvas} />
      <span className="head" style={{ left: `${duration > 0 ? Math.min(100, (at / duration) * 100) : 0}%` }} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, bytes: ArrayBuffer): void {
  if (bytes.byteLength <= HEAD_BYTES) return;
  const peaks = new Int8Array(bytes, HEAD_BYTES);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const width = (canvas.width = canvas.clientWidth * devicePixelRatio);
  const height = (canvas.height = canvas.clientHeight * devicePixelRatio);
  const pairs = Math.floor(peaks.length / 2);
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = '#5b7fb4';
  for (let x = 0; x < width; x += 1) {
    let low = 0;
    let high = 0;
    const to = Math.max(Math.floor(((x + 1) * pairs) / width), Math.floor((x * pairs) / width) + 1);
    for (let pair = Math.floor((x * pairs) / width); pair < to && pair < pairs; pair += 1) {
      low = Math.min(low, peaks[pair * 2] ?? 0);
      high = Math.max(high, peaks[pair * 2 + 1] ?? 0);
    }
    const top = height / 2 - (high / 128) * (height / 2);
    pen.fillRect(x, top, 1, Math.max(1, ((high - low) / 128) * (height / 2)));
  }
}
