// The end of keeping: what may be disposed of, who decided, and the record that stays.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Input, Modal, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, type Problem } from '../api/client';
import { useMay, useName, usePaged } from '../api/hooks';
import type { Candidate, Disposal, Ground, Listed } from '../api/types';
import { Export } from '../parts/export';
import { count, minute, time } from '../parts/format';
import { ScheduleBoard } from '../parts/schedule';
import { RecordingLink } from '../parts/small';
import { Rows } from '../parts/rows';
import { Spared, Standing } from '../parts/outcome';
import { Head, Shown, Trouble } from '../parts/states';

type Asked = { what: 'propose' } | { what: 'approve' | 'withdraw'; id: string };

export function Keeping() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = async (work: () => Promise<unknown>) => {
    setProblem(null);
    try {
      await work();
      message.success(t('done'));
      setChosen([]);
      setAsked(null);
    } catch (error) {
      // The dialog stays, so that what was written is not lost.
      setProblem(error as Problem);
    } finally {
      client.invalidateQueries({ queryKey: ['disposals'] });
      client.invalidateQueries({ queryKey: ['candidates'] });
    }
  };
  const open = (next: Asked | null) => {
    setProblem(null);
    setAsked(next);
  };
  const decided = (reason: string) => act(() => {
    if (asked?.what === 'approve') return post(`/disposals/${asked.id}/approval`, { reason });
    if (asked?.what === 'withdraw') return post(`/disposals/${asked.id}/withdrawal`, { reason });
    return post('/disposals', { recordings: chosen, reason });
  });
  return (
    <div className="page">
      <Head title={t('nav.keeping')} sub={t('keeping.sub')} article="A3.11, A3.12" />
      {problem && !asked && <div style={{ marginBottom: 16 }}><Trouble error={problem} /></div>}
      <div className="stack">
        <ScheduleBoard />
        <Disposals ask={(what, id) => open({ what, id })} run={(id) => act(() => post(`/disposals/${id}/execution`))} />
        <Candidates chosen={chosen} choose={setChosen} propose={() => open({ what: 'propose' })} />
      </div>
      <Because open={asked} problem={problem} close={() => open(null)} done={decided} />
    </div>
  );
}

function Disposals({ ask, run }: { ask: (what: 'approve' | 'withdraw', id: string) => void; run: (id: string) => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [approve, withdraw, carry] = [useMay('disposal.approve'), useMay('disposal.withdraw'), useMay('disposal.carry-out')];
  const query = useQuery({ queryKey: ['disposals'], queryFn: () => get<Listed<Disposal>>('/disposals') });
  const items = query.data?.items ?? [];
  const sure = (row: Disposal) => modal.confirm({
    title: t('disposal.sure', { count: count(row.recordings.length) }), content: t('disposal.sure.next'),
    okText: t('disposal.run'), cancelText: t('cancel'), okButtonProps: { danger: true }, onOk: () => run(row.disposal),
  });
  return (
    <Card size="small" title={t('disposals')} extra={<Export path="/disposals" small />}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={items.length === 0} nothing={t('disposals.none')}>
          <Rows<Disposal> dense label={t('disposals')} rowKey="disposal" rows={items} more={(row) => <><Spared row={row} /><Weighed id={row.disposal} /></>} columns={[
            { title: t('state'), render: (_, row) => <Standing row={row} /> },
            { title: t('volume.recordings'), align: 'right', render: (_, row) => count(row.recordings.length) },
            { title: t('disposal.proposed'), render: (_, row) => <>{row.proposed.person} · {time(row.proposed.at)}<div className="quiet">{row.proposed.reason}</div></> },
            { title: t('disposal.approved'), render: (_, row) => row.approved && <>{row.approved.person} · {time(row.approved.at)}</> },
            { title: t('disposal.not-before'), render: (_, row) => time(row.not_before) },
            { title: t('disposal.step'), className: 'stays', render: (_, row) => (
              <Space wrap>
                {row.state === 'proposed' && approve && <Button size="small" type="primary" onClick={() => ask('approve', row.disposal)}>{t('disposal.approve')}</Button>}
                {['proposed', 'approved'].includes(row.state) && withdraw && <Button size="small" onClick={() => ask('withdraw', row.disposal)}>{t('disposal.withdraw')}</Button>}
                {row.record && <a href={`/api/v1/disposals/${row.disposal}/record.pdf`} target="_blank" rel="noreferrer">{t('disposal.record', { year: row.record.year, number: row.record.number })}</a>}
                {['approved', 'begun'].includes(row.state) && carry && <Button size="small" danger onClick={() => sure(row)}>{t('disposal.run')}</Button>}
              </Space>
            ) },
          ]} />
      </Shown>
    </Card>
  );
}

/** What stands against a disposal, or is to be weighed, one to a line. */
function useGrounds() {
  const name = useName();
  return (all: Ground[]) => all.map((one) => <div key={one.kind + one.detail}>{name('grounds', one.kind)} <span className="quiet">{one.detail}</span></div>);
}

/** What a disposal is about, as whoever approves has to see it. */
function Weighed({ id }: { id: string }) {
  const { t } = useTranslation();
  const name = useName();
  const grounds = useGrounds();
  const query = useQuery({ queryKey: ['disposals', id], queryFn: () => get<{ weighed: Candidate[] }>(`/disposals/${id}`) });
  const rows = query.data?.weighed ?? [];
  const kept = (row: Candidate) => row.retention.reasons.map((one, index) => (
    <div key={index}>{one.until ?? t('candidate.ever')} <span className="quiet">{one.kind === 'trigger' ? name('triggers', one.detail) : t(`kept.${one.kind}`, { detail: one.detail })}</span></div>
  ));
  return (
    <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('candidates.none')}>
      <Rows<Candidate> dense label={t('volume.recordings')} rowKey="recording" rows={rows} page={20} columns={[
        { title: t('name'), render: (_, row) => <><RecordingLink id={row.recording} name={row.name} />{row.cases.map((one) => <div key={one} className="quiet">{one}</div>)}</> },
        { title: t('candidate.until'), render: (_, row) => kept(row) },
        { title: t('candidate.against'), render: (_, row) => (row.obstacles.length > 0 ? grounds(row.obstacles) : <Tag color="success">{t('candidate.free')}</Tag>) },
        { title: t('candidate.risks'), render: (_, row) => grounds(row.risks) },
      ]} />
    </Shown>
  );
}

