// The schedule of retention: a rule is simulated, proposed, and confirmed by another person.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Form, InputNumber, Select, Space, Switch, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post, type Problem } from '../api/client';
import { useCodes, useMay, useName } from '../api/hooks';
import type { Listed, Rule, Simulation } from '../api/types';
import { language } from '../words';
import { Ask } from './ask';
import { count, size, time } from './format';
import { Rows } from './rows';
import { Shown, Trouble } from './states';

interface Wanted { class: string; years: number; stored: boolean }

/** Terms in years; longer is for ever, which is a choice of its own. */
const [YEARS_LEAST, YEARS_MOST] = [2, 100];

const COLORS: Record<Rule['state'], string> = { proposed: 'warning', 'in-force': 'success', replaced: 'default', withdrawn: 'default' };

export function ScheduleBoard() {
  const { t } = useTranslation();
  const name = useName();
  const client = useQueryClient();
  const may = { confirm: useMay('retention.confirm-rule'), withdraw: useMay('retention.withdraw-rule') };
  const [asked, setAsked] = useState<{ rule: string; stored: boolean; step: 'confirmation' | 'withdrawal' } | null>(null);
  const query = useQuery({ queryKey: ['rules'], queryFn: () => get<Listed<Rule>>('/retention/rules') });
  const items = query.data?.items ?? [];
  const years = (number: number) => (number === 0 ? t('candidate.ever') : t('rule.years', { years: count(number) }));
  const klass = (code: string) => (code === 'any' ? name('rule-classes', code) : name('activities', code));
  return (
    <Card size="small" title={t('rules')}>
      <p className="quiet" style={{ marginTop: 0 }}>{t('rules.sub')}</p>
      <Simulator klass={klass} years={years} />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={items.length === 0} nothing={t('rules.none')}>
        <Rows<Rule> dense label={t('rules')} rowKey="rule" rows={items} page={10} columns={[
            { title: t('state'), render: (_, row) => <Tag color={COLORS[row.state]}>{name('rules', row.state)}</Tag> },
            { title: t('rule.class'), render: (_, row) => klass(row.class) },
            { title: t('rule.term'), render: (_, row) => <>{years(row.years)}{row.stored && <div className="quiet">{t('rule.stored')}</div>}</> },
            { title: t('rule.effect'), render: (_, row) => t('rule.effect.is', { recordings: count(row.recordings), lengthened: count(row.lengthened), kept: count(row.kept) }) },
            { title: t('disposal.proposed'), render: (_, row) => <>{row.proposed.person} · {time(row.proposed.at)}<div className="quiet">{row.proposed.reason}</div></> },
            { title: t('rule.decided'), render: (_, row) => row.decided && <>{row.decided.person} · {time(row.decided.at)}<div className="quiet">{row.decided.reason}</div></> },
            { title: t('disposal.step'), className: 'stays', render: (_, row) => row.state === 'proposed' && (
              <Space wrap>
                {may.confirm && <Button size="small" type="primary" onClick={() => setAsked({ rule: row.rule, stored: row.stored, step: 'confirmation' })}>{t('rule.confirm')}</Button>}
                {may.withdraw && <Button size="small" onClick={() => setAsked({ rule: row.rule, stored: row.stored, step: 'withdrawal' })}>{t('rule.withdraw')}</Button>}
              </Space>
            ) },
          ]} />
      </Shown>
      {asked && (
        <Ask title={t(asked.step === 'confirmation' ? 'rule.confirm' : 'rule.withdraw')} why={t(asked.step === 'withdrawal' ? 'rule.withdraw.why' : asked.stored ? 'rule.confirm.why.stored' : 'rule.confirm.why')} close={() => setAsked(null)}
          fields={[{ name: 'reason', label: t('reason'), kind: 'long' }]}
          send={async (said) => {
            await post(`/retention/rules/${asked.rule}/${asked.step}`, said);
            client.invalidateQueries({ queryKey: ['rules'] });
          }} />
      )}
    </Card>
  );
}

