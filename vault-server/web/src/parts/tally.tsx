// What became of what inspections drew, as columns: the same for an inspection and for a year.
import { useTranslation } from 'react-i18next';
import type { Tally } from '../api/types';
import { count } from './format';

export function useTally<T extends Tally>() {
  const { t } = useTranslation();
  return [
    { title: t('inspection.drawn'), align: 'right' as const, render: (_: unknown, one: T) => count(one.drawn) },
    { title: t('inspection.reviewed'), align: 'right' as const, render: (_: unknown, one: T) => count(one.reviewed) },
    { title: t('inspection.unreviewed'), align: 'right' as const, render: (_: unknown, one: T) => count(one.unreviewed) },
    { title: t('inspection.passed'), align: 'right' as const, render: (_: unknown, one: T) => count(one.passed) },
    { title: t('inspection.points'), align: 'right' as const, render: (_: unknown, one: T) => one.points ?? '—' },
    { title: t('inspection.findings.short'), align: 'right' as const, render: (_: unknown, one: T) => `${count(one.settled)} / ${count(one.findings)}` },
  ];
}
