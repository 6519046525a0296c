// The register of lapses: what the vault suspects, what was raised, answered and closed.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get, post } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Lapse, Listed, Suspicion } from '../api/types';
import { Ask } from '../parts/ask';
import { Export } from '../parts/export';
import { articles, time } from '../parts/format';
import { RecordingLink } from '../parts/small';
import { Rows } from '../parts/rows';
import { Head, Shown } from '../parts/states';
import { useWhich } from '../parts/which';
import { language } from '../words';

type Asked = { what: 'raise'; from?: Suspicion } | { what: 'answer' | 'close'; row: Lapse };

const COLORS: Record<string, string> = { raised: 'warning', answered: 'processing', upheld: 'error', dismissed: 'default' };

export function Lapses() {
  const { t } = useTranslation();
  const name = useName();
  const client = useQueryClient();
  const raises = useMay('lapse.raise');
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = useQuery({ queryKey: ['lapses'], queryFn: () => get<Listed<Lapse>>('/lapses') });
  const suspected = useQuery({ queryKey: ['suspicions'], queryFn: () => get<Listed<Suspicion>>('/suspicions') });
  const found = suspected.data?.items ?? [];
  const { rows, which } = useWhich(query.data?.items ?? [], t('lapses.all'), [
    { value: 'open', words: 'which.open', fits: (row) => row.state === 'raised' || row.state === 'answered' },
    { value: 'closed', words: 'which.closed', fits: (row) => row.state === 'upheld' || row.state === 'dismissed' },
  ]);
  const close = () => {
    setAsked(null);
    client.invalidateQueries({ queryKey: ['lapses'] });
    client.invalidateQueries({ queryKey: ['suspicions'] });
  };
  return (
    <div className="page">
      <Head title={t('nav.lapses')} sub={t('lapses.sub')} article="A3.16, A2.19" table="/lapses">
        {raises && <Button type="primary" onClick={() => setAsked({ what: 'raise' })}>{t('lapse.raise')}</Button>}
      </Head>
      <div className="stack">
        <Card size="small" title={t('lapses.all')}>
          {which}
          <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('lapses.none')}>
            <div className="stack">{rows.map((row) => <One key={row.lapse} row={row} ask={setAsked} />)}</div>
          </Shown>
        </Card>
        <Card size="small" title={t('suspicions.title')} extra={<Export path="/suspicions" small />}>
          <p className="quiet">{t('suspicions.sub')}</p>
          <Shown pending={suspected.isPending} error={suspected.error} retry={suspected.refetch} empty={found.length === 0} nothing={t('suspicions.none')}>
              <Rows<Suspicion> dense label={t('suspicions.title')} rowKey="key" rows={found} page={20} columns={[
                { title: t('suspicion'), render: (_, one) => <Tag color="warning">{name('suspicions', one.kind)}</Tag> },
                { title: t('suspicion.about'), render: (_, one) => <About recording={one.recording} case={one.case} text={one.about} /> },
                { title: t('lapse.clause'), render: (_, one) => <Clause article={one.clause} /> },
                { title: t('unit'), dataIndex: 'unit' },
                ...(raises ? [{ title: t('disposal.step'), render: (_: unknown, one: Suspicion) => <Button size="small" onClick={() => setAsked({ what: 'raise', from: one })}>{t('lapse.raise')}</Button> }] : []),
              ]} />
          </Shown>
        </Card>
      </div>
      {asked && <Say asked={asked} close={close} />}
    </div>
  );
}

function About(props: { recording: string | null; case: string; text: string }) {
  return (
    <div style={{ minWidth: 180, overflowWrap: 'anywhere' }}>
      {props.recording ? <RecordingLink id={props.recording} name={props.text} /> : props.text}{' '}
      {props.case && <Link to={`/cases/${encodeURIComponent(props.case)}`}>{props.case}</Link>}
    </div>
  );
}

function Clause({ article }: { article: string }) {
  const name = useName();
  return <>{name('clauses', article)} <span className="quiet">{articles(article)}</span></>;
}

function One({ row, ask }: { row: Lapse; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const open = row.state === 'raised' || row.state === 'answered';
  const [answers, closes] = [useMay('lapse.answer') && open, useMay('lapse.close') && open];
  return (
    <div className="entry">
      <div className="entry-head">
        <div><Tag color={COLORS[row.state]}>{name('lapses', row.state)}</Tag>{row.overdue && <Tag color="error">{t('lapse.overdue')}</Tag>} <strong><Clause article={row.clause} /></strong></div>
        <Space>
          {answers && <Button size="small" onClick={() => ask({ what: 'answer', row })}>{t('lapse.answer')}</Button>}
          {closes && <Button size="small" onClick={() => ask({ what: 'close', row })}>{t('lapse.close')}</Button>}
        </Space>
      </div>
      <div>{row.text} {row.case && <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link>} {row.recordings.map((id) => <RecordingLink key={id} id={id} name="" />)}</div>
      <div>{row.concerned} {row.unit} <span className="quiet">{t('lapse.due')} {row.due} · {t('lapse.raised-by')} {row.person} {name('lapse-sources', row.source)} {time(row.at)}</span></div>
      {row.answered && <div>{t('lapse.answered')}：{row.answered.text} <span className="quiet">{row.answered.person} {time(row.answered.at)}</span></div>}
      {row.closed && <div>{t('lapse.closed')}：{row.closed.text} <span className="quiet">{row.closed.person} {time(row.closed.at)}</span></div>}
    </div>
  );
}

function Say({ asked, close }: { asked: Asked; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  if (asked.what === 'raise') {
    const from = asked.from;
    const clauses = codes('clauses').map((one) => ({ value: one.code, label: `${articles(one.code)} ${language() === 'en' ? one.en : one.zh}` }));
    const send = (said: Record<string, unknown>) => post('/lapses', {
      ...said, source: from?.source ?? 'person', key: from?.key ?? '', recordings: from?.recording ? [from.recording] : [],
    });
    return (
      <Ask title={t('lapse.raise')} why={from?.about} close={close} send={send} fields={[
        { name: 'clause', label: t('lapse.clause'), kind: 'select', options: clauses, initial: from?.clause },
        { name: 'unit', label: t('unit'), initial: from?.unit || undefined },
        { name: 'concerned', label: t('lapse.concerned'), optional: true },
        { name: 'case', label: t('case'), optional: true, initial: from?.case },
        { name: 'due', label: t('lapse.due'), kind: 'date' },
        { name: 'text', label: t('lapse.text'), kind: 'long' },
      ]} />
    );
  }
  const closing = asked.what === 'close';
  const path = `/lapses/${asked.row.lapse}`;
  return (
    <Ask title={t(closing ? 'lapse.close' : 'lapse.answer')} why={asked.row.text} close={close}
      send={(said) => post(closing ? `${path}/closing` : `${path}/answer`, said)}
      fields={[
        ...(closing ? [{ name: 'holds', label: t('lapse.upheld'), kind: 'switch' as const, initial: true }] : []),
        { name: 'text', label: t(closing ? 'lapse.conclusion' : 'lapse.answer.text'), kind: 'long' },
      ]} />
  );
}
