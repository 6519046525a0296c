// Working days: what the calendar says of a year, and the editions that two people brought in.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Segmented, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { get, post, type Problem } from '../api/client';
import { useMay } from '../api/hooks';
import type { CalendarDay, Edition, Listed, Year } from '../api/types';
import { Ask } from '../parts/ask';
import { time } from '../parts/format';
import { Rows } from '../parts/rows';
import { Head, Shown, Trouble } from '../parts/states';

const COLORS: Record<string, string> = { festival: 'success', 'shifted-working': 'warning' };

export function CalendarPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [imports, confirms] = [useMay('calendar.propose'), useMay('calendar.confirm')];
  const [place, setPlace] = useSearchParams();
  const [asks, setAsks] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const now = new Date().getFullYear();
  const year = Number(place.get('year')) || now;
  const query = useQuery({ queryKey: ['calendar', year], queryFn: () => get<Year>(`/calendar/${year}`) });
  const editions = useQuery({ queryKey: ['calendar', 'editions'], queryFn: () => get<Listed<Edition>>('/calendar/editions') });
  const again = () => client.invalidateQueries({ queryKey: ['calendar'] });
  const confirm = async (one: Edition) => {
    setProblem(null);
    try {
      await post(`/calendar/editions/${one.edition}/confirmation`);
      message.success(t('done'));
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      again();
    }
  };
  return (
    <div className="page">
      <Head title={t('nav.calendar')} sub={t('calendar.sub')} article="A2.18(一)1" table="/calendar/editions">
        {imports && <Button type="primary" onClick={() => setAsks(true)}>{t('calendar.import')}</Button>}
      </Head>
      {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
      <div className="stack">
        <Card size="small" title={t('calendar.year', { year })} extra={(
          <Segmented size="small" aria-label={t('calendar.which')} value={String(year)} onChange={(value) => setPlace({ year: String(value) })} options={[now - 1, now, now + 1].map(String)} />
        )}>
          <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
            {query.data?.papers.length === 0 && <Alert type="warning" showIcon title={t('calendar.none')} />}
            {(query.data?.days.length ?? 0) > 0 && <Days days={query.data?.days ?? []} label={t('calendar.year', { year })} />}
            {query.data?.papers.map((paper) => <p key={paper} className="quiet" style={{ overflowWrap: 'anywhere' }}>{t('calendar.paper')} {paper}</p>)}
          </Shown>
        </Card>
        <Card size="small" title={t('calendar.editions')}>
          <Shown pending={editions.isPending} error={editions.error} retry={editions.refetch} empty={editions.data?.items.length === 0} nothing={t('calendar.editions.none')}>
              <Rows<Edition> dense label={t('calendar.editions')} rowKey="edition" rows={editions.data?.items ?? []} more={(one) => <Days days={one.days} label={String(one.year)} />} columns={[
                { title: t('calendar.of'), dataIndex: 'year' },
                { title: t('calendar.imported'), render: (_, one) => <>{one.person} <span className="quiet">{time(one.at)}</span></> },
                { title: t('calendar.paper'), render: (_, one) => <span style={{ overflowWrap: 'anywhere' }}>{one.papers.join(' ')}</span> },
                { title: t('calendar.confirmed'), render: (_, one) => one.confirmed ? <>{one.confirmed_by} <span className="quiet">{time(one.confirmed)}</span></>
                  : confirms ? <Button size="small" type="primary" onClick={() => confirm(one)}>{t('calendar.confirm')}</Button> : t('not-yet') },
              ]} />
          </Shown>
        </Card>
      </div>
      {asks && <Ask title={t('calendar.import')} why={t('calendar.import.why')} close={() => { setAsks(false); again(); }}
        send={(said) => post('/calendar/editions', said)} fields={[{ name: 'text', label: t('calendar.text'), kind: 'long', extra: t('calendar.text.extra') }]} />}
    </div>
  );
}

function Days({ days, label }: { days: CalendarDay[]; label: string }) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={label} style={{ display: 'flex', flexWrap: 'wrap', gap: 6 }}>
      {days.map((day) => <Tag key={day.date} color={COLORS[day.kind]}>{day.date} {day.festival} {t(`calendar.${day.kind as 'festival'}`)}</Tag>)}
    </div>
  );
}