function Candidates({ chosen, choose, propose }: { chosen: string[]; choose: (ids: string[]) => void; propose: () => void }) {
  const { t } = useTranslation();
  const may = useMay('disposal.propose');
  const query = usePaged<Candidate>(['candidates'], '/disposals/candidates');
  const grounds = useGrounds();
  return (
    <Card size="small" title={t('candidates')} extra={<Space wrap><Export path="/disposals/candidates" />{may && <Button type="primary" disabled={chosen.length === 0} onClick={propose}>{t('disposal.propose')}</Button>}</Space>}>
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0} nothing={t('candidates.none')}>
          <Rows<Candidate> dense label={t('candidates')} rowKey="recording" rows={query.items} chosen={chosen} choose={may ? choose : undefined} box={(row) => ({ 'aria-label': row.name, disabled: row.obstacles.length > 0 })} columns={[
              { title: t('name'), render: (_, row) => <RecordingLink id={row.recording} name={row.name} /> },
              { title: t('received'), render: (_, row) => minute(row.received) },
              { title: t('candidate.until'), render: (_, row) => row.until ?? t('candidate.ever') },
              { title: t('candidate.against'), render: (_, row) => (row.obstacles.length > 0 ? grounds(row.obstacles) : <Tag color="success">{t('candidate.free')}</Tag>) },
              { title: t('candidate.risks'), render: (_, row) => grounds(row.risks) },
            ]} />
        {query.hasNextPage && <Button style={{ marginTop: 12 }} loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button>}
      </Shown>
    </Card>
  );
}

function Because({ open, problem, close, done }: { open: Asked | null; problem: Problem | null; close: () => void; done: (reason: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <Modal open={open !== null} title={t(open?.what === 'approve' ? 'disposal.approve' : open?.what === 'withdraw' ? 'disposal.withdraw' : 'disposal.propose')}
      okText={t('do')} cancelText={t('cancel')} okButtonProps={{ disabled: !text.trim() }} onCancel={close} onOk={() => done(text)} afterClose={() => setText('')} width={open?.what === 'approve' ? 960 : undefined} destroyOnHidden>
      {open?.what === 'approve' && <div style={{ marginBottom: 16 }}><Weighed id={open.id} /></div>}
      {problem && <div style={{ marginBottom: 12 }}><Trouble error={problem} /></div>}
      <label htmlFor="because">{t('reason')}</label>
      <Input.TextArea id="because" rows={3} value={text} onChange={(event) => setText(event.target.value)} />
    </Modal>
  );
}
