// A recording: its content under a leave to read, and everything that is known of it.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Descriptions, Space, Tabs, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { Problem, get } from '../api/client';
import { useMay, useName, usePaged } from '../api/hooks';
import type { RecordingFull, Retention, Transcript, VaultEvent } from '../api/types';
import { Export } from '../parts/export';
import { articles, clock, size, stretch, time } from '../parts/format';
import { Lanes } from '../parts/lanes';
import { Mending } from '../parts/mending';
import { Player, useSeek } from '../parts/player';
import { Digest } from '../parts/small';
import { TierTag } from '../parts/tiers';
import { Head, More, Shown, Trouble } from '../parts/states';
import { language } from '../words';
import { MarkerForm } from '../parts/marker';
import { Cues } from '../parts/transcript';
import { RetentionActs } from '../parts/retention';

export function RecordingPage() {
  const { t } = useTranslation();
  const name = useName();
  const { id = '' } = useParams();
  const [asked] = useSearchParams();
  const grant = asked.get('grant');
  const query = useQuery({
    queryKey: ['recording', id],
    queryFn: () => get<RecordingFull>(`/recordings/${id}`),
    refetchInterval: (one) => (one.state.data && !one.state.data.media ? 5000 : false),
  });
  const row = query.data;
  const mayAsk = useMay('access.request');
  return (
    <div className="page">
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {row && (
          <>
            <Head title={row.name} sub={<>{row.case ? <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link> : t('unlabelled')} · {row.counterpart} · {name('activities', row.activity)}</>}>
              {mayAsk && row.destroyed_seq === null && <Link to={`/apply?recordings=${row.recording}`}><Button>{t('apply')}</Button></Link>}
            </Head>
            {row.destroyed_seq !== null && <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('recording.destroyed')} description={t('recording.destroyed.next')} />}
            {row.destroyed_seq === null && row.damaged_seq !== null && <Alert type="error" showIcon style={{ marginBottom: 16 }} title={t('recording.damaged')} description={t('recording.damaged.next')} />}
            <div className="two">
              <Content row={row} grant={grant} from={Number(asked.get('t') ?? 0)} changed={() => query.refetch()} />
              <Facts row={row} changed={() => query.refetch()} />
            </div>
          </>
        )}
      </Shown>
    </div>
  );
}

/** The code of a recording on its way back from a cold store. */
const BACK = 'being-brought-back';

