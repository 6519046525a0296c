// Volumes and the shelf: planned, built, burnt and read back, shelved, read again, replaced.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Select, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { DueCopy, Equipment, Listed, Plan, Volume, VolumeCopy } from '../api/types';
import { Ask, type Field, type Said } from '../parts/ask';
import { Export } from '../parts/export';
import { count, size, time } from '../parts/format';
import { Restoring } from '../parts/restoring';
import { Digest, RecordingLink } from '../parts/small';
import { Head, Shown } from '../parts/states';
import { useWork, WorkBoard } from '../parts/work';
import { language } from '../words';

type Copying = { volume: Volume; copy?: VolumeCopy };
type Asked =
  | { what: 'build'; medium: string }
  | ({ what: 'migrate' | 'burn' | 'check' | 'shelve' | 'restore' } & Copying)
  | { what: 'propose' | 'release' | 'withdraw'; volume: Volume; copy: VolumeCopy };

export function Volumes() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = useQuery({ queryKey: ['volumes'], queryFn: () => get<Listed<Volume>>('/volumes') });
  const equipment = useQuery({ queryKey: ['equipment'], queryFn: () => get<Equipment>('/volumes/equipment') }).data;
  const running = useWork().runs('volumes');
  const close = () => {
    setAsked(null);
    for (const key of ['volumes', 'desk', 'due-copies']) client.invalidateQueries({ queryKey: [key] });
  };
  const items = query.data?.items ?? [];
  const short = items.filter((volume) => !volume.counts && !volume.retired && volume.superseded_by === null).length;
  return (
    <div className="page">
      <Head title={t('volumes')} sub={t('volumes.sub')} article="A2.18(二), A3.12" />
      <div className="stack">
        <WorkBoard of={(one) => one.lane === 'volumes'} />
        <Due />
        <Planned equipment={equipment} running={running} build={(medium) => setAsked({ what: 'build', medium })} />
        <Card size="small" title={t('volumes.shelf')} extra={<Export path="/volumes" small />}>
          <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={items.length === 0} nothing={t('volumes.none')}>
            {short > 0 && <Alert type="warning" showIcon style={{ marginBottom: 12 }} title={t('volumes.short', { count: count(short) })} />}
            <div className="stack">
              {[...items].reverse().map((volume) => <One key={volume.label} volume={volume} equipment={equipment} running={running} ask={setAsked} />)}
            </div>
          </Shown>
        </Card>
      </div>
      {asked && <Say asked={asked} equipment={equipment} close={close} />}
    </div>
  );
}

function Due() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['due-copies'], queryFn: () => get<Listed<DueCopy>>('/volumes/due') });
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card size="small" title={t('volumes.due')}>
      <div className="stack">
        {items.map((one) => (
          <div key={`${one.label}/${one.copy}`} className="entry">
            <div>
              <Tag color={one.days_left < 0 ? 'error' : 'warning'}>
                {one.days_left < 0 ? t('due.late', { days: -one.days_left }) : t('due.left', { days: one.days_left })}
              </Tag>
              <strong>{one.label}</strong> · {t('volume.copy', { copy: one.copy })} · {one.place}
            </div>
            <div className="quiet">{t('volume.read-on', { date: one.read_on })} · {t('due.until', { date: one.due_on })}</div>
          </div>
        ))}
      </div>
    </Card>
  );
}

/** What is encrypted and for how many, or that it is not. */
function Sealed({ recipients }: { recipients: string[] }) {
  const { t } = useTranslation();
  if (recipients.length === 0) return <Tag>{t('volume.clear')}</Tag>;
  return <Tag color="blue">{t('volume.sealed', { count: recipients.length })}</Tag>;
}

