// People: one proposes, another confirms; three administrators who exclude each other.
import { App, Button, Form, Input, Modal, Select, Space, Switch, Tag, Typography } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, get, post } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Account, Listed } from '../api/types';
import { Rows } from '../parts/rows';
import { Head, Shown, Trouble } from '../parts/states';
import { language } from '../words';

type Act = { what: 'new' } | { what: 'roles' | 'disable' | 'password'; login: string };

export function People() {
  const { t } = useTranslation();
  const name = useName();
  const { message, modal } = App.useApp();
  const query = useQuery({ queryKey: ['people'], queryFn: () => get<Listed<Account>>('/people') });
  const may = { propose: useMay('people.propose'), confirm: useMay('people.confirm'), disable: useMay('people.disable'), credential: useMay('people.read') };
  const [act, setAct] = useState<Act | null>(null);
  const run = async (work: () => Promise<unknown>) => {
    try {
      await work();
      message.success(t('done'));
    } catch (error) {
      message.error((error as Problem).detail);
    }
    query.refetch();
  };
  const code = (login: string) => run(async () => {
    const made = await post<{ key: string; uri: string }>(`/people/${login}/one-time-code`);
    modal.info({ title: t('people.code'), content: <><p>{t('people.code.note')}</p><Typography.Text copyable code>{made.key}</Typography.Text></> });
  });
  const token = (login: string) => run(async () => {
    const made = await post<{ token: string }>(`/people/${login}/token`);
    modal.info({ title: t('people.token'), content: <><p>{t('people.token.note')}</p><Typography.Text copyable code>{made.token}</Typography.Text></> });
  });
  const roles = (codes: string[]) => codes.map((role) => <Tag key={role}>{name('roles', role)}</Tag>);
  return (
    <div className="page">
      <Head title={t('nav.people')} sub={t('people.sub')} article="A3.6" table="/people">
        {may.propose && <Button type="primary" onClick={() => setAct({ what: 'new' })}>{t('people.new')}</Button>}
      </Head>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        <Rows<Account> label={t('nav.people')} rowKey="login" rows={query.data?.items ?? []} columns={[
            { title: t('login'), dataIndex: 'login' },
            { title: t('person'), dataIndex: 'person' },
            { title: t('unit'), render: (_, row) => <>{row.unit} {!row.inside && <Tag>{t('people.outside')}</Tag>}</> },
            { title: t('certificate'), dataIndex: 'certificate' },
            { title: t('roles'), render: (_, row) => roles(row.roles) },
            { title: t('state'), render: (_, row) => row.disabled ? <Tag color="error">{t('people.disabled')}</Tag> : row.acts ? <Tag color="success">{t('people.acts')}</Tag> : <Tag color="warning">{t('people.waits')}</Tag> },
            { title: t('proposal'), render: (_, row) => row.proposal && <Space>{roles(row.proposal.roles)}{may.confirm && <Button size="small" type="primary" onClick={() => run(() => post(`/people/${row.login}/confirmation`))}>{t('people.confirm')}</Button>}</Space> },
            {
              title: t('acts'), render: (_, row) => !row.disabled && (
                <Space size="small" wrap>
                  {may.propose && <Button size="small" onClick={() => setAct({ what: 'roles', login: row.login })}>{t('people.roles')}</Button>}
                  {may.confirm && !isStation(row) && <Button size="small" onClick={() => setAct({ what: 'password', login: row.login })}>{t('people.password')}</Button>}
                  {may.confirm && !isStation(row) && <Button size="small" onClick={() => code(row.login)}>{t('people.code')}</Button>}
                  {may.confirm && isStation(row) && <Button size="small" onClick={() => token(row.login)}>{t('people.token')}</Button>}
                  {may.disable && <Button size="small" danger onClick={() => setAct({ what: 'disable', login: row.login })}>{t('people.disable')}</Button>}
                </Space>
              ),
            },
          ]}
        />
      </Shown>
      {act && <Dialog act={act} close={() => { setAct(null); query.refetch(); }} />}
    </div>
  );
}

const isStation = (row: Account) => row.roles.includes('station');

interface Said {
  login: string;
  person: string;
  unit: string;
  inside: boolean;
  certificate?: string;
  roles: string[];
  reason: string;
  password: string;
}

function Dialog({ act, close }: { act: Act; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const { message } = App.useApp();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [form] = Form.useForm<Said>();
  const must = [{ required: true, message: t('required') }];
  const title = { new: t('people.new'), roles: t('people.roles'), disable: t('people.disable'), password: t('people.password') }[act.what];
  const finish = async (said: Said) => {
    try {
      if (act.what === 'new') await post('/people', { ...said, certificate: said.certificate ?? '' });
      if (act.what === 'roles') await post(`/people/${act.login}/roles`, { roles: said.roles });
      if (act.what === 'disable') await post(`/people/${act.login}/disabling`, { reason: said.reason });
      if (act.what === 'password') await post(`/people/${act.login}/password`, { password: said.password });
      message.success(t('done'));
      close();
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  const roles = codes('roles').filter((one) => !['operator', 'system'].includes(one.code)).map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }));
  return (
    <Modal open title={'login' in act ? `${title}：${act.login}` : title} onCancel={close} onOk={() => form.submit()} okText={t('do')} cancelText={t('cancel')}>
      {problem && <Trouble error={problem} />}
      <Form form={form} layout="vertical" onFinish={finish} initialValues={{ inside: true }}>
        {act.what === 'new' && (
          <>
            <Form.Item name="login" label={t('login')} rules={must}><Input autoCapitalize="none" /></Form.Item>
            <Form.Item name="person" label={t('person')} rules={must}><Input /></Form.Item>
            <Form.Item name="unit" label={t('unit')} rules={must}><Input /></Form.Item>
            <Form.Item name="inside" label={t('people.inside')} valuePropName="checked"><Switch /></Form.Item>
            <Form.Item name="certificate" label={t('certificate')}><Input /></Form.Item>
          </>
        )}
        {(act.what === 'new' || act.what === 'roles') && <Form.Item name="roles" label={t('roles')} rules={must}><Select mode="multiple" options={roles} /></Form.Item>}
        {act.what === 'disable' && <Form.Item name="reason" label={t('reason')} rules={must} extra={t('people.disable.note')}><Input.TextArea rows={2} /></Form.Item>}
        {act.what === 'password' && <Form.Item name="password" label={t('password.given')} rules={must} extra={t('people.password.note')}><Input.Password autoComplete="new-password" /></Form.Item>}
      </Form>
    </Modal>
  );
}
