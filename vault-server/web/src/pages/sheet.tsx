// The contact sheet of a recording: a picture every few seconds with its time, to be looked over or printed.
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { get, raw } from '../api/client';
import { useSession } from '../api/hooks';
import type { RecordingFull } from '../api/types';
import { clock, now, time } from '../parts/format';
import { Head, Shown } from '../parts/states';
import { Watermark } from '../parts/watermark';

export function ContactSheet() {
  const { t } = useTranslation();
  const session = useSession();
  const { id = '' } = useParams();
  const [asked] = useSearchParams();
  const [opened] = useState(now);
  const under = asked.get('grant') ? `?grant=${asked.get('grant')}` : '';
  const row = useQuery({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`) });
  const has = row.data?.media?.products.some((one) => one.kind === 'sheet') ?? false;
  const picture = useQuery({
    queryKey: ['sheet', id, under],
    enabled: has,
    retry: false,
    queryFn: async () => URL.createObjectURL(await (await raw(`/api/v1/recordings/${id}/products/sheet${under}`)).blob()),
  });
  return (
    <div className="page">
      <Shown pending={row.isPending || (has && picture.isPending)} error={row.error ?? picture.error} retry={() => (row.error ? row.refetch() : picture.refetch())} empty={!has} nothing={t('sheet.none')}>
        {row.data && picture.data && (
          <>
            <Head title={t('sheet')} sub={<>{row.data.name} · {row.data.case || t('unlabelled')} · {clock(row.data.media?.duration_ms ?? 0)}</>} article="A3.8">
              <Space wrap>
                <Link to={`/recordings/${id}${under}`}>{t('back')}</Link>
                <Button onClick={() => window.print()}>{t('print')}</Button>
              </Space>
            </Head>
            <Card size="small"><Watermark lines={[`${session.person} ${session.unit}`, time(opened)]}><img className="sheet-picture" src={picture.data} alt={t('player.sheet.of', { name: row.data.name })} /></Watermark></Card>
          </>
        )}
      </Shown>
    </div>
  );
}
