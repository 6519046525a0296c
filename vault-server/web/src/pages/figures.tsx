// Seven figures of an office with their trend: how things stand, read in a minute.
import { useQuery } from '@tanstack/react-query';
import { Card, Segmented, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { get } from '../api/client';
import { useName } from '../api/hooks';
import type { Board, Figure } from '../api/types';
import { articles, count } from '../parts/format';
import { Head, Shown } from '../parts/states';

const OFFICES = ['leader', 'inspector', 'keeper'] as const;
const STEPS = ['week', 'month'] as const;

export function Figures() {
  const { t } = useTranslation();
  const [place, setPlace] = useSearchParams();
  const [role, by] = [place.get('role') ?? '', place.get('by') ?? 'week'];
  const asked = new URLSearchParams({ by, ...(role && { role }) });
  const query = useQuery({ queryKey: ['figures', role, by], queryFn: () => get<Board>(`/figures?${asked}`) });
  const choose = (chosen: { role?: string; by?: string }) => setPlace({ ...(role && { role }), by, ...chosen });
  const board = query.data;
  return (
    <div className="page">
      <Head title={t('nav.figures')} sub={board && t(`figures.since.${board.by}`, { since: board.days[0] })}>
        <Segmented aria-label={t('figures.by')} value={by} onChange={(value) => choose({ by: String(value) })} options={STEPS.map((one) => ({ value: one, label: t(`figures.${one}`) }))} />
        <Segmented aria-label={t('figures.role')} value={board?.role ?? role} onChange={(value) => choose({ role: String(value) })} options={OFFICES.map((one) => ({ value: one, label: t(`figures.${one}`) }))} />
      </Head>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {board && <div className="cards">{board.figures.map((one) => <One key={one.kind} one={one} board={board} />)}</div>}
      </Shown>
    </div>
  );
}

function One({ one, board }: { one: Figure; board: Board }) {
  const { t } = useTranslation();
  const name = useName();
  const sign = one.percent ? ' %' : '';
  const [now, before] = [one.trend.at(-1) ?? 0, one.trend.at(-2) ?? 0];
  return (
    <Link to={one.page} style={{ color: 'inherit' }}>
      <Card size="small" hoverable>
        <div className="quiet">{name('boards', one.kind)}</div>
        <div className="figure">{count(one.value)}{sign}</div>
        <Trend one={one} days={board.days} />
        <Space size={8} wrap className="quiet" style={{ fontSize: 13 }}>
          <span>{t(`figures.now.${board.by}`, { now: `${count(now)}${sign}`, before: `${count(before)}${sign}` })}</span>
          <span>{articles(one.article)}</span>
        </Space>
      </Card>
    </Link>
  );
}

/** The trend as bars; the numbers themselves for who does not see them. */
function Trend({ one, days }: { one: Figure; days: string[] }) {
  const { t } = useTranslation();
  const most = Math.max(...one.trend, 1);
  const said = one.trend.map((value, at) => `${days[at]}: ${value}`).join(', ');
  return (
    <svg className="trend" viewBox="0 0 120 32" preserveAspectRatio="none" role="img" aria-label={`${t('figures.trend')} ${said}`}>
      {one.trend.map((value, at) => {
        const height = Math.max((value / most) * 30, 1);
        return <rect key={days[at]} x={at * 10 + 1} y={32 - height} width={8} height={height} className={at === one.trend.length - 1 ? 'running' : undefined}><title>{`${days[at]}: ${value}`}</title></rect>;
      })}
    </svg>
  );
}
