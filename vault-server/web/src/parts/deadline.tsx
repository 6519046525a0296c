// A deadline: how many days are left, in words and colour, and on demand every day that was counted.
import { useQuery } from '@tanstack/react-query';
import { Popover, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { Counted, Due, PublicityTerm } from '../api/types';
import { articles } from './format';

/** Every day that was counted, with the number of each that is worked. */
export function DayTable({ days, provisional, papers }: Pick<Counted, 'days' | 'provisional'> & { papers?: string[] }) {
  const { t } = useTranslation();
  return (
    <div style={{ maxWidth: 320, maxHeight: 360, overflow: 'auto' }} role="region" tabIndex={0} aria-label={t('day.counted')}>
      <table>
        <tbody>
          {days.map((one) => (
            <tr key={one.date} className={one.number ? undefined : 'quiet'}>
              <td style={{ paddingInlineEnd: 12 }}>{one.date}</td>
              <td style={{ paddingInlineEnd: 12 }}>{t(`day.${one.kind}`, { festival: one.festival ?? '' })}</td>
              <td>{one.number ? t('day.number', { number: one.number }) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {papers?.map((paper) => <p key={paper} className="quiet paper">{t('calendar.paper')} {paper}</p>)}
      {provisional && <p style={{ color: '#9a5b00', marginBottom: 0 }}>{t('day.provisional')}</p>}
    </div>
  );
}

function Days({ since, days }: { since: string; days: number }) {
  const { data } = useQuery({ queryKey: ['deadline', since, days], queryFn: () => get<Counted>(`/calendar/deadline?after=${since}&working_days=${days}`) });
  return data ? <DayTable days={data.days} provisional={data.provisional} papers={data.papers} /> : null;
}

/** A term of the register of publicity, with the days it counted on demand. */
export function TermTag({ term, label }: { term: PublicityTerm; label: string }) {
  const { t } = useTranslation();
  const colour = term.late ? 'error' : term.done_on ? 'success' : 'default';
  const words = term.done_on ? t('term.done', { date: term.done_on }) : t('due.until', { date: term.due });
  return (
    <Popover content={<DayTable days={term.days} provisional={term.provisional} />} trigger={['hover', 'focus', 'click']}
      title={t('term.counted', { date: term.since, days: term.working_days, article: articles(term.article) })}>
      <Tag color={colour} tabIndex={0} style={{ cursor: 'help' }}>
        {label}：{words}{term.late ? ` · ${t('review.late')}` : ''}{term.provisional ? ` · ${t('due.provisional')}` : ''}
      </Tag>
    </Popover>
  );
}

export function DueTag({ due }: { due: Pick<Due, 'kind' | 'since' | 'basis' | 'due' | 'days_left' | 'provisional'> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const colour = due.days_left < 0 ? 'error' : due.days_left <= 1 ? 'warning' : 'default';
  const words = due.days_left < 0 ? t('due.late', { days: -due.days_left }) : due.days_left === 0 ? t('due.today') : t('due.left', { days: due.days_left });
  const shown = (
    <>
      <p style={{ marginTop: 0 }}>{t(`due.basis.${due.basis}`, { date: due.since })}</p>
      {due.kind === 'label' && open && <Days since={due.since} days={2} />}
      {due.kind === 'close-case' && t('due.case')}
      {due.kind === 'read-copy' && t('due.copy')}
    </>
  );
  return (
    <Popover content={shown} title={t('due.until', { date: due.due })} trigger={['hover', 'focus', 'click']} onOpenChange={setOpen}>
      <Tag color={colour} tabIndex={0} style={{ cursor: 'help' }}>{words}{due.provisional ? ` · ${t('due.provisional')}` : ''}</Tag>
    </Popover>
  );
}
