// Publicity of decisions: what is to be published by when, what was drafted, approved, published, withdrawn, taken down; the figures of a year.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Descriptions, Space, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { get, post } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Code, Listed, Publicity, PublicityDue } from '../api/types';
import { AnnualFigures } from '../parts/annual';
import { Ask, type Field } from '../parts/ask';
import { Export } from '../parts/export';
import { TermTag } from '../parts/deadline';
import { articles, time } from '../parts/format';
import { KindFilter, PublicityDraft } from '../parts/publicity-draft';
import { Head, Shown } from '../parts/states';
import { language } from '../words';

type Act = 'approve' | 'return' | 'publish' | 'revoke' | 'withdraw' | 'ask-take-down' | 'decide-take-down' | 'refuse-take-down' | 'take-down';
type Asked = { act: Act; row: Publicity } | { act: 'draft'; row?: Publicity; number?: string; decided?: string };

const COLORS: Record<string, string> = {
  drafted: 'warning', returned: 'error', withheld: 'default', approved: 'processing', published: 'success', revoked: 'error', withdrawn: 'default', 'taken-down': 'default',
};
const options = (list: Code[]) => list.map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

export function PublicityPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const drafts = useMay('publicity.draft');
  const [place, setPlace] = useSearchParams();
  const [kind, setKind] = useState<string>();
  const [asked, setAsked] = useState<Asked | null>(null);
  const due = useQuery({ queryKey: ['publicity-due'], queryFn: () => get<Listed<PublicityDue>>('/publicity/due') });
  const query = useQuery({ queryKey: ['publicity'], queryFn: () => get<Listed<Publicity>>('/publicity') });
  const one = place.get('case');
  const rows = (query.data?.items ?? []).filter((row) => (!one || row.case === one) && (!kind || row.kind === kind));
  const owed = (due.data?.items ?? []).filter((row) => !one || row.case === one);
  const close = () => {
    setAsked(null);
    for (const key of ['publicity', 'publicity-due', 'deadlines']) client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <div className="page">
      <Head title={t('nav.publicity')} sub={one ?? t('publicity.sub')} article="A2.6, A2.7, A2.8">
        <Space wrap>
          {one && <Button onClick={() => setPlace({})}>{t('publicity.every')}</Button>}
          {drafts && <Button type="primary" onClick={() => setAsked({ act: 'draft', number: one ?? undefined })}>{t('publicity.draft')}</Button>}
        </Space>
      </Head>
      <div className="stack">
        <Card size="small" title={t('publicity.due')}>
          <Shown pending={due.isPending} error={due.error} retry={due.refetch} empty={owed.length === 0} nothing={t('publicity.due.none')}>
            <div className="stack" style={{ gap: 0 }}>
              {owed.map((row) => (
                <div key={`${row.case}${row.publicity}${row.name}`} className="line">
                  <TermTag term={row.term} label={t(row.withdraws ? 'publicity.withdraw.term' : 'publicity.term')} />
                  <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link>
                  <span style={{ flex: 1, minWidth: 140, overflowWrap: 'anywhere' }}>{row.name} <span className="quiet">{row.unit}</span></span>
                  {!row.publicity && <Tag>{t('publicity.unentered')}</Tag>}
                  {!row.publicity && drafts && <Button size="small" onClick={() => setAsked({ act: 'draft', number: row.case, decided: row.term.since })}>{t('publicity.draft')}</Button>}
                </div>
              ))}
            </div>
          </Shown>
        </Card>
        <Card size="small" title={t('publicity.entries')} extra={<Space><KindFilter value={kind} choose={setKind} /><Export path="/publicity" small /></Space>}>
          <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('publicity.none')}>
            <div className="stack">{rows.map((row) => <One key={row.publicity} row={row} ask={setAsked} />)}</div>
          </Shown>
          <p className="quiet" style={{ marginBottom: 0 }}>{t('publicity.feed')} <a href="/publicity/feed.json">JSON Feed</a> · <a href="/publicity/feed.xml">RSS</a></p>
        </Card>
        {!one && <AnnualFigures />}
      </div>
      {asked?.act === 'draft' && <PublicityDraft row={asked.row} number={asked.number} decided={asked.decided} close={close} />}
      {asked && asked.act !== 'draft' && <Do asked={asked} close={close} />}
    </div>
  );
}

