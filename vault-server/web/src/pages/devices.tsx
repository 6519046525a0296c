// The register of devices: who keeps each, who has it, what is overdue, and every step with it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Drawer, Dropdown, Space, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { get, post } from '../api/client';
import { useCodes, useMay, useName, useSession } from '../api/hooks';
import type { Device, Devices } from '../api/types';
import { Ask, type Field, type Said } from '../parts/ask';
import { count, time } from '../parts/format';
import { Rows } from '../parts/rows';
import { Head, Shown, Trouble } from '../parts/states';
import { language } from '../words';

type Act = 'add' | 'change' | 'take' | 'check' | 'return' | 'break' | 'maintain' | 'mend' | 'retire';
interface Asked { act: Act; device?: Device; number?: string }

const COLORS: Record<string, string> = { in: 'success', out: 'processing', broken: 'error', retired: 'default' };

export function DevicesPage() {
  const { t } = useTranslation();
  const keeps = useMay('device.keep');
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [place, setPlace] = useSearchParams();
  const query = useQuery({ queryKey: ['devices'], queryFn: () => get<Devices>('/devices') });
  const devices = query.data?.devices ?? [];
  const overdue = devices.filter((one) => one.overdue).length;
  const again = () => client.invalidateQueries({ predicate: (one) => String(one.queryKey[0]).startsWith('device') });
  return (
    <div className="page">
      <Head title={t('nav.devices')} sub={t('devices.sub')} article="A3.6, A2.12" table="/devices">
        {keeps && <Button type="primary" onClick={() => setAsked({ act: 'add' })}>{t('device.add')}</Button>}
      </Head>
      <div className="stack">
        {overdue > 0 && <Alert type="warning" showIcon title={t('devices.overdue', { count: count(overdue) })} />}
        {(query.data?.unknown.length ?? 0) > 0 && (
          <Alert type="warning" showIcon title={t('devices.unknown')} description={
            <Space wrap>{query.data?.unknown.map((one) => (
              <span key={one.number}><Link to={`/recordings?device=${encodeURIComponent(one.number)}`} style={{ textDecoration: 'underline' }}>{one.number}</Link> {t('devices.deliveries', { count: count(one.deliveries) })}{' '}
                {keeps && <Button size="small" onClick={() => setAsked({ act: 'add', number: one.number })}>{t('device.add')}</Button>}</span>
            ))}</Space>
          } />
        )}
        <Card size="small">
          <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={devices.length === 0} nothing={t('devices.none')}>
            <Register devices={devices} ask={setAsked} open={(one) => setPlace({ device: one.device })} />
          </Shown>
        </Card>
      </div>
      {place.get('device') && <History id={place.get('device') ?? ''} close={() => setPlace({})} />}
      {asked && <Do asked={asked} close={() => { setAsked(null); again(); }} />}
    </div>
  );
}

