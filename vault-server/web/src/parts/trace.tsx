// Which copy something comes from: by the mark in a picture or on a form, or by a file that was found.
import { useMutation } from '@tanstack/react-query';
import { Button, Card, Input, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { get } from '../api/client';
import type { CopyLeft, Listed } from '../api/types';
import { time } from './format';
import { Rows } from './rows';
import { Trouble } from './states';

export function Trace() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const ask = useMutation({
    mutationFn: (clue: string) => get<Listed<CopyLeft>>(`/copies?${/^[0-9a-f]{64}$/u.test(clue) ? 'object' : 'mark'}=${encodeURIComponent(clue)}`),
  });
  return (
    <Card size="small" title={t('trace')} style={{ marginTop: 20 }}>
      <p className="quiet">{t('trace.note')}</p>
      <Space.Compact style={{ width: '100%', maxWidth: 680 }}>
        <Input value={text} aria-label={t('trace.clue')} placeholder={t('trace.clue')} onChange={(event) => setText(event.target.value)} onPressEnter={() => ask.mutate(text.trim())} />
        <Button type="primary" disabled={!text.trim()} loading={ask.isPending} onClick={() => ask.mutate(text.trim())}>{t('trace.do')}</Button>
      </Space.Compact>
      {ask.error && <Trouble error={ask.error} />}
      {ask.data && ask.data.items.length === 0 && <p>{t('trace.none')}</p>}
      {ask.data && ask.data.items.length > 0 && (
        <Rows<CopyLeft>
          label={t('trace')}
          rowKey="seq"
          rows={ask.data.items}
          columns={[
            { title: t('trace.mark'), render: (_, row) => <span className="digest">{row.mark}</span> },
            { title: t('trace.what'), render: (_, row) => row.copy === 0 ? t('trace.read') : t('trace.copy', { copy: row.copy }) },
            { title: t('export.to'), dataIndex: 'to' },
            { title: t('trace.by'), dataIndex: 'by' },
            { title: t('time'), render: (_, row) => time(row.at) },
            { title: t('request'), render: (_, row) => <Link to={`/requests/${row.request}`}>{row.request.slice(0, 8)}</Link> },
          ]}
        />
      )}
    </Card>
  );
}
