// What is to be published of a decision, or why it may not be: the fields of its kind, and the four questions that have to be answered.
import { Alert, Form, Input, Modal, Radio, Segmented, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, type Problem } from '../api/client';
import { useCodes } from '../api/hooks';
import type { Code, Publicity } from '../api/types';
import { language } from '../words';
import { useFailings } from './failings';
import { articles } from './format';
import { Trouble } from './states';

interface Told {
  case: string; decided_on: string; number?: string; natural_person?: boolean; major?: boolean; title?: string; reason?: string;
  fields?: Record<string, string>; objections: Record<string, boolean>;
}

const words = (one: Code) => (language() === 'en' ? one.en : one.zh);

/** Drafts an entry for a case, or drafts one anew. */
export function PublicityDraft({ row, number, decided, close }: { row?: Publicity; number?: string; decided?: string; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const [form] = Form.useForm<Told>();
  const [kind, setKind] = useState(row?.kind ?? 'penalty');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const { failed, summary } = useFailings(form);
  const answers = Form.useWatch('objections', form) ?? row?.objections ?? {};
  const withheld = Object.values(answers).some(Boolean);
  const must = [{ required: true, message: t('required') }];
  const fields = codes('publicity-fields').filter((one) => one.of === kind);
  const send = async (said: Told) => {
    setBusy(true);
    try {
      const known = Object.fromEntries(fields.map((one) => [one.code, said.fields?.[one.code] ?? '']));
      await post(row ? `/publicity/${row.publicity}/draft` : '/publicity', { ...said, kind, fields: known, number: said.number ?? '', title: said.title ?? '', reason: said.reason ?? '' });
      close();
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  const initial = row
    ? { ...row, fields: Object.fromEntries(row.fields.map((one) => [one.name, one.value])) }
    : { case: number, decided_on: decided, natural_person: false, major: false };
  return (
    <Modal open width={720} closable={{ 'aria-label': t('close') }} title={t(row?.state === 'published' ? 'publicity.correct' : 'publicity.draft')} okText={t('do')} cancelText={t('cancel')}
      confirmLoading={busy} onCancel={close} onOk={() => form.submit()}>
      {problem && <div style={{ marginBottom: 12 }}><Trouble error={problem} /></div>}
      {summary}
      <Segmented block aria-label={t('kind')} value={kind} onChange={setKind} style={{ marginBottom: 16 }}
        options={codes('publicity-kinds').map((one) => ({ value: one.code, label: words(one) }))} />
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send} onFinishFailed={failed} initialValues={initial}>
        {!row && <Form.Item name="case" label={t('case')} rules={must}><Input /></Form.Item>}
        <Form.Item name="decided_on" label={t('publicity.decided')} rules={must}><Input type="date" /></Form.Item>
        <Form.Item name="number" label={t('publicity.number')} rules={kind === 'penalty' ? must : []}><Input /></Form.Item>
        <fieldset className="questions">
          <legend>{t('publicity.questions')} <span className="quiet">{articles('A2.8')}</span></legend>
          {codes('objections').map((one) => (
            <Form.Item key={one.code} name={['objections', one.code]} label={words(one)} rules={must}>
              <Radio.Group options={[{ value: false, label: t('answer.no') }, { value: true, label: t('answer.yes') }]} aria-label={words(one)} />
            </Form.Item>
          ))}
        </fieldset>
        {withheld && <Alert type="warning" showIcon style={{ marginBottom: 16 }} title={t('publicity.withhold')} />}
        {!withheld && <Form.Item name="title" label={t('publicity.title')} rules={must}><Input /></Form.Item>}
        {!withheld && fields.map((one) => (
          <Form.Item key={one.code} name={['fields', one.code]} label={words(one)} rules={must}><Input.TextArea className="as-long-as-its-text" rows={1} /></Form.Item>
        ))}
        <Form.Item name="reason" label={t(withheld ? 'publicity.why-not' : 'publicity.remark')} rules={withheld ? must : []}><Input.TextArea rows={2} /></Form.Item>
        <Form.Item name="natural_person" label={t('publicity.natural')} valuePropName="checked"><Switch aria-label={t('publicity.natural')} /></Form.Item>
        <Form.Item name="major" label={t('publicity.major')} extra={t('publicity.major.extra')} valuePropName="checked"><Switch aria-label={t('publicity.major')} /></Form.Item>
      </Form>
    </Modal>
  );
}

/** The kinds as a filter. */
export function KindFilter({ value, choose }: { value?: string; choose: (kind?: string) => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  return (
    <Select allowClear placeholder={t('kind')} aria-label={t('kind')} value={value} onChange={choose} style={{ minWidth: 140 }}
      options={codes('publicity-kinds').map((one) => ({ value: one.code, label: words(one) }))} />
  );
}
