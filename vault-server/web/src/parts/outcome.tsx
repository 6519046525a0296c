// What a disposal came to: how many went, how many were kept after the second look, which and why.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useName } from '../api/hooks';
import type { Disposal } from '../api/types';
import { count } from './format';
import { RecordingLink } from './small';

/** How it stands; one that destroyed nothing does not say that it did. */
export function Standing({ row }: { row: Disposal }) {
  const { t } = useTranslation();
  const name = useName();
  const begun = row.state === 'begun' || row.state === 'carried-out';
  const nothing = row.state === 'carried-out' && row.destroyed.length === 0;
  return (
    <>
      <Tag>{nothing ? t('disposal.spared-all') : name('disposals', row.state)}</Tag>
      {begun && <div className="quiet">{t('disposal.came-to', { destroyed: count(row.destroyed.length), spared: count(row.spared.length) })}</div>}
    </>
  );
}

/** Which were kept, and what stood against each at that time. */
export function Spared({ row }: { row: Disposal }) {
  const { t } = useTranslation();
  const name = useName();
  if (row.spared.length === 0) return null;
  return (
    <div style={{ marginBottom: 12 }}>
      <strong>{t('disposal.spared')}</strong>
      {row.spared.map((recording) => (
        <div key={recording}>
          <RecordingLink id={recording} name="" />
          {row.spared_because.filter((one) => one.recording === recording).map((one) => (
            <span key={one.kind + one.detail}> · {name('grounds', one.kind)} <span className="quiet">{one.detail}</span></span>
          ))}
        </div>
      ))}
    </div>
  );
}
