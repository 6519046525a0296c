// Backups and their rehearsal, and a ledger that is behind what is known of it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, type Problem } from '../api/client';
import { useMay, useName } from '../api/hooks';
import type { Backup, Backups, Rehearsed } from '../api/types';
import { Ask } from './ask';
import { count, size, time } from './format';
import { Rows } from './rows';
import { Digest } from './small';
import { Shown, Trouble } from './states';

export function BackupsBoard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const may = { make: useMay('backup.make'), rehearse: useMay('backup.rehearse'), read: useMay('ledger.read') };
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const query = useQuery({ queryKey: ['backups'], queryFn: () => get<Backups>('/backups'), enabled: may.read || may.make });
  if (!may.read && !may.make) return null;
  const act = async (what: string, work: () => Promise<string>) => {
    setBusy(what);
    setProblem(null);
    try {
      message.success(await work());
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy('');
      client.invalidateQueries({ queryKey: ['backups'] });
    }
  };
  const make = () => act('make', async () => {
    await post('/backups');
    return t('done');
  });
  const rehearse = (id: string) => act(id, async () => {
    const found = await post<Rehearsed>(`/backups/${id}/rehearsal`);
    const seconds = ((found.restoring_milliseconds + found.reading_milliseconds) / 1000).toFixed(1);
    return t('rehearsed.found', { objects: count(found.objects), size: size(found.bytes), seconds, failed: count(found.failed.length) });
  });
  const state = query.data;
  return (
    <Card size="small" title={t('backups')} extra={may.make && state?.placed && <Button size="small" type="primary" loading={busy === 'make'} onClick={make}>{t('backup.make')}</Button>}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {state && (
          <div className="stack">
            {problem && <Trouble error={problem} />}
            <Unseen state={state} />
            {state.backup_due && <Alert type="warning" showIcon title={t('backup.due', { days: count(state.days) })} />}
            {state.rehearsal_due && <Alert type="warning" showIcon title={t('rehearsal.due', { days: count(state.rehearsal_days) })} />}
            <div>{t('backup.last')}：{state.last_made ? time(state.last_made) : t('not-yet')} · {t('rehearsal.last')}：{state.last_rehearsed ? time(state.last_rehearsed) : t('not-yet')}</div>
            {!state.placed && <div className="quiet">{t('backup.unplaced')}</div>}
            {state.backups.length > 0 && (
              <Rows<Backup> dense label={t('backups')} rowKey="backup" rows={state.backups} page={10} columns={[
                  { title: t('backup.made'), render: (_, row) => <>{time(row.made)}<div className="quiet">{row.person || t('backup.by-itself')}</div></> },
                  { title: t('integrity.events'), align: 'right', render: (_, row) => count(row.events) },
                  { title: t('store.objects'), align: 'right', render: (_, row) => count(row.objects) },
                  { title: t('size'), align: 'right', render: (_, row) => size(row.bytes) },
                  { title: t('backup.list'), render: (_, row) => <Digest text={row.list} /> },
                  { title: t('rehearsal.last'), render: (_, row) => <Rehearsal row={row} /> },
                  { title: t('backup.place'), render: (_, row) => <><span style={{ overflowWrap: 'anywhere' }}>{row.place}</span>{row.bears_destroyed_keys && <div><Tag color="warning">{t('backup.bears-keys')}</Tag></div>}</> },
                  { title: t('disposal.step'), className: 'stays', render: (_, row) => may.rehearse && <Button size="small" loading={busy === row.backup} disabled={busy !== ''} onClick={() => rehearse(row.backup)}>{t('rehearse')}</Button> },
                ]} />
            )}
          </div>
        )}
      </Shown>
    </Card>
  );
}

function Rehearsal({ row }: { row: Backup }) {
  const { t } = useTranslation();
  const last = row.rehearsed;
  if (!last) return <span className="quiet">{t('not-yet')}</span>;
  return (
    <>
      <Tag color={last.failed > 0 ? 'error' : 'success'}>{last.failed > 0 ? t('rehearsal.failed', { count: count(last.failed) }) : t('rehearsal.sound')}</Tag>
      {time(last.at)}
      <div className="quiet">{count(last.objects)} · {size(last.bytes)} · {(last.milliseconds / 1000).toFixed(1)} s</div>
    </>
  );
}

/** What stands against signing, and the way for a person to say that he has looked. */
function Unseen({ state }: { state: Backups }) {
  const { t } = useTranslation();
  const name = useName();
  const client = useQueryClient();
  const may = useMay('ledger.recover');
  const [open, setOpen] = useState(false);
  if (!state.unseen && state.known.length === 0) return null;
  return (
    <>
      <Alert type="error" showIcon role="alert" title={t('behind')} description={(
        <Space orientation="vertical">
          {state.unseen && <span>{t('behind.restored', { id: state.unseen.slice(0, 8) })}</span>}
          {state.known.map((one) => <span key={one.place + one.root}>{name('memories', one.place)}：{t('behind.known', { size: count(one.size) })}（{name('standings', one.standing)}）</span>)}
          <span>{t('behind.next')}</span>
          {may && <Button danger onClick={() => setOpen(true)}>{t('behind.recover')}</Button>}
        </Space>
      )} />
      {open && (
        <Ask title={t('behind.recover')} why={t('behind.why')} fields={[{ name: 'reason', label: t('reason'), kind: 'long' }]} close={() => setOpen(false)}
          send={async (said) => {
            await post('/ledger/recovery', said);
            client.invalidateQueries({ queryKey: ['backups'] });
          }} />
      )}
    </>
  );
}