function Register({ devices, ask, open }: { devices: Device[]; ask: (asked: Asked) => void; open: (one: Device) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const [keeps, uses] = [useMay('device.keep'), useMay('device.use')];
  const acts = (one: Device): Act[] => {
    if (one.state === 'retired') return [];
    const use: Act[] = one.state === 'in' ? ['take', 'check', 'break'] : one.state === 'out' ? ['return', 'check', 'break'] : ['check'];
    const keep: Act[] = one.state === 'broken' ? ['mend', 'maintain', 'change', 'retire'] : ['maintain', 'change', ...(one.state === 'in' ? ['retire' as const] : [])];
    return [...(uses ? use : []), ...(keeps ? keep : [])];
  };
  const due = (day: string, late: boolean) => <span style={late ? { color: '#b3261e', fontWeight: 600 } : undefined}>{day}</span>;
  const today = new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' });
  return (
    <Rows<Device> dense label={t('nav.devices')} rowKey="device" rows={devices} page={50} columns={[
      { title: t('device.number'), render: (_, one) => <Button type="link" size="small" style={{ padding: 0 }} onClick={() => open(one)}>{one.number}</Button> },
      { title: t('device.kind'), render: (_, one) => <>{name('device-kinds', one.kind)} <span className="quiet">{one.model}</span></> },
      { title: t('state'), render: (_, one) => <><Tag color={COLORS[one.state]}>{name('devices', one.state)}</Tag>{one.user}</> },
      { title: t('device.keeper'), render: (_, one) => <>{one.keeper} <span className="quiet">{one.unit}</span></> },
      { title: t('device.checked'), render: (_, one) => one.checked ? <>{one.checked.battery} % · {one.checked.free_mib} MiB {!one.checked.fit && <Tag color="error">{t('device.unfit')}</Tag>}</> : '—' },
      { title: t('device.clock'), align: 'right', render: (_, one) => one.deliveries ? t('seconds', { count: one.deliveries.clock_seconds }) : '—' },
      { title: t('device.check-due'), render: (_, one) => one.state === 'retired' ? '—' : due(one.check_due, one.check_due < today) },
      { title: t('device.maintenance-due'), render: (_, one) => one.state === 'retired' ? '—' : due(one.maintenance_due, one.maintenance_due < today) },
      ...(keeps || uses ? [{ title: t('disposal.step'), render: (_: unknown, one: Device) => {
        const [first, ...rest] = acts(one);
        if (!first) return null;
        return (
          <Space>
            <Button size="small" onClick={() => ask({ act: first, device: one })}>{t(`device.${first}`)}</Button>
            {rest.length > 0 && (
              <Dropdown trigger={['click']} menu={{ items: rest.map((act) => ({ key: act, label: t(`device.${act}`), onClick: () => ask({ act, device: one }) })) }}>
                <Button size="small" aria-label={t('device.more', { number: one.number })}>…</Button>
              </Dropdown>
            )}
          </Space>
        );
      } }] : []),
    ]} />
  );
}

/** The fields of each act. */
function useFields(): (asked: Asked) => Field[] {
  const { t } = useTranslation();
  const codes = useCodes();
  const session = useSession();
  const kinds = codes('device-kinds').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
  const found: Field[] = [
    { name: 'battery', label: t('device.battery'), kind: 'number', min: 0, max: 100, initial: 100 },
    { name: 'free_mib', label: t('device.free'), kind: 'number', min: 0 },
    { name: 'clock_seconds', label: t('device.clock-off'), kind: 'number', initial: 0, extra: t('device.clock-off.extra') },
    { name: 'fit', label: t('device.fit'), kind: 'switch', initial: true },
    { name: 'note', label: t('note'), optional: true },
  ];
  return ({ act, device, number }) => {
    if (act === 'add' || act === 'change') {
      return [
        { name: 'number', label: t('device.number'), extra: t('device.number.extra'), initial: device?.number ?? number },
        { name: 'kind', label: t('device.kind'), kind: 'select', options: kinds, initial: device?.kind ?? 'body-worn' },
        { name: 'model', label: t('device.model'), optional: true, initial: device?.model },
        { name: 'serial', label: t('device.serial'), optional: true, initial: device?.serial },
        { name: 'unit', label: t('unit'), initial: device?.unit ?? session.unit },
        { name: 'keeper', label: t('device.keeper'), initial: device?.keeper ?? session.person },
        { name: 'check_days', label: t('device.check-days'), kind: 'number', min: 1, max: 3650, initial: device?.check_days ?? 30 },
        { name: 'maintenance_days', label: t('device.maintenance-days'), kind: 'number', min: 1, max: 3650, initial: device?.maintenance_days ?? 180 },
      ];
    }
    if (act === 'take') return [{ name: 'user', label: t('device.user'), initial: session.person }, ...found];
    if (act === 'check') return found;
    return [{ name: 'note', label: t('note'), kind: 'long', optional: act === 'return' }];
  };
}

function Do({ asked, close }: { asked: Asked; close: () => void }) {
  const { t } = useTranslation();
  const fields = useFields();
  const path = `/devices/${asked.device?.device}`;
  const where: Record<Act, string> = {
    add: '/devices', change: `${path}/changes`, take: `${path}/outings`, check: `${path}/checks`, return: `${path}/use/return`, break: `${path}/use/break`,
    maintain: `${path}/keeping/maintain`, mend: `${path}/keeping/mend`, retire: `${path}/keeping/retire`,
  };
  const title = [t(`device.${asked.act}`), asked.device?.number].filter(Boolean).join(' · ');
  return <Ask title={title} fields={fields(asked)} close={close} send={(said: Said) => post(where[asked.act], said)} />;
}

function History({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const name = useName();
  const query = useQuery({ queryKey: ['device', id], queryFn: () => get<Device>(`/devices/${id}`) });
  const device = query.data;
  return (
    <Drawer open onClose={close} size={460} title={device ? `${device.number} · ${name('device-kinds', device.kind)}` : t('nav.devices')}>
      {query.error && <Trouble error={query.error} />}
      {(device?.drift.length ?? 0) > 0 && (
        <section style={{ marginBottom: 20 }}>
          <strong>{t('device.drift')}</strong>
          <div className="quiet">{device?.drift.map((one) => <div key={one.at}>{time(one.at)} · {t('seconds', { count: one.clock_seconds })}</div>)}</div>
        </section>
      )}
      <Timeline items={[...(device?.steps ?? [])].reverse().map((step) => ({
        key: step.at, content: (
          <>
            <strong>{name('steps', step.kind)}</strong> <span className="quiet">{step.person} · {time(step.at)}</span>
            {step.text && <div>{step.text}</div>}
            <div className="quiet">{Object.entries(step.fields).filter(([field]) => ['user', 'battery', 'free_mib', 'clock_seconds', 'keeper', 'unit'].includes(field)).map(([field, value]) => `${name('fields', field)} ${value}`).join(' · ')}</div>
          </>
        ),
      }))} />
    </Drawer>
  );
}