function One({ row, ask }: { row: Publicity; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const [drafts, approves, publishes, decides] = [useMay('publicity.draft'), useMay('publicity.approve'), useMay('publicity.publish'), useMay('publicity.approve-take-down')];
  const stands = row.state === 'approved' || row.state === 'published';
  const old = row.state === 'published' && row.down_from !== null && row.down_from <= today();
  const acts: [Act, boolean][] = [
    ['approve', approves && row.waits],
    ['return', approves && row.waits],
    ['publish', publishes && stands],
    ['withdraw', publishes && row.state === 'revoked'],
    ['decide-take-down', decides && row.take_down === 'asked'],
    ['refuse-take-down', decides && row.take_down === 'asked'],
    ['ask-take-down', publishes && old && row.natural_person && row.take_down === null],
    ['take-down', publishes && old && (!row.natural_person || row.take_down === 'approved')],
    ['revoke', publishes && stands],
  ];
  const open = !['revoked', 'withdrawn', 'taken-down'].includes(row.state);
  return (
    <article className="entry" aria-label={row.title || row.case}>
      <div className="entry-head">
        <div>
          <Tag color={COLORS[row.state]}>{name('publicity', row.state)}</Tag>
          {row.waits && row.state === 'published' && <Tag color="warning">{t('publicity.correction')}</Tag>}
          <Tag>{name('publicity-kinds', row.kind)}</Tag>
          {row.major && <Tag color="processing">{t('publicity.major')}</Tag>}
          {row.take_down === 'asked' && <Tag color="warning">{t('publicity.take-down.asked')}</Tag>}
          <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link>
        </div>
        <Space wrap>
          {acts.filter(([, may]) => may).map(([act], at) => <Button key={act} size="small" type={at === 0 ? 'primary' : 'default'} onClick={() => ask({ act, row })}>{t(`publicity.${act}`)}</Button>)}
          {drafts && open && <Button size="small" onClick={() => ask({ act: 'draft', row })}>{t(row.state === 'published' ? 'publicity.correct' : 'publicity.redraft')}</Button>}
        </Space>
      </div>
      {row.title && <strong>{row.title}</strong>}
      <div>
        <TermTag term={row.term} label={t('publicity.term')} />
        {row.withdrawal && <TermTag term={row.withdrawal} label={t('publicity.withdraw.term')} />}
        {row.down_from && <span className="quiet">{t(row.natural_person ? 'publicity.down-from.person' : 'publicity.down-from', { date: row.down_from })}</span>}
      </div>
      {Object.entries(row.objections).filter(([, stands]) => stands).map(([code]) => (
        <Alert key={code} type="warning" showIcon title={name('objections', code)} description={row.reason} />
      ))}
      {!Object.values(row.objections).some(Boolean) && (
        <Descriptions size="small" bordered column={1} items={[
          ...row.fields.map((one) => ({ key: one.name, label: name('publicity-fields', one.name), children: one.value })),
          { key: 'on', label: t('publicity.decided'), children: `${row.decided_on} ${row.number}` },
          ...(row.places.length > 0 ? [{ key: 'places', label: t('publicity.places'), children: row.places.map((one) => name('carriers', one)).join('、') }] : []),
        ]} />
      )}
      <Timeline style={{ marginTop: 8 }} items={row.steps.map((step, at) => ({
        key: `${step.kind}${at}`, content: (
          <><strong>{name('publicity-steps', step.kind)}</strong> <span className="quiet">{step.person} · {time(step.at)} {step.fields.address}</span>{step.kind !== 'publicity.drafted' && step.text && <div>{step.text}</div>}</>
        ),
      }))} />
    </article>
  );
}

function Do({ asked, close }: { asked: Exclude<Asked, { act: 'draft' }>; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const { act, row } = asked;
  const path = `/publicity/${row.publicity}`;
  const text: Field = { name: 'text', label: t('opinion'), kind: 'long', optional: act === 'approve' || act === 'decide-take-down' };
  const day = (name: string, label: string): Field => ({ name, label, kind: 'date', initial: today() });
  const fields: Record<Act, Field[]> = {
    approve: [...(row.major ? [{ name: 'discussion', label: t('publicity.discussion') }] : []), text],
    return: [text], withdraw: [text], 'ask-take-down': [text], 'decide-take-down': [text], 'refuse-take-down': [text], 'take-down': [text],
    publish: [
      { name: 'place', label: t('publicity.places'), kind: 'select', options: options(codes('carriers')), initial: 'portal' },
      { name: 'address', label: t('publicity.address') }, day('on', t('publicity.on')),
    ],
    revoke: [{ name: 'cause', label: t('publicity.cause'), kind: 'select', options: options(codes('revoke-causes')) }, day('received_on', t('publicity.received')), text],
  };
  const send = (said: Record<string, unknown>) => {
    switch (act) {
      case 'approve': case 'return': return post(`${path}/decision`, { ...said, approved: act === 'approve' });
      case 'publish': return post(`${path}/publication`, { places: [said.place], address: said.address, on: said.on });
      case 'revoke': return post(`${path}/revocation`, said);
      case 'withdraw': return post(`${path}/withdrawal`, said);
      case 'ask-take-down': return post(`${path}/take-down-request`, said);
      case 'decide-take-down': case 'refuse-take-down': return post(`${path}/take-down-decision`, { ...said, approved: act === 'decide-take-down' });
      case 'take-down': return post(`${path}/take-down`, said);
    }
  };
  const why: Partial<Record<Act, string>> = { revoke: t('publicity.revoke.why'), withdraw: t('publicity.withdraw.why'), publish: t('publicity.publish.why') };
  return <Ask title={`${t(`publicity.${act}`)} · ${row.title || row.case}`} why={why[act] ? `${why[act]} ${articles(act === 'publish' ? 'A2.9' : 'A2.7(二)')}` : undefined} fields={fields[act]} send={send} close={close} />;
}
