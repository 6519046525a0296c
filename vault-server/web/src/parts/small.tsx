// Small things that many pages show.
import { CopyOutlined } from '@ant-design/icons';
import { App, Button, Tag, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useName } from '../api/hooks';
import type { Inspection } from '../api/types';
import { short } from './format';

/** A digest, whole and breaking inside its cell, with a way to take it along. */
export function Digest({ text, full }: { text: string | null; full?: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  if (!text) return <span className="quiet">{t('not-yet')}</span>;
  const take = async () => {
    try {
      await navigator.clipboard.writeText(text);
      message.success(t('copied'));
    } catch {
      message.info(text);
    }
  };
  return (
    <span className="digest">
      {full ? text : <Tooltip title={text}>{short(text)}…</Tooltip>}
      <Button type="text" size="small" icon={<CopyOutlined />} aria-label={t('copy-digest')} onClick={take} />
    </span>
  );
}

/** A recording by its name. */
export function RecordingLink({ id, name, ms, grant, inspection }: { id: string; name: string; ms?: number; grant?: string | null; inspection?: string }) {
  const asked = new URLSearchParams();
  if (ms) asked.set('t', String(ms));
  if (grant) asked.set('grant', grant);
  if (inspection) asked.set('inspection', inspection);
  const query = asked.size > 0 ? `?${asked}` : '';
  return <Link to={`/recordings/${id}${query}`}>{name || short(id)}</Link>;
}

const COLORS: Record<string, string> = {
  requested: 'warning', consented: 'processing', refused: 'error', noticed: 'processing', signed: 'processing',
  granted: 'success', 'used-up': 'default', expired: 'default', revoked: 'error',
};

/** How a request stands. */
export function RequestTag({ state }: { state: string }) {
  const name = useName();
  return <Tag color={COLORS[state] ?? 'default'}>{name('requests', state)}</Tag>;
}

/** The days of the plan: what is received before the end is in it. */
export function Period({ row }: { row: Inspection }) {
  const last = new Date(new Date(row.to).getTime() - 1).toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' });
  return <>{row.from.slice(0, 10)} – {last}</>;
}

/** Where the thing is that a term is about. */
export function placeOf(due: { kind: string; case: string; subject: string }): string {
  if (due.kind === 'label') return `/recordings/${due.subject}`;
  if (due.kind === 'close-case') return `/cases/${encodeURIComponent(due.subject)}`;
  if (due.kind === 'publish' || due.kind === 'withdraw') return `/publicity?case=${encodeURIComponent(due.case)}`;
  if (due.kind === 'read-copy') return '/volumes';
  return due.kind === 'review' ? '/reviews' : due.kind === 'answer-lapse' ? '/lapses' : '/inspections';
}
