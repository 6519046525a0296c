// Which of a list is shown: a few kinds of rows to choose from, the choice kept in the address.
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

export interface Choice<T> { value: string; words: string; fits: (row: T) => boolean }

/** The rows of what was chosen, and the choice as an element; everything where nothing was. */
export function useWhich<T>(rows: T[], label: string, choices: Choice<T>[]) {
  const { t } = useTranslation();
  const [place, setPlace] = useSearchParams();
  const chosen = choices.find((one) => one.value === place.get('which'));
  const choose = (value: string | number) => {
    const rest = [...place].filter(([key]) => key !== 'which');
    setPlace([...rest, ...(value === 'all' ? [] : [['which', String(value)] as [string, string]])]);
  };
  const options = [{ value: 'all', label: t('which.all') }, ...choices.map((one) => ({ value: one.value, label: t(one.words) }))];
  return {
    rows: chosen ? rows.filter(chosen.fits) : rows,
    which: <Segmented aria-label={label} className="which" value={chosen?.value ?? 'all'} onChange={choose} options={options} />,
  };
}