function Planned({ equipment, running, build }: { equipment: Equipment | undefined; running: boolean; build: (medium: string) => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const may = useMay('volume.build');
  const [medium, setMedium] = useState('bd25');
  const query = useQuery({ queryKey: ['plan', medium], queryFn: () => get<Plan>(`/volumes/plan?medium=${medium}`) });
  const plan = query.data;
  const media = codes('volume-media').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
  return (
    <Card size="small" title={t('volumes.plan')} extra={<Select size="small" style={{ width: 190 }} aria-label={t('volume.medium')} value={medium} options={media} onChange={setMedium} />}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={plan?.volumes.length === 0 && plan.too_large.length === 0} nothing={t('volumes.plan.none')}>
        <div className="stack">
          {plan?.volumes.map((volume, at) => (
            <div key={at} className="entry">
              <div className="entry-head">
                <div>
                  <strong>{t('volume.ordinal', { number: at + 1 })}</strong> {t('volume.holds', { cases: volume.cases.length, count: count(volume.items.length), size: size(volume.bytes) })} <Sealed recipients={volume.recipients} />
                </div>
                {at === 0 && may && equipment?.images && <Button size="small" type="primary" disabled={running} onClick={() => build(medium)}>{t('volume.build')}</Button>}
              </div>
              <details>
                <summary>{t('volume.contents')}</summary>
                <ul style={{ margin: '6px 0', paddingInlineStart: 20 }}>
                  {volume.items.slice(0, 200).map((item) => <li key={item.recording}>{item.case} <RecordingLink id={item.recording} name={item.name} /> <span className="quiet">{size(item.bytes)}</span></li>)}
                </ul>
              </details>
            </div>
          ))}
          {plan && plan.too_large.length > 0 && (
            <Alert type="warning" showIcon title={t('volumes.too-large', { count: count(plan.too_large.length) })}
              description={plan.too_large.slice(0, 20).map((item) => <div key={item.recording}><RecordingLink id={item.recording} name={item.name} /> {size(item.bytes)}</div>)} />
          )}
          {may && equipment && !equipment.images && <div className="quiet">{t('volumes.no-images')}</div>}
        </div>
      </Shown>
    </Card>
  );
}

const BURN: Record<string, string> = { agrees: 'success', differs: 'error', failed: 'error' };

const STANDING = { retired: 'default', yes: 'success', superseded: 'default', no: 'warning' };

function One({ volume, equipment, running, ask }: { volume: Volume; equipment: Equipment | undefined; running: boolean; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const may = { build: useMay('volume.build'), burn: useMay('volume.burn'), shelve: useMay('volume.shelve'), restore: useMay('preservation.repair') };
  const drives = (equipment?.drives.length ?? 0) > 0;
  const label = encodeURIComponent(volume.label);
  const standing = volume.retired ? 'retired' : volume.counts ? 'yes' : volume.superseded_by !== null ? 'superseded' : 'no';
  return (
    <div className="entry">
      <div className="entry-head">
        <div>
          <Tag color={STANDING[standing]}>{t(`volume.${standing}`, { label: volume.superseded_by })}</Tag>
          <strong>{volume.label}</strong> <Sealed recipients={volume.recipients} />
        </div>
        <Space wrap>
          {may.burn && volume.image_here && drives && <Button size="small" disabled={running} onClick={() => ask({ what: 'burn', volume })}>{t('volume.burn')}</Button>}
          {may.shelve && drives && !volume.retired && <Button size="small" disabled={running} onClick={() => ask({ what: 'shelve', volume })}>{t('volume.shelve')}</Button>}
          {may.restore && (volume.image_here || drives) && <Button size="small" disabled={running} onClick={() => ask({ what: 'restore', volume })}>{t('restoring')}</Button>}
          {may.build && equipment?.images && <Button size="small" disabled={running} onClick={() => ask({ what: 'migrate', volume })}>{t('volume.migrate')}</Button>}
        </Space>
      </div>
      <div>
        {name('volume-media', volume.medium)} · {t('volume.recordings')} {count(volume.recordings)} · {size(volume.bytes)} · {t('volume.built')} {time(volume.built)}
        {volume.source && <> · {t('volume.source', { label: volume.source })}</>}
        {volume.successors.length > 0 && <> · {t('volume.successors', { label: volume.successors.join('、') })}</>}
      </div>
      <div className="quiet">{t('volume.image')} <Digest text={volume.image} full /></div>
      {volume.burns.map((burn) => (
        <div key={burn.at + burn.copy} className="quiet">
          <Tag color={BURN[burn.result]}>{t(`burn.${burn.result}`)}</Tag> {t('volume.copy', { copy: burn.copy })} · {t(`target.${burn.target}`)} · {burn.person} {time(burn.at)}{' '}
          {burn.result === 'agrees' && volume.copies.every((copy) => copy.copy !== burn.copy) && <a href={`/api/v1/volumes/${label}/copies/${burn.copy}/label.pdf`} target="_blank" rel="noreferrer">{t('volume.print')}</a>}
        </div>
      ))}
      {volume.copies.map((copy) => <Copy key={copy.copy} volume={volume} copy={copy} drives={drives} running={running} ask={ask} />)}
      {volume.copies.length === 0 && <div className="quiet">{t('volume.no-copies')}</div>}
    </div>
  );
}

function Copy({ volume, copy, drives, running, ask }: { volume: Volume; copy: VolumeCopy; drives: boolean; running: boolean; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const may = { check: useMay('preservation.check-fixity'), propose: useMay('volume.propose-release'), release: useMay('volume.release'), withdraw: useMay('volume.withdraw-release') };
  const released = copy.release?.released ?? null;
  const path = `/api/v1/volumes/${encodeURIComponent(volume.label)}/copies/${copy.copy}/label.pdf`;
  return (
    <div style={{ borderInlineStart: '3px solid #e3e6ec', paddingInlineStart: 10 }}>
      <div className="entry-head">
        <div>
          <strong>{t('volume.copy', { copy: copy.copy })}</strong> {copy.place}{' '}
          {copy.whole === false && <Tag color="error">{t('volume.unreadable')}</Tag>}
          {released && <Tag>{t('volume.released')}</Tag>}
          {copy.release && !released && <Tag color="warning">{t('volume.release-proposed')}</Tag>}
        </div>
        {!released && (
          <Space wrap>
            <a href={path} target="_blank" rel="noreferrer">{t('volume.print')}</a>
            {may.check && drives && <Button size="small" disabled={running} onClick={() => ask({ what: 'check', volume, copy })}>{t('volume.check')}</Button>}
            {may.propose && !copy.release && <Button size="small" onClick={() => ask({ what: 'propose', volume, copy })}>{t('volume.propose-release')}</Button>}
            {may.release && copy.release && <Button size="small" onClick={() => ask({ what: 'release', volume, copy })}>{t('volume.release')}</Button>}
            {may.withdraw && copy.release && <Button size="small" onClick={() => ask({ what: 'withdraw', volume, copy })}>{t('volume.withdraw-release')}</Button>}
          </Space>
        )}
      </div>
      {copy.burnt_elsewhere && <div className="quiet">{t('volume.elsewhere')}：{copy.burnt_elsewhere}</div>}
      <div className="quiet">{t('volume.shelved')} {time(copy.at)} · {copy.checked ? t('volume.checked', { time: time(copy.checked) }) : t('volume.not-checked')}</div>
      {copy.release && (
        <div className="quiet">
          {t('volume.release-proposed')}：{copy.release.reason} {copy.release.person} {time(copy.release.at)}
          {copy.release.released_by && <> · {t('volume.released')} {copy.release.released_by} {time(copy.release.released)}</>}
        </div>
      )}
      {copy.withdrawn && <div className="quiet">{t('volume.release-withdrawn')}：{copy.withdrawn.reason} {copy.withdrawn.person} {time(copy.withdrawn.at)}</div>}
    </div>
  );
}

/** The lowest number that no copy and no good burn has. */
function next(volume: Volume): number {
  const taken = [...volume.copies.map((copy) => copy.copy), ...volume.burns.filter((burn) => burn.result === 'agrees').map((burn) => burn.copy)];
  let number = 1;
  while (taken.includes(number)) number += 1;
  return number;
}

/** The first copy that was burnt and stands on no shelf. */
function burnt(volume: Volume): number {
  const waits = volume.burns.find((burn) => burn.result === 'agrees' && volume.copies.every((copy) => copy.copy !== burn.copy));
  return waits?.copy ?? next(volume);
}

/** The title of each step of a release, and its path. */
const RELEASE = {
  propose: ['volume.propose-release', 'release-proposal'],
  release: ['volume.release', 'release'],
  withdraw: ['volume.withdraw-release', 'release-withdrawal'],
} as const;

function Say({ asked, equipment, close }: { asked: Asked; equipment: Equipment | undefined; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const drives = (equipment?.drives ?? []).map((drive, at) => ({ value: String(at), label: drive }));
  const drive: Field = { name: 'drive', label: t('volume.drive'), kind: 'select', options: drives, initial: drives[0]?.value };
  const number = (initial: number): Field => ({ name: 'copy', label: t('volume.which'), kind: 'number', min: 1, max: 9, initial });
  const label: Field = { name: 'label', label: t('volume.label'), extra: t('volume.label.extra') };
  const reason: Field = { name: 'reason', label: t('reason'), kind: 'long' };
  if (asked.what === 'build') {
    return <Ask title={t('volume.build')} why={t('volume.build.why')} close={close} fields={[label]} send={(said) => post('/volumes', { ...said, medium: asked.medium })} />;
  }
  const { volume } = asked;
  const path = `/volumes/${encodeURIComponent(volume.label)}`;
  const of = (said: Said) => ({ ...said, drive: Number(said.drive) });
  switch (asked.what) {
    case 'migrate': {
      const media = codes('volume-media').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
      const medium: Field = { name: 'medium', label: t('volume.medium'), kind: 'select', options: media, initial: volume.medium };
      return <Ask title={t('volume.migrate')} why={t('volume.migrate.why', { label: volume.label })} close={close} fields={[label, medium]} send={(said) => post('/volumes', { ...said, source: volume.label })} />;
    }
    case 'burn':
      return <Ask title={`${t('volume.burn')} ${volume.label}`} why={t('volume.burn.why')} close={close} fields={[number(next(volume)), drive]} send={(said) => post(`${path}/burns`, of(said))} />;
    case 'shelve':
      return <Ask title={`${t('volume.shelve')} ${volume.label}`} why={t('volume.shelve.why')} close={close} fields={[number(burnt(volume)), drive, { name: 'place', label: t('volume.place'), extra: t('volume.place.extra') }, { name: 'burnt_elsewhere', label: t('volume.elsewhere'), extra: t('volume.elsewhere.extra'), optional: true }]} send={(said) => post(`${path}/copies`, of(said))} />;
    case 'check': {
      const unreadable: Field = { name: 'unreadable', label: t('check.unreadable'), extra: t('check.unreadable.extra'), kind: 'switch' };
      const recover: Field = { name: 'recover', label: t('check.recover'), extra: t('check.recover.extra'), kind: 'switch' };
      const writes = equipment?.images && !volume.image_here;
      return <Ask title={`${t('volume.check')} ${volume.label}`} why={t('volume.check.why')} close={close} fields={[number(asked.copy?.copy ?? 1), drive, unreadable, ...(writes ? [recover] : [])]} send={(said) => post(`${path}/checks`, of(said))} />;
    }
    case 'restore':
      return <Restoring volumes={[volume.label]} sealed={volume.recipients.length > 0} recordings={[]} close={close} />;
    default: {
      const [title, step] = RELEASE[asked.what];
      const why = asked.what === 'withdraw' ? 'volume.withdraw-release.why' : 'volume.release.why';
      return <Ask title={`${t(title)} ${volume.label}`} why={t(why, { copy: asked.copy.copy, place: asked.copy.place })} close={close} fields={[reason]} send={(said) => post(`${path}/copies/${asked.copy.copy}/${step}`, said)} />;
    }
  }
}
