// Inspections by lot: all of them, and the plan of a new one.
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Form, Input, InputNumber, Modal, Select, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { get, post, type Problem } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Inspection, Listed } from '../api/types';
import { count, short, time } from '../parts/format';
import { Period } from '../parts/small';
import { Head, Shown, Trouble, Wide } from '../parts/states';
import { language } from '../words';

interface Plan { basis: string; from: string; to: string; percent: number; minimum: number; strata: string[] }

export function Inspections() {
  const { t } = useTranslation();
  const name = useName();
  const may = useMay('inspection.plan');
  const [open, setOpen] = useState(false);
  const query = useQuery({ queryKey: ['inspections'], queryFn: () => get<Listed<Inspection>>('/inspections') });
  const items = query.data?.items ?? [];
  return (
    <div className="page">
      <Head title={t('nav.inspections')} sub={t('inspections.sub')} article="A3.14">
        {may && <Button type="primary" onClick={() => setOpen(true)}>{t('inspection.plan')}</Button>}
      </Head>
      <Card size="small">
        <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={items.length === 0} nothing={t('inspections.none')}>
          <Wide label={t('nav.inspections')}>
            <Table<Inspection> size="small" rowKey="inspection" dataSource={items} pagination={false} columns={[
              { title: t('inspection.basis'), render: (_, row) => <Link to={`/inspections/${row.inspection}`}>{row.planned.text || short(row.inspection)}</Link> },
              { title: t('state'), render: (_, row) => <Tag color={row.state === 'drawn' ? 'processing' : undefined}>{name('inspections', row.state)}</Tag> },
              { title: t('inspection.period'), render: (_, row) => <Period row={row} /> },
              { title: t('inspection.proportion'), align: 'right', render: (_, row) => `${row.proportion / 100} %` },
              { title: t('inspection.items'), align: 'right', render: (_, row) => (row.items === null ? '—' : count(row.items)) },
              { title: t('inspection.planner'), render: (_, row) => <>{row.planned.person} <span className="quiet">{time(row.planned.at)}</span></> },
            ]} />
          </Wide>
        </Shown>
      </Card>
      <PlanForm open={open} close={() => setOpen(false)} />
    </div>
  );
}

function PlanForm({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const navigate = useNavigate();
  const [form] = Form.useForm<Plan>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const plan = async (said: Plan) => {
    try {
      const { percent, ...rest } = said;
      const made = await post<{ id: string }>('/inspections', { ...rest, proportion: Math.round(percent * 100) });
      navigate(`/inspections/${made.id}`);
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  const needed = [{ required: true, message: t('required') }];
  return (
    <Modal open={open} title={t('inspection.plan')} okText={t('do')} cancelText={t('cancel')} onCancel={close} onOk={() => form.submit()} destroyOnHidden>
      {problem && <Trouble error={problem} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={plan} initialValues={{ percent: 5, minimum: 1, strata: ['handler'] }}>
        <Form.Item name="basis" label={t('inspection.basis')} extra={t('inspection.basis.extra')} rules={needed}><Input.TextArea rows={2} /></Form.Item>
        <Form.Item name="from" label={t('inspection.from')} rules={needed}><Input type="date" /></Form.Item>
        <Form.Item name="to" label={t('inspection.to')} rules={needed}><Input type="date" /></Form.Item>
        <Form.Item name="percent" label={t('inspection.percent')} extra={t('inspection.percent.extra')} rules={needed}><InputNumber min={0} max={100} step={0.5} precision={2} /></Form.Item>
        <Form.Item name="minimum" label={t('inspection.minimum')} rules={needed}><InputNumber min={0} precision={0} /></Form.Item>
        <Form.Item name="strata" label={t('inspection.strata')}>
          <Select mode="multiple" aria-label={t('inspection.strata')} options={codes('strata').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
