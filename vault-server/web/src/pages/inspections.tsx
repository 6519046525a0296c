// Inspections by lot: all of them, and the plan of a new one.
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Form, Input, InputNumber, Modal, Select, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { get, post, type Problem } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Evaluated, Inspection, Listed } from '../api/types';
import { Export } from '../parts/export';
import { count, short, time } from '../parts/format';
import { Period } from '../parts/small';
import { Rows } from '../parts/rows';
import { useTally } from '../parts/tally';
import { Head, Shown, Trouble } from '../parts/states';
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
      <Head title={t('nav.inspections')} sub={t('inspections.sub')} article="A3.14" table="/inspections">
        {may && <Button type="primary" onClick={() => setOpen(true)}>{t('inspection.plan')}</Button>}
      </Head>
      <div className="stack">
        <Card size="small">
          <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={items.length === 0} nothing={t('inspections.none')}>
              <Rows<Inspection> dense label={t('nav.inspections')} rowKey="inspection" rows={items} columns={[
                { title: t('inspection.basis'), render: (_, row) => <Link to={`/inspections/${row.inspection}`}>{row.planned.text || short(row.inspection)}</Link> },
                { title: t('state'), render: (_, row) => <Tag color={row.state === 'drawn' ? 'processing' : undefined}>{name('inspections', row.state)}</Tag> },
                { title: t('inspection.period'), render: (_, row) => <Period row={row} /> },
                { title: t('inspection.proportion'), align: 'right', render: (_, row) => `${row.proportion / 100} %` },
                { title: t('inspection.items'), align: 'right', render: (_, row) => (row.items === null ? '—' : count(row.items)) },
                { title: t('inspection.planner'), render: (_, row) => <>{row.planned.person} <span className="quiet">{time(row.planned.at)}</span></> },
              ]} />
          </Shown>
        </Card>
        <Evaluation />
      </div>
      <PlanForm open={open} close={() => setOpen(false)} />
    </div>
  );
}

/** What the inspections of a year come to, by unit and officer. */
function Evaluation() {
  const { t } = useTranslation();
  const [place, setPlace] = useSearchParams();
  const running = new Date().getFullYear();
  const year = Number(place.get('year')) || running;
  const query = useQuery({ queryKey: ['evaluation', year], queryFn: () => get<Listed<Evaluated>>(`/evaluations/${year}`) });
  const rows = query.data?.items ?? [];
  const tally = useTally<Evaluated>();
  return (
    <Card size="small" title={t('evaluation.title')}>
      <Space wrap style={{ marginBottom: 12 }}>
        <Select size="small" aria-label={t('evaluation.year')} value={year} onChange={(chosen) => setPlace({ year: String(chosen) })} options={Array.from({ length: 10 }, (_, back) => ({ value: running - back, label: String(running - back) }))} />
        <a href={`/api/v1/evaluations/${year}/report.pdf`} target="_blank" rel="noreferrer">{t('evaluation.report')}</a>
        <Export path={`/evaluations/${year}`} small />
      </Space>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('evaluation.none', { year })}>
        <Rows<Evaluated> dense label={t('evaluation.title')} rowKey={(one) => `${one.unit}/${one.handler}`} rows={rows} columns={[
          { title: t('unit'), render: (_, one) => one.handler ? one.unit || '—' : <strong>{one.unit}</strong> },
          { title: t('handler'), render: (_, one) => one.handler || <strong>{t('evaluation.whole')}</strong> },
          { title: t('evaluation.inspections'), align: 'right', render: (_, one) => count(one.inspections) },
          ...tally,
        ]} />
      </Shown>
    </Card>
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
