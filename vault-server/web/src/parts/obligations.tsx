// What of a case has to be recorded, and whether it was.
import { Button, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useName } from '../api/hooks';
import type { Obligation } from '../api/types';
import { articles, count } from './format';
import { Rows } from './rows';

const COLORS: Record<string, string> = { recorded: 'success', stated: 'default', waiting: 'warning', neither: 'error' };

export function Obligations({ rows, label, cases, act }: { rows: Obligation[]; label: string; cases?: boolean; act?: (row: Obligation) => void }) {
  const { t } = useTranslation();
  const name = useName();
  return (
      <Rows<Obligation> dense label={label} rowKey={(one) => `${one.case} ${one.activity}`} rows={rows} page={50} columns={[
        ...(cases ? [{ title: t('case'), render: (_: unknown, one: Obligation) => <><Link to={`/cases/${encodeURIComponent(one.case)}`}>{one.case}</Link> <span className="quiet">{one.unit}</span></> }] : []),
        { title: t('activity'), render: (_, one) => <>{name('activities', one.activity)} <span className="quiet">{articles(one.article)}</span></> },
        { title: t('state'), render: (_, one) => <Tag color={COLORS[one.state]}>{name('recorded', one.state)}</Tag> },
        { title: t('must-record.documents'), render: (_, one) => one.documents.join('、') || '—' },
        { title: t('nav.recordings'), align: 'right', render: (_, one) => count(one.recordings) },
        ...(act ? [{ title: t('disposal.step'), render: (_: unknown, one: Obligation) => one.state === 'neither' && <Button size="small" onClick={() => act(one)}>{t('statement.make')}</Button> }] : []),
      ]} />
  );
}
