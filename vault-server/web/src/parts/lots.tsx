// The draw of an inspection: who bound himself, what was frozen, and how anybody draws it again.
import { App, Button, Card, Descriptions, Input, Modal, Space } from 'antd';
import { Sha256 } from 'package-digests';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../api/client';
import { useMay, useName } from '../api/hooks';
import type { Inspection } from '../api/types';
import { count, time } from './format';
import { Digest } from './small';

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A number and its commitment, as docs/formats/draw.md has them; made in this browser, over plain HTTP too. */
function lot(inspection: string, party: string): { number: string; commitment: string } {
  const number = hex(crypto.getRandomValues(new Uint8Array(32)));
  const digest = new Sha256();
  digest.update(new TextEncoder().encode(`vault inspection commitment v1\n${inspection}\n${party}\n${number}\n`));
  return { number, commitment: hex(digest.finish()) };
}

function keep(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function Lots({ row, act }: { row: Inspection; act: (work: () => Promise<unknown>) => Promise<void> }) {
  const { t } = useTranslation();
  const name = useName();
  const { modal } = App.useApp();
  const [part, draw, inspects] = [useMay('inspection.take-part'), useMay('inspection.draw'), useMay('inspection.plan')];
  const [opening, setOpening] = useState(false);
  const [number, setNumber] = useState('');
  const party = inspects ? 'inspector' : 'inspected';
  const own = row.bound.find((one) => one.party === party);
  const path = `/inspections/${row.inspection}`;
  const bind = () => {
    const made = lot(row.inspection, party);
    keep(`${t('lot.file')}-${row.inspection.slice(0, 8)}-${party}.txt`, `${made.number}\n`);
    modal.confirm({
      title: t('lot.kept'), content: <><p>{t('lot.kept.why')}</p><code style={{ overflowWrap: 'anywhere' }}>{made.number}</code></>,
      okText: t('lot.commit'), cancelText: t('cancel'),
      onOk: () => act(() => post(`${path}/commitments`, { party, value: made.commitment })),
    });
  };
  const reveal = () => act(() => post(`${path}/numbers`, { party, value: number.trim() })).then(() => setOpening(false));
  const facts = [
    ...row.bound.map((one) => ({ key: one.party, label: name('parties', one.party), children: (
      <>{one.person} <span className="quiet">{time(one.at)}</span><div>{t('lot.commitment')} <Digest text={one.commitment} /></div>
        <div>{t('lot.number')} {one.number ? <Digest text={one.number} /> : <span className="quiet">{t('lot.sealed')}</span>}</div></>
    ) })),
    ...(row.population ? [{ key: 'p', label: t('inspection.items'), children: <>{count(row.items ?? 0)} <Digest text={row.population} /> <Button type="link" size="small" href={`/api/v1${path}/population`} download={`${row.inspection}.txt`}>{t('lot.population')}</Button></> }] : []),
    ...(row.seed ? [{ key: 'r', label: t('lot.root'), children: <Digest text={row.root} /> }, { key: 's', label: t('lot.seed'), children: <Digest text={row.seed} /> }] : []),
  ];
  return (
    <Card size="small" title={t('lot.title')} extra={(
      <Space>
        {row.state === 'approved' && part && !own && <Button type="primary" onClick={bind}>{t('lot.bind')}</Button>}
        {row.state === 'approved' && draw && row.bound.length === 2 && <Button type="primary" onClick={() => act(() => post(`${path}/freeze`))}>{t('lot.freeze')}</Button>}
        {row.state === 'frozen' && part && own && !own.number && <Button type="primary" onClick={() => setOpening(true)}>{t('lot.reveal')}</Button>}
        {row.state === 'frozen' && draw && row.bound.every((one) => one.number) && <Button type="primary" onClick={() => act(() => post(`${path}/draw`))}>{t('lot.draw')}</Button>}
      </Space>
    )}>
      <p className="quiet">{t('lot.why')}</p>
      {facts.length > 0 && <Descriptions size="small" bordered column={1} items={facts} />}
      <Modal open={opening} title={t('lot.reveal')} okText={t('do')} cancelText={t('cancel')} okButtonProps={{ disabled: !/^\s*[0-9a-fA-F]{64}\s*$/.test(number) }}
        onCancel={() => setOpening(false)} onOk={reveal} afterClose={() => setNumber('')} destroyOnHidden>
        <label htmlFor="number">{t('lot.number.given')}</label>
        <Input id="number" autoComplete="off" value={number} onChange={(event) => setNumber(event.target.value)} />
      </Modal>
    </Card>
  );
}
