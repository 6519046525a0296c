// The first set-up: the three administrators, by whoever reads the code on the machine of the vault.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Form, Input, Result, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { Problem, call, post } from '../api/client';
import { articles } from '../parts/format';
import { LanguageSwitch } from '../parts/language';
import { Trouble } from '../parts/states';

const THREE = ['system', 'security', 'audit'] as const;

interface Told {
  login: string;
  person: string;
  unit: string;
  password: string;
}
type Said = { code: string } & Record<(typeof THREE)[number], Told>;

export function SetUp() {
  const { t } = useTranslation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const awaited = useQuery({
    queryKey: ['set-up'],
    queryFn: () => call<{ awaited: boolean }>('/set-up', { quiet: true }),
  });
  const appoint = async (said: Said) => {
    setBusy(true);
    setProblem(null);
    try {
      await post('/set-up', said);
      setDone(true);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  if (done) {
    return (
      <main className="front">
        <Result status="success" title={t('set-up.done')} subTitle={t('set-up.done.next')}
          extra={<Link to="/sign-in"><Button type="primary">{t('sign-in')}</Button></Link>} />
      </main>
    );
  }
  if (awaited.data && !awaited.data.awaited) return <Navigate to="/sign-in" replace />;
  const needed = [{ required: true, message: t('required') }];
  return (
    <main className="front">
      <div className="box wide">
        <div style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', marginBottom: 16 }}>
          <span className="brand"><img src="/icon.svg" alt="" />{t('product')}</span>
          <LanguageSwitch />
        </div>
        <Card>
          <h1 style={{ fontSize: 20, marginTop: 0 }}>{t('set-up')}</h1>
          {awaited.isPending && <Spin />}
          {awaited.error && <Trouble error={awaited.error} retry={awaited.refetch} />}
          {awaited.data && (
            <Form layout="vertical" onFinish={appoint} requiredMark={false} scrollToFirstError>
              <p>{articles(t('set-up.why'))}</p>
              {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
              <Form.Item name="code" label={t('set-up.code')} extra={t('set-up.code.where')} rules={needed}>
                <Input autoFocus autoComplete="off" spellCheck={false} style={{ fontFamily: 'var(--mono, monospace)' }} />
              </Form.Item>
              {THREE.map((role) => (
                <fieldset key={role} className="plain">
                  <legend>{t(`set-up.${role}`)}</legend>
                  <p className="quiet">{t(`set-up.${role}.does`)}</p>
                  <div className="pair">
                    <Form.Item name={[role, 'person']} label={t('set-up.person')} rules={needed}>
                      <Input autoComplete="off" />
                    </Form.Item>
                    <Form.Item name={[role, 'unit']} label={t('set-up.unit')} rules={needed}>
                      <Input autoComplete="off" />
                    </Form.Item>
                    <Form.Item name={[role, 'login']} label={t('login')} rules={needed}>
                      <Input autoComplete="off" autoCapitalize="none" />
                    </Form.Item>
                    <Form.Item name={[role, 'password']} label={t('set-up.password')} extra={t('password.rule')}
                      rules={[...needed, { min: 10, message: t('password.rule') }]}>
                      <Input.Password autoComplete="new-password" />
                    </Form.Item>
                  </div>
                </fieldset>
              ))}
              <Alert type="info" showIcon title={t('set-up.own')} style={{ marginBottom: 16 }} />
              <Button type="primary" htmlType="submit" block loading={busy}>{t('set-up.appoint')}</Button>
            </Form>
          )}
        </Card>
        <p className="quiet" style={{ textAlign: 'center', fontSize: 13 }}>{t('set-up.recorded')}</p>
      </div>
    </main>
  );
}
