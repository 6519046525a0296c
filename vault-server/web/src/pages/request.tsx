// A request: three facts and two buttons for the leader, then notice, signature, grant and copies.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Descriptions, Input, Modal, Space, Steps, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Problem, call, get, post } from '../api/client';
import { useName } from '../api/hooks';
import type { CopyMade, RecordingFull, Request } from '../api/types';
import { clock, size, time } from '../parts/format';
import { Papers } from '../parts/papers';
import { RecordingLink, RequestTag } from '../parts/small';
import { Head, Shown, Trouble } from '../parts/states';

const STAGES = ['requested', 'consented', 'noticed', 'signed', 'granted'];

export function RequestPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['request', id], queryFn: () => get<Request>(`/requests/${id}`) });
  return (
    <div className="page slim">
      <Shown pending={query.isPending} error={query.error} retry={query.refetch}>
        {query.data && <Whole row={query.data} />}
      </Shown>
    </div>
  );
}

function Whole({ row }: { row: Request }) {
  const { t } = useTranslation();
  const name = useName();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [reason, setReason] = useState<'refuse' | 'revoke' | null>(null);
  const [made, setMade] = useState<CopyMade | null>(null);
  const may = (step: string) => row.may.includes(step);

  const act = async (what: string, work: () => Promise<unknown>) => {
    setBusy(what);
    setProblem(null);
    try {
      await work();
      message.success(t('done'));
    } catch (error) {
      setProblem(error as Problem);
    } finally {
      setBusy(null);
      setReason(null);
      client.invalidateQueries({ queryKey: ['request', row.request] });
      client.invalidateQueries({ queryKey: ['requests'] });
      client.invalidateQueries({ queryKey: ['requests-all'] });
    }
  };
  const step = (path: string, body: unknown = {}) => () => post(`/requests/${row.request}/${path}`, body);
  const ended = ['refused', 'revoked', 'expired', 'used-up'].includes(row.state);
  const place = ended ? STAGES.length : STAGES.indexOf(row.state);
  const who = `${row.applicant.name}${row.applicant.unit ? `（${row.applicant.unit}）` : ''}`;
  return (
    <>
      <Head title={<Space>{t('request')} <RequestTag state={row.state} /></Space>} sub={t('request.office', { office: name('roles', row.office) })} article="A3.15" />
      {problem && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
      {may('decide') && (
        <Card className="decide" style={{ marginBottom: 20 }}>
          <div className="fact"><div className="label">{t('decide.who')}</div><div className="value">{who}</div></div>
          <div className="fact"><div className="label">{t('decide.what')}</div><div className="value"><Items row={row} /> {row.stretch_ms && <strong>{t('request.stretch', { from: clock(row.stretch_ms[0]), to: clock(row.stretch_ms[1]) })} </strong>}{row.mode === 'copy' ? t('decide.copies', { count: row.copies }) : t('mode.view')}，{t('decide.days', { count: row.days })}</div></div>
          <div className="fact" style={{ borderBottom: 0 }}><div className="label">{t('decide.why')}</div><div className="value">{row.purpose}</div></div>
          <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 12 }}>
            <Button size="large" danger onClick={() => setReason('refuse')}>{t('decide.refuse')}</Button>
            <Button size="large" type="primary" loading={busy === 'consent'} onClick={() => act('consent', step('decision', { consent: true, reason: '' }))}>{t('decide.consent')}</Button>
          </div>
        </Card>
      )}
      {!ended && <Steps size="small" current={place} style={{ marginBottom: 20 }} items={STAGES.map((stage) => ({ title: name('requests', stage) }))} />}
      <Space wrap style={{ marginBottom: 16 }}>
        {may('issue-notice') && <Button type="primary" loading={busy === 'notice'} onClick={() => act('notice', step('notice'))}>{t('step.issue-notice')}</Button>}
        {may('sign') && <Button type="primary" loading={busy === 'sign'} onClick={() => act('sign', step('signature'))}>{t('step.sign')}</Button>}
        {may('file-scan') && <Scan busy={busy === 'scan'} send={(file) => act('scan', () => call(`/requests/${row.request}/scan`, { method: 'POST', bytes: file }))} />}
        {may('give') && <Button type="primary" loading={busy === 'give'} onClick={() => act('give', step('grant'))}>{t('step.give')}</Button>}
        {may('export') && <HandOut busy={busy === 'export'} hand={(to) => act('export', async () => setMade(await post<CopyMade>(`/requests/${row.request}/copies`, { to })))} to={row.applicant.name} />}
        {row.signature?.way === 'scan' && <Button href={`/api/v1/requests/${row.request}/scan`} target="_blank">{t('signature.show-scan')}</Button>}
        {row.notice && <Button href={`/api/v1/requests/${row.request}/notice.pdf`} target="_blank">{t('print.notice')}</Button>}
        {may('revoke') && <Button danger onClick={() => setReason('revoke')}>{t('step.revoke')}</Button>}
      </Space>
      {made && <Made made={made} request={row.request} />}
      <Card size="small">
        <Descriptions bordered size="small" column={1} styles={{ label: { width: 130 } }} items={[
          { key: 'n', label: t('request.number'), children: <span className="digest">{row.request}</span> },
          { key: 'a', label: t('applicant'), children: who },
          { key: 'r', label: t('registered-by'), children: `${row.registered_by} · ${time(row.at)}` },
          { key: 'i', label: t('apply.recordings', { count: row.recordings.length }), children: <Items row={row} /> },
          { key: 'p', label: t('purpose'), children: row.purpose },
          { key: 'm', label: t('apply.mode'), children: row.mode === 'copy' ? t('request.copies', { out: row.copies_out, all: row.copies }) : t('mode.view') },
          ...(row.stretch_ms ? [{ key: 's', label: t('request.stretch.label'), children: t('request.stretch', { from: clock(row.stretch_ms[0]), to: clock(row.stretch_ms[1]) }) }] : []),
          { key: 'd', label: t('days'), children: row.days },
          ...(row.decision ? [{ key: 'dec', label: t('decision'), children: `${row.decision.consent ? t('decide.consent') : t('decide.refuse')} · ${row.decision.person} · ${time(row.decision.at)}${row.decision.reason ? ` · ${row.decision.reason}` : ''}` }] : []),
          ...(row.notice ? [{ key: 'not', label: t('notice'), children: `${t('notice.number', { year: row.notice.year, number: row.notice.number })} · ${time(row.notice.at)}` }] : []),
          ...(row.signature ? [{ key: 'sig', label: t('signature'), children: <>{t(`signature.${row.signature.way}`)} · {row.signature.person} · {time(row.signature.at)}<div className="digest">{row.signature.digest}</div></> }] : []),
          ...(row.expires ? [{ key: 'exp', label: t('expires'), children: time(row.expires) }] : []),
          ...(row.revoked ? [{ key: 'rev', label: t('revoked'), children: `${row.revoked.person} · ${time(row.revoked.at)} · ${row.revoked.reason}` }] : []),
        ]} />
      </Card>
      {row.copies_out > 0 && <div style={{ marginTop: 16 }}><Papers about={row.request} issue={{ kind: 'transfer-list', path: `/requests/${row.request}`, copies: row.copies_out, to: row.applicant.unit || row.applicant.name }} /></div>}
      <Because open={reason} close={() => setReason(null)} done={(text) => reason === 'refuse'
        ? act('refuse', step('decision', { consent: false, reason: text }))
        : act('revoke', step('revocation', { reason: text }))} />
    </>
  );
}

