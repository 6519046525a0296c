// A deadline: how many days are left, in words and colour, and on demand every day that was counted.
import { useQuery } from '@tanstack/react-query';
import { Popover, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { Counted, Due } from '../api/types';

function Days({ since, days }: { since: string; days: number }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['deadline', since, days], queryFn: () => get<Counted>(`/calendar/deadline?after=${since}&working_days=${days}`) });
  if (!data) return null;
  return (
    <div style={{ maxWidth: 320 }}>
      <table>
        <tbody>
          {data.days.map((one) => (
            <tr key={one.date} className={one.number ? undefined : 'quiet'}>
              <td style={{ paddingInlineEnd: 12 }}>{one.date}</td>
              <td style={{ paddingInlineEnd: 12 }}>{t(`day.${one.kind}`, { festival: one.festival ?? '' })}</td>
              <td>{one.number ? t('day.number', { number: one.number }) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.provisional && <p style={{ color: '#9a5b00', marginBottom: 0 }}>{t('day.provisional')}</p>}
    </div>
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
      {due.kind === 'label' ? open && <Days since={due.since} days={2} /> : t('due.case')}
    </>
  );
  return (
    <Popover content={shown} title={t('due.until', { date: due.due })} trigger={['hover', 'focus', 'click']} onOpenChange={setOpen}>
      <Tag color={colour} tabIndex={0} style={{ cursor: 'help' }}>{words}{due.provisional ? ` · ${t('due.provisional')}` : ''}</Tag>
    </Popover>
  );
}
