// Reminders that were sent, and what could not be delivered; for administrators.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Space, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { useMay, useName } from '../api/hooks';
import type { Delivery, Listed, Trial } from '../api/types';
import { time } from '../parts/format';
import { Head, Shown, Trouble, Wide } from '../parts/states';

const COLORS: Record<string, string> = { waiting: 'processing', sent: 'success', failed: 'error' };

export function Reminders() {
  const { t } = useTranslation();
  const name = useName();
  const client = useQueryClient();
  const sends = useMay('reminder.send');
  const query = useQuery({ queryKey: ['reminders'], queryFn: () => get<Listed<Delivery>>('/reminders') });
  const test = useMutation({ mutationFn: () => post<Listed<Trial>>('/reminders/test') });
  const again = useMutation({ mutationFn: (id: string) => post(`/reminders/${id}/replay`), onSettled: () => client.invalidateQueries({ queryKey: ['reminders'] }) });
  const rows = query.data?.items ?? [];
  return (
    <div className="page">
      <Head title={t('nav.reminders')} sub={t('reminders.sub')} table="/reminders">
        {sends && <Button type="primary" loading={test.isPending} onClick={() => test.mutate()}>{t('reminders.test')}</Button>}
      </Head>
      <div className="stack">
        {test.data?.items.map((one) => (
          <Alert key={one.channel + one.recipient} type={one.problem ? 'error' : 'success'} showIcon title={`${one.channel} ${one.recipient}`} description={one.problem ?? t('reminders.arrived')} />
        ))}
        {(test.error ?? again.error) && <Trouble error={test.error ?? again.error} />}
        <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('reminders.none')}>
          <Wide label={t('nav.reminders')}>
            <Table<Delivery> size="small" rowKey="id" dataSource={rows} pagination={rows.length > 50 ? { pageSize: 50 } : false} columns={[
              { title: t('reminders.day'), dataIndex: 'day' },
              { title: t('reminders.channel'), render: (_, one) => `${one.channel} ${one.recipient}` },
              { title: t('reminders.text'), dataIndex: 'text' },
              { title: t('state'), render: (_, one) => <Space><Tag color={COLORS[one.state]}>{name('deliveries', one.state)}</Tag>{one.tried && time(one.tried)}</Space> },
              { title: t('job.problem'), dataIndex: 'problem' },
              ...(sends ? [{ title: t('reminders.again'), render: (_: unknown, one: Delivery) => <Button size="small" loading={again.isPending} onClick={() => again.mutate(one.id)}>{t('reminders.again')}</Button> }] : []),
            ]} />
          </Wide>
        </Shown>
      </div>
    </div>
  );
}
