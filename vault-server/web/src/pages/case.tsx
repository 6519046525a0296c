// A case file: its whole process with what it lacks, its contents, and the steps that remain.
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Card, DatePicker, Descriptions, Form, Input, InputNumber, Modal, Select, Space, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { Problem, call, get, post, put } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { CaseFile, Process } from '../api/types';
import { useFailings } from '../parts/failings';
import { time } from '../parts/format';
import { Papers } from '../parts/papers';
import { ProcessCard } from '../parts/process';
import { RecordingLink } from '../parts/small';
import { Timeline } from '../parts/timeline';
import { Rows } from '../parts/rows';
import { Head, Shown, Trouble } from '../parts/states';
import { language } from '../words';

type What = 'document' | 'recording' | 'end' | 'close' | 'term';

export function CasePage() {
  const { t } = useTranslation();
  const name = useName();
  const { case: number = '' } = useParams();
  const navigate = useNavigate();
  const path = `/cases/${encodeURIComponent(number)}`;
  const query = useQuery({ queryKey: ['case', number], queryFn: () => get<CaseFile>(path) });
  const process = useQuery({ queryKey: ['process', number], queryFn: () => get<Process>(`${path}/process`) });
  const [what, setWhat] = useState<What | null>(null);
  const [type, setType] = useState('');
  const [recording, setRecording] = useState('');
  const may = { file: useMay('case.file'), add: useMay('case.add-addendum'), end: useMay('case.end'), close: useMay('case.close'), term: useMay('retention.set-case-term') };
  const row = query.data;
  return (
    <div className="page">
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {row && (
          <>
            <Head title={row.case} sub={row.title} article="A2.18(一)3" table={`${path}/contents`}>
              <Space wrap>
                {(row.closed ? may.add : may.file) && <Button onClick={() => { setType(''); setWhat('document'); }}>{t('case.file-document')}</Button>}
                {(row.closed ? may.add : may.file) && <Button onClick={() => { setRecording(''); setWhat('recording'); }}>{t('case.file-recording')}</Button>}
                <Button onClick={() => navigate(`/reviews?case=${encodeURIComponent(row.case)}`)}>{t('case.reviews')}</Button>
                <Button href={`/api/v1${path}/preservation-list.pdf`} target="_blank">{t('print.list')}</Button>
                {!row.closed && may.end && <Button onClick={() => setWhat('end')}>{t('case.end')}</Button>}
                {may.term && <Button onClick={() => setWhat('term')}>{t('case.term')}</Button>}
                {!row.closed && may.close && <Button type="primary" onClick={() => setWhat('close')}>{t('case.close')}</Button>}
              </Space>
            </Head>
            <div className="stack">
              {row.closed && <Alert type="success" showIcon title={t('case.closed', { person: row.closed_by ?? '', time: time(row.closed) })} description={row.closing_note ? t('case.closing-note', { note: row.closing_note }) : undefined} />}
              {row.awaiting_recordings.length > 0 && (
                <Card size="small" title={t('case.awaiting', { count: row.awaiting_recordings.length })}>
                  {row.awaiting_recordings.map((one) => (
                    <div key={one.recording} className="file-line">
                      <span className="grow"><RecordingLink id={one.recording} name={one.name} /></span>
                      {may.add && <Button size="small" onClick={() => { setRecording(one.recording); setWhat('recording'); }}>{t('case.awaiting.add')}</Button>}
                    </div>
                  ))}
                </Card>
              )}
              <Descriptions bordered size="small" column={{ xs: 1, md: 2, xl: 3 }} items={[
                { key: 'c', label: t('counterpart'), children: row.counterpart },
                { key: 'u', label: t('unit'), children: row.unit },
                { key: 'o', label: t('officers'), children: row.officers.map((one) => `${one.name}（${one.certificate}）`).join('、') },
                { key: 'b', label: t('case.opened'), children: row.opened_on },
                { key: 'e', label: t('case.ended'), children: row.ended_on ?? t('not-yet') },
                { key: 'd', label: t('case.due'), children: row.due_on ?? '—' },
                ...row.endings.slice(1).map((one, at) => ({
                  key: `m${at}`, label: t('case.end-moved'), span: 'filled' as const,
                  children: t('case.end-moved.line', { from: row.endings[at]?.on ?? '', to: one.on, by: one.by, time: time(one.at), reason: one.reason }),
                })),
              ]} />
              {process.data && <ProcessCard process={process.data} closed={row.closed !== null} mend={(mend) => { setType(mend.what === 'document' ? mend.type : ''); setRecording(''); setWhat(mend.what); }} />}
              <Papers about={row.case} issue={{ kind: 'preservation-list', path }} />
              <Timeline path={path} documents={row.contents.filter((one) => one.kind === 'document' && one.on)} />
              <Card size="small" title={t('case.contents', { count: row.contents.length })}>
                <Rows lead={2} label={t('case.contents', { count: row.contents.length })} rowKey="number" rows={row.contents} columns={[
                    { title: '#', dataIndex: 'number', align: 'right' },
                    { title: t('kind'), render: (_, one) => one.kind === 'recording' ? <Tag color="processing">{t('kind.recording')}</Tag> : <Tag>{name('documents', one.document)}</Tag> },
                    { title: t('name'), render: (_, one) => one.kind === 'recording' ? <RecordingLink id={one.content} name={one.title} /> : one.title },
                    { title: t('stage'), render: (_, one) => one.stage && name('stages', one.stage) },
                    { title: t('day'), dataIndex: 'on' },
                    { title: '', render: (_, one) => one.addendum && <Tag color="processing">{t('addendum')}</Tag> },
                  ]}
                />
              </Card>
            </div>
            {what && <Step what={what} type={type} recording={recording} path={path} row={row} close={(changed) => { setWhat(null); if (changed) { query.refetch(); process.refetch(); } }} />}
          </>
        )}
      </Shown>
    </div>
  );
}

