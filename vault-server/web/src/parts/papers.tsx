// Lists with a number of their own: issued, printed again, signed by each side, made void.
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { useMay } from '../api/hooks';
import type { Listed, Paper } from '../api/types';
import { Ask, type Said } from './ask';
import { time } from './format';
import { Digest } from './small';
import { Shown } from './states';

/** A side of a list that has not signed yet. */
type Side = 'hands-over' | 'receives';

type Asked = { what: 'issue' } | { what: 'sign' | 'void'; paper: Paper };

interface Props {
  /** 案号, or the number of a request. */
  about: string;
  /** For a case its preservation list; for a request the transfer list of one of its copies. */
  issue: { kind: 'preservation-list'; path: string } | { kind: 'transfer-list'; path: string; copies: number; to: string };
}

export function Papers({ about, issue }: Props) {
  const { t } = useTranslation();
  const may = { issue: useMay('form.issue'), sign: useMay('form.sign'), void: useMay('form.void') };
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = useQuery({ queryKey: ['papers', about], queryFn: () => get<Listed<Paper>>(`/forms?about=${encodeURIComponent(about)}`) });
  const rows = query.data?.items ?? [];
  const close = () => { setAsked(null); query.refetch(); };
  const send = (said: Said) => {
    if (asked?.what === 'void') return post(`/forms/${asked.paper.form}/void`, said);
    if (asked?.what === 'sign') return post(`/forms/${asked.paper.form}/signatures`, { side: said.side, person: said.person || null });
    if (issue.kind === 'transfer-list') return post(`${issue.path}/copies/${said.copy}/transfer-list`, said);
    return post(`${issue.path}/preservation-lists`, { part: said.part || null });
  };
  const title = t(issue.kind === 'transfer-list' ? 'papers.transfer' : 'papers.preservation');
  return (
    <Card size="small" title={t('papers')} extra={may.issue && <Button size="small" onClick={() => setAsked({ what: 'issue' })}>{t('papers.issue', { title })}</Button>}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('papers.none')}>
        {rows.map((row) => (
          <div key={row.form} style={{ padding: '8px 0', borderBottom: '1px solid #e3e6ec' }}>
            <Space wrap>
              <strong>{t(row.kind === 'transfer-list' ? 'papers.transfer' : 'papers.preservation')} {t('notice.number', { year: row.year, number: row.number })}</strong>
              {row.voided && <Tag color="error">{t('papers.voided', { reason: row.voided.reason })}</Tag>}
              <Button size="small" href={row.print} target="_blank">{t('papers.print')}</Button>
              {!row.voided && may.sign && (!row.handed_over || !row.received) && <Button size="small" onClick={() => setAsked({ what: 'sign', paper: row })}>{t('papers.sign')}</Button>}
              {!row.voided && may.void && <Button size="small" danger onClick={() => setAsked({ what: 'void', paper: row })}>{t('papers.void')}</Button>}
            </Space>
            <div className="quiet">{row.issued_by} · {time(row.issued)} · {t('papers.items', { count: row.recordings.length })}</div>
            <div>{t('papers.handed-over')}：{row.handed_over ? `${row.handed_over.person} · ${time(row.handed_over.at)}` : '—'}；{t('papers.received')}：{row.received ? `${row.received.person} · ${time(row.received.at)}` : '—'}</div>
            <div>SHA-256 <Digest text={row.sha256} /></div>
          </div>
        ))}
      </Shown>
      {asked && <Ask title={asked.what === 'issue' ? t('papers.issue', { title }) : t(`papers.${asked.what}`)} fields={fields()} send={send} close={close} />}
    </Card>
  );

  function fields() {
    if (asked?.what === 'void') return [{ name: 'reason', label: t('reason'), kind: 'long' as const }];
    if (asked?.what === 'sign') {
      const open = (side: Side) => !(side === 'hands-over' ? asked.paper.handed_over : asked.paper.received);
      const sides = (['hands-over', 'receives'] as const).filter(open);
      return [
        { name: 'side', label: t('papers.side'), kind: 'select' as const, initial: sides[0], options: sides.map((side) => ({ value: side, label: t(side === 'receives' ? 'papers.received' : 'papers.handed-over') })) },
        { name: 'person', label: t('papers.person'), optional: true, extra: t('papers.person.note') },
      ];
    }
    if (issue.kind === 'transfer-list') {
      return [
        { name: 'copy', label: t('pick-up.copy'), kind: 'number' as const, min: 1, max: issue.copies, initial: issue.copies },
        { name: 'from_unit', label: t('papers.from') },
        { name: 'to_unit', label: t('papers.to'), initial: issue.to },
        { name: 'carrier', label: t('papers.carrier'), optional: true },
      ];
    }
    return [{ name: 'part', label: t('papers.part'), kind: 'number' as const, min: 1, optional: true, extra: t('papers.part.note') }];
  }
}
