// One inspection: its steps, the draw, what was drawn, what was found, and what it comes to.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Form, Input, InputNumber, Modal, Radio, Space, Steps, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { get, post, type Problem } from '../api/client';
import { useMay, useName } from '../api/hooks';
import type { Finding, InSaid, Inspection, Listed, Lot, RecordingFull, Score, Watching } from '../api/types';
import { Export } from '../parts/export';
import { clock, count, time } from '../parts/format';
import { Lots } from '../parts/lots';
import { Period, RecordingLink } from '../parts/small';
import { Rows } from '../parts/rows';
import { useTally } from '../parts/tally';
import { Head, Shown, Trouble } from '../parts/states';

type Asked =
  | { what: 'approval' | 'ending' }
  | { what: 'review' | 'find'; lot: Lot }
  | { what: 'correction' | 'recheck'; finding: Finding };

const QUESTIONS = ['recorded', 'uninterrupted', 'handled'] as const;
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const CHECKLIST = ['door', 'credentials', 'subjects', 'uninterrupted', 'times'] as const;

export function InspectionPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const query = useQuery({ queryKey: ['inspection', id], queryFn: () => get<Inspection>(`/inspections/${id}`) });
  const act = async (work: () => Promise<unknown>) => {
    setProblem(null);
    try {
      await work();
      message.success(t('done'));
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setAsked(null);
      client.invalidateQueries({ queryKey: ['inspection', id] });
      client.invalidateQueries({ queryKey: ['scores', id] });
      client.invalidateQueries({ queryKey: ['inspections'] });
    }
  };
  const row = query.data;
  return (
    <div className="page">
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {row && (
          <>
            <Top row={row} ask={setAsked} />
            {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
            <div className="stack">
              <Lots row={row} act={act} />
              {row.lots.length > 0 && <Drawn row={row} ask={setAsked} />}
              {row.findings.length > 0 && <Findings row={row} ask={setAsked} />}
              {row.lots.length > 0 && <Scores id={row.inspection} />}
            </div>
            {asked && <Say asked={asked} close={() => setAsked(null)} path={`/inspections/${row.inspection}`} act={act} />}
          </>
        )}
      </Shown>
    </div>
  );
}