/** Player, marks and text, where this person may read; facts and the way to ask otherwise. */
function Content({ row, grant, from, changed }: { row: RecordingFull; grant: string | null; from: number; changed: () => void }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const [at, setAt] = useState(from);
  const [seek, go] = useSeek(from);
  const mayEdit = useMay('transcript.store');
  const mayMark = useMay('media.mark');
  const media = row.media;
  const under = grant ? `?grant=${grant}` : '';
  const leave = useQuery({
    queryKey: ['leave', row.recording, grant],
    enabled: wanted,
    retry: false,
    // What is being brought back from a cold store is asked for again by itself.
    refetchInterval: (query) => (query.state.error instanceof Problem && query.state.error.code === BACK ? 5000 : false),
    queryFn: async () => {
      const head = (part: string) => fetch(`/api/v1/recordings/${row.recording}/${part}${under}`, { method: 'HEAD', credentials: 'same-origin' });
      const backing = () => new Problem(409, BACK, { detail: t('recording.brought-back'), why: null, next: t('recording.brought-back.next') });
      const response = await head('content');
      if (response.ok) return { excerpt: null };
      if (response.status === 409) throw backing();
      // A grant may be for a stretch only: then there is its excerpt.
      const excerpt = grant ? await head('excerpt') : response;
      if (excerpt.status === 409) throw backing();
      const covers = excerpt.headers.get('excerpt-covers-ms')?.split('-').map(Number);
      if (excerpt.ok && covers?.length === 2) return { excerpt: [covers[0], covers[1]] as [number, number] };
      throw new Problem(response.status, 'grant-needed', { detail: t('recording.no-leave'), why: null, next: t('recording.no-leave.next') });
    },
  });
  const text = useQuery({
    queryKey: ['transcript', row.recording, grant],
    enabled: leave.data?.excerpt === null && (media?.transcripts.length ?? 0) > 0,
    retry: false,
    queryFn: () => get<Transcript>(`/recordings/${row.recording}/transcript${under}`),
  });
  const whole = leave.data?.excerpt === null;
  const newest = media?.transcripts.at(-1);
  const still = media?.kind === 'picture';
  return (
    <div className="stack">
      <Card size="small" title={t('content')}>
        {!media && <Alert type="info" showIcon title={t('recording.not-examined')} />}
        {media?.not_examinable && <Alert type="warning" showIcon title={t('recording.not-examinable')} style={{ marginBottom: 12 }} />}
        {!wanted && row.destroyed_seq === null && (
          <div style={{ textAlign: 'center', padding: '28px 0' }}>
            <p className="quiet">{row.archived ? t('recording.archived') : t('recording.before-archiving')}</p>
            {row.tier.state !== 'hot' && <p><TierTag tier={row.tier} /><br /><span className="quiet">{t('recording.cold')}</span></p>}
            <Button type="primary" onClick={() => setWanted(true)}>{t('recording.open')}</Button>
          </div>
        )}
        {leave.error && <Trouble error={leave.error} retry={leave.refetch} whole />}
        {leave.data && <Player row={row} under={under} excerpt={leave.data.excerpt} seek={seek} at={at} onTime={setAt} />}
        {whole && media && <Lanes media={media} seek={go} />}
        {whole && mayMark && <MarkerForm recording={row.recording} at={still ? null : at} done={changed} />}
      </Card>
      {whole && !still && (
        <Card size="small" title={<>{t('transcript')} {newest && (newest.checked ? <Tag color="success">{t('transcript.checked', { person: newest.checked_by ?? '' })}</Tag> : <Tag color="warning">{t('transcript.unchecked')}</Tag>)}</>}
          extra={mayEdit && !row.archived && <Link to={`/recordings/${row.recording}/transcript`}>{t('transcript.edit')}</Link>}>
          {!newest && <p className="quiet">{media?.lacks_checked_text ? articles(t('transcript.missing')) : t('transcript.none')}</p>}
          {text.error && <Trouble error={text.error} retry={text.refetch} />}
          {text.data && <Cues cues={text.data.cues} at={at} seek={go} />}
        </Card>
      )}
    </div>
  );
}

function Facts({ row, changed }: { row: RecordingFull; changed: () => void }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useSearchParams();
  const turn = (tab: string) => setAsked((now) => { const next = new URLSearchParams(now); next.set('tab', tab); return next; }, { replace: true });
  return (
    <Card size="small">
      <Tabs activeKey={asked.get('tab') ?? 'facts'} onChange={turn} items={[
        { key: 'facts', label: t('tab.facts'), children: <FactList row={row} /> },
        { key: 'kept', label: t('tab.retention'), children: <Kept retention={row.retention} row={row} changed={changed} /> },
        { key: 'seen', label: t('tab.custody'), children: <Custody id={row.recording} /> },
      ]} />
    </Card>
  );
}

