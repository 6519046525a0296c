// Uploads: several files at once with labels for the whole batch, going on at the server's offset.
import { InboxOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, remove } from '../api/client';
import type { Listed, Upload } from '../api/types';
import { size, time } from '../parts/format';
import { LabelsForm, useLabels } from '../parts/labels';
import { Head, Trouble } from '../parts/states';
import { UploadRow } from '../parts/upload-row';
import { add, useItems } from '../parts/uploading';

export function UploadPage() {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const labels = useLabels();

  return (
    <div className="page">
      <Head title={t('nav.upload')} sub={t('upload.sub')} article="A3.10, A2.18(一)1" />
      <div className="stack">
        <Unfinished labels={labels} />
        <Card title={t('upload.labels')} size="small"><LabelsForm labels={labels} /></Card>
        <div className={over ? 'drop over' : 'drop'}
          onDragOver={(event) => { event.preventDefault(); setOver(true); }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => { event.preventDefault(); setOver(false); add(event.dataTransfer.files, labels.values()); }}>
          <InboxOutlined style={{ fontSize: 34 }} className="accent" aria-hidden />
          <p style={{ margin: '8px 0 12px' }}>{t('upload.drop-here')}</p>
          <Chooser label={t('upload.choose')} primary multiple chosen={(files) => add(files, labels.values())} />
          <p className="quiet" style={{ marginBottom: 0 }}>{t('upload.note')}</p>
        </div>
        <Files />
      </div>
    </div>
  );
}

/** The files of this upload: drawn anew alone, many times a second. */
function Files() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const items = useItems();
  const done = items.filter((one) => one.state === 'done').length;
  const stored = items.filter((one) => one.stored).length;
  const rest = items.length - done;
  useEffect(() => {
    if (done > 0 && rest === 0) for (const what of ['uploads', 'tray', 'deadlines']) client.invalidateQueries({ queryKey: [what] });
  }, [done, rest, client]);
  if (items.length === 0) return null;
  return (
    <Card size="small" title={t('upload.files', { done, all: items.length })} extra={<span className="quiet" role="status">{t('upload.proved', { count: stored })}</span>}>
      <div className="uploads" role="region" tabIndex={0} aria-label={t('upload.list')}>
        {items.map((item) => <UploadRow key={item.key} item={item} />)}
      </div>
    </Card>
  );
}

/** A button that asks for files. */
function Chooser({ label, primary, multiple, chosen }: { label: string; primary?: boolean; multiple?: boolean; chosen: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button type={primary ? 'primary' : 'default'} size={primary ? 'middle' : 'small'} onClick={() => input.current?.click()}>{label}</Button>
      <input ref={input} type="file" multiple={multiple} hidden aria-label={label}
        onChange={(event) => { chosen([...(event.target.files ?? [])]); event.target.value = ''; }} />
    </>
  );
}

/** What the server still awaits: the same file goes on where it stopped. */
function Unfinished({ labels }: { labels: ReturnType<typeof useLabels> }) {
  const { t } = useTranslation();
  const items = useItems();
  const left = useQuery({ queryKey: ['uploads'], queryFn: () => get<Listed<Upload>>('/uploads') });
  const held = (one: Upload) => items.some((item) => item.state !== 'done' && item.goesOn?.upload !== one.upload && item.file.name === one.name && item.file.size === one.bytes && !item.problem);
  const open = (left.data?.items ?? []).filter((one) => !held(one));
  if (left.isPending) return <Spin size="small" />;
  if (left.error) return <Trouble error={left.error} retry={left.refetch} whole />;
  if (open.length === 0) return null;
  return (
    <Alert type="warning" showIcon title={t('upload.unfinished')} description={
      <ul className="rows">
        {open.map((one) => (
          <li key={one.upload}>
            <span className="grow">{one.name}</span>
            <span className="quiet">{t('upload.here', { here: size(one.offset), all: size(one.bytes) })} · {t('upload.until', { time: time(one.expires) })}</span>
            <Chooser label={t('upload.go-on')} chosen={(files) => add(files, labels.values(), one)} />
            <Button size="small" type="text" onClick={() => remove(`/uploads/${one.upload}`).catch(() => {}).finally(() => left.refetch())}>{t('upload.drop')}</Button>
          </li>
        ))}
      </ul>
    } />
  );
}
