// Collecting a copy with the code on the slip, without an account.
import { Alert, Button, Card, Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Problem, raw } from '../api/client';
import { LanguageSwitch } from '../parts/language';
import { Trouble } from '../parts/states';

export function PickUp() {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [got, setGot] = useState<string | null>(null);
  const collect = async (said: { request: string; copy: number; code: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      const response = await raw('/api/v1/pick-up', { method: 'POST', quiet: true, body: { request: said.request.trim(), copy: said.copy, code: said.code } });
      const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'package.zip';
      const address = URL.createObjectURL(await response.blob());
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      setGot(name);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="front">
      <div className="box" style={{ maxWidth: 520 }}>
        <div style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', marginBottom: 16 }}>
          <Link to="/sign-in" className="brand"><img src="/icon.svg" alt="" />{t('product')}</Link>
          <LanguageSwitch />
        </div>
        <Card>
          <h1 style={{ fontSize: 20, marginTop: 0 }}>{t('nav.pick-up')}</h1>
          <p className="quiet">{t('pick-up.sub')}</p>
          {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
          {got && <Alert type="success" showIcon style={{ marginBottom: 16 }} title={t('pick-up.got', { name: got })} description={<a href="/verify">{t('pick-up.verify')}</a>} />}
          <Form layout="vertical" onFinish={collect} initialValues={{ copy: 1 }} requiredMark={false}>
            <Form.Item name="request" label={t('pick-up.request')} rules={[{ required: true, message: t('required') }]}><Input /></Form.Item>
            <Form.Item name="copy" label={t('pick-up.copy')} rules={[{ required: true, message: t('required') }]}><InputNumber min={1} /></Form.Item>
            <Form.Item name="code" label={t('pick-up.code')} rules={[{ required: true, message: t('required') }]}><Input autoCapitalize="characters" autoComplete="off" /></Form.Item>
            <Button type="primary" htmlType="submit" block loading={busy}>{t('pick-up.do')}</Button>
          </Form>
        </Card>
      </div>
    </main>
  );
}
