// Case files, and opening one.
import { App, Button, DatePicker, Form, Input, Modal, Space, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { Problem, post } from '../api/client';
import { useMay, usePaged, useSession } from '../api/hooks';
import type { CaseLine } from '../api/types';
import { useFailings } from '../parts/failings';
import { articles, time } from '../parts/format';
import { Rows } from '../parts/rows';
import { Head, More, Shown, Trouble } from '../parts/states';
import { useWhich } from '../parts/which';

export function Cases() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = usePaged<CaseLine>(['cases'], '/cases?limit=50');
  const mayOpen = useMay('case.open');
  const [open, setOpen] = useState(false);
  const { rows, which } = useWhich(query.items, t('nav.cases'), [
    { value: 'open', words: 'case.is-open', fits: (row) => !row.closed },
    { value: 'lacking', words: 'cases.lacking', fits: (row) => row.lacks > 0 },
    { value: 'closed', words: 'cases.closed', fits: (row) => Boolean(row.closed) },
    { value: 'awaiting', words: 'cases.awaiting', fits: (row) => row.awaiting > 0 },
  ], query);
  return (
    <div className="page">
      <Head title={t('nav.cases')} sub={t('cases.sub')} article="A2.18(一)3" table="/cases">
        <Space wrap>
          <Button onClick={() => navigate('/process')}>{t('process.title')}</Button>
          {mayOpen && <Button type="primary" onClick={() => setOpen(true)}>{t('case.open')}</Button>}
        </Space>
      </Head>
      {which}
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0 && !query.hasNextPage} nothing={t('cases.none')}>
        <Rows<CaseLine> label={t('nav.cases')} rowKey="case" rows={rows} columns={[
            { title: t('case'), render: (_, row) => <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link> },
            { title: t('case.title'), dataIndex: 'title' },
            { title: t('counterpart'), dataIndex: 'counterpart' },
            { title: t('unit'), dataIndex: 'unit' },
            { title: t('case.opened'), dataIndex: 'opened_on' },
            { title: t('case.due'), render: (_, row) => row.due_on ?? '—' },
            { title: t('case.lacks'), align: 'right', render: (_, row) => row.lacks > 0 ? <Tag color="warning">{t('case.lacks.count', { count: row.lacks })}</Tag> : <Tag color="success">{t('case.complete')}</Tag> },
            { title: t('state'), render: (_, row) => row.closed ? <><Tag>{t('case.closed-at', { time: time(row.closed).slice(0, 10) })}</Tag>{row.awaiting > 0 && <Tag color="warning">{t('case.awaiting.count', { count: row.awaiting })}</Tag>}</> : <Tag color="processing">{t('case.is-open')}</Tag> },
          ]}
        />
        <More query={query} />
      </Shown>
      {open && <OpenCase close={() => setOpen(false)} />}
    </div>
  );
}

interface Said {
  case: string;
  title: string;
  counterpart: string;
  unit: string;
  opened_on: Dayjs;
  officers: { name: string; certificate: string }[];
}

function OpenCase({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const session = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [form] = Form.useForm<Said>();
  const { summary, failed, clear } = useFailings(form);
  const must = [{ required: true, message: t('required') }];
  const open = async (said: Said) => {
    clear();
    try {
      await post('/cases', { ...said, opened_on: said.opened_on.format('YYYY-MM-DD') });
      message.success(t('done'));
      navigate(`/cases/${encodeURIComponent(said.case)}`);
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  return (
    <Modal open title={t('case.open')} onCancel={close} onOk={() => form.submit()} okText={t('case.open')} cancelText={t('cancel')} width={640}>
      {problem && <Trouble error={problem} />}
      {summary}
      <Form form={form} layout="vertical" onFinish={open} onFinishFailed={failed} initialValues={{ unit: session.unit, officers: [{ name: '', certificate: '' }, { name: '', certificate: '' }] }}>
        <Form.Item name="case" label={t('case')} rules={must}><Input /></Form.Item>
        <Form.Item name="title" label={t('case.title')} rules={must}><Input /></Form.Item>
        <Form.Item name="counterpart" label={t('counterpart')} rules={must}><Input /></Form.Item>
        <Form.Item name="unit" label={t('unit')} rules={must}><Input /></Form.Item>
        <Form.Item name="opened_on" label={t('case.opened')} rules={must}><DatePicker /></Form.Item>
        <Form.List name="officers">
          {(fields) => fields.map((field, index) => (
            <Space key={field.key} align="start">
              <Form.Item name={[field.name, 'name']} label={t('officer', { number: index + 1 })} rules={must}><Input /></Form.Item>
              <Form.Item name={[field.name, 'certificate']} label={t('certificate')} rules={must}><Input /></Form.Item>
            </Space>
          ))}
        </Form.List>
        <p className="quiet">{articles(t('case.two-officers'))}</p>
      </Form>
    </Modal>
  );
}
