// A recording: its content under a leave to read, and everything that is known of it.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Descriptions, Tabs, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { Problem, get } from '../api/client';
import { useMay, useName, usePaged } from '../api/hooks';
import type { RecordingFull, Retention, Transcript, VaultEvent } from '../api/types';
import { articles, clock, size, stretch, time } from '../parts/format';
import { Player } from '../parts/player';
import { Digest } from '../parts/small';
import { Head, More, Shown, Trouble } from '../parts/states';
import { language } from '../words';
import { MarkerForm } from '../parts/marker';
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
              {mayAsk && <Link to={`/apply?recordings=${row.recording}`}><Button>{t('apply')}</Button></Link>}
            </Head>
            {row.damaged_seq !== null && <Alert type="error" showIcon style={{ marginBottom: 16 }} title={t('recording.damaged')} description={t('recording.damaged.next')} />}
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

/** Player, marks and text, where this person may read; facts and the way to ask otherwise. */
function Content({ row, grant, from, changed }: { row: RecordingFull; grant: string | null; from: number; changed: () => void }) {
  const { t } = useTranslation();
  const name = useName();
  const [wanted, setWanted] = useState(false);
  const [at, setAt] = useState(from);
  const [seek, setSeek] = useState(from);
  const mayEdit = useMay('transcript.store');
  const mayMark = useMay('media.mark');
  const media = row.media;
  const under = grant ? `?grant=${grant}` : '';
  const leave = useQuery({
    queryKey: ['leave', row.recording, grant],
    enabled: wanted,
    retry: false,
    queryFn: async () => {
      const response = await fetch(`/api/v1/recordings/${row.recording}/content${under}`, { method: 'HEAD', credentials: 'same-origin' });
      if (!response.ok) throw new Problem(response.status, 'grant-needed', t('recording.no-leave'), null, t('recording.no-leave.next'));
      return true;
    },
  });
  const text = useQuery({
    queryKey: ['transcript', row.recording, grant],
    enabled: leave.data === true && (media?.transcripts.length ?? 0) > 0,
    retry: false,
    queryFn: () => get<Transcript>(`/recordings/${row.recording}/transcript${under}`),
  });
  const newest = media?.transcripts.at(-1);
  const still = media?.kind === 'picture';
  return (
    <div className="stack">
      <Card size="small" title={t('content')}>
        {!media && <Alert type="info" showIcon title={t('recording.not-examined')} />}
        {media?.not_examinable && <Alert type="warning" showIcon title={t('recording.not-examinable')} style={{ marginBottom: 12 }} />}
        {!wanted && (
          <div style={{ textAlign: 'center', padding: '28px 0' }}>
            <p className="quiet">{row.archived ? t('recording.archived') : t('recording.before-archiving')}</p>
            <Button type="primary" onClick={() => setWanted(true)}>{t('recording.open')}</Button>
          </div>
        )}
        {leave.error && <Trouble error={leave.error} />}
        {leave.data && <Player row={row} under={under} seek={seek} onTime={setAt} />}
        {leave.data && media && media.findings.length > 0 && (
          <div style={{ marginTop: 12 }}>
            <div className="quiet">{t('findings')}</div>
            <div className="lane">
              {media.findings.map((one, index) => {
                const whole = Math.max(1, media.duration_ms ?? 1);
                return (
                  <button key={index} type="button" title={name('findings', one.class)}
                    style={{ left: `${(one.from_ms / whole) * 100}%`, width: `${((one.to_ms - one.from_ms) / whole) * 100}%`, background: '#9a5b00' }}
                    onClick={() => setSeek(one.from_ms)}>{name('findings', one.class)}</button>
                );
              })}
            </div>
            <ul style={{ margin: '8px 0 0', paddingInlineStart: 20 }}>
              {media.findings.map((one, index) => (
                <li key={index}><Button type="link" size="small" onClick={() => setSeek(one.from_ms)}>{clock(one.from_ms)}–{clock(one.to_ms)}</Button> {name('findings', one.class)}</li>
              ))}
            </ul>
          </div>
        )}
        {leave.data && <Marks row={row} seek={setSeek} />}
        {leave.data && mayMark && <MarkerForm recording={row.recording} at={still ? null : at} done={changed} />}
      </Card>
      {leave.data && !still && (
        <Card size="small" title={<>{t('transcript')} {newest && (newest.checked ? <Tag color="success">{t('transcript.checked', { person: newest.checked_by ?? '' })}</Tag> : <Tag color="warning">{t('transcript.unchecked')}</Tag>)}</>}
          extra={mayEdit && !row.archived && <Link to={`/recordings/${row.recording}/transcript`}>{t('transcript.edit')}</Link>}>
          {!newest && <p className="quiet">{media?.lacks_checked_text ? t('transcript.missing') : t('transcript.none')}</p>}
          {text.error && <Trouble error={text.error} />}
          {text.data && (
            <div className="cues">
              {text.data.cues.map((cue, index) => (
                <button type="button" key={index} className={at >= cue.from_ms && at < cue.to_ms ? 'cue now' : 'cue'} onClick={() => setSeek(cue.from_ms + Math.random() / 1000)}>
                  <span className="at">{clock(cue.from_ms)}</span>
                  <span>{cue.speaker && <strong>{cue.speaker}：</strong>}{cue.text}{cue.origin === 'machine' && <Tag style={{ marginInlineStart: 8 }}>{t('origin.machine')}</Tag>}</span>
                </button>
              ))}
            </div>
          )}
        </Card>
      )}
    </div>
  );
}

function Marks({ row, seek }: { row: RecordingFull; seek: (ms: number) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const marks = row.media?.markers ?? [];
  if (marks.length === 0) return null;
  return (
    <div style={{ marginTop: 12 }}>
      <div className="quiet">{t('marks')}</div>
      {marks.map((mark) => (
        <div key={mark.marker}>
          {row.media?.kind !== 'picture' && <Button type="link" size="small" onClick={() => seek(mark.from_ms)}>{clock(mark.from_ms)}</Button>}
          <strong>{name('markers', mark.kind)}</strong> {mark.note} <span className="quiet">{mark.person}</span>
        </div>
      ))}
    </div>
  );
}

function Facts({ row, changed }: { row: RecordingFull; changed: () => void }) {
  const { t } = useTranslation();
  return (
    <Card size="small">
      <Tabs items={[
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
      ]} />
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
        <Alert key={index} type="info" showIcon style={{ marginBottom: 8 }} title={t(`block.${one.kind}`, { detail: one.kind === 'hold' ? one.why : one.detail })} description={one.person || undefined} />
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
      <Button href={`/api/v1/recordings/${id}/custody-log.pdf`} target="_blank" style={{ marginBottom: 16 }}>{t('print.custody')}</Button>
      <Timeline items={query.items.map((one) => ({
        key: one.seq,
        color: one.kind === 'act.refused' ? 'red' : 'blue',
        content: <><strong>{language() === 'en' ? one.en : one.zh}</strong> <span className="quiet">#{one.seq}</span><div className="quiet">{time(one.at)} · {one.person ? `${one.person} · ` : ''}{name('roles', one.role)}</div></>,
      }))} />
      <More query={query} />
    </Shown>
  );
}