function FactList({ row }: { row: RecordingFull }) {
  const { t } = useTranslation();
  const name = useName();
  const media = row.media;
  const video = media?.streams.find((one) => one.width);
  return (
    <>
      <Descriptions size="small" column={1} bordered styles={{ label: { width: 116 } }} items={[
        { key: 'size', label: t('size'), children: size(row.bytes) },
        ...(media?.duration_ms ? [{ key: 'len', label: t('duration'), children: clock(media.duration_ms) }] : []),
        ...(video ? [{ key: 'pic', label: t('picture'), children: `${video.codec} ${video.width}×${video.height}` }] : []),
        ...(media?.started ? [{ key: 'rec', label: t('recorded'), children: <>{time(media.started)}{media.ended && ` – ${time(media.ended)}`}<div className="quiet">{name('time-sources', media.time_source ?? '')}</div></> }] : []),
        { key: 'got', label: t('received'), children: time(row.received) },
        ...(row.received_by ? [{ key: 'by', label: t('received-by'), children: row.received_by }] : []),
        { key: 'term', label: t('recording.term'), children: <span style={row.term.late ? { color: '#b3261e' } : undefined}>{t(row.term.done_on ? (row.term.late ? 'recording.term.late' : 'recording.term.kept') : 'recording.term.open', { date: row.term.done_on ?? '', due: row.term.due })}{row.term.provisional ? ` · ${t('due.provisional')}` : ''}</span> },
        { key: 'handler', label: t('handler'), children: row.handler },
        { key: 'maker', label: t('maker'), children: row.maker },
        { key: 'device', label: t('device'), children: media?.device || row.device || '—' },
        { key: 'proves', label: t('proves'), children: row.proves || '—' },
        { key: 'sec', label: t('secrecy'), children: name('secrecies', row.secrecy) },
        { key: 'chk', label: t('checked'), children: row.checked ? time(row.checked) : t('not-yet') },
        { key: 'b3', label: 'BLAKE3', children: <Digest text={row.recording} full /> },
        { key: 'sha', label: 'SHA-256', children: <Digest text={row.sha256} full /> },
        { key: 'sm3', label: 'SM3', children: <Digest text={row.sm3} full /> },
        ...(row.volumes.length > 0 ? [{ key: 'vol', label: t('recording.volumes'), children: <Link to="/volumes">{row.volumes.join('、')}</Link> }] : []),
      ]} />
      <Mending row={row} />
      {media?.session && media.session.parts.length > 1 && (
        <div style={{ marginTop: 16 }}>
          <strong>{t('session', { part: media.session.part, parts: media.session.parts.length })}</strong>
          {media.session.parts.map((part, index) => (
            <div key={part.recording}>
              <Link to={`/recordings/${part.recording}`}>{part.name}</Link> <span className="quiet">{time(part.started)} – {time(part.ended).slice(11)}</span>
              {media.session?.seams.filter((seam) => seam.after_part === index + 1).map((seam) => (
                <div key={seam.after_part} style={{ color: '#9a5b00' }}>{t('seam', { missing: stretch(seam.measure_ms) })}</div>
              ))}
            </div>
          ))}
        </div>
      )}
    </>
  );
}

function Kept({ retention, row, changed }: { retention: Retention; row: RecordingFull; changed: () => void }) {
  const { t } = useTranslation();
  const name = useName();
  const term = (years: number) => (years === 0 ? t('kept.from-closing.ever') : t('kept.from-closing', { years }));
  const blocked = (one: Retention['blocks'][number]) =>
    [one.years !== null && term(one.years), one.person, one.years !== null && one.why].filter(Boolean).join(' · ') || undefined;
  return (
    <>
      <p style={{ fontSize: 17, marginTop: 0 }}>{retention.until ? t('kept.until', { day: retention.until }) : t('kept.ever')}</p>
      <ul style={{ paddingInlineStart: 20 }}>
        {retention.reasons.map((one, index) => (
          <li key={index}>
            {one.kind === 'trigger' ? name('triggers', one.detail) : t(`kept.${one.kind}`, { detail: one.detail })}
            {' — '}{one.until ?? t('for-ever')} <span className="article">{t('basis', { article: articles(one.article) })}</span>
            {one.why && <div className="quiet">{one.person}：{one.why}</div>}
          </li>
        ))}
      </ul>
      {retention.blocks.map((one, index) => (
        <Alert key={index} type="info" showIcon style={{ marginBottom: 8 }} title={t(`block.${one.kind}`, { detail: one.kind === 'hold' ? one.why : one.detail })} description={blocked(one)} />
      ))}
      <RetentionActs recording={row.recording} retention={retention} done={changed} />
    </>
  );
}

function Custody({ id }: { id: string }) {
  const { t } = useTranslation();
  const name = useName();
  const query = usePaged<VaultEvent>(['custody', id], `/recordings/${id}/events?limit=100`);
  return (
    <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0}>
      <Space wrap style={{ marginBottom: 16 }}>
        <Button href={`/api/v1/recordings/${id}/custody-log.pdf`} target="_blank">{t('print.custody')}</Button>
        <Export path={`/recordings/${id}/events`} />
      </Space>
      <Timeline items={query.items.map((one) => ({
        key: one.seq,
        color: one.kind === 'act.refused' ? 'red' : 'blue',
        content: <><strong>{language() === 'en' ? one.en : one.zh}</strong> <span className="quiet">#{one.seq}</span><div className="quiet">{time(one.at)} · {one.person ? `${one.person} · ` : ''}{name('roles', one.role)}</div></>,
      }))} />
      <More query={query} />
    </Shown>
  );
}
