// The frame of every page: where one is, where one can go, in which language, as whom.
import { CloudUploadOutlined, MenuOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Dropdown, Grid, Layout, Menu, type MenuProps } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate, useNavigationType } from 'react-router';
import { remove } from '../api/client';
import { useName, useSession } from '../api/hooks';
import { now, time } from './format';
import { LanguageSwitch } from './language';
import { GROUPS, type Place } from './places';
import { belongsTo, underWay, useUnderWay } from './uploading';
import { Cover } from './watermark';

type Entries = NonNullable<MenuProps['items']>;

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const name = useName();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { pathname } = useLocation();
  const wide = Grid.useBreakpoint().lg ?? true;
  const [open, setOpen] = useState(false);
  const [opened] = useState(now);

  const main = useRef<HTMLElement>(null);
  const way = useNavigationType();
  const first = useRef(true);
  // A page that one went to begins at its top, for the eye and for the keyboard.
  useEffect(() => {
    if (way === 'PUSH' && !first.current) {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [pathname, way]);

  const groups = GROUPS.map((group) => ({ ...group, places: group.places.filter((place) => !place.act || session.may.includes(place.act)) }))
    .filter((group) => group.places.length > 0);
  const here = groups.flatMap((group) => group.places)
    .filter((place) => place.path === '/' ? pathname === '/' : pathname === place.path || pathname.startsWith(`${place.path}/`)).at(-1);
  const item = (place: Place) => ({
    key: place.path,
    icon: place.icon,
    label: <Link to={place.path} aria-current={place === here ? 'page' : undefined} onClick={() => setOpen(false)}>{t(place.word)}</Link>,
  });
  const menu = (
    <nav aria-label={t('nav.label')}>
      <Menu
        mode="inline"
        inlineIndent={12}
        selectedKeys={here ? [here.path] : []}
        style={{ borderInlineEnd: 0, padding: '10px 6px 24px' }}
        items={groups.flatMap((group): Entries => group.word
          ? [{ key: group.word, type: 'group', label: t(group.word), children: group.places.map(item) }]
          : group.places.map(item))}
      />
    </nav>
  );
  const { modal } = App.useApp();
  useEffect(() => belongsTo(session.login), [session.login]);
  const end = async () => {
    await remove('/session').catch(() => {});
    client.clear();
    navigate('/sign-in');
  };
  const leave = () => underWay() > 0
    ? modal.confirm({ title: t('sign-out'), content: t('upload.leave', { count: underWay() }), okText: t('sign-out'), cancelText: t('cancel'), onOk: end })
    : end();
  const roles = session.roles.map((role) => name('roles', role)).join('、');
  return (
    <Layout style={{ minHeight: '100%' }}>
      <a className="skip" href="#main">{t('skip')}</a>
      <Layout.Header style={{ display: 'flex', alignItems: 'center', gap: 12, borderBottom: '1px solid #e3e6ec', position: 'sticky', top: 0, zIndex: 20 }}>
        {!wide && <Button type="text" icon={<MenuOutlined />} aria-label={t('nav.open')} onClick={() => setOpen(true)} />}
        <Link to="/" className="brand"><img src="/icon.svg" alt="" />{wide ? t('product') : t('product.short')}</Link>
        <div style={{ flex: 1 }} />
        <UnderWay />
        <LanguageSwitch />
        <Dropdown
          trigger={['click']}
          menu={{ items: [{ key: 'who', disabled: true, label: `${session.unit} · ${roles}` }, { key: 'out', label: t('sign-out'), onClick: leave }] }}
        >
          <Button type="text">{session.person}</Button>
        </Dropdown>
      </Layout.Header>
      <Layout style={{ minHeight: 'calc(100vh - 57px)' }}>
        {wide && <Layout.Sider width={204} style={{ borderInlineEnd: '1px solid #e3e6ec', position: 'sticky', top: 56, height: 'calc(100vh - 56px)', overflow: 'auto' }}>{menu}</Layout.Sider>}
        <main id="main" ref={main} tabIndex={-1}>{children}</main>
      </Layout>
      <Cover dark lines={[`${session.person} ${session.unit}`, time(opened)]} />
      <Drawer open={open && !wide} onClose={() => setOpen(false)} placement="left" size={260} title={t('product.short')} styles={{ body: { padding: 0 } }}>
        {menu}
      </Drawer>
    </Layout>
  );
}

/** Tells on every page that files are under way, and asks before the browser leaves them. */
function UnderWay() {
  const { t } = useTranslation();
  const count = useUnderWay();
  useEffect(() => {
    if (count === 0) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [count === 0]);
  return count > 0 && <Link to="/upload" className="under-way"><CloudUploadOutlined aria-hidden /> {t('upload.under-way', { count })}</Link>;
}
