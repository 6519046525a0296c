// A mark at the place that is being played (R07).
import { App, Button, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Problem, post } from '../api/client';
import { useCodes } from '../api/hooks';
import { language } from '../words';
import { clock } from './format';

/** `at` is null where the recording has no times, as a photo. */
export function MarkerForm({ recording, at, done }: { recording: string; at: number | null; done: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const codes = useCodes();
  const [form] = Form.useForm<{ kind: string; note?: string }>();
  const set = async (said: { kind: string; note?: string }) => {
    const from = Math.round(at ?? 0);
    try {
      await post(`/recordings/${recording}/markers`, { kind: said.kind, from_ms: from, to_ms: from, note: said.note ?? '' });
      form.resetFields();
      done();
    } catch (error) {
      message.error((error as Problem).detail);
    }
  };
  return (
    <Form form={form} layout="inline" onFinish={set} style={{ marginTop: 12, rowGap: 8 }}>
      <Form.Item name="kind" rules={[{ required: true, message: t('required') }]}>
        <Select aria-label={t('mark.kind')} placeholder={t('mark.kind')} style={{ width: 150 }} options={codes('markers').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }))} />
      </Form.Item>
      <Form.Item name="note"><Input aria-label={t('mark.note')} placeholder={t('mark.note')} /></Form.Item>
      <Button htmlType="submit">{at === null ? t('mark.set.whole') : t('mark.set', { at: clock(at) })}</Button>
    </Form>
  );
}
