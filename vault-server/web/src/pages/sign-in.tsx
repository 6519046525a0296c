// Signing in; setting one's own password where another person set the first one.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Problem, call, post } from '../api/client';
import type { Session } from '../api/types';
import { LanguageSwitch } from '../parts/language';
import { Trouble } from '../parts/states';

interface Said {
  login: string;
  password: string;
  code?: string;
  own?: string;
  again?: string;
}

export function SignIn() {
  const { t } = useTranslation();
  const [asked] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [first, setFirst] = useState(false);
  const [busy, setBusy] = useState(false);
  const [caps, setCaps] = useState(false);

  const setUp = useQuery({
    queryKey: ['set-up'],
    queryFn: () => call<{ awaited: boolean }>('/set-up', { quiet: true }),
    staleTime: Number.POSITIVE_INFINITY,
  });

  // The identity provider (统一身份认证): a button where one is configured, and what it came to.
  const ways = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => call<{ provider: { title: string | null } | null }>('/sign-in', { quiet: true }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const refusal = useQuery({
    queryKey: ['refusal', asked.get('refused')],
    queryFn: () => call(`/sign-in/refusals/${encodeURIComponent(asked.get('refused') ?? '')}`, { quiet: true }),
    enabled: asked.has('refused'),
    retry: false,
  });
  const signInByCode = async (said: { code: string }) => {
    try {
      const { next } = await post<{ next: string }>('/sign-in/provider/code', said);
      client.clear();
      navigate(next, { replace: true });
    } catch (error) {
      setProblem(error as Problem);
    }
  };

  const signIn = async (said: Said) => {
    setBusy(true);
    setProblem(null);
    const shown = { login: said.login.trim(), password: said.password, code: said.code || null };
    try {
      if (first && said.own) {
        await post('/session/password', { ...shown, new_password: said.own });
        shown.password = said.own;
        shown.code = null;
      }
      const session = await post<Session>('/session', shown);
      client.clear();
      client.setQueryData(['session'], session);
      const next = asked.get('next') ?? '/';
      navigate(next.startsWith('/') && !next.startsWith('//') ? next : '/', { replace: true });
    } catch (error) {
      if (error instanceof Problem && error.code === 'password-not-own') setFirst(true);
      else setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="front">
      <div className="box">
        <div style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', marginBottom: 16 }}>
          <span className="brand"><img src="/icon.svg" alt="" />{t('product')}</span>
          <LanguageSwitch />
        </div>
        <Card>
          <h1 style={{ fontSize: 20, marginTop: 0 }}>{first ? t('sign-in.first') : t('sign-in')}</h1>
          {first && <Alert type="info" showIcon title={t('sign-in.first.why')} style={{ marginBottom: 16 }} />}
          {setUp.data?.awaited && (
            <Alert type="warning" showIcon style={{ marginBottom: 16 }}
              title={<>{t('set-up.awaited')}<Link to="/set-up" style={{ textDecoration: 'underline' }}>{t('set-up')}</Link></>} />
          )}
          {asked.has('confirmed') && <Alert type="success" showIcon title={t('confirm.done')} style={{ marginBottom: 16 }} />}
          {!problem && refusal.error && <div style={{ marginBottom: 16 }}><Trouble error={refusal.error as Problem} /></div>}
          {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
          {asked.get('code') === 'needed' ? (
            <Form layout="vertical" onFinish={signInByCode} requiredMark={false}>
              <Form.Item name="code" label={t('one-time-code')} rules={[{ required: true, message: t('required') }]}>
                <Input autoFocus inputMode="numeric" autoComplete="one-time-code" />
              </Form.Item>
              <Button type="primary" htmlType="submit" block>{t('sign-in')}</Button>
            </Form>
          ) : <Form layout="vertical" onFinish={signIn} requiredMark={false}
            onKeyUp={(event) => setCaps(event.getModifierState?.('CapsLock') ?? false)}>
            <Form.Item name="login" label={t('login')} rules={[{ required: true, message: t('required') }]}>
              <Input autoFocus autoComplete="username" autoCapitalize="none" />
            </Form.Item>
            <Form.Item name="password" label={first ? t('password.given') : t('password')}
              help={caps ? t('caps-lock') : undefined} rules={[{ required: true, message: t('required') }]}>
              <Input.Password autoComplete="current-password" />
            </Form.Item>
            {first && (
              <>
                <Form.Item name="own" label={t('password.own')} extra={t('password.rule')}
                  rules={[{ required: true, message: t('required') }, { min: 10, message: t('password.rule') }]}>
                  <Input.Password autoComplete="new-password" />
                </Form.Item>
                <Form.Item name="again" label={t('password.again')} dependencies={['own']}
                  rules={[({ getFieldValue }) => ({
                    validator: (_, value) => value === getFieldValue('own') ? Promise.resolve() : Promise.reject(new Error(t('password.differs'))),
                  })]}>
                  <Input.Password autoComplete="new-password" />
                </Form.Item>
              </>
            )}
            <Form.Item name="code" label={t('one-time-code')} extra={t('one-time-code.if')}>
              <Input inputMode="numeric" autoComplete="one-time-code" />
            </Form.Item>
            <Button type="primary" htmlType="submit" block loading={busy}>{first ? t('sign-in.set') : t('sign-in')}</Button>
          </Form>}
          {ways.data?.provider && (
            <Button block style={{ marginTop: 12 }}
              href={`/api/v1/sign-in/provider?next=${encodeURIComponent(asked.get('next') ?? '/')}`}>
              {ways.data.provider.title ?? t('sign-in.provider')}
            </Button>
          )}
        </Card>
        <p style={{ textAlign: 'center' }}>
          <a href="/verify">{t('nav.verify')}</a>{' · '}<Link to="/pick-up">{t('nav.pick-up')}</Link>
        </p>
        <p className="quiet" style={{ textAlign: 'center', fontSize: 13 }}>{t('sign-in.recorded')}</p>
      </div>
    </main>
  );
}
