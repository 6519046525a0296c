// A form in a dialog, made from the list of its fields.
import { App, Button, Form, Input, InputNumber, Modal, Select, Switch, Upload } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/client';
import { useFailings } from './failings';
import { Trouble } from './states';

export interface Field {
  name: string;
  label: string;
  kind?: 'text' | 'long' | 'number' | 'date' | 'select' | 'switch' | 'file';
  options?: { value: string; label: string }[];
  optional?: boolean;
  extra?: string;
  initial?: unknown;
  min?: number;
  max?: number;
}

export type Said = Record<string, unknown>;

function Control({ field, ...rest }: { field: Field }) {
  switch (field.kind) {
    case 'long': return <Input.TextArea rows={3} {...rest} />;
    case 'number': return <InputNumber min={field.min} max={field.max} precision={0} style={{ width: '100%' }} {...rest} />;
    case 'date': return <Input type="date" {...rest} />;
    case 'select': return <Select options={field.options} aria-label={field.label} showSearch optionFilterProp="label" {...rest} />;
    case 'switch': return <Switch aria-label={field.label} {...rest} />;
    case 'file': return <TextFile {...rest} />;
    default: return <Input {...rest} />;
  }
}

/** More of a file than is taken: that it is too long is said by the service. */
const FILE_BYTES = 65_537;

/** A small file whose text is the answer; it is read here and kept nowhere. */
function TextFile({ id, onChange }: { id?: string; onChange?: (text: string) => void }) {
  const { t } = useTranslation();
  const taken = async (file: File) => {
    onChange?.(await file.slice(0, FILE_BYTES).text());
    return false;
  };
  return <Upload id={id} maxCount={1} beforeUpload={taken} onRemove={() => onChange?.('')}><Button>{t('choose-file')}</Button></Upload>;
}

/** Asks for the fields and sends what was said; what goes wrong is told in the dialog. */
export function Ask({ title, why, fields, send, close }: {
  title: string; why?: ReactNode; fields: Field[]; send: (said: Said) => Promise<unknown>; close: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<Said>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const { summary, failed, clear } = useFailings(form);
  const act = async (said: Said) => {
    setBusy(true);
    clear();
    try {
      const filled = Object.fromEntries(fields.map((field) => [field.name, said[field.name] ?? (field.kind === 'number' ? 0 : field.kind === 'switch' ? false : '')]));
      await send(filled);
      message.success(t('done'));
      close();
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  const initial = Object.fromEntries(fields.filter((field) => field.initial !== undefined).map((field) => [field.name, field.initial]));
  return (
    <Modal open closable={{ 'aria-label': t('close') }} title={title} okText={t('do')} cancelText={t('cancel')} confirmLoading={busy} onCancel={close} onOk={() => form.submit()}>
      {problem && <div style={{ marginBottom: 12 }}><Trouble error={problem} /></div>}
      {why && <p className="quiet">{why}</p>}
      {summary}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={act} onFinishFailed={failed} initialValues={initial}>
        {fields.map((field) => (
          <Form.Item key={field.name} name={field.name} extra={field.extra} valuePropName={field.kind === 'switch' ? 'checked' : 'value'}
            label={field.optional ? <>{field.label} <span className="quiet">{t('optional')}</span></> : field.label}
            rules={field.optional || field.kind === 'switch' ? [] : [{ required: true, message: t('required') }]}>
            <Control field={field} />
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}
