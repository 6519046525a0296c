// Where copies lie, how sound they are, whether there are enough of each class, and what a person can
// do about it: add a store, fill it, read it again, mend it, release it by two persons.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { useMay } from '../api/hooks';
import type { Store, Stores } from '../api/types';
import { Ask } from './ask';
import { count, size, time } from './format';
import { RepairButton } from './mending';
import { Rows } from './rows';
import { Digest } from './small';
import { Shown } from './states';
import { useBegin, useWork } from './work';

/** The title of each step of a release, and its path. */
const RELEASE = {
  propose: ['volume.propose-release', 'release-proposal', 'store.propose.why'],
  release: ['volume.release', 'release', 'store.release.why'],
  withdraw: ['volume.withdraw-release', 'release-withdrawal', 'store.withdraw.why'],
} as const;

type Asked = { what: 'add' } | { what: keyof typeof RELEASE; store: Store };

/** Recordings that the page names already are not said again. */
export function StoresBoard({ named }: { named: string[] }) {
  const { t } = useTranslation();
  const mayAdd = useMay('store.register');
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = useQuery({ queryKey: ['stores'], queryFn: () => get<Stores>('/stores') });
  const state = query.data;
  const adds = mayAdd && (state?.places.length ?? 0) > 0;
  return (
    <Card size="small" title={t('copies')} extra={adds && <Button size="small" onClick={() => setAsked({ what: 'add' })}>{t('store.add')}</Button>}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {state && (
          <div className="stack">
            <Alarms state={state} />
            <Rows<Store> dense label={t('copies')} rowKey="id" rows={state.stores} columns={[
              { title: t('store'), render: (_, row) => <><strong>{row.name || t('store.own')}</strong>{!row.create_only && <Tag color="warning">{t('store.weak')}</Tag>}<Steps store={row} /></> },
              { title: t('store.state'), render: (_, row) => (row.in_reach ? t(`store-state.${row.state}`) : <Tag color="error">{t('store-state.out-of-reach')}</Tag>) },
              { title: t('store.objects'), align: 'right', render: (_, row) => count(row.objects) },
              { title: t('size'), align: 'right', render: (_, row) => size(row.bytes) },
              { title: t('store.lacking'), align: 'right', render: (_, row) => count(row.lacking) },
              { title: t('integrity.damaged'), align: 'right', render: (_, row) => count(row.damaged) },
              { title: t('store.overdue'), align: 'right', render: (_, row) => count(row.overdue) },
              { title: t('store.oldest'), render: (_, row) => time(row.oldest) },
              { title: t('disposal.step'), className: 'stays', render: (_, row) => <Acts store={row} ask={setAsked} /> },
            ]} />
            {mayAdd && !adds && <div className="quiet">{t('store.add.unplaced')}</div>}
            <Damaged stores={state.stores} named={named} />
            <Rows dense label={t('copies.class')} rowKey="class" rows={state.classes} columns={[
              { title: t('copies.class'), render: (_, row) => t(`copy-class.${row.class}`) },
              { title: t('copies.wanted'), align: 'right', render: (_, row) => count(row.wanted) },
              { title: t('copies.objects'), align: 'right', render: (_, row) => count(row.objects) },
              { title: t('copies.short'), align: 'right', render: (_, row) => count(row.short) },
              { title: t('copies.where'), render: (_, row) => row.places.map((place) => (place.lacking > 0 ? t('copies.where.lacking', { store: place.store, count: count(place.lacking) }) : place.store)).join('、') },
            ]} />
          </div>
        )}
      </Shown>
      {asked && state && <Say asked={asked} places={state.places} close={() => setAsked(null)} />}
    </Card>
  );
}

function Alarms({ state }: { state: Stores }) {
  const { t } = useTranslation();
  const short = state.classes.reduce((sum, one) => sum + Math.max(one.short, ...one.places.map((place) => place.lacking)), 0);
  const lost = state.stores.filter((one) => !one.in_reach);
  const unread = state.stores.filter((one) => one.id !== 'main').reduce((sum, one) => sum + one.overdue, 0);
  return (
    <>
      {lost.length > 0 && <Alert type="error" showIcon title={t('stores.out-of-reach', { stores: lost.map((one) => one.name).join('、') })} description={t('stores.out-of-reach.next')} />}
      {unread > 0 && <Alert type="warning" showIcon title={t('stores.overdue', { count: count(unread) })} />}
      {short > 0 && <Alert type="warning" showIcon title={t('copies.short.alarm', { count: count(short) })} />}
    </>
  );
}

