// What has to be recorded and was not, and the statements of why.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { get, post } from '../api/client';
import { useCodes, useMay, useName, useSession } from '../api/hooks';
import type { Code, Listed, Obligation, Statement } from '../api/types';
import { Ask } from '../parts/ask';
import { Export } from '../parts/export';
import { articles, time } from '../parts/format';
import { Obligations } from '../parts/obligations';
import { Head, Shown } from '../parts/states';
import { useWhich } from '../parts/which';
import { language } from '../words';

type Asked = { what: 'make'; about?: Pick<Obligation, 'case' | 'activity' | 'article'> } | { what: 'accept' | 'reject'; row: Statement };

const COLORS: Record<string, string> = { reported: 'warning', accepted: 'success', rejected: 'error' };

export function Statements() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const makes = useMay('statement.make');
  const [place, setPlace] = useSearchParams();
  // The page of a case leads here with what was not recorded.
  const led = place.get('make');
  const [asked, setAsked] = useState<Asked | null>(led && makes ? { what: 'make', about: { case: led, activity: place.get('activity') ?? '', article: 'A3.5' } } : null);
  const open = useQuery({ queryKey: ['must-record'], queryFn: () => get<Listed<Obligation>>('/must-record') });
  const query = useQuery({ queryKey: ['statements'], queryFn: () => get<Listed<Statement>>('/statements') });
  const { rows, which } = useWhich(query.data?.items ?? [], t('statements.all'), [
    { value: 'open', words: 'statements.waiting', fits: (row) => row.state === 'reported' },
    { value: 'closed', words: 'statements.answered', fits: (row) => row.state !== 'reported' },
  ]);
  const close = () => {
    setAsked(null);
    setPlace({});
    client.invalidateQueries({ queryKey: ['statements'] });
    client.invalidateQueries({ queryKey: ['must-record'] });
  };
  return (
    <div className="page">
      <Head title={t('nav.statements')} sub={t('statements.sub')} article="A3.4, A3.5" table="/statements">
        {makes && <Button type="primary" onClick={() => setAsked({ what: 'make' })}>{t('statement.make')}</Button>}
      </Head>
      <div className="stack">
        <Card size="small" title={t('must-record.open')} extra={<Export path="/must-record" small />}>
          <Shown pending={open.isPending} error={open.error} retry={open.refetch} empty={open.data?.items.length === 0} nothing={t('must-record.none')}>
            <Obligations rows={open.data?.items ?? []} label={t('must-record.open')} cases act={makes ? (about) => setAsked({ what: 'make', about }) : undefined} />
          </Shown>
        </Card>
        <Card size="small" title={t('statements.all')}>
          {which}
          <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('statements.none')}>
            <div className="stack">{rows.map((row) => <One key={row.statement} row={row} ask={setAsked} />)}</div>
          </Shown>
        </Card>
      </div>
      {asked && <Say asked={asked} close={close} />}
    </div>
  );
}

function One({ row, ask }: { row: Statement; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const answers = useMay('statement.answer') && row.state === 'reported';
  return (
    <div className="entry">
      <div className="entry-head">
        <div><Tag color={COLORS[row.state]}>{name('statements', row.state)}</Tag>{row.late && <Tag color="error">{t('statement.late')}</Tag>} <strong>{name('statement-grounds', row.ground)}</strong></div>
        {answers && (
          <Space>
            <Button size="small" type="primary" onClick={() => ask({ what: 'accept', row })}>{t('statement.accept')}</Button>
            <Button size="small" onClick={() => ask({ what: 'reject', row })}>{t('statement.reject')}</Button>
          </Space>
        )}
      </div>
      <div>{name('activities', row.activity)} · {row.on} {row.place} · {row.handler} {row.case && (row.case_unknown ? <>{row.case} <Tag color="warning">{t('statement.case-unknown')}</Tag></> : <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link>)}</div>
      <div>{row.reason} <span className="quiet">{t('statement.basis')}：{row.basis}</span></div>
      <div className="quiet">{t('statement.by')} {row.person} {time(row.at)}</div>
      {row.answered && <div>{t('statement.answered')}：{row.answered.text || name('statements', row.state)} <span className="quiet">{row.answered.person} {time(row.answered.at)}</span></div>}
    </div>
  );
}

function Say({ asked, close }: { asked: Asked; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const session = useSession();
  const options = (list: Code[]) => list.map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
  if (asked.what === 'make') {
    const about = asked.about;
    return (
      <Ask title={t('statement.make')} why={about ? articles(about.article) : t('statement.make.why')} close={close} send={(said) => post('/statements', said)} fields={[
        { name: 'ground', label: t('statement.ground'), kind: 'select', options: options(codes('statement-grounds')) },
        { name: 'activity', label: t('activity'), kind: 'select', options: options(codes('activities')), initial: about?.activity },
        { name: 'case', label: t('case'), optional: true, initial: about?.case },
        { name: 'on', label: t('statement.on'), kind: 'date' },
        { name: 'place', label: t('statement.place') },
        { name: 'handler', label: t('handler'), initial: session.person },
        { name: 'reason', label: t('statement.reason'), kind: 'long', extra: t('statement.reason.extra') },
        { name: 'basis', label: t('statement.basis'), extra: t('statement.basis.extra') },
      ]} />
    );
  }
  const accepts = asked.what === 'accept';
  return (
    <Ask title={t(accepts ? 'statement.accept' : 'statement.reject')} why={asked.row.reason} close={close}
      send={(said) => post(`/statements/${asked.row.statement}/answer`, { holds: accepts, text: said.text })}
      fields={[{ name: 'text', label: t('opinion'), kind: 'long', optional: accepts }]} />
  );
}
