// One file on its way: how far it is, and the three digests that have to agree.
import { CheckCircleFilled, DeleteOutlined, PauseCircleOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Progress, Tag } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import type { RecordingFull } from '../api/types';
import { short, size, time } from './format';
import { RecordingLink } from './small';
import { type Item, drop, pause, resume } from './uploading';

const share = (part: number, whole: number) => (whole === 0 ? 100 : Math.floor((part / whole) * 100));

export const UploadRow = memo(function UploadRow({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { file, state } = item;
  const stays = !item.labels.case || !item.labels.counterpart || !item.labels.handler || !item.labels.activity;
  return (
    <div className="upload">
      <div className="file-line">
        <span className="grow">{item.recording && state === 'done' ? <RecordingLink id={item.recording} name={file.name} /> : file.name}</span>
        <span className="quiet">{size(file.size)}</span>
        {state === 'done' && !item.duplicate && <Tag icon={<CheckCircleFilled />} color="success">{t('upload.stored')}</Tag>}
        {item.duplicate && <Tag color="processing">{t('upload.duplicate')}</Tag>}
        {stays && state === 'done' && !item.duplicate && <Tag color="warning">{t('upload.to-tray')}{item.due && ` · ${t('due.until', { date: item.due })}`}</Tag>}
        {state === 'waiting' && <Tag>{t('upload.waiting')}</Tag>}
        {state === 'sending' && <Button size="small" icon={<PauseCircleOutlined />} onClick={() => pause(item)}>{t('upload.pause')}</Button>}
        {(state === 'paused' || state === 'failed') && <Button size="small" icon={<PlayCircleOutlined />} onClick={() => resume(item)}>{t('upload.resume')}</Button>}
        {state !== 'done' && <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('upload.drop')} onClick={() => drop(item)} />}
      </div>
      {state !== 'done' && (
        <>
          <Progress percent={share(item.sent, file.size)} size="small" status={state === 'failed' ? 'exception' : state === 'sending' ? 'active' : 'normal'} aria-label={file.name} />
          <div className="quiet">{t('upload.counts', { received: size(item.received) })}</div>
        </>
      )}
      <Digests item={item} />
      {item.duplicate && item.recording && <Earlier id={item.recording} />}
      {item.problem && <div role="alert" className="alarm">{item.problem}</div>}
    </div>
  );
});

/** 源文件 = 服务器接收 = 落盘复读. */
function Digests({ item }: { item: Item }) {
  const { t } = useTranslation();
  if (item.hashed === 0 && !item.source) return null;
  const parts = [
    { key: 'source', text: item.source, wait: t('upload.hashing', { share: share(item.hashed, item.file.size) }) },
    { key: 'received', text: item.recording, wait: t('not-yet') },
    { key: 'stored', text: item.stored, wait: t(item.recording ? 'upload.reading-back' : 'not-yet') },
  ];
  const agree = item.source !== undefined && parts.every((part) => part.text === item.source);
  return (
    <div className={agree ? 'digests agree' : 'digests'}>
      <span className="quiet">BLAKE3</span>
      {parts.map((part, at) => (
        <span key={part.key} title={part.text}>
          {at > 0 && <span className="quiet" aria-hidden> = </span>}
          {t(`upload.digest.${part.key}`)} {part.text ? <code className="digest">{short(part.text)}</code> : <span className="quiet">{part.wait}</span>}
        </span>
      ))}
      {agree && <strong><CheckCircleFilled aria-hidden /> {t('upload.agree')}</strong>}
    </div>
  );
}

/** Who brought the same content in before, when, and for which case. */
function Earlier({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: row } = useQuery({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`) });
  if (!row) return null;
  return <div className="quiet">{t('upload.earlier', { who: row.received_by ?? t('upload.terminal'), time: time(row.received), case: row.case || t('upload.no-case'), name: row.name })}</div>;
}
