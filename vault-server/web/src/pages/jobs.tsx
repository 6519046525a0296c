// What the service does by itself, and what it could not do.
import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import { useName } from '../api/hooks';
import type { Job, Listed } from '../api/types';
import { minute } from '../parts/format';
import { Rows } from '../parts/rows';
import { Head, Shown } from '../parts/states';

export function Jobs() {
  const { t } = useTranslation();
  const name = useName();
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: () => get<Listed<Job>>('/jobs'), refetchInterval: 10_000 });
  return (
    <div className="page">
      <Head title={t('nav.jobs')} sub={t('jobs.sub')} table="/jobs" />
      <Shown pending={jobs.isPending} error={jobs.error} retry={jobs.refetch} empty={jobs.data?.items.length === 0} nothing={t('jobs.none')}>
        <Rows<Job> lead={1} label={t('nav.jobs')} rowKey="id" rows={jobs.data?.items ?? []} columns={[
          { title: '#', dataIndex: 'id', align: 'right' },
          { title: t('job'), render: (_, row) => name('jobs', row.kind) },
          { title: t('state'), render: (_, row) => <Tag color={row.state === 'failed' ? 'error' : row.state === 'running' ? 'processing' : undefined}>{name('job-states', row.state)}</Tag> },
          { title: t('job.attempts'), dataIndex: 'attempts', align: 'right' },
          { title: t('job.due'), render: (_, row) => minute(row.due) },
          { title: t('job.problem'), dataIndex: 'problem' },
        ]} />
      </Shown>
    </div>
  );
}
