// The labels of R08–R09: asked once for a batch, remembered while the page is open.
import { AutoComplete, Form, Input, Select } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import { useCodes, useSession } from '../api/hooks';
import type { CaseLine, Listed } from '../api/types';
import { language } from '../words';

export type Labels = Partial<Record<'case' | 'counterpart' | 'handler' | 'activity' | 'device' | 'maker' | 'method' | 'proves' | 'secrecy', string>>;

export function useLabels() {
  const [form] = Form.useForm<Labels>();
  return { form, values: (): Labels => form.getFieldsValue() };
}

export function LabelsForm({ labels, required }: { labels: ReturnType<typeof useLabels>; required?: boolean }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const session = useSession();
  const cases = useQuery({ queryKey: ['cases-all'], queryFn: () => get<Listed<CaseLine>>('/cases?limit=200') });
  const options = (family: string) =>
    codes(family).map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
  const must = required ? [{ required: true, message: t('required') }] : [];
  const open = (cases.data?.items ?? []).filter((one) => !one.closed);
  const choose = (number: string) => {
    const found = open.find((one) => one.case === number);
    if (found) labels.form.setFieldsValue({ counterpart: found.counterpart, handler: labels.form.getFieldValue('handler') || session.person });
  };
  return (
    <Form form={labels.form} layout="vertical" className="labels" initialValues={{ handler: session.roles.includes('handler') ? session.person : '', secrecy: 'ordinary' }}>
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))', gap: '0 16px' }}>
        <Form.Item name="case" label={t('case')} rules={must}>
          <AutoComplete options={open.map((one) => ({ value: one.case, label: `${one.case} ${one.title}` }))} onSelect={choose} showSearch={{ filterOption: true }} />
        </Form.Item>
        <Form.Item name="counterpart" label={t('counterpart')} rules={must}><Input /></Form.Item>
        <Form.Item name="handler" label={t('handler')} rules={must}><Input /></Form.Item>
        <Form.Item name="activity" label={t('activity')} rules={must}><Select options={options('activities')} allowClear={{ label: t('recordings.clear') }} /></Form.Item>
        <Form.Item name="device" label={t('device')}><Input /></Form.Item>
        <Form.Item name="maker" label={t('maker')}><Input placeholder={t('maker.default')} /></Form.Item>
        <Form.Item name="proves" label={t('proves')}><Input /></Form.Item>
        <Form.Item name="secrecy" label={t('secrecy')}><Select options={options('secrecies')} /></Form.Item>
      </div>
    </Form>
  );
}
