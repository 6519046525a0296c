// Hot and cold: what lies in the cold store, what would go there, what is on its way back.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Descriptions, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import { useMay, useName } from '../api/hooks';
import type { Tier, Tiers } from '../api/types';
import { count, size, time } from './format';
import { Digest, RecordingLink } from './small';
import { Shown } from './states';
import { useBegin, useWork } from './work';

export function TiersBoard() {
  const { t } = useTranslation();
  const name = useName();
  const reads = useMay('catalogue.read');
  const may = useMay('preservation.cool-down');
  const busy = useWork().runs('stores');
  const begin = useBegin();
  const query = useQuery({ queryKey: ['tiers'], queryFn: () => get<Tiers>('/tiers') });
  const state = query.data;
  const stay = Object.entries(state?.stay ?? {});
  return (
    <Card size="small" title={t('tiers')} extra={may && state?.store && <Button size="small" disabled={busy} onClick={() => begin('/tiers/moves')}>{t('tiers.move')}</Button>}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {state && (
          <div className="stack">
            <Descriptions size="small" column={{ xs: 1, md: 2 }} items={[
              { key: 's', label: t('tiers.store'), children: state.store ?? t('tiers.none') },
              { key: 'd', label: t('tiers.after'), children: t('tiers.days', { days: count(state.after_days) }) },
              { key: 'c', label: t('tiers.cold'), children: `${count(state.recordings)} · ${size(state.bytes)}` },
              { key: 'n', label: t('tiers.next'), children: `${count(state.next)} · ${size(state.next_bytes)}` },
            ]} />
            {stay.length > 0 && <div className="quiet">{t('tiers.stay')}：{stay.map(([reason, number]) => `${name('hot', reason)} ${count(number)}`).join('；')}</div>}
            {state.asked.length > 0 && (
              <Alert type="info" showIcon title={t('tiers.asked', { count: count(state.asked.length) })} description={(
                <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                  {state.asked.slice(0, 10).map((one) => <li key={one.recording}>{reads ? <RecordingLink id={one.recording} name="" /> : <Digest text={one.recording} />} · {time(one.since)}</li>)}
                </ul>
              )} />
            )}
          </div>
        )}
      </Shown>
    </Card>
  );
}

/** Where the bytes of a recording lie, where that is not the vault's own store. */
export function TierTag({ tier }: { tier: Tier }) {
  const name = useName();
  if (tier.state === 'hot') return null;
  return <Tag color={tier.state === 'cold' ? 'blue' : 'processing'}>{name('tiers', tier.state)} · {tier.store} · {time(tier.since)}</Tag>;
}
