// Recordings brought back from a volume: from which, where it lies, and what opens it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, post } from '../api/client';
import type { Equipment } from '../api/types';
import { Ask, type Field, type Said } from './ask';

/** Stands for the image where pages build images. */
const IMAGE = 'image';

/** Asks for a volume of these and brings back these recordings, or all that it bears; whether it is encrypted may not be known. */
export function Restoring({ volumes, sealed, recordings, close }: { volumes: string[]; sealed: boolean | null; recordings: string[]; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const equipment = useQuery({ queryKey: ['equipment'], queryFn: () => get<Equipment>('/volumes/equipment') }).data;
  if (!equipment) return null;
  const drives = equipment.drives.map((drive, at) => ({ value: String(at), label: drive }));
  const places = equipment.images ? [...drives, { value: IMAGE, label: t('restoring.image') }] : drives;
  const label: Field = { name: 'label', label: t('restoring.volume'), kind: 'select', options: volumes.map((one) => ({ value: one, label: one })), initial: volumes[0] };
  const drive: Field = { name: 'drive', label: t('restoring.where'), kind: 'select', options: places, initial: places[0]?.value };
  const identity: Field = { name: 'identity', label: t('restoring.identity'), extra: t('restoring.identity.extra'), kind: 'file', optional: sealed === null };
  const send = async (said: Said) => {
    const body = { drive: said.drive === IMAGE ? null : Number(said.drive), recordings, identity: said.identity || null };
    await post(`/volumes/${encodeURIComponent(String(said.label))}/restorations`, body);
    client.invalidateQueries({ queryKey: ['desk'] });
  };
  const why = t(recordings.length > 0 ? 'restoring.why.one' : 'restoring.why');
  return <Ask title={t('restoring')} why={why} fields={[...(volumes.length > 1 || recordings.length > 0 ? [label] : []), drive, ...(sealed === false ? [] : [identity])]} close={close}
    send={(said) => send({ label: volumes[0], ...said })} />;
}