interface Said {
  type?: string;
  title?: string;
  on?: Dayjs;
  recording?: string;
  note?: string;
  years?: number;
  reason?: string;
}

function Step({ what, type, recording, path, row, close }: { what: What; type: string; recording: string; path: string; row: CaseFile; close: (changed: boolean) => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const codes = useCodes();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Said>();
  const { summary, failed, clear } = useFailings(form);
  const must = [{ required: true, message: t('required') }];
  const act = async (said: Said) => {
    setBusy(true);
    clear();
    try {
      const day = said.on?.format('YYYY-MM-DD') ?? '';
      if (what === 'document') {
        if (!file) return setProblem(new Problem(400, '', { detail: t('case.no-file'), why: null, next: null }));
        const query = new URLSearchParams({ type: said.type ?? '', title: said.title ?? '', on: day, filename: file.name, note: said.note ?? '' });
        await call(`${path}/documents?${query}`, { method: 'POST', bytes: file });
      }
      if (what === 'recording') await post(`${path}/recordings`, { recording: said.recording?.trim(), note: said.note ?? '' });
      if (what === 'end') await post(`${path}/end`, { on: day, reason: said.reason ?? '' });
      if (what === 'close') await post(`${path}/close`, { note: said.note ?? '' });
      if (what === 'term') await put(`${path}/term`, { years: said.years ?? 0, reason: said.reason });
      message.success(t('done'));
      close(true);
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(false);
    }
  };
  const title = { document: t('case.file-document'), recording: t('case.file-recording'), end: t('case.end'), close: t('case.close'), term: t('case.term') }[what];
  return (
    <Modal open title={title} onCancel={() => close(false)} onOk={() => form.submit()} confirmLoading={busy} okText={t('do')} cancelText={t('cancel')}>
      {problem && <Trouble error={problem} />}
      {summary}
      <Form form={form} layout="vertical" onFinish={act} onFinishFailed={failed} initialValues={{ ...(type && { type }), ...(recording && { recording }) }}>
        {what === 'document' && (
          <>
            <Form.Item name="type" label={t('case.document-type')} rules={must}>
              <Select showSearch={{ optionFilterProp: 'label' }} options={codes('documents').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }))} />
            </Form.Item>
            <Form.Item label={t('case.document-file')} required>
              <input type="file" aria-label={t('case.document-file')} onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
            </Form.Item>
            <Form.Item name="title" label={t('case.document-title')}><Input placeholder={file?.name} /></Form.Item>
            <Form.Item name="on" label={t('day')}><DatePicker /></Form.Item>
          </>
        )}
        {what === 'recording' && <Form.Item name="recording" label={t('recording.number')} rules={must}><Input /></Form.Item>}
        {what === 'end' && <Form.Item name="on" label={t('case.ended')} rules={must}><DatePicker /></Form.Item>}
        {what === 'end' && row.ended_on && <Form.Item name="reason" label={t('case.end-reason', { date: row.ended_on })} rules={must}><Input.TextArea rows={2} /></Form.Item>}
        {what === 'term' && (
          <>
            <Form.Item name="years" label={t('case.years')} rules={must}><InputNumber min={0} max={100} /></Form.Item>
            <Form.Item name="reason" label={t('reason')} rules={must}><Input.TextArea rows={2} /></Form.Item>
          </>
        )}
        {what === 'close' && <p>{row.missing.length > 0 ? t('case.close.lacks', { count: row.missing.length }) : t('case.close.whole')}</p>}
        {(what === 'close' || ((what === 'document' || what === 'recording') && row.closed)) && (
          <Form.Item name="note" label={t('case.note')} rules={row.missing.length > 0 || row.closed ? must : []}><Input.TextArea rows={2} /></Form.Item>
        )}
      </Form>
    </Modal>
  );
}
