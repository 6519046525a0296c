// The list of recordings: what is looked for stands in the address, and can be kept as a view.
import { CloseOutlined } from '@ant-design/icons';
import { Button, Card, Form, Grid, Input, Segmented, Select, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useCodes, useMay, useName, usePaged, useSession } from '../api/hooks';
import type { Recording } from '../api/types';
import { size, minute } from '../parts/format';
import { RecordingLink } from '../parts/small';
import { Rows } from '../parts/rows';
import { Head, More, Shown } from '../parts/states';
import { language } from '../words';

export function Recordings() {
  const { t } = useTranslation();
  const name = useName();
  const navigate = useNavigate();
  const mayAsk = useMay('access.request');
  const [asked, setAsked] = useSearchParams();
  const view = Object.fromEntries([...asked].filter(([key, text]) => (key === 'case' || FILTERS.includes(key)) && text));
  const path = `/recordings?${new URLSearchParams({ limit: '50', newest: 'true', ...view })}`;
  const query = usePaged<Recording>(['recordings', path], path);
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <div className="page">
      <Head title={t('nav.recordings')} sub={t('recordings.sub')} table={path}>
        {mayAsk && chosen.length > 0 && (
          <Button type="primary" onClick={() => navigate(`/apply?recordings=${chosen.join(',')}`)}>{t('apply.chosen', { count: chosen.length })}</Button>
        )}
      </Head>
      <Segmented aria-label={t('medium')} style={{ marginBottom: 12 }} value={view.medium ?? ''} onChange={(medium) => { const { medium: _, ...rest } = view; setAsked(medium ? { ...rest, medium: String(medium) } : rest); }}
        options={[{ value: '', label: t('medium.any') }, ...(['video', 'audio', 'picture', 'other'] as const).map((medium) => ({ value: medium, label: t(`medium.${medium}`) }))]} />
      <Filters view={view} show={setAsked} />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0} nothing={t('recordings.none')}>
        <Rows<Recording> label={t('nav.recordings')} rowKey="recording" rows={query.items} chosen={chosen} choose={mayAsk ? setChosen : undefined} box={(row) => ({ 'aria-label': row.name })} columns={[
            { title: t('name'), render: (_, row) => <RecordingLink id={row.recording} name={row.name} /> },
            { title: t('case'), render: (_, row) => row.case ? <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link> : <Tag color="warning">{t('unlabelled')}</Tag> },
            { title: t('counterpart'), dataIndex: 'counterpart' },
            { title: t('activity'), render: (_, row) => row.activity && name('activities', row.activity) },
            { title: t('handler'), dataIndex: 'handler', responsive: ['xxl'] },
            { title: t('size'), align: 'right', render: (_, row) => size(row.bytes) },
            { title: t('received'), render: (_, row) => minute(row.received) },
            { title: t('state'), render: (_, row) => row.destroyed_seq !== null ? <Tag>{t('destroyed')}</Tag> : row.damaged_seq !== null ? <Tag color="error">{t('damaged')}</Tag> : row.checked ? <Tag color="success">{t('whole')}</Tag> : <Tag>{t('not-checked')}</Tag> },
          ]}
        />
        <More query={query} />
      </Shown>
    </div>
  );
}

/** Parts of labels to look for, as the address names them. */
const FILTERS = ['case_part', 'counterpart', 'handler', 'device', 'name', 'activity', 'damaged', 'medium', 'from', 'to'];

type View = Record<string, string>;

/** Views a person named, kept in this browser. */
function useViews(): [Record<string, View>, (views: Record<string, View>) => void] {
  const session = useSession();
  const key = `views:${session.login}`;
  const [views, setViews] = useState<Record<string, View>>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, View>;
    } catch {
      return {};
    }
  });
  const keep = (next: Record<string, View>) => {
    setViews(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing forgets views with the page.
    }
  };
  return [views, keep];
}

function Filters({ view, show }: { view: View; show: (view: View) => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const [views, keep] = useViews();
  const roomy = Grid.useBreakpoint().md ?? true;
  const [name, setName] = useState('');
  const [form] = Form.useForm<View>();
  const activities = codes('activities').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
  const look = (said: View) => show(Object.fromEntries(Object.entries({ ...said, medium: view.medium ?? '' }).filter(([, text]) => text)));
  const words = { case_part: t('case'), counterpart: t('counterpart'), handler: t('handler'), device: t('device'), name: t('name') };
  const body = (
    <>
      {view.case && <Tag closable onClose={() => show({})} style={{ marginBottom: 12 }}>{t('case')}：{view.case}</Tag>}
      <Form key={JSON.stringify(view)} form={form} layout="vertical" initialValues={view} onFinish={look}>
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(170px, 1fr))', gap: '0 12px', alignItems: 'end' }}>
          {Object.entries(words).map(([key, label]) => <Form.Item key={key} name={key} label={label} style={{ marginBottom: 10 }}><Input allowClear /></Form.Item>)}
          <Form.Item name="activity" label={t('activity')} style={{ marginBottom: 10 }}><Select allowClear={{ label: t('recordings.clear') }} options={activities} /></Form.Item>
          <Form.Item name="damaged" label={t('state')} style={{ marginBottom: 10 }}><Select allowClear={{ label: t('recordings.clear') }} options={[{ value: 'true', label: t('damaged') }]} /></Form.Item>
          {(['from', 'to'] as const).map((key) => <Form.Item key={key} name={key} label={t(`received.${key}`)} style={{ marginBottom: 10 }}><Input type="date" /></Form.Item>)}
          <Space style={{ marginBottom: 10 }}>
            <Button type="primary" htmlType="submit">{t('search')}</Button>
            <Button onClick={() => show({})}>{t('recordings.clear')}</Button>
          </Space>
        </div>
      </Form>
      {(Object.keys(views).length > 0 || Object.keys(view).length > 0) && <Space wrap>
        <span className="quiet">{t('views')}</span>
        {Object.entries(views).map(([title, kept]) => (
          <Tag key={title} closable closeIcon={<CloseOutlined aria-label={t('views.forget', { name: title })} />} onClose={() => keep(Object.fromEntries(Object.entries(views).filter(([other]) => other !== title)))}>
            <Button type="link" size="small" style={{ padding: 0 }} onClick={() => show(kept)}>{title}</Button>
          </Tag>
        ))}
        {Object.keys(view).length > 0 && (
          <Space.Compact>
            <Input size="small" value={name} maxLength={20} onChange={(event) => setName(event.target.value)} placeholder={t('views.name')} aria-label={t('views.name')} style={{ width: 140 }} />
            <Button size="small" disabled={!name.trim()} onClick={() => { keep({ ...views, [name.trim()]: view }); setName(''); }}>{t('views.keep')}</Button>
          </Space.Compact>
        )}
      </Space>}
    </>
  );
  // On a phone the list comes first; what it is narrowed by is opened on demand.
  if (!roomy) return <details className="role" open={Object.keys(view).some((key) => key !== 'medium') || undefined}><summary>{t('filters')}</summary>{body}</details>;
  return <Card size="small" style={{ marginBottom: 16 }}>{body}</Card>;
}
