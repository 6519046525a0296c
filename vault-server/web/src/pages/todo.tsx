// What waits for this person, by what he may do. Each card says why and leads there.
import { useQuery } from '@tanstack/react-query';
import { Card, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get } from '../api/client';
import { useMay, useName, useSession } from '../api/hooks';
import type { Backups, Due, Duty, Listed, Request, Upload } from '../api/types';
import { DueTag } from '../parts/deadline';
import { Export } from '../parts/export';
import { articles, count, time } from '../parts/format';
import { placeOf, RequestTag } from '../parts/small';
import { Head, Shown } from '../parts/states';

function Waits({ one }: { one: Duty }) {
  const { t } = useTranslation();
  const name = useName();
  return (
    <Link to={one.page} style={{ color: 'inherit' }}>
      <Card hoverable size="small" style={{ height: '100%' }}>
        <div className="quiet">{name('duties', one.kind)}</div>
        <div className={one.late ? 'figure alarm' : 'figure'}>{count(one.count)}</div>
        {one.late > 0 && <div style={{ fontSize: 13, color: '#b3261e' }}>{t('todo.late', { late: count(one.late) })}</div>}
      </Card>
    </Link>
  );
}

export function Todo() {
  const { t } = useTranslation();
  const session = useSession();
  const name = useName();
  const takesIn = useMay('intake.take-in');
  const reads = useMay('catalogue.read');
  const requestsAllowed = useMay('access.request') || useMay('access.decide');
  const ask = <T,>(key: string, path: string, enabled: boolean) =>
    useQuery({ queryKey: [key], queryFn: () => get<T>(path), enabled });
  const duties = ask<Listed<Duty>>('duties', '/duties', true);
  const uploads = ask<Listed<Upload>>('uploads', '/uploads', takesIn);
  const requests = ask<Listed<Request>>('requests-all', '/requests?limit=200', requestsAllowed);
  const deadlines = ask<Listed<Due>>('deadlines', '/deadlines', reads);

  const waiting = (requests.data?.items ?? []).filter((one) =>
    one.may.some((step) => ['decide', 'issue-notice', 'sign', 'file-scan', 'give', 'export', 'read'].includes(step)));
  const left = uploads.data?.items.length ?? 0;
  const backs = useMay('backup.make') || useMay('ledger.read');
  const backups = ask<Backups>('backups', '/backups', backs);
  const overdue = backups.data ? Number(backups.data.backup_due) + Number(backups.data.rehearsal_due) + Number(backups.data.unseen !== null || backups.data.known.length > 0) : 0;
  return (
    <div className="page">
      <Head title={t('todo.hello', { person: session.person })} sub={t('todo.sub')} />
      <Shown pending={duties.isPending} error={duties.error} retry={duties.refetch} empty={duties.data?.items.length === 0 && left + overdue === 0} nothing={t('todo.nothing')}>
        <div className="cards">
          {duties.data?.items.map((one) => <Waits key={one.kind} one={one} />)}
          {overdue > 0 && (
            <Link to="/integrity" style={{ color: 'inherit' }}>
              <Card hoverable size="small" style={{ height: '100%' }}>
                <div className="quiet">{t('todo.backups')}</div>
                <div className="figure alarm">{count(overdue)}</div>
                <div className="quiet" style={{ fontSize: 13 }}>{t('todo.backups.note')}</div>
              </Card>
            </Link>
          )}
          {left > 0 && (
            <Link to="/upload" style={{ color: 'inherit' }}>
              <Card hoverable size="small" style={{ height: '100%' }}>
                <div className="quiet">{t('todo.uploads')}</div>
                <div className="figure">{count(left)}</div>
                <div className="quiet" style={{ fontSize: 13 }}>{t('todo.uploads.note')}</div>
              </Card>
            </Link>
          )}
        </div>
      </Shown>
      {reads && (deadlines.data?.items.length ?? 0) > 0 && (
        <Card title={t('todo.deadlines')} extra={<Export path="/deadlines" small />} style={{ marginTop: 20 }}>
          <div className="stack" style={{ gap: 0 }}>
            {deadlines.data?.items.slice(0, 10).map((one) => (
              <div key={`${one.kind}${one.subject}`} style={{ padding: '10px 0', borderBottom: '1px solid #eef0f4', display: 'flex', gap: 12, flexWrap: 'wrap', alignItems: 'center' }}>
                <DueTag due={one} />
                <Link to={one.kind === 'label' ? '/tray' : placeOf(one)}>{name('dues', one.kind)}</Link>
                <span style={{ flex: 1, minWidth: 160, overflowWrap: 'anywhere' }}>{one.kind === 'label' ? one.name : <><span>{one.case}</span> <span>{one.name}</span></>}</span>
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
