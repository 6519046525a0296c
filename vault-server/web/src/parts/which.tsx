// Which of a list is shown: a few kinds of rows to choose from, the choice kept in the address. Of a
// list that comes in pages, further ones are asked for until a page of what was chosen is there.
import { Segmented } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

export interface Choice<T> { value: string; words: string; fits: (row: T) => boolean }

/** A list that comes in pages. */
interface Paged { hasNextPage: boolean; isFetchingNextPage: boolean; isFetchNextPageError: boolean; fetchNextPage: () => unknown }

/** Rows of what was chosen that are looked for before somebody asks for more. */
const WANTED = 25;

/** The rows of what was chosen, and the choice as an element; everything where nothing was. */
export function useWhich<T>(rows: T[], label: string, choices: Choice<T>[], paged?: Paged) {
  const { t } = useTranslation();
  const [place, setPlace] = useSearchParams();
  const chosen = choices.find((one) => one.value === place.get('which'));
  const choose = (value: string | number) => {
    const rest = [...place].filter(([key]) => key !== 'which');
    setPlace([...rest, ...(value === 'all' ? [] : [['which', String(value)] as [string, string]])]);
  };
  const options = [{ value: 'all', label: t('which.all') }, ...choices.map((one) => ({ value: one.value, label: t(one.words) }))];
  const fitting = chosen ? rows.filter(chosen.fits) : rows;
  const lacking = Boolean(chosen) && fitting.length < WANTED && paged?.hasNextPage && !paged.isFetchingNextPage && !paged.isFetchNextPageError;
  useEffect(() => {
    if (lacking) paged?.fetchNextPage();
  });
  return {
    rows: fitting,
    which: <Segmented aria-label={label} className="which" value={chosen?.value ?? 'all'} onChange={choose} options={options} />,
  };
}
