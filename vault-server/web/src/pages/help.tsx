// Help: what each role does, one's own first.
import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCodes, useName, useSession } from '../api/hooks';
import { Head } from '../parts/states';

const HELD = ['custodian', 'handler', 'in-charge', 'principal', 'archivist', 'inspector', 'device-manager', 'recipient', 'system-administrator', 'security-administrator', 'audit-administrator'];

/** Pictures that the journeys of tests/journeys.mjs took, by role. */
const PICTURES: Record<string, string> = {
  custodian: 'custodian-upload', handler: 'handler-watches', 'in-charge': 'leader-phone',
  principal: 'leader-phone', inspector: 'inspector-draws', recipient: 'court-verifies',
};

export function Help() {
  const { t } = useTranslation();
  const session = useSession();
  const name = useName();
  useCodes();
  const own = HELD.filter((role) => session.roles.includes(role));
  const roles = [...own, ...HELD.filter((role) => !own.includes(role))];
  return (
    <div className="page slim">
      <Head title={t('nav.help')} sub={t('help.sub')} />
      <Card size="small" title={t('help.rules')} style={{ marginBottom: 16 }}>
        <ul style={{ lineHeight: 1.9, margin: 0 }}>{t('help.rules.lines').split('\n').map((line, index) => <li key={index}>{line}</li>)}</ul>
      </Card>
      {roles.map((role) => (
        <details key={role} open={own.includes(role)} className="role">
          <summary>{name('roles', role)}</summary>
          <ol>{t(`help.${role}`).split('\n').map((line, index) => <li key={index}>{line}</li>)}</ol>
          {PICTURES[role] && (
            <img src={`/help/${PICTURES[role]}.jpg`} loading="lazy" alt={t('help.picture', { role: name('roles', role) })} />
          )}
        </details>
      ))}
    </div>
  );
}
