// The figures of a year: counted now, frozen, approved, reported.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Annual, Figures, Listed } from '../api/types';
import { Ask, type Field } from './ask';
import { articles, time } from './format';
import { Rows } from './rows';
import { Shown } from './states';

type Asked = { what: 'freeze' } | { what: 'approve' | 'return' | 'hand-on'; row: Annual };

const COLORS: Record<string, string> = { frozen: 'warning', returned: 'error', approved: 'processing', 'handed-on': 'success' };

function Counts({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const name = useName();
  const rows = codes('figures').map((one) => ({ key: one.code, name: name('figures', one.code) }));
  return (
    <Rows dense label={t('annual.year', { year: figures.year })} rowKey="key" rows={rows} columns={[
      { title: t('annual.figure'), dataIndex: 'name' },
      ...figures.units.map((unit) => ({ title: unit.unit || '—', key: unit.unit, align: 'right' as const, render: (_: unknown, row: { key: string }) => unit.counts[row.key] ?? 0 })),
      { title: t('annual.total'), key: 'total', align: 'right' as const, render: (_: unknown, row: { key: string }) => <strong>{figures.total[row.key] ?? 0}</strong> },
    ]} />
  );
}

export function AnnualFigures() {
  const { t } = useTranslation();
  const name = useName();
  const client = useQueryClient();
  const freezes = useMay('annual.freeze');
  const approves = useMay('annual.approve');
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = useQuery({ queryKey: ['annual'], queryFn: () => get<Listed<Annual>>('/annual') });
  const rows = query.data?.items ?? [];
  const close = () => { setAsked(null); client.invalidateQueries({ queryKey: ['annual'] }); };
  return (
    <Card size="small" title={t('annual.title')} extra={freezes && <Button size="small" onClick={() => setAsked({ what: 'freeze' })}>{t('annual.freeze')}</Button>}>
      <p className="quiet" style={{ marginTop: 0 }}>{t('annual.sub')} {articles('A2.10(五)')}</p>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('annual.none')}>
        <div className="stack">
          {rows.map((row) => (
            <div key={row.annual} className="entry">
              <div className="entry-head">
                <div><Tag color={COLORS[row.state]}>{name('annuals', row.state)}</Tag>{row.late && <Tag color="error">{t('review.late')}</Tag>}{row.corrects && <Tag color="processing">{t('annual.corrects')}</Tag>}{row.corrected_by && <Tag color="warning">{t('annual.corrected')}</Tag>} <strong>{t('annual.year', { year: row.figures.year })}</strong> <span className="quiet">{t('annual.until', { date: row.figures.until })} · {t('due.until', { date: row.due })}</span></div>
                <Space wrap>
                  {approves && row.state === 'frozen' && <Button size="small" type="primary" onClick={() => setAsked({ what: 'approve', row })}>{t('publicity.approve')}</Button>}
                  {approves && row.state === 'frozen' && <Button size="small" onClick={() => setAsked({ what: 'return', row })}>{t('publicity.return')}</Button>}
                  {freezes && row.state === 'approved' && !row.corrected_by && <Button size="small" type="primary" onClick={() => setAsked({ what: 'hand-on', row })}>{t('annual.hand-on')}</Button>}
                </Space>
              </div>
              <Counts figures={row.figures} />
              {row.steps.map((step, at) => (
                <div key={at} className="quiet">{name('publicity-steps', step.kind)} · {step.person} {time(step.at)}{step.text && `：${step.text}`}</div>
              ))}
            </div>
          ))}
        </div>
      </Shown>
      {asked && <Do asked={asked} close={close} />}
    </Card>
  );
}

function Do({ asked, close }: { asked: Asked; close: () => void }) {
  const { t } = useTranslation();
  if (asked.what === 'freeze') {
    const year: Field = { name: 'year', label: t('annual.which'), kind: 'number', initial: new Date().getFullYear(), min: 2020, max: 2100 };
    const why: Field = { name: 'text', label: t('annual.correction'), kind: 'long', optional: true, extra: t('annual.correction.extra') };
    return <Ask title={t('annual.freeze')} why={t('annual.freeze.why')} fields={[year, why]} send={(said) => post('/annual', said)} close={close} />;
  }
  const path = `/annual/${asked.row.annual}`;
  const note: Field = { name: 'text', label: asked.what === 'hand-on' ? t('annual.to') : t('opinion'), kind: 'long', optional: asked.what === 'approve' };
  const send = (said: Record<string, unknown>) =>
    asked.what === 'hand-on' ? post(`${path}/report`, said) : post(`${path}/decision`, { ...said, approved: asked.what === 'approve' });
  const title = { approve: t('publicity.approve'), return: t('publicity.return'), 'hand-on': t('annual.hand-on') }[asked.what];
  return <Ask title={`${title} · ${t('annual.year', { year: asked.row.figures.year })}`} fields={[note]} send={send} close={close} />;
}