/** Says what a rule would do, and proposes it once that was seen. */
function Simulator({ klass, years }: { klass: (code: string) => string; years: (number: number) => string }) {
  const { t } = useTranslation();
  const name = useName();
  const codes = useCodes();
  const client = useQueryClient();
  const propose = useMay('retention.propose-rule');
  const [wanted, setWanted] = useState<{ class: string; years: number | null; ever: boolean; stored: boolean }>({ class: 'any', years: YEARS_LEAST, ever: false, stored: false });
  const [found, setFound] = useState<{ of: Wanted; is: Simulation } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(false);
  const [refused, setRefused] = useState(false);
  const simulate = async () => {
    setProblem(null);
    setFound(null);
    const years = wanted.ever ? 0 : wanted.years;
    const fits = wanted.ever || (years !== null && Number.isInteger(years) && years >= YEARS_LEAST && years <= YEARS_MOST);
    setRefused(!fits);
    if (!fits || years === null) return;
    const of = { class: wanted.class, years, stored: wanted.stored };
    try {
      setFound({ of, is: await post<Simulation>('/retention/simulations', of) });
    } catch (error) {
      setProblem(error as Problem);
    }
  };
  const options = [{ value: 'any', label: klass('any') }, ...codes('activities').map((one) => ({ value: one.code, label: language() === 'en' ? one.en : one.zh }))];
  return (
    <div className="stack no-print" style={{ marginBottom: 16 }}>
      <Form layout="inline" onFinish={simulate} style={{ rowGap: 8 }}>
        <Form.Item label={t('rule.class')} htmlFor="rule-class"><Select id="rule-class" style={{ minWidth: 180 }} value={wanted.class} options={options} onChange={(value) => setWanted({ ...wanted, class: value })} /></Form.Item>
        <Form.Item label={t('rule.term.ever')} htmlFor="rule-ever"><Switch id="rule-ever" checked={wanted.ever} onChange={(value) => setWanted({ ...wanted, ever: value })} /></Form.Item>
        {!wanted.ever && (
          <Form.Item label={t('rule.term.years')} htmlFor="rule-years" validateStatus={refused ? 'error' : undefined} help={refused ? <span role="alert">{t('rule.term.refused', { least: YEARS_LEAST, most: YEARS_MOST })}</span> : undefined}>
            <InputNumber id="rule-years" aria-invalid={refused} value={wanted.years} onChange={(value) => setWanted({ ...wanted, years: value })} />
          </Form.Item>
        )}
        <Form.Item label={t('rule.stored')} htmlFor="rule-stored"><Switch id="rule-stored" checked={wanted.stored} onChange={(value) => setWanted({ ...wanted, stored: value })} /></Form.Item>
        <Form.Item><Button htmlType="submit">{t('rule.simulate')}</Button></Form.Item>
      </Form>
      {problem && <Trouble error={problem} />}
      {found && (
        <Alert type="info" showIcon role="status" title={t('simulated', { class: klass(found.of.class), now: years(found.is.years_now), then: years(found.of.years) })} description={(
          <div className="stack" style={{ gap: 4 }}>
            <span>{t('simulated.stored', { count: count(found.is.recordings), size: size(found.is.bytes) })}；{t('simulated.yearly', { count: count(found.is.per_year), size: size(found.is.per_year_bytes) })}</span>
            <span>{t('simulated.lengthened', { count: count(found.is.lengthened) })}</span>
            <span>{t('simulated.kept', { count: count(found.is.kept), ending: count(found.is.would_end), size: size(found.is.would_end_bytes) })}</span>
            {Object.entries(found.is.obstacles).map(([kind, number]) => <span key={kind}>{t('simulated.obstacle', { kind: name('grounds', kind), count: count(number) })}</span>)}
            {found.is.more && <span>{t('simulated.more')}</span>}
            {propose && <div><Button type="primary" onClick={() => setAsked(true)}>{t('rule.propose')}</Button></div>}
          </div>
        )} />
      )}
      {asked && found && (
        <Ask title={t('rule.propose')} why={t('simulated', { class: klass(found.of.class), now: years(found.is.years_now), then: years(found.of.years) })} close={() => setAsked(false)}
          fields={[{ name: 'reason', label: t('reason'), kind: 'long' }]}
          send={async (said) => {
            await post('/retention/rules', { ...found.of, ...said });
            setFound(null);
            client.invalidateQueries({ queryKey: ['rules'] });
          }} />
      )}
    </div>
  );
}
