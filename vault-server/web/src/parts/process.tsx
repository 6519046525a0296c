// The whole process of a case: each stage with what it requires, what is there, what is missing, and the button that mends it.
import { CheckCircleFilled, ClockCircleOutlined, ExclamationCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import { Button, Card, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useMay, useName } from '../api/hooks';
import type { Process, Requirement } from '../api/types';
import { articles } from './format';

/** What the page of the case does itself; everything else is a page of its own. */
export type Mend = { what: 'document'; type: string } | { what: 'end' } | { what: 'close' };

const ICONS = {
  there: <CheckCircleFilled style={{ color: '#2b7a3d' }} aria-hidden />,
  waiting: <ClockCircleOutlined style={{ color: '#1f4e8f' }} aria-hidden />,
  missing: <ExclamationCircleFilled style={{ color: '#b3261e' }} aria-hidden />,
  ahead: <MinusCircleOutlined style={{ color: '#5c6675' }} aria-hidden />,
};

function What({ one }: { one: Requirement }) {
  const { t } = useTranslation();
  const name = useName();
  const names = one.names.map((code) => name(one.kind === 'recording' ? 'activities' : 'documents', code)).join(t('or'));
  return <>{one.kind !== 'document' && <span>{name('requirements', one.kind)}</span>}<span>{names}</span></>;
}

function Act({ one, number, mend }: { one: Requirement; number: string; mend: (mend: Mend) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = {
    file: useMay('case.file'), end: useMay('case.end'), close: useMay('case.close'), state: useMay('statement.make'),
    review: useMay('review.submit'), draft: useMay('publicity.draft'), take: useMay('intake.take-in'),
  };
  if (one.fulfilment === 'there') return null;
  const at = encodeURIComponent(number);
  const go = (label: string, path: string) => <Button size="small" onClick={() => navigate(path)}>{label}</Button>;
  switch (one.kind) {
    case 'document': case 'opinion': case 'discussion':
      return may.file ? <Button size="small" onClick={() => mend({ what: 'document', type: one.names[0] ?? '' })}>{t('case.file-document')}</Button> : null;
    case 'recording':
      return (
        <>
          {may.take && go(t('nav.upload'), '/upload')}
          {may.state && one.fulfilment === 'missing' && go(t('statement.make'), `/statements?make=${at}&activity=${one.names[0] ?? ''}`)}
        </>
      );
    case 'review': return go(t(may.review && one.fulfilment !== 'waiting' ? 'review.submit' : 'process.show'), `/reviews?case=${at}${may.review && one.fulfilment !== 'waiting' ? '&new=1' : ''}`);
    case 'publicity': return go(t(may.draft && one.fulfilment !== 'waiting' ? 'publicity.draft' : 'process.show'), `/publicity?case=${at}`);
    case 'end': return may.end ? <Button size="small" onClick={() => mend({ what: 'end' })}>{t('case.end')}</Button> : null;
    case 'closing': return may.close ? <Button size="small" onClick={() => mend({ what: 'close' })}>{t('case.close')}</Button> : null;
  }
}

export function ProcessCard({ process, closed, mend }: { process: Process; closed: boolean; mend: (mend: Mend) => void }) {
  const { t } = useTranslation();
  const name = useName();
  return (
    <Card size="small" title={t('process.title')} extra={process.missing > 0 ? <Tag color="error">{t('process.missing', { count: process.missing })}</Tag> : <Tag color="success">{t('process.complete')}</Tag>}>
      <div className="stages">
        {process.stages.map((stage) => (
          <section key={stage.stage} aria-label={name('stages', stage.stage)}>
            <h3>{name('stages', stage.stage)} <span className="quiet">{stage.met} / {stage.all}</span></h3>
            <ul>
              {process.requirements.filter((one) => one.stage === stage.stage).map((one, at) => (
                <li key={at}>
                  <div>{ICONS[one.fulfilment]} <span className={one.fulfilment === 'ahead' ? 'quiet' : undefined}><What one={one} /></span>{one.late && <> <Tag color="error">{t('review.late')}</Tag></>}</div>
                  <div className="quiet">{name('fulfilments', one.fulfilment)} · {articles(one.article)}</div>
                  {one.held.filter((held) => held.title).map((held, index) => <div key={index} className="held">{held.title}</div>)}
                  {!closed && <div className="mend"><Act one={one} number={process.case} mend={mend} /></div>}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  );
}
