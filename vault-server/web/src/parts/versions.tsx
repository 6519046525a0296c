// The versions of a text: who made each, from which, and what it said. None is ever overwritten.
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Modal, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { RecordingFull, Transcript, Version } from '../api/types';
import { clock, time } from './format';
import { Shown } from './states';

export function Versions({ row }: { row: RecordingFull }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Version | null>(null);
  const versions = row.media?.transcripts ?? [];
  if (versions.length === 0) return null;
  return (
    <Card size="small" title={t('versions')}>
      <ul className="rows" style={{ margin: 0 }}>
        {[...versions].reverse().map((one) => (
          <li key={one.version}>
            <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setShown(one)}>{t('versions.number', { version: one.version })}</Button>
            <Tag color={one.origin === 'machine' ? 'warning' : undefined}>{t(one.origin === 'machine' ? 'origin.machine' : 'origin.person')}</Tag>
            {one.checked_by && <Tag color="success">{t('transcript.checked', { person: one.checked_by })}</Tag>}
            <span className="quiet">{one.person || one.engine} · {time(one.at)}</span>
          </li>
        ))}
      </ul>
      {shown && <OneVersion id={row.recording} version={shown} close={() => setShown(null)} />}
    </Card>
  );
}

/** One version beside the one it was made from: what is new in it is marked. */
function OneVersion({ id, version, close }: { id: string; version: Version; close: () => void }) {
  const { t } = useTranslation();
  const text = (number: number | null) => ({
    queryKey: ['transcript', id, 'version', number], enabled: number !== null,
    queryFn: () => get<Transcript>(`/recordings/${id}/transcript?version=${number}`),
  });
  const own = useQuery(text(version.version));
  const base = useQuery(text(version.based_on));
  const words = (one: { from_ms: number; speaker: string; text: string }) => `${one.from_ms} ${one.speaker} ${one.text}`;
  const before = new Set(base.data?.cues.map(words));
  const gone = base.data?.cues.filter((one) => !own.data?.cues.some((other) => words(other) === words(one))) ?? [];
  return (
    <Modal open title={t('versions.number', { version: version.version })} footer={null} onCancel={close} closable={{ 'aria-label': t('close') }} width={640}>
      <p className="quiet">{version.based_on === null ? t('versions.first') : t('versions.from', { version: version.based_on })}</p>
      <Shown pending={own.isPending} error={own.error}>
        <div className="versions">
          {own.data?.cues.map((one, at) => (
            <div key={at} className={base.data && !before.has(words(one)) ? 'new' : undefined}><span className="at">{clock(one.from_ms)}</span> {one.speaker && `${one.speaker}：`}{one.text}</div>
          ))}
          {gone.map((one, at) => <del key={at}><span className="at">{clock(one.from_ms)}</span> {one.speaker && `${one.speaker}：`}{one.text}</del>)}
        </div>
      </Shown>
    </Modal>
  );
}
