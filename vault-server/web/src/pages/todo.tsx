// What waits for this person, by what he may do. Each card says why and leads there.
import { useQuery } from '@tanstack/react-query';
import { Card, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get } from '../api/client';
import { useMay, useSession } from '../api/hooks';
import type { Account, CaseLine, Devices, Due, Inspection, Integrity, Lapse, Listed, Recording, Request, Review, Statement, Upload } from '../api/types';
import { DueTag } from '../parts/deadline';
import { articles, count, time } from '../parts/format';
import { RequestTag } from '../parts/small';
import { Head, Shown } from '../parts/states';

function Figure(props: { to: string; label: string; number: number | undefined; note: string; alarm?: boolean }) {
  return (
    <Link to={props.to} style={{ color: 'inherit' }}>
      <Card hoverable size="small" style={{ height: '100%' }}>
        <div className="quiet">{props.label}</div>
        <div className="figure" style={props.alarm && props.number ? { color: '#b3261e' } : undefined}>
          {props.number === undefined ? '—' : count(props.number)}
        </div>
        <div className="quiet" style={{ fontSize: 13 }}>{props.note}</div>
      </Card>
    </Link>
  );
}

/** Inspections in which this person has a step to take; none where he never has one. */
function useInspections(reads: boolean): { number: number | undefined } | null {
  const [approves, draws, corrects, parts] = [useMay('inspection.approve'), useMay('inspection.draw'), useMay('inspection.correct'), useMay('inspection.take-part')];
  const enabled = reads && (approves || draws || corrects || parts);
  const { data } = useQuery({ queryKey: ['inspections'], queryFn: () => get<Listed<Inspection>>('/inspections'), enabled });
  if (!enabled) return null;
  const party = draws ? 'inspector' : 'inspected';
  const waits = (one: Inspection) => {
    const own = one.bound.find((bound) => bound.party === party);
    if (one.state === 'planned') return approves;
    if (one.state === 'approved') return draws || (parts && !own && one.bound.every((bound) => bound.party !== party));
    if (one.state === 'frozen') return draws || (parts && own !== undefined && !own.number);
    return one.state === 'drawn' && (draws || (corrects && one.findings.some((finding) => !finding.settled && !finding.corrected)));
  };
  return { number: data?.items.filter(waits).length };
}

/** Cards of the registers of oversight, for whom they concern. */
function useRegisters(reads: boolean): ReactNode[] {
  const { t } = useTranslation();
  const may = { answer: useMay('statement.answer'), reply: useMay('lapse.answer'), close: useMay('lapse.close'), keep: useMay('device.keep'), review: useMay('review.carry-out'), settle: useMay('review.settle') };
  const ask = <T,>(key: string, enabled: boolean) => useQuery({ queryKey: [key], queryFn: () => get<T>(`/${key}`), enabled: reads && enabled }).data;
  const statements = ask<Listed<Statement>>('statements', may.answer)?.items.filter((one) => one.state === 'reported').length;
  const lapses = ask<Listed<Lapse>>('lapses', may.reply || may.close)?.items.filter((one) => (one.state === 'raised' && may.reply) || (one.state === 'answered' && may.close)).length;
  const devices = ask<Devices>('devices', may.keep)?.devices.filter((one) => one.overdue).length;
  const waits = (one: Review) => (may.review && (one.state === 'submitted' || one.state === 'accepted')) || (may.settle && one.state === 'objected');
  const reviews = ask<Listed<Review>>('reviews', may.review || may.settle)?.items.filter(waits).length;
  const cards: ReactNode[] = [];
  if (reads && (may.review || may.settle)) cards.push(<Figure key="rev" to="/reviews" label={t('todo.reviews')} number={reviews} note={t('todo.reviews.note')} />);
  if (reads && may.answer) cards.push(<Figure key="st" to="/statements" label={t('todo.statements')} number={statements} note={t('todo.statements.note')} />);
  if (reads && (may.reply || may.close)) cards.push(<Figure key="lapse" to="/lapses" label={t('todo.lapses')} number={lapses} note={t('todo.lapses.note')} />);
  if (reads && may.keep) cards.push(<Figure key="dev" to="/devices" label={t('todo.devices')} number={devices} note={t('todo.devices.note')} alarm />);
  return cards;
}

