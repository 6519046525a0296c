// The recordings of a case in the order of time, beside its written records: what is missing between
// them, and whether they cover what the written record says (A2.13, A2.14).
import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { get } from '../api/client';
import { useName } from '../api/hooks';
import type { CaseFile, Listed, Recorded } from '../api/types';
import { stretch, time } from './format';
import { RecordingLink } from './small';
import { Shown } from './states';

interface Span { from: number; to: number }

/** Files of one recorder follow each other within a second. */
const SEAM_MS = 1_000;

/** What tells by itself when it was made: a sound or picture in motion, not by the time it came in. */
const counts = (one: Recorded) => ['video', 'audio'].includes(one.medium) && one.source !== 'received';

/** Stretches that are recorded, those that touch taken together. */
function covered(spans: Span[]): Span[] {
  const whole: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last && span.from <= last.to + SEAM_MS) last.to = Math.max(last.to, span.to);
    else whole.push({ ...span });
  }
  return whole;
}

/** How much of a stretch is not recorded, its two ends apart. */
function lacking(written: Span, recorded: Span[]): { late: number; early: number; hole: number } {
  const inside = recorded.map((span) => ({ from: Math.max(span.from, written.from), to: Math.min(span.to, written.to) })).filter((span) => span.from < span.to);
  const first = inside.at(0);
  const last = inside.at(-1);
  if (!first || !last) return { late: 0, early: 0, hole: written.to - written.from };
  const filled = inside.reduce((sum, span) => sum + span.to - span.from, 0);
  return { late: first.from - written.from, early: written.to - last.to, hole: last.to - first.from - filled };
}

export function Timeline({ path, documents }: { path: string; documents: CaseFile['contents'] }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['timeline', path], queryFn: () => get<Listed<Recorded>>(`${path}/timeline`) });
  const [asked, setAsked] = useSearchParams();
  const written = { from: asked.get('written-from') ?? '', to: asked.get('written-to') ?? '' };
  const write = (end: 'from' | 'to', text: string) => setAsked((now) => {
    const next = new URLSearchParams(now);
    if (text) next.set(`written-${end}`, text);
    else next.delete(`written-${end}`);
    return next;
  }, { replace: true });
  const items = query.data?.items ?? [];
  const span = (one: Recorded): Span => ({ from: Date.parse(one.started), to: Date.parse(one.ended) });
  const whole = covered(items.filter(counts).map(span));
  const days = [...new Set(items.map((one) => one.started.slice(0, 10)))];
  const said = written.from && written.to ? { from: Date.parse(`${written.from}+08:00`), to: Date.parse(`${written.to}+08:00`) } : null;
  const lacks = said && said.from < said.to ? lacking(said, whole) : null;
  const told = lacks && (['late', 'early', 'hole'] as const).filter((kind) => lacks[kind] > SEAM_MS);
  return (
    <Card size="small" title={t('timeline')}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={items.length === 0} nothing={t('timeline.none')}>
        <p className="quiet" style={{ marginTop: 0 }}>{t('timeline.why')}</p>
        <div style={{ display: 'flex', gap: 16, flexWrap: 'wrap', marginBottom: 12 }}>
          {(['from', 'to'] as const).map((end) => (
            <label key={end}>{t(`timeline.written.${end}`)}
              <Input type="datetime-local" step={1} value={written[end]} onChange={(event) => write(end, event.target.value)} />
            </label>
          ))}
        </div>
        {lacks && told && (
          <Alert style={{ marginBottom: 12 }} showIcon type={told.length > 0 ? 'warning' : 'success'}
            title={told.length > 0 ? told.map((kind) => t(`timeline.${kind}`, { by: stretch(lacks[kind]) })).join('；') : t('timeline.agrees')} />
        )}
        {days.map((day) => (
          <Day key={day} day={day} items={items.filter((one) => one.started.startsWith(day))} whole={whole} written={said}
            documents={documents.filter((one) => one.on === day)} />
        ))}
      </Shown>
    </Card>
  );
}

function Day({ day, items, whole, written, documents }: { day: string; items: Recorded[]; whole: Span[]; written: Span | null; documents: CaseFile['contents'] }) {
  const { t } = useTranslation();
  const name = useName();
  const midnight = Date.parse(`${day}T00:00:00+08:00`);
  const within = written && written.from < midnight + 86_400_000 && written.to > midnight ? written : null;
  const ends = [...items.flatMap((one) => [Date.parse(one.started), Date.parse(one.ended)]), ...(within ? [within.from, within.to] : [])];
  const begin = Math.min(...ends);
  const length = Math.max(1_000, Math.max(...ends) - begin);
  const place = (span: Span) => ({ left: `${((span.from - begin) / length) * 100}%`, width: `max(3px, ${((span.to - span.from) / length) * 100}%)` });
  const before = (one: Recorded) => {
    const at = whole.findIndex((span) => span.from === Date.parse(one.started));
    const last = at > 0 ? whole[at - 1] : undefined;
    return last && last.to >= midnight ? Date.parse(one.started) - last.to : 0;
  };
  return (
    <section style={{ marginBottom: 16 }}>
      <h3 style={{ margin: '0 0 6px', fontSize: 15 }}>{day}</h3>
      <div className="rail" aria-hidden>
        {items.map((one) => <span key={one.recording} className="recorded" style={place({ from: Date.parse(one.started), to: Date.parse(one.ended) })} />)}
        {within && <span className="written" style={place(within)} />}
      </div>
      <ul className="moments">
        {items.map((one) => (
          <li key={one.recording}>
            {counts(one) && before(one) > SEAM_MS && <div className="gap">{t('timeline.gap', { gap: stretch(before(one)) })}</div>}
            <span className="at">{time(one.started).slice(11)}{one.ended !== one.started && ` – ${time(one.ended).slice(11)}`}</span>{' '}
            <RecordingLink id={one.recording} name={one.name} /> <span className="quiet">{name('time-sources', one.source)}</span>
          </li>
        ))}
        {documents.map((one) => <li key={one.number}><span className="at">{t('timeline.written')}</span> {name('documents', one.document)} {one.title}</li>)}
      </ul>
    </section>
  );
}
