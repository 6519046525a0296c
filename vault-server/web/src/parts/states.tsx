// What a page shows while it loads, when there is nothing, and when something went wrong.
import { LockOutlined } from '@ant-design/icons';
import { Alert, Button, Result, Skeleton, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Problem } from '../api/client';
import { Export } from './export';
import { articles } from './format';

/** A problem in words: what, why, what next. Who may not look at a `whole` page at all sees a lock there. */
export function Trouble({ error, retry, whole }: { error: unknown; retry?: () => unknown; whole?: boolean }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : null;
  // What went wrong is seen, wherever the page was scrolled to.
  const show = (element: HTMLDivElement | null) => element?.scrollIntoView({ block: 'nearest' });
  const title = problem?.detail || t('unreachable');
  const again = retry && problem?.status !== 403 ? <Button onClick={() => retry()}>{t('again')}</Button> : undefined;
  if (problem?.status === 403 && whole) {
    return <div role="alert" className="forbidden" ref={show}><Result icon={<LockOutlined style={{ color: '#5c6675' }} />} title={title} subTitle={<Reasons problem={problem} />} extra={again} /></div>;
  }
  return (
    <div ref={show}>
      <Alert
        type="error"
        showIcon
        role="alert"
        title={title}
        description={problem ? <Reasons problem={problem} /> : t('unreachable.next')}
        action={again}
      />
    </div>
  );
}

/** Why, and what to do next. */
export function Reasons({ problem }: { problem: { why: string | null; next: string | null } }) {
  return (
    <>
      {problem.why && <div>{problem.why}</div>}
      {problem.next && <div>{problem.next}</div>}
    </>
  );
}

/** The states of a page around what it shows. */
export function Shown(props: {
  pending: boolean;
  error: unknown;
  retry?: () => unknown;
  empty?: boolean;
  nothing?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  if (props.pending) return <Skeleton active paragraph={{ rows: 6 }} aria-busy="true" aria-label={t('loading')} />;
  if (props.error) return <Trouble error={props.error} retry={props.retry} whole />;
  if (props.empty) return <p className="nothing">{props.nothing ?? t('nothing')}</p>;
  return <>{props.children}</>;
}

/** The head of a page: what it is, the article it rests on, what can be done. */
export function Head(props: { title: ReactNode; sub?: ReactNode; article?: string; table?: string; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="page-head">
      <title>{`${typeof props.title === 'string' ? `${props.title} · ` : ''}${t('product')}`}</title>
      <div>
        <h1>{props.title}</h1>
        {props.sub && <div className="sub">{props.sub}</div>}
        {props.article && <div className="article">{t('basis', { article: articles(props.article) })}</div>}
      </div>
      <Space wrap className="no-print">
        {props.table && <Export path={props.table} />}
        {props.children}
      </Space>
    </div>
  );
}

/** An address that leads nowhere. */
export function Nowhere() {
  const { t } = useTranslation();
  return <div className="page"><Head title={t('nowhere')} sub={t('nowhere.next')} /><Link to="/">{t('nav.todo')}</Link></div>;
}

/** More rows of a list. */
export function More({ query }: { query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <div style={{ textAlign: 'center', marginTop: 16 }}>
      <Button loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button>
    </div>
  );
}

/** What may be wider than a phone: scrolled by hand or by the arrow keys, even where nothing in it takes the focus. */
export function Wide(props: { label: string; children: ReactNode }) {
  return <div className="wide" role="region" tabIndex={0} aria-label={props.label}>{props.children}</div>;
}
