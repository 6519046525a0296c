// A request for recordings; the system, not the applicant, says whose consent it takes.
import { Alert, Button, Card, Form, Input, InputNumber, Radio, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useQueries } from '@tanstack/react-query';
import { Problem, get, post } from '../api/client';
import { useMay } from '../api/hooks';
import type { RecordingFull, Request } from '../api/types';
import { useFailings } from '../parts/failings';
import { articles } from '../parts/format';
import { RecordingLink } from '../parts/small';
import { Head, Trouble } from '../parts/states';

interface Said {
  who: 'self' | 'counterpart' | 'outside-body';
  name?: string;
  unit?: string;
  mode: 'view' | 'copy';
  copies?: number;
  days: number;
  purpose: string;
  from?: string;
  to?: string;
}

/** `1:05`, `12:30` or `1:02:03` as milliseconds; null for anything else. */
function moment(text: string | undefined): number | null {
  const parts = /^(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/u.exec((text ?? '').trim());
  return parts ? ((Number(parts[1] ?? 0) * 60 + Number(parts[2])) * 60 + Number(parts[3])) * 1000 : null;
}

export function Apply() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asked] = useSearchParams();
  const ids = (asked.get('recordings') ?? '').split(',').filter(Boolean);
  const rows = useQueries({ queries: ids.map((id) => ({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`) })) });
  const registers = useMay('access.register-request');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Said>();
  const { summary, failed, clear } = useFailings(form);
  const who = Form.useWatch('who', form) ?? 'self';
  const mode = Form.useWatch('mode', form) ?? 'view';
  const must = [{ required: true, message: t('required') }];
  // Both or neither, in this order.
  const stretchRule = {
    validator: async () => {
      const { from, to } = form.getFieldsValue(['from', 'to']) as Said;
      const [begin, end] = [moment(from), moment(to)];
      if ((from || to) && (begin === null || end === null || begin >= end)) throw new Error(t('apply.stretch.wrong'));
    },
  };
  const apply = async (said: Said) => {
    setBusy(true);
    setProblem(null);
    clear();
    try {
      const made = await post<Request>('/requests', {
        recordings: ids,
        mode: said.mode,
        copies: said.mode === 'copy' ? said.copies ?? 1 : null,
        days: said.days,
        stretch_ms: said.from && said.to ? [moment(said.from), moment(said.to)] : null,
        purpose: said.purpose,
        applicant: said.who === 'self' ? null : { kind: said.who, name: said.name ?? '', unit: said.unit ?? '' },
      });
      navigate(`/requests/${made.request}`);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="page slim">
      <Head title={t('apply.title')} sub={t('apply.sub')} article="A3.15" />
      {ids.length === 0 && <Alert type="info" showIcon title={t('apply.none')} />}
      {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
      <Card>
        {summary}
        <Form form={form} layout="vertical" onFinish={apply} initialValues={{ who: 'self', mode: 'view', days: 7, copies: 1 }} onFinishFailed={failed}>
          <Form.Item label={t('apply.recordings', { count: ids.length })}>
            <ul style={{ margin: 0, paddingInlineStart: 20 }} aria-busy={rows.some((row) => row.isPending)}>
              {ids.map((id, index) => <li key={id}><RecordingLink id={id} name={rows[index]?.data?.name ?? id} /></li>)}
            </ul>
          </Form.Item>
          {registers && (
            <Form.Item name="who" label={t('apply.who')}>
              <Radio.Group onChange={(event) => event.target.value === 'outside-body' && form.setFieldValue('mode', 'copy')} options={[{ value: 'self', label: t('apply.self') }, { value: 'counterpart', label: t('apply.counterpart') }, { value: 'outside-body', label: t('apply.outside') }]} />
            </Form.Item>
          )}
          {who !== 'self' && <Form.Item name="name" label={t('apply.name')} rules={must}><Input /></Form.Item>}
          {who === 'outside-body' && <Form.Item name="unit" label={t('unit')} rules={must}><Input /></Form.Item>}
          <Form.Item name="purpose" label={t('purpose')} rules={must} extra={t('purpose.note')}><Input.TextArea rows={3} /></Form.Item>
          <Form.Item name="mode" label={t('apply.mode')}>
            <Radio.Group options={[{ value: 'view', label: t('mode.view'), disabled: who === 'outside-body' }, { value: 'copy', label: t('mode.copy') }]} />
          </Form.Item>
          {mode === 'copy' && <Form.Item name="copies" label={t('apply.copies')} rules={must}><InputNumber min={1} max={20} /></Form.Item>}
          <Form.Item label={t('apply.stretch')} extra={t('apply.stretch.note')}>
            <Space wrap>
              <Form.Item name="from" noStyle dependencies={['to']} rules={[stretchRule]}><Input style={{ width: 120 }} aria-label={t('apply.stretch.from')} placeholder={t('apply.stretch.from')} /></Form.Item>
              –
              <Form.Item name="to" noStyle dependencies={['from']} rules={[stretchRule]}><Input style={{ width: 120 }} aria-label={t('apply.stretch.to')} placeholder={t('apply.stretch.to')} /></Form.Item>
            </Space>
          </Form.Item>
          <Form.Item name="days" label={t('days')} rules={must}><InputNumber min={1} max={90} /></Form.Item>
          <Alert type="info" showIcon style={{ marginBottom: 16 }} title={articles(who === 'outside-body' ? t('apply.office.principal') : t('apply.office.in-charge'))} />
          <Button type="primary" htmlType="submit" loading={busy} disabled={ids.length === 0}>{t('apply.do')}</Button>
        </Form>
      </Card>
    </div>
  );
}
