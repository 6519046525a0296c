// A request for recordings; the system, not the applicant, says whose consent it takes.
import { Alert, Button, Card, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useQueries } from '@tanstack/react-query';
import { Problem, get, post } from '../api/client';
import { useMay } from '../api/hooks';
import type { RecordingFull, Request } from '../api/types';
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
  const who = Form.useWatch('who', form) ?? 'self';
  const mode = Form.useWatch('mode', form) ?? 'view';
  const must = [{ required: true, message: t('required') }];
  const apply = async (said: Said) => {
    setBusy(true);
    setProblem(null);
    try {
      const made = await post<Request>('/requests', {
        recordings: ids,
        mode: said.mode,
        copies: said.mode === 'copy' ? said.copies ?? 1 : null,
        days: said.days,
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
    <div className="page" style={{ maxWidth: 760 }}>
      <Head title={t('apply.title')} sub={t('apply.sub')} article="A3.15" />
      {ids.length === 0 && <Alert type="info" showIcon title={t('apply.none')} />}
      {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
      <Card>
        <Form form={form} layout="vertical" onFinish={apply} initialValues={{ who: 'self', mode: 'view', days: 7, copies: 1 }} scrollToFirstError>
          <Form.Item label={t('apply.recordings', { count: ids.length })}>
            <ul style={{ margin: 0, paddingInlineStart: 20 }}>
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
          {mode === 'copy' && <Form.Item name="copies" label={t('copies')} rules={must}><InputNumber min={1} max={20} /></Form.Item>}
          <Form.Item name="days" label={t('days')} rules={must}><InputNumber min={1} max={90} /></Form.Item>
          <Alert type="info" showIcon style={{ marginBottom: 16 }} title={who === 'outside-body' ? t('apply.office.principal') : t('apply.office.in-charge')} />
          <Button type="primary" htmlType="submit" loading={busy} disabled={ids.length === 0}>{t('apply.do')}</Button>
        </Form>
      </Card>
    </div>
  );
}
