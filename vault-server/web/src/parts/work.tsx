// Long work that was begun from pages: how far it is, what it came to, why it did not.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Tag } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, type Problem } from '../api/client';
import { useMay } from '../api/hooks';
import type { Found, Listed, Refusal, Work } from '../api/types';
import { count, size, time } from './format';
import { Digest, RecordingLink } from './small';
import { Reasons } from './states';
import { language } from '../words';

/** What may be another after work came to its end. */
const CHANGED = ['integrity', 'stores', 'tiers', 'recording', 'custody', 'volumes', 'plan', 'due-copies', 'deadlines', 'duties'];

/** The work of the service; while something goes on, its end is looked for. */
export function useWork() {
  const query = useQuery({
    queryKey: ['desk'],
    queryFn: () => get<Listed<Work>>('/desk'),
    refetchInterval: (found) => (found.state.data?.items.some((one) => one.state === 'running') ? 2_000 : false),
  });
  const items = query.data?.items ?? [];
  return { items, runs: (lane: Work['lane']) => items.some((one) => one.state === 'running' && one.lane === lane) };
}

/** Begins work, or asks it to stop; what is refused at once is told at once. */
export function useBegin(said = 'work.begun') {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  return async (path: string, body?: unknown) => {
    try {
      await post(path, body);
      message.success(t(said));
    } catch (error) {
      const problem = error as Problem;
      modal.error({ title: problem.detail || t('unreachable'), content: <Reasons problem={problem} />, okText: t('close') });
    }
    client.invalidateQueries({ queryKey: ['desk'] });
  };
}

const STATES: Record<string, string> = { running: 'processing', done: 'success', partly: 'warning', failed: 'error' };

/** The newest work that is meant, or nothing where there is none. When some ends, the page is asked for anew. */
export function WorkBoard({ of }: { of: (work: Work) => boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { items } = useWork();
  const running = items.filter((one) => one.state === 'running').length;
  const before = useRef(running);
  useEffect(() => {
    if (running < before.current) {
      for (const key of CHANGED) client.invalidateQueries({ queryKey: [key] });
    }
    before.current = running;
  }, [running, client]);
  const shown = items.filter(of).slice(0, 5);
  if (shown.length === 0) return null;
  return (
    <Card size="small" title={t('desk')}>
      <div className="stack" aria-live="polite">
        {shown.map((one) => <Line key={one.number} work={one} />)}
      </div>
    </Card>
  );
}

function Line({ work }: { work: Work }) {
  const { t } = useTranslation();
  const reads = useMay('catalogue.read');
  const found = work.found;
  const wrong = found !== null && (found.failed > 0 || found.damaged_bytes > 0 || found.left > 0);
  const state = work.state === 'done' && wrong ? 'partly' : work.state;
  const about = work.lane !== 'objects' ? <strong>{work.about}</strong>
    : reads ? <RecordingLink id={work.about} name="" /> : <Digest text={work.about} />;
  const stop = useBegin('work.stopping');
  return (
    <div className="entry">
      <div>
        {work.may_stop && <Button size="small" style={{ float: 'inline-end' }} onClick={() => stop(`/desk/${work.number}/stop`)}>{t('work.stop')}</Button>}
        <Tag color={STATES[state]}>{t(`work.${state}`)}</Tag> {t(`work.${work.kind}`)} {about}
        {work.copy > 0 && <> · {t('volume.copy', { copy: work.copy })}</>}
        {work.state === 'running' && work.bytes > 0 && <> · {t('work.so-far', { size: size(work.bytes) })}</>}
      </div>
      {work.found && <Came kind={work.kind} found={work.found} />}
      <div className="quiet">{work.person} {time(work.began)}{work.ended && <> – {time(work.ended)}</>}</div>
      {work.problem && <Failed problem={work.problem} />}
    </div>
  );
}

/** Why work failed and what to do next, in the language that the page has now. */
function Failed({ problem }: { problem: Refusal }) {
  const said = problem.words[language()] ?? problem;
  return <Alert type="error" showIcon title={said.detail} description={<Reasons problem={said} />} />;
}

/** What work came to, in a sentence of its kind, and what could not be done. */
function Came({ kind, found }: { kind: string; found: Found }) {
  const { t } = useTranslation();
  const place = usePlace();
  const said = {
    objects: count(found.objects), size: size(found.bytes), failed: count(found.failed), repaired: count(found.repaired),
    whole: count(found.whole), recalled: count(found.recalled), under_way: count(found.under_way),
  };
  const sentence = {
    'fill-store': () => t('came.copied', said),
    'check-store': () => t('came.read', said),
    verify: () => t('came.read', said),
    check: () => (found.damaged_bytes === 0 ? t('came.whole') : t(found.mendable ? 'came.mendable' : 'came.lost', { ...said, size: size(found.damaged_bytes) })),
    repair: () => (found.repaired === 0 ? t('came.nothing') : t('came.mended', said)),
    restore: () => t('came.restored', said),
    'move-tiers': () => t('came.moved', said),
  }[kind];
  if (!sentence) return null;
  return (
    <>
      <div>{sentence()}</div>
      {found.left > 0 && <div>{t('came.left', { count: count(found.left) })}</div>}
      {found.damaged_bytes > 0 && <div>{t('came.damaged.next')}</div>}
      {found.repairs.length > 0 && (
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {found.repairs.map((one) => <li key={one.object + one.store}><Digest text={one.object} /> {t('came.repair', { store: place(one.store), source: place(one.source), size: size(one.bytes) })}</li>)}
        </ul>
      )}
      {found.undone.length > 0 && <Undone kind={kind} found={found} />}
    </>
  );
}

/** What is said of what could not be done, and what is to be done next. */
const UNDONE: Record<string, [string, string | null]> = {
  'fill-store': ['came.undone', 'came.copied.next'],
  'check-store': ['came.differ', 'came.read.next'],
  verify: ['came.differ', 'came.read.next'],
  check: ['came.lost.named', null],
};

function Undone({ kind, found }: { kind: string; found: Found }) {
  const { t } = useTranslation();
  const [title, next] = UNDONE[kind] ?? ['came.undone', null];
  return (
    <Alert type="warning" showIcon title={t(title, { count: count(found.failed) })} description={(
      <>
        {found.undone.map((one) => <div key={one.object}><Digest text={one.object} /> {one.problem && (one.problem.words[language()] ?? one.problem).detail}</div>)}
        {next && <div>{t(next)}</div>}
      </>
    )} />
  );
}

/** A place of good bytes as people call it. */
function usePlace(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (name.startsWith('disc:') ? t('store.volume', { label: name.slice(5) }) : name === 'main' ? t('store.own') : name);
}
