// What was found in a recording and what people marked, along its time; each leads to its place. The
// list below the lanes says the same in words.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useName } from '../api/hooks';
import type { Media } from '../api/types';
import { clock } from './format';

interface Spot { key: string; from: number; to: number; title: string; note?: string }

export function Lanes({ media, seek }: { media: Media; seek: (ms: number) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const timed = media.kind !== 'picture';
  const lanes: { key: string; label: string; spots: Spot[] }[] = [
    { key: 'findings', label: t('findings'), spots: media.findings.map((one, at) => ({ key: String(at), from: one.from_ms, to: one.to_ms, title: name('findings', one.class) })) },
    { key: 'marks', label: t('marks'), spots: media.markers.map((one) => ({ key: one.marker, from: one.from_ms, to: one.to_ms, title: name('markers', one.kind), note: [one.note, one.person].filter(Boolean).join(' · ') })) },
  ];
  const whole = Math.max(1, media.duration_ms ?? 1);
  return (
    <>
      {lanes.filter((lane) => lane.spots.length > 0).map((lane) => (
        <section key={lane.key} className="along">
          <h3>{lane.label}</h3>
          {timed && (
            <div className={`lane ${lane.key}`} aria-hidden>
              {lane.spots.map((one) => (
                <button key={one.key} type="button" tabIndex={-1} title={one.title} onClick={() => seek(one.from)}
                  style={{ left: `${Math.min(99, (one.from / whole) * 100)}%`, width: `${((one.to - one.from) / whole) * 100}%` }} />
              ))}
            </div>
          )}
          <ul>
            {lane.spots.map((one) => (
              <li key={one.key}>
                {timed && <Button type="link" size="small" onClick={() => seek(one.from)}>{clock(one.from)}{one.to > one.from && `–${clock(one.to)}`}</Button>}
                <span>{one.title}</span> {one.note && <span className="quiet">{one.note}</span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
