// The ledger as people read it, and the check that nothing in it was changed.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Space, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { useMay, useName, usePaged } from '../api/hooks';
import type { VaultEvent } from '../api/types';
import { count, time } from '../parts/format';
import { Head, More, Shown, Trouble } from '../parts/states';
import { language } from '../words';

export function Audit() {
  const { t } = useTranslation();
  const name = useName();
  const state = useQuery({ queryKey: ['ledger'], queryFn: () => get<{ size: number; checkpoint: string | null }>('/ledger/state') });
  const query = usePaged<VaultEvent>(['events'], '/events?limit=100');
  const maySign = useMay('ledger.sign-checkpoint');
  const verify = useMutation({ mutationFn: () => post<{ events: number; root: string; signed: number }>('/ledger/verification') });
  const sign = useMutation({ mutationFn: () => post<{ checkpoint: string }>('/ledger/checkpoint'), onSuccess: () => state.refetch() });
  return (
    <div className="page">
      <Head title={t('nav.audit')} sub={t('audit.sub')} article="A3.14">
        <Space wrap>
          {maySign && <Button loading={sign.isPending} onClick={() => sign.mutate()}>{t('audit.sign')}</Button>}
          <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>{t('audit.verify')}</Button>
        </Space>
      </Head>
      <div className="stack">
        {verify.data && <Alert type="success" showIcon title={t('audit.whole', { count: count(verify.data.events), signed: count(verify.data.signed) })} description={<span className="digest">{verify.data.root}</span>} />}
        {(verify.error ?? sign.error) && <Trouble error={verify.error ?? sign.error} />}
        {state.data?.checkpoint && <Card size="small" title={t('audit.checkpoint', { count: count(state.data.size) })}><pre className="digest" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{state.data.checkpoint}</pre></Card>}
        <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0}>
          <Table<VaultEvent>
            rowKey="seq"
            dataSource={query.items}
            pagination={false}
            size="middle"
            scroll={{ x: 'max-content' }}
            expandable={{ expandedRowRender: (row) => <pre className="digest" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{JSON.stringify(row.details, null, 2)}</pre> }}
            columns={[
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
