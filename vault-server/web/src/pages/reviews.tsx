// Legal review of major decisions: handed in, accepted, reviewed within two terms, objected to, settled.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Form, Input, Modal, Segmented, Select, Space, Tag, Timeline } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { get, post, type Problem } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Code, Listed, Review } from '../api/types';
import { Ask, type Field } from '../parts/ask';
import { articles, time } from '../parts/format';
import { Head, Shown, Trouble } from '../parts/states';
import { useWhich } from '../parts/which';
import { language } from '../words';

type Act = 'accept' | 'stop' | 'resume' | 'opinion' | 'supplement' | 'object' | 'extend' | 'settle' | 'file';
interface Asked { act: Act; row: Review }

const COLORS: Record<string, string> = {
  'not-needed': 'default', submitted: 'warning', accepted: 'processing', stopped: 'default', passed: 'success', 'not-passed': 'error', objected: 'warning',
};
const options = (list: Code[], article = false) =>
  list.map((one) => ({ value: one.code, label: `${article ? `${articles(one.code)} ` : ''}${language() === 'en' ? one.en : one.zh}` }));

export function Reviews() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const submits = useMay('review.submit');
  const [place, setPlace] = useSearchParams();
  const [asked, setAsked] = useState<Asked | null>(null);
  const query = useQuery({ queryKey: ['reviews'], queryFn: () => get<Listed<Review>>('/reviews') });
  const one = place.get('case');
  const { rows, which } = useWhich((query.data?.items ?? []).filter((row) => !one || row.case === one), t('nav.reviews'), [
    { value: 'open', words: 'reviews.waiting', fits: (row) => ['submitted', 'accepted', 'stopped'].includes(row.state) },
    { value: 'closed', words: 'reviews.answered', fits: (row) => row.opinion !== null },
  ]);
  const again = () => { client.invalidateQueries({ queryKey: ['reviews'] }); };
  return (
    <div className="page">
      <Head title={t('nav.reviews')} sub={one ?? t('reviews.sub')} article="A2.21, A2.28" table="/reviews">
        <Space>
          {one && <Button onClick={() => setPlace({})}>{t('reviews.every')}</Button>}
          {submits && <Button type="primary" onClick={() => setPlace({ ...Object.fromEntries(place), new: '1' })}>{t('review.submit')}</Button>}
        </Space>
      </Head>
      {which}
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={rows.length === 0} nothing={t('reviews.none')}>
        <div className="stack">{rows.map((row) => <One key={row.review} row={row} ask={setAsked} />)}</div>
      </Shown>
      {place.get('new') && submits && <Submit number={one ?? ''} close={() => { setPlace(one ? { case: one } : {}); again(); }} />}
      {asked && <Do asked={asked} close={() => { setAsked(null); again(); }} />}
    </div>
  );
}

