// A recording read again and mended on a person's word: from its other copies, or from a volume.
import { Button, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/hooks';
import type { RecordingFull } from '../api/types';
import { Restoring } from './restoring';
import { useBegin, useWork, WorkBoard } from './work';

export function Mending({ row }: { row: RecordingFull }) {
  const { t } = useTranslation();
  const may = { check: useMay('preservation.check-fixity'), repair: useMay('preservation.repair') };
  const busy = useWork().runs('objects');
  const begin = useBegin();
  const [restoring, setRestoring] = useState(false);
  if (row.destroyed_seq !== null || (!may.check && !may.repair)) return null;
  const at = `/recordings/${row.recording}`;
  return (
    <div className="stack no-print" style={{ marginTop: 16 }}>
      <strong>{t('mending')}</strong>
      <Space wrap>
        {may.check && row.tier.state === 'hot' && <Button size="small" disabled={busy} onClick={() => begin(`${at}/checks`)}>{t('mending.check')}</Button>}
        {may.repair && <RepairButton object={row.recording} />}
        {may.repair && row.volumes.length > 0 && <Button size="small" onClick={() => setRestoring(true)}>{t('restoring')}</Button>}
      </Space>
      <WorkBoard of={(one) => one.about === row.recording || (one.kind === 'restore' && row.volumes.includes(one.about))} />
      {restoring && <Restoring volumes={row.volumes} sealed={null} recordings={[row.recording]} close={() => setRestoring(false)} />}
    </div>
  );
}

/** Mends an object from its other copies. */
export function RepairButton({ object }: { object: string }) {
  const { t } = useTranslation();
  const may = useMay('preservation.repair');
  const busy = useWork().runs('objects');
  const begin = useBegin();
  if (!may) return null;
  return <Button size="small" disabled={busy} onClick={() => begin(`/recordings/${object}/repairs`)}>{t('mending.repair')}</Button>;
}
