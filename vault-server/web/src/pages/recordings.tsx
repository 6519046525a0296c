// The list of recordings, by case if one is named in the address.
import { Button, Input, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useMay, useName, usePaged } from '../api/hooks';
import type { Recording } from '../api/types';
import { size, time } from '../parts/format';
import { RecordingLink } from '../parts/small';
import { Head, More, Shown } from '../parts/states';

export function Recordings() {
  const { t } = useTranslation();
  const name = useName();
  const navigate = useNavigate();
  const mayAsk = useMay('access.request');
  const [asked, setAsked] = useSearchParams();
  const wanted = asked.get('case') ?? '';
  const path = wanted ? `/recordings?limit=50&case=${encodeURIComponent(wanted)}` : '/recordings?limit=50';
  const query = usePaged<Recording>(['recordings', wanted], path);
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <div className="page">
      <Head title={t('nav.recordings')} sub={t('recordings.sub')}>
        {mayAsk && chosen.length > 0 && (
          <Button type="primary" onClick={() => navigate(`/apply?recordings=${chosen.join(',')}`)}>{t('apply.chosen', { count: chosen.length })}</Button>
        )}
      </Head>
      <Input.Search
        key={wanted}
        defaultValue={wanted}
        allowClear
        placeholder={t('recordings.by-case')}
        aria-label={t('recordings.by-case')}
        style={{ maxWidth: 420, marginBottom: 16 }}
        onSearch={(text) => setAsked(text.trim() ? { case: text.trim() } : {})}
      />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0} nothing={t('recordings.none')}>
        <Table<Recording>
          rowKey="recording"
          dataSource={query.items}
          pagination={false}
          scroll={{ x: 'max-content' }}
          rowSelection={mayAsk ? { hideSelectAll: true, getCheckboxProps: (row: Recording) => ({ 'aria-label': row.name }), selectedRowKeys: chosen, onChange: (keys) => setChosen(keys as string[]) } : undefined}
          columns={[
            { title: t('name'), render: (_, row) => <RecordingLink id={row.recording} name={row.name} /> },
            { title: t('case'), render: (_, row) => row.case ? <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link> : <Tag color="warning">{t('unlabelled')}</Tag> },
            { title: t('counterpart'), dataIndex: 'counterpart' },
            { title: t('activity'), render: (_, row) => row.activity && name('activities', row.activity) },
            { title: t('handler'), dataIndex: 'handler' },
            { title: t('size'), align: 'right', render: (_, row) => size(row.bytes) },
            { title: t('received'), render: (_, row) => time(row.received) },
            { title: t('state'), render: (_, row) => row.damaged_seq !== null ? <Tag color="error">{t('damaged')}</Tag> : row.checked ? <Tag color="success">{t('whole')}</Tag> : <Tag>{t('not-checked')}</Tag> },
          ]}
        />
        <More query={query} />
      </Shown>
    </div>
  );
}