function One({ row, ask }: { row: Review; ask: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const name = useName();
  const [submits, reviews, extends_, settles] = [useMay('review.submit'), useMay('review.carry-out'), useMay('review.extend'), useMay('review.settle')];
  const files = useMay('case.file');
  const cause = row.steps.findLast((step) => step.kind === 'review.stopped')?.fields.cause;
  const extended = row.steps.some((step) => step.kind === 'review.extended');
  const settled = row.steps.some((step) => step.kind === 'review.settled');
  const acts: [Act, boolean][] = [
    ['accept', reviews && row.state === 'submitted' && row.materials_missing.length === 0],
    ['opinion', reviews && row.state === 'accepted'],
    ['stop', reviews && row.state === 'accepted'],
    ['resume', reviews && row.state === 'stopped'],
    ['supplement', submits && (row.state === 'submitted' || (row.state === 'stopped' && cause === 'supplement'))],
    ['extend', extends_ && (row.state === 'accepted' || row.state === 'stopped') && !extended],
    ['object', submits && row.state === 'not-passed' && !settled],
    ['settle', settles && !settled && (row.state === 'objected' || (row.state === 'passed' && row.opinion !== null))],
    ['file', files && row.opinion !== null],
  ];
  const [first] = row.steps;
  return (
    <Card size="small" title={<><Tag color={COLORS[row.state]}>{name('reviews', row.state)}</Tag> <Link to={`/cases/${encodeURIComponent(row.case)}`}>{row.case}</Link></>}
      extra={<Space wrap>{acts.filter(([, may]) => may).map(([act], at) => <Button key={act} size="small" type={at === 0 ? 'primary' : 'default'} onClick={() => ask({ act, row })}>{t(`review.${act}`)}</Button>)}</Space>}>
      {row.terms.map((term, at) => (
        <p key={term.article} style={{ margin: '0 0 4px' }}>
          <strong>{at === 0 ? t('review.term.first') : t('review.term')}</strong>{' '}
          {term.due ?? t('review.term.stands')} {term.late && <Tag color="error">{t('review.late')}</Tag>}
          <span className="quiet">{t('review.term.days', { count: term.working_days })} · {t('basis', { article: articles(term.article) })}</span>
        </p>
      ))}
      {row.materials_missing.length > 0 && <Alert type="warning" showIcon style={{ marginBottom: 8 }} title={`${t('review.missing')}：${row.materials_missing.map((one) => name('materials', one)).join('、')}`} />}
      {row.grounds.length > 0 && <p className="quiet">{row.grounds.map((one) => `${name('review-grounds', one)}（${articles(one)}）`).join('、')}</p>}
      <p style={{ overflowWrap: 'anywhere' }}>{first?.text}</p>
      {row.materials.length > 0 && (
        <ul style={{ margin: '0 0 8px', paddingInlineStart: 20 }}>
          {row.materials.map((one) => (
            <li key={one.material}>{name('materials', one.material)}
              {[one.reference, ...one.documents].filter(Boolean).length > 0
                ? <span className="quiet">：{[one.reference, ...one.documents].filter(Boolean).join('、')}</span>
                : <span className="quiet">：{t('review.material.nowhere')}</span>}
            </li>
          ))}
        </ul>
      )}
      {row.opinion && <p><strong>{t('review.opinion.given')}</strong> {name('opinions', row.opinion)} <a href={`/api/v1/reviews/${row.review}/opinion.pdf`} target="_blank" rel="noreferrer">{t('review.print')}</a> {row.objection_due && <span className="quiet">{t('review.objection-due', { date: row.objection_due })}</span>}</p>}
      <Timeline items={row.steps.map((step, at) => ({
        key: `${step.kind}${at}`, content: (
          <><strong>{name('review-steps', step.kind)}</strong> <span className="quiet">{step.person} · {time(step.at)}</span>{at > 0 && step.text && <div>{step.text}</div>}</>
        ),
      }))} />
    </Card>
  );
}

function Submit({ number, close }: { number: string; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const [form] = Form.useForm();
  const [needed, setNeeded] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);
  const must = [{ required: true, message: t('required') }];
  const chosen: string[] = Form.useWatch('materials', form) ?? [];
  const name = useName();
  const send = async (said: Record<string, unknown>) => {
    try {
      const references = Object.fromEntries(Object.entries((said.references ?? {}) as Record<string, string>).filter(([, place]) => place));
      await post('/reviews', { ...said, references, needed });
      close();
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  return (
    <Modal open closable={{ 'aria-label': t('close') }} title={t('review.submit')} okText={t('do')} cancelText={t('cancel')} onCancel={close} onOk={() => form.submit()}>
      {problem && <Trouble error={problem} />}
      <Segmented block aria-label={t('review.submit')} value={needed ? 'yes' : 'no'} onChange={(value) => setNeeded(value === 'yes')} style={{ marginBottom: 16 }}
        options={[{ value: 'yes', label: t('review.needed') }, { value: 'no', label: t('review.not-needed') }]} />
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send} initialValues={{ case: number }}>
        <Form.Item name="case" label={t('case')} rules={must}><Input /></Form.Item>
        {needed && <Form.Item name="grounds" label={t('review.grounds')} rules={must}><Select mode="multiple" aria-label={t('review.grounds')} options={options(codes('review-grounds'), true)} optionFilterProp="label" /></Form.Item>}
        {needed && <Form.Item name="materials" label={t('review.materials')} rules={must}><Select mode="multiple" aria-label={t('review.materials')} options={options(codes('materials'))} optionFilterProp="label" /></Form.Item>}
        {needed && chosen.map((one) => (
          <Form.Item key={one} name={['references', one]} label={t('review.material.where', { name: name('materials', one) })}><Input placeholder={t('review.material.extra')} /></Form.Item>
        ))}
        <Form.Item name="text" label={t(needed ? 'review.text' : 'review.why-not')} extra={needed ? t('review.text.extra') : undefined} rules={must}><Input.TextArea rows={4} /></Form.Item>
      </Form>
    </Modal>
  );
}

function Do({ asked, close }: { asked: Asked; close: () => void }) {
  const { t } = useTranslation();
  const codes = useCodes();
  const { act, row } = asked;
  const path = `/reviews/${row.review}`;
  const text: Field = { name: 'text', label: t('opinion'), kind: 'long', optional: act === 'accept' || act === 'resume' };
  const fields: Record<Act, Field[]> = {
    accept: [text], resume: [text], extend: [text], object: [text],
    stop: [{ name: 'cause', label: t('review.cause'), kind: 'select', options: ['supplement', 'experts'].map((one) => ({ value: one, label: t(`review.cause.${one as 'experts'}`) })) }, text],
    opinion: [{ name: 'opinion', label: t('review.opinion.given'), kind: 'select', options: options(codes('opinions')) }, text],
    supplement: [{ name: 'material', label: t('review.materials'), kind: 'select', options: options(codes('materials')) }, text],
    settle: [
      { name: 'passed', label: t('review.passed'), kind: 'switch', initial: false }, { name: 'on', label: t('review.discussed'), kind: 'date', optional: true },
      { name: 'members', label: t('review.members') }, text,
    ],
    file: [{ name: 'note', label: t('case.note'), kind: 'long', optional: true }],
  };
  const send = (said: Record<string, unknown>) => {
    switch (act) {
      case 'accept': case 'stop': case 'resume': return post(`${path}/steps`, { ...said, step: act });
      case 'opinion': return post(`${path}/opinion`, said);
      case 'supplement': return post(`${path}/supplement`, { materials: [said.material], text: said.text });
      case 'object': return post(`${path}/objection`, said);
      case 'extend': return post(`${path}/extension`, said);
      case 'settle': return post(`${path}/settlement`, said);
      case 'file': return post(`${path}/filing`, said);
    }
  };
  return <Ask title={`${t(`review.${act}`)} · ${row.case}`} why={act === 'extend' ? t('review.extend.why') : act === 'file' ? t('review.file.why') : undefined} fields={fields[act]} send={send} close={close} />;
}