function Top({ row, ask }: { row: Inspection; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const [approve, end] = [useMay('inspection.approve'), useMay('inspection.end')];
  const open = row.bound.filter((one) => one.number).length;
  const at = { planned: 1, approved: row.bound.length < 2 ? 2 : 3, frozen: open < 2 ? 4 : 5, drawn: 6, ended: 7 }[row.state];
  const steps = ['plan', 'approve', 'bind', 'freeze', 'reveal', 'draw', 'review'] as const;
  return (
    <>
      <Head title={row.planned.text} sub={<><Period row={row} /> · {row.proportion / 100} % · {row.strata.map((one) => name('strata', one)).join('、')} · {row.planned.person}</>} article="A3.14">
        <Space wrap>
          {row.approved && <a href={`/api/v1/inspections/${row.inspection}/notice.pdf`} target="_blank" rel="noreferrer">{t('inspection.notice')}</a>}
          {row.state === 'planned' && approve && <Button type="primary" onClick={() => ask({ what: 'approval' })}>{t('inspection.approve')}</Button>}
          {row.state !== 'ended' && end && <Button onClick={() => ask({ what: 'ending' })}>{t('inspection.end')}</Button>}
        </Space>
      </Head>
      <Card size="small" style={{ marginBottom: 16 }}>
        <Steps size="small" current={at} responsive items={steps.map((step) => ({ title: t(`inspection.step.${step}`) }))} />
        {row.approved && <p className="quiet" style={{ margin: '12px 0 0' }}>{t('inspection.approved-by', { person: row.approved.person, at: time(row.approved.at) })} {row.approved.text}</p>}
        {row.ended && <p className="quiet" style={{ margin: '12px 0 0' }}>{t('inspection.ended-by', { person: row.ended.person, at: time(row.ended.at) })} {row.ended.text}</p>}
      </Card>
    </>
  );
}

function Answer({ code }: { code: string }) {
  const { t } = useTranslation();
  const color = { yes: 'success', no: 'error' }[code];
  return <Tag color={color}>{t(`answer.${code as 'yes'}`)}</Tag>;
}

/** A recording by its name; what was not recorded by what it is. */
function Named({ lot, inspection }: { lot: Lot; inspection: string }) {
  const { t } = useTranslation();
  const name = useName();
  if (lot.recording) return <RecordingLink id={lot.recording} name={lot.name} inspection={inspection} />;
  return (
    <>
      <Tag color={lot.kind === 'act' ? 'error' : 'warning'}>{t(`lot.kind.${lot.kind as 'act'}`)}</Tag> {name('activities', lot.activity)} {lot.case && <Link to={`/cases/${encodeURIComponent(lot.case)}`}>{lot.case}</Link>}
      {lot.ground && <div className="quiet">{name('statement-grounds', lot.ground)}：{lot.reason}</div>}
    </>
  );
}

/** A verdict in whose place a later one came. */
function Replaced({ one }: { one: Lot['replaced'][number] }) {
  const { t } = useTranslation();
  return (
    <div className="quiet">
      {t('inspection.replaced')}：{QUESTIONS.map((question, index) => `${t(`question.${question}`)} ${t(`answer.${(one.answers[index] ?? 'none') as 'yes'}`)}`).join('、')}
      {one.reviewed.text && `；${one.reviewed.text}`} · {one.reviewed.person} · {time(one.reviewed.at)}
    </div>
  );
}

function Drawn({ row, ask }: { row: Inspection; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const may = useMay('inspection.review') && row.state === 'drawn';
  const done = row.lots.filter((lot) => lot.answers).length;
  return (
    <Card size="small" title={t('inspection.lots', { done: count(done), all: count(row.lots.length) })} extra={<Export path={`/inspections/${row.inspection}/lots`} small />}>
        <Rows<Lot> dense label={t('inspection.lots', { done: count(done), all: count(row.lots.length) })} rowKey="item" rows={row.lots} page={50} columns={[
          { title: t('name'), render: (_, lot) => <Named lot={lot} inspection={row.inspection} /> },
          { title: t('handler'), dataIndex: 'handler' },
          ...QUESTIONS.map((question, index) => ({ title: t(`question.${question}`), render: (_: unknown, lot: Lot) => (lot.answers ? <Answer code={lot.answers[index] ?? 'none'} /> : '—') })),
          { title: t('inspection.checklist'), render: (_, lot) => lot.checklist?.map((code, at) => code === 'no' && <Tag key={at} color="error">{t(`checklist.${CHECKLIST[at] ?? 'door'}`)}</Tag>) },
          { title: t('inspection.watched'), align: 'right' as const, render: (_, lot) => (lot.watched_ms === null || !lot.recording ? '—' : clock(lot.watched_ms)) },
          { title: t('inspection.note'), render: (_, lot) => lot.reviewed && <>{lot.reviewed.text}<div className="quiet">{lot.reviewed.person} · {time(lot.reviewed.at)}</div>{lot.replaced.map((one, at) => <Replaced key={at} one={one} />)}</> },
          ...(may ? [{ title: t('disposal.step'), render: (_: unknown, lot: Lot) => (
            <Space><Button size="small" type={lot.answers ? 'default' : 'primary'} onClick={() => ask({ what: 'review', lot })}>{t('inspection.review')}</Button>
              <Button size="small" onClick={() => ask({ what: 'find', lot })}>{t('inspection.find')}</Button></Space>
          ) }] : []),
        ]} />
    </Card>
  );
}

function Findings({ row, ask }: { row: Inspection; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const [correct, review] = [useMay('inspection.correct'), useMay('inspection.review')];
  const open = row.findings.filter((one) => !one.settled).length;
  const lots = new Map(row.lots.map((lot) => [lot.item, lot]));
  const said = (one: InSaid | null) => one && <>{one.text}<div className="quiet">{one.person} · {time(one.at)}</div></>;
  return (
    <Card size="small" title={t('inspection.findings', { open: count(open), all: count(row.findings.length) })} extra={<Export path={`/inspections/${row.inspection}/findings`} small />}>
        <Rows<Finding> dense label={t('inspection.findings', { open: count(open), all: count(row.findings.length) })} rowKey="finding" rows={row.findings} columns={[
          { title: t('inspection.found'), render: (_, one) => said(one.found) },
          { title: t('inspection.article'), dataIndex: 'article' },
          { title: t('name'), render: (_, one) => {
            const lot = lots.get(one.item);
            if (!one.recording) return lot && <Named lot={lot} inspection={row.inspection} />;
            return <><RecordingLink id={one.recording} name={lot?.name ?? ''} ms={one.from_ms} inspection={row.inspection} /><div className="quiet">{clock(one.from_ms)}–{clock(one.to_ms)}</div></>;
          } },
          { title: t('inspection.due'), dataIndex: 'due' },
          { title: t('inspection.corrected'), render: (_, one) => said(one.corrected) },
          { title: t('inspection.rechecked'), render: (_, one) => said(one.rechecked) },
          { title: t('state'), render: (_, one) => <Tag color={one.settled ? 'success' : 'warning'}>{t(`inspection.${one.state}.tag`)}</Tag> },
          { title: t('disposal.step'), render: (_, one) => !one.settled && (row.state === 'drawn' || row.state === 'ended') && (
            <Space wrap>
              <a href={`/api/v1/inspections/${row.inspection}/findings/${one.finding}/notice.pdf`} target="_blank" rel="noreferrer">{t('inspection.notice.correction')}</a>
              {correct && <Button size="small" onClick={() => ask({ what: 'correction', finding: one })}>{t('inspection.correct')}</Button>}
              {review && one.corrected && <Button size="small" type="primary" onClick={() => ask({ what: 'recheck', finding: one })}>{t('inspection.recheck')}</Button>}
            </Space>
          ) },
        ]} />
    </Card>
  );
}

function Scores({ id }: { id: string }) {
  const { t } = useTranslation();
  const tally = useTally<Score>();
  const query = useQuery({ queryKey: ['scores', id], queryFn: () => get<Listed<Score>>(`/inspections/${id}/scores`) });
  return (
    <Card size="small" title={t('inspection.scores')} extra={<><a href={`/api/v1/inspections/${id}/report.pdf`} target="_blank" rel="noreferrer">{t('inspection.report')}</a> <Export path={`/inspections/${id}/scores`} small /></>}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
          <Rows<Score> dense label={t('inspection.scores')} rowKey="stratum" rows={query.data?.items ?? []} columns={[
            { title: t('inspection.stratum'), render: (_, one) => one.stratum || '—' },
            { title: t('inspection.items'), align: 'right', render: (_, one) => count(one.population) },
            ...tally,
          ]} />
      </Shown>
    </Card>
  );
}

interface Words { door: string; credentials: string; subjects: string; unbroken: string; times: string; text: string; recorded: string; uninterrupted: string; handled: string; minutes: number; article: string; from: number; to: number; due: string; settled: boolean }

/** The checklist, once all of it is answered. */
function checklist(said: Words): string[] | null {
  const all = [said.door, said.credentials, said.subjects, said.unbroken, said.times];
  return all.every(Boolean) ? all : null;
}

/** Facts of the media beside the questions, and how much was really watched. */
function Beside({ recording, path }: { recording: string; path: string }) {
  const { t } = useTranslation();
  const name = useName();
  const facts = useQuery({ queryKey: ['recording', recording], queryFn: () => get<RecordingFull>(`/recordings/${recording}`) });
  const seen = useQuery({ queryKey: ['watching', recording], queryFn: () => get<Watching>(`${path}/watching?recording=${recording}`) });
  const media = facts.data?.media;
  const kinds = new Map<string, { times: number; ms: number }>();
  for (const one of media?.findings ?? []) {
    const sum = kinds.get(one.class) ?? { times: 0, ms: 0 };
    kinds.set(one.class, { times: sum.times + 1, ms: sum.ms + Math.max(0, one.to_ms - one.from_ms) });
  }
  const little = seen.data && seen.data.percent < seen.data.least_percent;
  return (
    <div className="beside">
      <div>{t('inspection.facts')}：{kinds.size === 0 ? t('inspection.facts.none') : [...kinds].map(([kind, sum]) => `${name('findings', kind)} ${count(sum.times)}（${clock(sum.ms)}）`).join('、')}</div>
      {media?.session && media.session.seams.length > 0 && <div>{t('inspection.facts.seams', { count: media.session.seams.length })}</div>}
      {seen.data && <div style={little ? { color: '#9a5b00' } : undefined}>{t('inspection.seen', { percent: seen.data.percent, served: seen.data.served_percent })}{little && ` ${t('inspection.seen.little', { percent: seen.data.least_percent })}`}</div>}
    </div>
  );
}

/** What a step asks for. */
function Say({ asked, close, path, act }: { asked: Asked; close: () => void; path: string; act: (work: () => Promise<unknown>) => Promise<void> }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Words>();
  const send = (said: Words) => act(() => {
    switch (asked.what) {
      case 'review':
        return post(`${path}/reviews`, { item: asked.lot.item, recorded: said.recorded, uninterrupted: said.uninterrupted ?? 'none', handled: said.handled ?? 'none', checklist: checklist(said), watched_ms: Math.round((said.minutes ?? 0) * 60_000), note: said.text ?? '' });
      case 'find':
        return post(`${path}/findings`, { item: asked.lot.item, article: said.article, from_ms: (said.from ?? 0) * 1000, to_ms: Math.max(said.from ?? 0, said.to ?? 0) * 1000, due: said.due, text: said.text });
      case 'correction':
        return post(`${path}/findings/${asked.finding.finding}/correction`, { text: said.text });
      case 'recheck':
        return post(`${path}/findings/${asked.finding.finding}/recheck`, { text: said.text, settled: said.settled });
      default:
        return post(`${path}/${asked.what}`, { reason: said.text });
    }
  });
  const needed = [{ required: true, message: t('required') }];
  const answers = (['yes', 'no', 'none'] as const).map((code) => ({ value: code, label: t(`answer.${code}`) }));
  return (
    <Modal open title={t(`inspection.ask.${asked.what}`)} okText={t('do')} cancelText={t('cancel')} onCancel={close} onOk={() => form.submit()} destroyOnHidden>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        {asked.what === 'review' && (
          <>
            {(asked.lot.recording ? QUESTIONS : QUESTIONS.slice(0, 1)).map((question) => (
              <Form.Item key={question} name={question} label={asked.lot.recording ? t(`question.${question}.whole`) : t('question.lawful')} rules={needed}><Radio.Group options={answers} /></Form.Item>
            ))}
            {asked.lot.recording && <Beside recording={asked.lot.recording} path={path} />}
            {asked.lot.recording && (
              <fieldset className="questions">
                <legend>{t('inspection.checklist')} <span className="quiet">{t('optional')}</span></legend>
                {CHECKLIST.map((item) => (
                  <Form.Item key={item} name={item === 'uninterrupted' ? 'unbroken' : item} label={t(`checklist.${item}.whole`)}><Radio.Group options={answers} /></Form.Item>
                ))}
              </fieldset>
            )}
            {asked.lot.recording && <Form.Item name="minutes" label={t('inspection.minutes')} extra={t('inspection.minutes.extra')}><InputNumber min={0} precision={1} /></Form.Item>}
          </>
        )}
        {asked.what === 'find' && (
          <>
            <Form.Item name="article" label={t('inspection.article')} extra={t('inspection.article.extra')} rules={needed}><Input /></Form.Item>
            <Form.Item name="from" label={t('inspection.from-second')}><InputNumber min={0} precision={0} /></Form.Item>
            <Form.Item name="to" label={t('inspection.to-second')}><InputNumber min={0} precision={0} /></Form.Item>
            <Form.Item name="due" label={t('inspection.due')} rules={needed}><Input type="date" min={today()} /></Form.Item>
          </>
        )}
        {asked.what === 'recheck' && (
          <Form.Item name="settled" label={t('inspection.settled.whole')} rules={needed}><Radio.Group options={[{ value: true, label: t('answer.yes') }, { value: false, label: t('answer.no') }]} /></Form.Item>
        )}
        <Form.Item name="text" label={t(asked.what === 'review' ? 'inspection.note' : `inspection.text.${asked.what}`)} rules={asked.what === 'review' ? [] : needed}><Input.TextArea rows={3} /></Form.Item>
      </Form>
    </Modal>
  );
}
