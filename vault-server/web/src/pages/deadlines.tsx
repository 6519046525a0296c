// Terms: what is running, what was missed and why, what a new calendar moved.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get, post } from '../api/client';
import { useName } from '../api/hooks';
import type { Due, Listed, Missed, Moved } from '../api/types';
import { Ask } from '../parts/ask';
import { DueTag } from '../parts/deadline';
import { Export } from '../parts/export';
import { articles, time } from '../parts/format';
import { placeOf } from '../parts/small';
import { Head, Shown, Wide } from '../parts/states';

export function Deadlines() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Missed | null>(null);
  const close = () => {
    setAsked(null);
    client.invalidateQueries({ queryKey: ['missed'] });
    client.invalidateQueries({ queryKey: ['duties'] });
  };
  return (
    <div className="page">
      <Head title={t('nav.deadlines')} sub={t('deadlines.sub')} article="A2.18(一)1, A2.18(一)3" table="/deadlines" />
      <div className="stack">
        <Running />
        <MissedCard ask={setAsked} />
        <MovedCard />
      </div>
      {asked && <Ask title={t('missed.explain')} why={`${asked.case} ${asked.name}`} close={close}
        send={(said) => post(`/terms/${asked.term}/explanation`, said)}
        fields={[{ name: 'text', label: t('missed.reason'), kind: 'long' }]} />}
    </div>
  );
}

function Running() {
  const { t } = useTranslation();
  const name = useName();
  const query = useQuery({ queryKey: ['deadlines'], queryFn: () => get<Listed<Due>>('/deadlines') });
  const rows = query.data?.items ?? [];
  return (
    <Card size="small" title={t('deadlines.running')}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('deadlines.none')}>
        <Wide label={t('deadlines.running')}>
          <Table<Due> size="small" rowKey={(one) => `${one.kind}${one.subject}`} dataSource={rows} pagination={rows.length > 20 ? { pageSize: 20 } : false} columns={[
            { title: t('deadlines.left'), render: (_, one) => <DueTag due={one} /> },
            { title: t('deadlines.what'), render: (_, one) => <Link to={placeOf(one)}>{name('dues', one.kind)}</Link> },
            { title: t('case'), render: (_, one) => one.case || one.subject.slice(0, 16) },
            { title: t('deadlines.name'), render: (_, one) => <span style={{ overflowWrap: 'anywhere' }}>{one.name}</span> },
            { title: t('unit'), dataIndex: 'unit' },
            { title: t('deadlines.due'), dataIndex: 'due' },
          ]} />
        </Wide>
      </Shown>
    </Card>
  );
}

function MissedCard({ ask }: { ask: (one: Missed) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const query = useQuery({ queryKey: ['missed'], queryFn: () => get<Listed<Missed>>('/terms/missed') });
  const rows = query.data?.items ?? [];
  return (
    <Card size="small" title={t('missed.title')} extra={<Export path="/terms/missed" small />}>
      <p className="quiet">{t('missed.sub')}</p>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('missed.none')}>
        <div className="stack">{rows.map((one) => (
          <div className="entry" key={one.term}>
            <div className="entry-head">
              <div><Tag color="error">{t('missed.tag', { date: one.due })}</Tag> <strong>{name('dues', one.kind)}</strong> <span className="quiet">{articles(one.article)}</span></div>
              {one.explains && <Button size="small" onClick={() => ask(one)}>{t('missed.explain')}</Button>}
            </div>
            <div><Link to={placeOf(one)}>{one.name || one.case || one.subject.slice(0, 16)}</Link> {one.case} {one.unit}</div>
            {one.reasons.map((why, at) => <div key={at}>{t('missed.reason')}：{why.text} <span className="quiet">{why.person} {time(why.at)}</span></div>)}
            {!one.reason && <div className="quiet">{t('missed.unexplained')}</div>}
          </div>
        ))}</div>
      </Shown>
    </Card>
  );
}

function MovedCard() {
  const { t } = useTranslation();
  const name = useName();
  const query = useQuery({ queryKey: ['moved'], queryFn: () => get<Listed<Moved>>('/terms/moved') });
  const rows = query.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <Card size="small" title={t('moved.title')} extra={<Export path="/terms/moved" small />}>
      <Wide label={t('moved.title')}>
        <Table<Moved> size="small" rowKey="term" dataSource={rows} pagination={false} columns={[
          { title: t('deadlines.what'), render: (_, one) => name('dues', one.kind) },
          { title: t('moved.subject'), render: (_, one) => <span className="digest">{one.subject.slice(0, 16)}</span> },
          { title: t('moved.from'), dataIndex: 'from' },
          { title: t('moved.to'), dataIndex: 'to' },
        ]} />
      </Wide>
    </Card>
  );
}
