// Requests: one's own, or every one for those who look into the catalogue.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMay, useName, usePaged } from '../api/hooks';
import type { Request } from '../api/types';
import { minute } from '../parts/format';
import { RequestTag } from '../parts/small';
import { Rows } from '../parts/rows';
import { Head, More, Shown } from '../parts/states';
import { Trace } from '../parts/trace';
import { useWhich } from '../parts/which';

export function Requests() {
  const { t } = useTranslation();
  const name = useName();
  const mayTrace = useMay('ledger.read');
  const query = usePaged<Request>(['requests'], '/requests?limit=100');
  const { rows, which } = useWhich(query.items, t('nav.requests'), [
    { value: 'open', words: 'requests.open', fits: (one) => one.state === 'requested' },
    { value: 'mine', words: 'requests.mine', fits: (one) => one.may.some((step) => step !== 'revoke') },
    { value: 'own', words: 'requests.own', fits: (one) => one.own },
  ], query);
  return (
    <div className="page">
      <Head title={t('nav.requests')} sub={t('requests.sub')} article="A3.15, A2.18(一)4–5" table="/requests" />
      {which}
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0 && !query.hasNextPage} nothing={t('requests.none')}>
        <Rows<Request> lead={1} label={t('nav.requests')} rowKey="request" rows={rows} columns={[
            { title: t('state'), render: (_, row) => <RequestTag state={row.state} /> },
            { title: t('applicant'), render: (_, row) => <Link to={`/requests/${row.request}`}>{row.applicant.name}{row.applicant.unit && `（${row.applicant.unit}）`}</Link> },
            { title: t('purpose'), dataIndex: 'purpose' },
            { title: t('apply.mode'), render: (_, row) => row.mode === 'copy' ? t('mode.copy') : t('mode.view') },
            { title: t('office'), render: (_, row) => name('roles', row.office) },
            { title: t('notice'), render: (_, row) => row.notice ? t('notice.number', { year: row.notice.year, number: row.notice.number }) : '—' },
            { title: t('requested'), render: (_, row) => minute(row.at) },
            { title: t('next-step'), render: (_, row) => row.may.filter((step) => step !== 'revoke').map((step) => <Tag color="processing" key={step}>{t(`step.${step}`)}</Tag>) },
          ]}
        />
        <More query={query} />
      </Shown>
      {mayTrace && <Trace />}
    </div>
  );
}
