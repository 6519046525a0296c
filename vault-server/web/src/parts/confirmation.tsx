// Asks for the password once more before approvals, copies and changes of people.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, onConfirmation, post } from '../api/client';
import type { Session } from '../api/types';
import { Trouble } from './states';

export function Confirmation() {
  const { t } = useTranslation();
  const session = useQueryClient().getQueryData<Session>(['session']);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const answer = useRef<(confirmed: boolean) => void>(() => {});
  const [form] = Form.useForm<{ password: string; code?: string }>();

  useEffect(() => {
    onConfirmation(() => {
      setProblem(null);
      setOpen(true);
      return new Promise((resolve) => {
        answer.current = resolve;
      });
    });
  }, []);

  const end = (confirmed: boolean) => {
    setOpen(false);
    form.resetFields();
    answer.current(confirmed);
  };
  const confirm = async (said: { password: string; code?: string }) => {
    setBusy(true);
    try {
      await post('/session/confirmation', { password: said.password, code: said.code || null });
      end(true);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={open}
      title={t('confirm.title')}
      okText={t('confirm.do')}
      cancelText={t('cancel')}
      confirmLoading={busy}
      onCancel={() => end(false)}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <p>{t('confirm.why')}</p>
      {problem && <Trouble error={problem} />}
      {session?.by_provider && (
        <p>
          <Button href="/api/v1/sign-in/provider?confirm=true&next=/sign-in?confirmed" target="_blank">{t('confirm.provider')}</Button>{' '}
          <Button type="primary" onClick={() => end(true)}>{t('confirm.provided')}</Button>
        </p>
      )}
      <Form form={form} layout="vertical" onFinish={confirm} style={{ marginTop: 12 }}>
        <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('required') }]}>
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="code" label={t('one-time-code')}>
          <Input inputMode="numeric" autoComplete="one-time-code" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
