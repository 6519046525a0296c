// What a person can do about how long a recording is kept: it only grows.
import { App, Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, post } from '../api/client';
import { useCodes, useMay } from '../api/hooks';
import type { Retention } from '../api/types';
import { language } from '../words';
import { Trouble } from './states';

type What = 'trigger' | 'hold' | 'release';

export function RetentionActs({ recording, retention, done }: { recording: string; retention: Retention; done: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const codes = useCodes();
  const may = { trigger: useMay('retention.find-trigger'), hold: useMay('retention.place-hold'), release: useMay('retention.release-hold') };
  const [open, setOpen] = useState<What | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [form] = Form.useForm<{ trigger?: string; hold?: string; reason: string }>();
  const holds = retention.blocks.filter((one) => one.kind === 'hold');
  const act = async (said: { trigger?: string; hold?: string; reason: string }) => {
    try {
      if (open === 'trigger') await post(`/recordings/${recording}/triggers`, { trigger: said.trigger, reason: said.reason });
      if (open === 'hold') await post(`/recordings/${recording}/holds`, { reason: said.reason });
      if (open === 'release') await post(`/holds/${said.hold}/release`, { reason: said.reason });
      setOpen(null);
      form.resetFields();
      message.success(t('done'));
      done();
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  const begin = (what: What) => {
    setProblem(null);
    setOpen(what);
  };
  return (
    <>
      <Space wrap className="no-print">
        {may.trigger && <Button size="small" onClick={() => begin('trigger')}>{t('retention.trigger')}</Button>}
        {may.hold && <Button size="small" onClick={() => begin('hold')}>{t('retention.hold')}</Button>}
        {may.release && holds.length > 0 && <Button size="small" onClick={() => begin('release')}>{t('retention.release')}</Button>}
      </Space>
      <Modal open={open !== null} title={open && t(`retention.${open}`)} onCancel={() => setOpen(null)} onOk={() => form.submit()} okText={t('do')} cancelText={t('cancel')} destroyOnHidden>
        {problem && <Trouble error={problem} />}
        <Form form={form} layout="vertical" onFinish={act}>
          {open === 'trigger' && (
            <Form.Item name="trigger" label={t('retention.which')} rules={[{ required: true, message: t('required') }]}>
              <Select options={codes('triggers').map((one) => ({ value: one.code, label: `${language() === 'en' ? one.en : one.zh}（${one.of}）` }))} />
            </Form.Item>
          )}
          {open === 'release' && (
            <Form.Item name="hold" label={t('retention.hold')} rules={[{ required: true, message: t('required') }]}>
              <Select options={holds.map((one) => ({ value: one.detail, label: `${one.person}：${one.why}` }))} />
            </Form.Item>
          )}
          <Form.Item name="reason" label={t('reason')} rules={[{ required: true, message: t('required') }]}><Input.TextArea rows={3} /></Form.Item>
        </Form>
      </Modal>
    </>
  );
}
