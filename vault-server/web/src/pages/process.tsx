// The whole process of every case: how far each stage is, and how much is missing.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCodes, useName, usePaged } from '../api/hooks';
import type { Process } from '../api/types';
import { articles } from '../parts/format';
import { Rows } from '../parts/rows';
import { Head, More, Shown } from '../parts/states';

export function ProcessPage() {
  const { t } = useTranslation();
  const codes = useCodes();
  const name = useName();
  const query = usePaged<Process>(['process'], '/process');
  const stage = (row: Process, code: string) => {
    const one = row.stages.find((found) => found.stage === code);
    const lacks = row.requirements.some((found) => found.stage === code && found.fulfilment === 'missing');
    if (!one || one.all === 0) return '—';
    return <Tag color={lacks ? 'error' : one.met === one.all ? 'success' : 'default'}>{one.met} / {one.all}</Tag>;
  };
  const lacking = (row: Process) => row.requirements.filter((one) => one.fulfilment === 'missing');
  return (
    <div className="page">
      <Head title={t('process.title')} sub={t('process.sub')} article="A2.11, A2.13" table="/process" />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0} nothing={t('cases.none')}>
        <Rows<Process> label={t('process.title')} rowKey="case" rows={query.items}
          more={(row) => row.missing > 0 && (
            <ul style={{ margin: 0 }}>
              {lacking(row).map((one, at) => (
                <li key={at}>
                  {name('stages', one.stage)}：{one.kind !== 'document' && name('requirements', one.kind)}
                  {one.names.map((code) => name(one.kind === 'recording' ? 'activities' : 'documents', code)).join(t('or'))} <span className="quiet">{articles(one.article)}</span>
                </li>
              ))}
            </ul>
          )}
          columns={[
            { title: t('case'), render: (_, row) => <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link> },
            { title: t('case.title'), dataIndex: 'title' },
            { title: t('unit'), dataIndex: 'unit' },
            ...codes('stages').map((one) => ({ title: name('stages', one.code), key: one.code, render: (_: unknown, row: Process) => stage(row, one.code) })),
            { title: t('process.lacks'), align: 'right' as const, render: (_, row) => row.missing > 0 ? <Tag color="error">{row.missing}</Tag> : <Tag color="success">0</Tag> },
          ]} />
        <More query={query} />
      </Shown>
    </div>
  );
}
