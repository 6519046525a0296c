// Recordings that wait for their labels: several at once get the same.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../api/client';
import { usePaged } from '../api/hooks';
import type { Due, Listed, Recording } from '../api/types';
import { DueTag } from '../parts/deadline';
import { useFailings } from '../parts/failings';
import { size, minute } from '../parts/format';
import { LabelsForm, useLabels } from '../parts/labels';
import { RecordingLink } from '../parts/small';
import { Rows } from '../parts/rows';
import { Head, More, Shown, Trouble } from '../parts/states';

export function Tray() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const query = usePaged<Recording>(['tray-list'], '/tray');
  const terms = useQuery({ queryKey: ['deadlines'], queryFn: () => get<Listed<Due>>('/deadlines') });
  const due = new Map((terms.data?.items ?? []).map((one) => [one.subject, one]));
  const [chosen, setChosen] = useState<string[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const labels = useLabels();
  const { summary, failed, clear } = useFailings(labels.form);

  const give = async () => {
    const said = await labels.form.validateFields().catch((found) => { failed(found); return null; });
    if (!said) return;
    setBusy(true);
    clear();
    setProblem(null);
    try {
      for (const id of chosen) await patch(`/recordings/${id}/labels`, Object.fromEntries(Object.entries(said).filter(([, text]) => text)));
      message.success(t('tray.done', { count: chosen.length }));
      setChosen([]);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
      client.invalidateQueries({ queryKey: ['tray'] });
      query.refetch();
    }
  };
  return (
    <div className="page">
      <Head title={t('nav.tray')} sub={t('tray.sub')} article="A2.18(一)1" table="/tray" />
      <Shown pending={query.isPending} error={query.error} retry={query.refetch} empty={query.items.length === 0} nothing={t('tray.none')}>
        <div className="stack">
          <Rows<Recording> label={t('nav.tray')} rowKey="recording" rows={query.items} chosen={chosen} choose={setChosen} box={(row) => ({ 'aria-label': row.name })} columns={[
              { title: t('name'), render: (_, row) => <RecordingLink id={row.recording} name={row.name} /> },
              { title: t('due'), render: (_, row) => { const one = due.get(row.recording); return one && <DueTag due={one} />; } },
              { title: t('size'), align: 'right', render: (_, row) => size(row.bytes) },
              { title: t('device'), dataIndex: 'device' },
              { title: t('received'), render: (_, row) => minute(row.received) },
            ]}
          />
          <More query={query} />
          <Card title={t('tray.labels', { count: chosen.length })}>
            {problem !== null && <Trouble error={problem} />}
            {summary}
            <LabelsForm labels={labels} required />
            <Button type="primary" disabled={chosen.length === 0} loading={busy} onClick={give}>{t('tray.give')}</Button>
          </Card>
        </div>
      </Shown>
    </div>
  );
}
