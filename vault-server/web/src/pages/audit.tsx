// The ledger as people read it, and the check that nothing in it was changed.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Form, Input, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { get, post } from '../api/client';
import { useMay, useName, usePaged } from '../api/hooks';
import type { VaultEvent } from '../api/types';
import { count, time } from '../parts/format';
import { Rows } from '../parts/rows';
import { Head, More, Shown, Trouble } from '../parts/states';
import { language } from '../words';

export function Audit() {
  const { t } = useTranslation();
  const name = useName();
  const state = useQuery({ queryKey: ['ledger'], queryFn: () => get<{ size: number; checkpoint: string | null }>('/ledger/state') });
  const [asked, setAsked] = useSearchParams();
  const view = Object.fromEntries(['about', 'from', 'to'].flatMap((key) => { const text = asked.get(key); return text ? [[key, text]] : []; }));
  const path = `/events?${new URLSearchParams({ limit: '100', newest: 'true', ...view })}`;
  const query = usePaged<VaultEvent>(['events', path], path);
  const maySign = useMay('ledger.sign-checkpoint');
  const verify = useMutation({ mutationFn: () => post<{ events: number; root: string; signed: number }>('/ledger/verification') });
  const sign = useMutation({ mutationFn: () => post<{ checkpoint: string }>('/ledger/checkpoint'), onSuccess: () => state.refetch() });
  return (
    <div className="page">
      <Head title={t('nav.audit')} sub={t('audit.sub')} article="A3.14" table="/events">
        <Space wrap>
          {maySign && <Button loading={sign.isPending} onClick={() => sign.mutate()}>{t('audit.sign')}</Button>}
          <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>{t('audit.verify')}</Button>
        </Space>
      </Head>
      <div className="stack">
        {verify.data && <Alert type="success" showIcon title={t('audit.whole', { count: count(verify.data.events), signed: count(verify.data.signed) })} description={<span className="digest">{verify.data.root}</span>} />}
        {(verify.error ?? sign.error) && <Trouble error={verify.error ?? sign.error} />}
        {state.data?.checkpoint && <Card size="small" title={t('audit.checkpoint', { count: count(state.data.size) })}><pre className="digest" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{state.data.checkpoint}</pre></Card>}
        <Form key={path} layout="inline" className="filter" initialValues={view}
          onFinish={(said: Record<string, string | undefined>) => setAsked(Object.fromEntries(Object.entries(said).flatMap(([key, text]) => (text ? [[key, text]] : []))))}>
          <Form.Item name="about" label={t('audit.about')}><Input allowClear placeholder={t('audit.about.example')} maxLength={100} /></Form.Item>
          <Form.Item name="from" label={t('from')}><Input type="date" /></Form.Item>
          <Form.Item name="to" label={t('to')}><Input type="date" /></Form.Item>
          <Button type="primary" htmlType="submit">{t('search')}</Button>
        </Form>
        <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0 && !query.hasNextPage} nothing={t('audit.none')}>
          <Rows<VaultEvent> lead={2} label={t('nav.audit')} rowKey="seq" rows={query.items} more={(row) => <pre className="digest" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{JSON.stringify(row.details, null, 2)}</pre>} columns={[
              { title: '#', dataIndex: 'seq', align: 'right' },
              { title: t('time'), render: (_, row) => time(row.at) },
              { title: t('event'), render: (_, row) => language() === 'en' ? row.en : row.zh },
              { title: t('role'), render: (_, row) => name('roles', row.role) },
              { title: t('actor'), render: (_, row) => row.person ?? <span className="digest">{row.actor}</span> },
            ]}
          />
          <More query={query} />
        </Shown>
      </div>
    </div>
  );
}
