// Rows of a list: a table where there is room, and on a phone one entry after the other, each with the
// names of its columns. Every list of the pages is one of these.
import { Checkbox, Grid, Pagination, Table, type TableProps } from 'antd';
import { type Key, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Wide } from './states';

type Columns<T> = NonNullable<TableProps<T>['columns']>;

interface Props<T> {
  /** What the list is, for those who do not see it. */
  label: string;
  rows: readonly T[];
  rowKey: (string & keyof T) | ((row: T) => Key);
  columns: Columns<T>;
  /** The column that names the row on a phone. */
  lead?: number;
  /** Keys of the rows that are chosen, where some may be. */
  chosen?: string[];
  choose?: (keys: string[]) => void;
  /** What a box is called, and whether it may be ticked. */
  box?: (row: T) => { 'aria-label': string; disabled?: boolean };
  /** What is shown of a row on demand. */
  more?: (row: T) => ReactNode;
  dense?: boolean;
  /** Rows shown at once, where all are here already. */
  page?: number;
}

export function Rows<T extends object>(props: Props<T>) {
  const roomy = Grid.useBreakpoint().md ?? true;
  const [at, setAt] = useState(1);
  const { page = props.rows.length, rows: all } = props;
  const last = Math.max(1, Math.ceil(all.length / Math.max(1, page)));
  const rows = all.slice((Math.min(at, last) - 1) * page, Math.min(at, last) * page);
  return (
    <>
      {roomy ? <Sheet {...props} rows={rows} /> : <Entries {...props} rows={rows} />}
      {last > 1 && <Pagination size="small" align="end" style={{ marginTop: 12 }} current={Math.min(at, last)} pageSize={page} total={all.length} showSizeChanger={false} onChange={setAt} />}
    </>
  );
}

function Sheet<T extends object>(props: Props<T>) {
  const { t } = useTranslation();
  const { label, rows, rowKey, columns, chosen, choose, box, more, dense } = props;
  return (
    <Wide label={label}>
      <Table<T>
        rowKey={rowKey}
        dataSource={rows}
        columns={columns}
        size={dense ? 'small' : 'middle'}
        pagination={false}
        rowSelection={choose && { hideSelectAll: true, selectedRowKeys: chosen, onChange: (keys) => choose(keys.map(String)), getCheckboxProps: box }}
        expandable={more && { expandedRowRender: more, expandIcon: ({ expanded, onExpand, record }) => (
          <button type="button" className="opens" aria-expanded={expanded} aria-label={t(expanded ? 'row.close' : 'row.open')} onClick={(event) => onExpand(record, event)}>{expanded ? '−' : '+'}</button>
        ) }}
      />
    </Wide>
  );
}

/** What a column shows of a row. */
function shown<T extends object>(column: Columns<T>[number], row: T, at: number): ReactNode {
  if ('children' in column) return null;
  const value = column.dataIndex === undefined ? undefined : (row as Record<string, unknown>)[String(column.dataIndex)];
  return (column.render ? column.render(value, row, at) : value) as ReactNode;
}

function Entries<T extends object>({ label, rows, rowKey, columns, lead = 0, chosen, choose, box, more }: Props<T>) {
  const { t } = useTranslation();
  const keyOf = (row: T) => String(typeof rowKey === 'function' ? rowKey(row) : row[rowKey]);
  const told = (column: Columns<T>[number]) => column.title as ReactNode;
  return (
    <ul className="entries" aria-label={label}>
      {rows.map((row, at) => {
        const key = keyOf(row);
        return (
          <li key={key}>
            <div className="lead">
              {choose && <Checkbox {...box?.(row)} checked={chosen?.includes(key)} onChange={(event) => choose(event.target.checked ? [...(chosen ?? []), key] : (chosen ?? []).filter((one) => one !== key))} />}
              <div className="grow">{columns[lead] && shown(columns[lead], row, at)}</div>
            </div>
            <dl>
              {columns.map((column, place) => {
                const value = place === lead ? null : shown(column, row, at);
                if (value === null || value === undefined || value === false || value === '' || value === '—') return null;
                return <div key={place}>{told(column) ? <dt>{told(column)}</dt> : <dt className="none" />}<dd>{value}</dd></div>;
              })}
            </dl>
            {more && <details><summary>{t('row.open')}</summary>{more(row)}</details>}
          </li>
        );
      })}
    </ul>
  );
}