function Items({ row }: { row: Request }) {
  return <>{row.recordings.map((id) => <div key={id}><Item id={id} grant={row.own ? row.grant : null} /></div>)}</>;
}

function Item({ id, grant }: { id: string; grant: string | null }) {
  const { data } = useQuery({ queryKey: ['recording', id], queryFn: () => get<RecordingFull>(`/recordings/${id}`), retry: false });
  return <RecordingLink id={id} name={data?.name ?? id} grant={grant} />;
}

function Because({ open, close, done }: { open: 'refuse' | 'revoke' | null; close: () => void; done: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <Modal open={open !== null} title={open === 'refuse' ? t('decide.refuse') : t('step.revoke')} okText={t('do')} cancelText={t('cancel')} okButtonProps={{ disabled: !text.trim(), danger: true }} onCancel={close} onOk={() => { done(text); setText(''); }}>
      <p>{open === 'revoke' ? t('revoke.note') : t('refuse.note')}</p>
      <Input.TextArea rows={3} value={text} onChange={(event) => setText(event.target.value)} aria-label={t('reason')} placeholder={t('reason')} />
    </Modal>
  );
}

function Scan({ busy, send }: { busy: boolean; send: (file: File) => void }) {
  const { t } = useTranslation();
  return (
    <label className="ant-btn ant-btn-default" style={{ display: 'inline-flex', alignItems: 'center', gap: 8, border: '1px solid #d9d9d9', borderRadius: 6, padding: '5px 14px', background: '#fff', cursor: 'pointer' }}>
      {busy ? t('busy') : t('step.file-scan')}
      <input type="file" accept="application/pdf,image/*" style={{ width: 1, height: 1, opacity: 0 }} onChange={(event) => { const file = event.target.files?.[0]; if (file) send(file); }} />
    </label>
  );
}

function HandOut({ busy, hand, to }: { busy: boolean; hand: (to: string) => void; to: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(to);
  return (
    <>
      <Button type="primary" loading={busy} onClick={() => setOpen(true)}>{t('step.export')}</Button>
      <Modal open={open} title={t('step.export')} okText={t('export.do')} cancelText={t('cancel')} okButtonProps={{ disabled: !name.trim() }} onCancel={() => setOpen(false)} onOk={() => { setOpen(false); hand(name); }}>
        <p>{t('export.note')}</p>
        <Input value={name} onChange={(event) => setName(event.target.value)} aria-label={t('export.to')} prefix={t('export.to')} />
      </Modal>
    </>
  );
}

function Made({ made, request }: { made: CopyMade; request: string }) {
  const { t } = useTranslation();
  return (
    <Alert type="success" style={{ marginBottom: 16 }} title={t('export.made', { mark: made.mark })} description={
      <>
        <p><a href={made.package} download>{t('export.download', { size: size(made.bytes) })}</a></p>
        <p>{t('export.slip')}</p>
        <Typography.Paragraph copyable={{ text: `${request} / ${made.copy} / ${made.pick_up_code}` }}>
          {t('pick-up.request')}：<span className="digest">{request}</span><br />
          {t('pick-up.copy')}：{made.copy}<br />
          {t('pick-up.code')}：<strong className="digest">{made.pick_up_code.replace(/(.{4})/g, '$1 ').trim()}</strong>
        </Typography.Paragraph>
      </>
    } />
  );
}
