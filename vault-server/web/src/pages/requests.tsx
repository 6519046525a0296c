// Requests: one's own, or every one for those who look into the catalogue.
import { Segmented, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useName, usePaged } from '../api/hooks';
import type { Request } from '../api/types';
import { time } from '../parts/format';
import { RequestTag } from '../parts/small';
import { Head, More, Shown } from '../parts/states';

export function Requests() {
  const { t } = useTranslation();
  const name = useName();
  const [asked, setAsked] = useSearchParams();
  const which = asked.get('which') ?? 'all';
  const query = usePaged<Request>(['requests'], '/requests?limit=100');
  const rows = query.items.filter((one) => which === 'all' || (which === 'own' ? one.own : one.may.some((step) => step !== 'revoke')));
  return (
    <div className="page">
      <Head title={t('nav.requests')} sub={t('requests.sub')} article="A3.15, A2.18(一)4–5" />
      <Segmented aria-label={t('nav.requests')} style={{ marginBottom: 16 }} value={which} onChange={(value) => setAsked(value === 'all' ? {} : { which: String(value) })}
        options={[{ value: 'all', label: t('requests.all') }, { value: 'mine', label: t('requests.mine') }, { value: 'own', label: t('requests.own') }]} />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('requests.none')}>
        <Table<Request>
          rowKey="request"
          dataSource={rows}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('state'), render: (_, row) => <RequestTag state={row.state} /> },
            { title: t('applicant'), render: (_, row) => <Link to={`/requests/${row.request}`}>{row.applicant.name}{row.applicant.unit && `（${row.applicant.unit}）`}</Link> },
            { title: t('purpose'), dataIndex: 'purpose' },
            { title: t('apply.mode'), render: (_, row) => row.mode === 'copy' ? t('mode.copy') : t('mode.view') },
            { title: t('office'), render: (_, row) => name('roles', row.office) },
            { title: t('notice'), render: (_, row) => row.notice ? t('notice.number', { year: row.notice.year, number: row.notice.number }) : '—' },
            { title: t('requested'), render: (_, row) => time(row.at) },
            { title: t('next-step'), render: (_, row) => row.may.filter((step) => step !== 'revoke').map((step) => <Tag color="processing" key={step}>{t(`step.${step}`)}</Tag>) },
          ]}
        />
        <More query={query} />
      </Shown>
    </div>
  );
}