/** Who proposed, withdrew or did the release of a store, and why. */
function Steps({ store }: { store: Store }) {
  const { t } = useTranslation();
  const shown = store.released ? [['volume.released', store.released] as const]
    : store.proposed ? [['volume.release-proposed', store.proposed] as const]
      : store.withdrawn ? [['volume.release-withdrawn', store.withdrawn] as const] : [];
  return <>{shown.map(([key, step]) => <div key={key} className="quiet">{t(key)}：{step.reason} {step.person} {time(step.at)}</div>)}</>;
}

function Acts({ store, ask }: { store: Store; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const may = {
    fill: useMay('preservation.copy-out'), check: useMay('preservation.check-fixity'), propose: useMay('store.propose-release'),
    release: useMay('store.release'), withdraw: useMay('store.withdraw-release'),
  };
  const busy = useWork().runs('stores');
  const begin = useBegin();
  if (store.id === 'main' || store.state === 'released') return null;
  const proposed = store.state === 'release-proposed';
  return (
    <Space wrap>
      {may.fill && store.in_reach && <Button size="small" disabled={busy || store.lacking === 0} onClick={() => begin(`/stores/${store.id}/fills`)}>{t('store.fill')}</Button>}
      {may.check && store.in_reach && store.objects > 0 && <Button size="small" disabled={busy} onClick={() => begin(`/stores/${store.id}/checks`)}>{t('volume.check')}</Button>}
      {may.propose && !proposed && <Button size="small" onClick={() => ask({ what: 'propose', store })}>{t('volume.propose-release')}</Button>}
      {may.release && proposed && <Button size="small" onClick={() => ask({ what: 'release', store })}>{t('volume.release')}</Button>}
      {may.withdraw && proposed && <Button size="small" onClick={() => ask({ what: 'withdraw', store })}>{t('volume.withdraw-release')}</Button>}
    </Space>
  );
}

/** What was found damaged in each store, and the way to mend it. */
function Damaged({ stores, named }: { stores: Store[]; named: string[] }) {
  const { t } = useTranslation();
  const own = (one: Store) => (one.id === 'main' ? one.damaged_objects.filter((id) => !named.includes(id)) : one.damaged_objects);
  const hit = stores.map((one) => ({ ...one, shown: own(one) })).filter((one) => one.shown.length > 0);
  if (hit.length === 0) return null;
  return (
    <Alert type="error" showIcon title={t('store.damaged')} description={hit.map((store) => (
      <div key={store.id}>
        {store.name || t('store.own')}
        {store.shown.map((id) => <div key={id}><Digest text={id} /> <RepairButton object={id} /></div>)}
        {store.damaged > store.damaged_objects.length && <div>{t('store.damaged.more', { count: count(store.damaged - store.damaged_objects.length) })}</div>}
      </div>
    ))} />
  );
}

function Say({ asked, places, close }: { asked: Asked; places: string[]; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sent = async (path: string, body: unknown) => {
    await post(path, body);
    for (const key of ['stores', 'duties']) client.invalidateQueries({ queryKey: [key] });
  };
  if (asked.what === 'add') {
    const options = places.map((title, at) => ({ value: String(at), label: title }));
    return (
      <Ask title={t('store.add')} why={t('store.add.why')} close={close} send={(said) => sent('/stores', { ...said, place: Number(said.place) })} fields={[
        { name: 'name', label: t('store.name'), extra: t('store.name.extra') },
        { name: 'place', label: t('store.place'), kind: 'select', options, initial: '0' },
      ]} />
    );
  }
  const [title, step, why] = RELEASE[asked.what];
  return (
    <Ask title={`${t(title)} ${asked.store.name}`} why={t(why)} close={close} fields={[{ name: 'reason', label: t('reason'), kind: 'long' }]}
      send={(said) => sent(`/stores/${asked.store.id}/${step}`, said)} />
  );
}