export function Todo() {
  const { t } = useTranslation();
  const session = useSession();
  const takesIn = useMay('intake.take-in');
  const reads = useMay('catalogue.read');
  const labels = useMay('intake.label');
  const requestsAllowed = useMay('access.request') || useMay('access.decide');
  const people = useMay('people.confirm');
  const inspections = useInspections(reads);
  const registers = useRegisters(reads);
  const ask = <T,>(key: string, path: string, enabled: boolean) =>
    useQuery({ queryKey: [key], queryFn: () => get<T>(path), enabled });
  const tray = ask<Listed<Recording>>('tray', '/tray?limit=200', labels && reads);
  const uploads = ask<Listed<Upload>>('uploads', '/uploads', takesIn);
  const requests = ask<Listed<Request>>('requests-all', '/requests?limit=200', requestsAllowed);
  const cases = ask<Listed<CaseLine>>('cases-all', '/cases?limit=200', reads);
  const state = ask<Integrity>('integrity', '/integrity', reads);
  const deadlines = ask<Listed<Due>>('deadlines', '/deadlines', reads);
  const accounts = ask<Listed<Account>>('people', '/people', people);

  const waiting = (requests.data?.items ?? []).filter((one) =>
    one.may.some((step) => ['decide', 'issue-notice', 'sign', 'file-scan', 'give', 'export', 'read'].includes(step)));
  const open = (cases.data?.items ?? []).filter((one) => !one.closed);
  const cards: ReactNode[] = [];
  if (labels && reads) cards.push(<Figure key="tray" to="/tray" label={t('nav.tray')} number={tray.data?.items.length} note={t('todo.tray')} alarm />);
  if (takesIn) cards.push(<Figure key="up" to="/upload" label={t('todo.uploads')} number={uploads.data?.items.length} note={t('todo.uploads.note')} />);
  if (requestsAllowed) cards.push(<Figure key="req" to="/requests" label={t('todo.requests')} number={requests.data ? waiting.length : undefined} note={t('todo.requests.note')} />);
  if (reads) cards.push(<Figure key="case" to="/cases" label={t('todo.cases')} number={cases.data ? open.length : undefined} note={t('todo.cases.note')} />);
  if (reads) cards.push(<Figure key="dmg" to="/integrity" label={t('integrity.damaged')} number={state.data?.damaged.length} note={t('todo.damaged.note')} alarm />);
  if (inspections) cards.push(<Figure key="insp" to="/inspections" label={t('nav.inspections')} number={inspections.number} note={t('todo.inspections.note')} />);
  cards.push(...registers);
  if (people) cards.push(<Figure key="ppl" to="/people" label={t('todo.people')} number={accounts.data?.items.filter((one) => one.proposal).length} note={t('todo.people.note')} />);

  return (
    <div className="page">
      <Head title={t('todo.hello', { person: session.person })} sub={t('todo.sub')} />
      <div className="cards">{cards}</div>
      {reads && (deadlines.data?.items.length ?? 0) > 0 && (
        <Card title={t('todo.deadlines')} style={{ marginTop: 20 }}>
          <div className="stack" style={{ gap: 0 }}>
            {deadlines.data?.items.slice(0, 10).map((one) => (
              <div key={`${one.kind}${one.subject}`} style={{ padding: '10px 0', borderBottom: '1px solid #eef0f4', display: 'flex', gap: 12, flexWrap: 'wrap', alignItems: 'center' }}>
                <DueTag due={one} />
                <Link to={one.kind === 'label' ? '/tray' : `/cases/${encodeURIComponent(one.subject)}`}>{t(`due.what.${one.kind}`)}</Link>
                <span style={{ flex: 1, minWidth: 160, overflowWrap: 'anywhere' }}>{one.kind === 'close-case' ? `${one.subject} ${one.name}` : one.name}</span>
                <span className="quiet">{t('due.until', { date: one.due })} · {articles(one.article)}</span>
              </div>
            ))}
          </div>
        </Card>
      )}
      {requestsAllowed && (
        <Card title={t('todo.requests')} style={{ marginTop: 20 }}>
          <Shown pending={requests.isPending} error={requests.error} retry={requests.refetch} empty={waiting.length === 0} nothing={t('todo.requests.none')}>
            <div className="stack" style={{ gap: 0 }}>
              {waiting.map((one) => (
                <Link key={one.request} to={`/requests/${one.request}`} style={{ color: 'inherit', padding: '10px 0', borderBottom: '1px solid #eef0f4', display: 'flex', gap: 12, flexWrap: 'wrap' }}>
                  <RequestTag state={one.state} />
                  <span style={{ fontWeight: 500 }}>{one.applicant.name}</span>
                  <span className="quiet" style={{ flex: 1, minWidth: 160 }}>{one.purpose}</span>
                  {one.may.map((step) => <Tag key={step}>{t(`step.${step}`)}</Tag>)}
                  <span className="quiet">{time(one.at)}</span>
                </Link>
              ))}
            </div>
          </Shown>
        </Card>
      )}
    </div>
  );
}
