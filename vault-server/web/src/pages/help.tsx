// Help: a page for each role, beginning with one's own.
import { Card, Grid, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCodes, useName, useSession } from '../api/hooks';
import { Head } from '../parts/states';

const HELD = ['custodian', 'handler', 'in-charge', 'principal', 'archivist', 'inspector', 'device-manager', 'recipient', 'system-administrator', 'security-administrator', 'audit-administrator'];

export function Help() {
  const { t } = useTranslation();
  const session = useSession();
  const name = useName();
  useCodes();
  const wide = Grid.useBreakpoint().md ?? true;
  const own = HELD.find((role) => session.roles.includes(role)) ?? 'handler';
  return (
    <div className="page" style={{ maxWidth: 900 }}>
      <Head title={t('nav.help')} sub={t('help.sub')} />
      <Card>
        <Tabs defaultActiveKey={own} tabPlacement={wide ? 'start' : 'top'} items={HELD.map((role) => ({
          key: role,
          label: name('roles', role),
          children: <ol style={{ lineHeight: 1.9 }}>{t(`help.${role}`).split('\n').map((line, index) => <li key={index}>{line}</li>)}</ol>,
        }))} />
      </Card>
      <Card style={{ marginTop: 16 }} title={t('help.rules')}>
        <ul style={{ lineHeight: 1.9, margin: 0 }}>{t('help.rules.lines').split('\n').map((line, index) => <li key={index}>{line}</li>)}</ul>
      </Card>
    </div>
  );
}
