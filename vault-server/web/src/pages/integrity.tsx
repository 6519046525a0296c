// How the whole stands: what is held, what was checked when, what is damaged.
import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Descriptions } from 'antd';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { Integrity, Recording } from '../api/types';
import { BackupsBoard } from '../parts/backups';
import { count, size, time } from '../parts/format';
import { Digest, RecordingLink } from '../parts/small';
import { Rows } from '../parts/rows';
import { Head, Shown } from '../parts/states';
import { StoresBoard } from '../parts/stores';
import { TiersBoard } from '../parts/tiers';
import { RepairButton } from '../parts/mending';
import { WorkBoard } from '../parts/work';

export function IntegrityPage() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['integrity'], queryFn: () => get<Integrity>('/integrity') });
  const state = query.data;
  const figure = (label: string, value: string, alarm = false) => (
    <Card size="small"><div className="quiet">{label}</div><div className="figure" style={alarm ? { color: '#b3261e' } : undefined}>{value}</div></Card>
  );
  return (
    <div className="page">
      <Head title={t('nav.integrity')} sub={t('integrity.sub')} article="A3.12" />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {state && (
          <div className="stack">
            {state.damaged_ids.length > 0
              ? <Alert type="error" showIcon role="alert" title={t('integrity.bad', { count: state.damaged_ids.length })} description={t('integrity.bad.next')} />
              : <Alert type="success" showIcon title={t('integrity.good')} />}
            <div className="cards">
              {figure(t('integrity.recordings'), count(state.recordings))}
              {figure(t('integrity.bytes'), size(state.bytes))}
              {figure(t('integrity.damaged'), count(state.damaged_ids.length), state.damaged_ids.length > 0)}
              {figure(t('integrity.without-digests'), count(state.without_digests))}
              {figure(t('integrity.events'), count(state.events))}
              <Card size="small"><div className="quiet">{t('integrity.oldest')}</div><div style={{ fontSize: 18, fontWeight: 600, paddingTop: 6 }}>{time(state.oldest_check)}</div></Card>
            </div>
            <Card size="small" title={t('scrub', { days: state.scrub.period_days })}>
              {state.scrub.overdue > 0 && <Alert type="warning" showIcon style={{ marginBottom: 12 }} title={t('scrub.overdue', { count: count(state.scrub.overdue) })} />}
              <Descriptions size="small" column={{ xs: 1, md: 2 }} items={[
                { key: 'o', label: t('scrub.oldest'), children: time(state.scrub.oldest) },
                { key: 'e', label: t('scrub.end'), children: state.scrub.predicted_end ? time(state.scrub.predicted_end) : t('scrub.end.none') },
                { key: 'r', label: t('scrub.rate'), children: size(state.scrub.bytes_per_day) },
                { key: 'n', label: t('scrub.needed'), children: size(state.scrub.bytes_per_day_needed) },
              ]} />
            </Card>
            <WorkBoard of={(one) => one.lane !== 'volumes'} />
            {state.damaged.length === 0 && state.damaged_ids.length > 0 && (
              <Card size="small" title={t('integrity.damaged')}>{state.damaged_ids.map((id) => <div key={id}><Digest text={id} full /> <RepairButton object={id} /></div>)}</Card>
            )}
            {state.damaged.length > 0 && (
              <Rows<Recording> label={t('integrity.damaged')} rowKey="recording" rows={state.damaged} columns={[
                { title: t('name'), render: (_, row) => <RecordingLink id={row.recording} name={row.name} /> },
                { title: t('case'), dataIndex: 'case' },
                { title: 'BLAKE3', render: (_, row) => <Digest text={row.recording} /> },
                { title: t('integrity.found'), render: (_, row) => `#${row.damaged_seq}` },
                { title: t('disposal.step'), className: 'stays', render: (_, row) => <RepairButton object={row.recording} /> },
              ]} />
            )}
            <StoresBoard named={state.damaged_ids} />
            <TiersBoard />
            <BackupsBoard />
          </div>
        )}
      </Shown>
    </div>
  );
}
