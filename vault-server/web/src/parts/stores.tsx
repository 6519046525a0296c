// Where copies lie, how sound they are, and whether there are enough of each class.
import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { Store, Stores } from '../api/types';
import { count, size, time } from './format';
import { Rows } from './rows';
import { Shown } from './states';

export function StoresBoard() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['stores'], queryFn: () => get<Stores>('/stores') });
  const short = (query.data?.classes ?? []).reduce((sum, one) => sum + Math.max(one.short, ...one.places.map((place) => place.lacking)), 0);
  const lost = (query.data?.stores ?? []).filter((one) => !one.in_reach);
  const unread = (query.data?.stores ?? []).filter((one) => one.id !== 'main').reduce((sum, one) => sum + one.overdue, 0);
  return (
    <Card size="small" title={t('copies')}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {query.data && (
          <div className="stack">
            {lost.length > 0 && <Alert type="error" showIcon title={t('stores.out-of-reach', { stores: lost.map((one) => one.name).join('、') })} description={t('stores.out-of-reach.next')} />}
            {unread > 0 && <Alert type="warning" showIcon title={t('stores.overdue', { count: count(unread) })} />}
            {short > 0 && <Alert type="warning" showIcon title={t('copies.short.alarm', { count: count(short) })} />}
              <Rows<Store> dense label={t('copies')} rowKey="id" rows={query.data.stores} columns={[
                { title: t('store'), render: (_, row) => row.name || t('store.own') },
                { title: t('store.state'), render: (_, row) => (row.in_reach ? t(`store-state.${row.state}`) : <Tag color="error">{t('store-state.out-of-reach')}</Tag>) },
                { title: t('store.objects'), align: 'right', render: (_, row) => count(row.objects) },
                { title: t('size'), align: 'right', render: (_, row) => size(row.bytes) },
                { title: t('store.lacking'), align: 'right', render: (_, row) => count(row.lacking) },
                { title: t('integrity.damaged'), align: 'right', render: (_, row) => count(row.damaged) },
                { title: t('store.overdue'), align: 'right', render: (_, row) => count(row.overdue) },
                { title: t('store.oldest'), render: (_, row) => time(row.oldest) },
              ]} />
            <Rows dense label={t('copies')} rowKey="class" rows={query.data.classes} columns={[
              { title: t('copies.class'), render: (_, row) => t(`copy-class.${row.class}`) },
              { title: t('copies.wanted'), align: 'right', render: (_, row) => count(row.wanted) },
              { title: t('copies.objects'), align: 'right', render: (_, row) => count(row.objects) },
              { title: t('copies.short'), align: 'right', render: (_, row) => count(row.short) },
              { title: t('copies.where'), render: (_, row) => row.places.map((place) => (place.lacking > 0 ? t('copies.where.lacking', { store: place.store, count: count(place.lacking) }) : place.store)).join('、') },
            ]} />
          </div>
        )}
      </Shown>
    </Card>
  );
}
