// The frame of every page: where one is, where one can go, in which language, as whom.
import {
  AuditOutlined, CalendarOutlined, CameraOutlined, CloudUploadOutlined, ExceptionOutlined, FileDoneOutlined, FileProtectOutlined, ContainerOutlined, FileSearchOutlined, FolderOpenOutlined, HomeOutlined, InboxOutlined,
  MenuOutlined, QuestionCircleOutlined, SafetyCertificateOutlined, ScheduleOutlined, SearchOutlined, SelectOutlined, TeamOutlined, VideoCameraOutlined,
} from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Dropdown, Grid, Layout, Menu } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { remove } from '../api/client';
import { useName, useSession } from '../api/hooks';
import type { Word } from '../words';
import { time } from './format';
import { LanguageSwitch } from './language';
import { Cover } from './watermark';

interface Place {
  path: string;
  word: Word;
  icon: ReactNode;
  act?: string;
}

const PLACES: Place[] = [
  { path: '/', word: 'nav.todo', icon: <HomeOutlined aria-hidden /> },
  { path: '/upload', word: 'nav.upload', icon: <CloudUploadOutlined aria-hidden />, act: 'intake.take-in' },
  { path: '/tray', word: 'nav.tray', icon: <InboxOutlined aria-hidden />, act: 'intake.label' },
  { path: '/recordings', word: 'nav.recordings', icon: <VideoCameraOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/search', word: 'nav.search', icon: <SearchOutlined aria-hidden />, act: 'catalogue.search' },
  { path: '/cases', word: 'nav.cases', icon: <FolderOpenOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/requests', word: 'nav.requests', icon: <FileSearchOutlined aria-hidden />, act: 'access.request' },
  { path: '/inspections', word: 'nav.inspections', icon: <SelectOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/reviews', word: 'nav.reviews', icon: <FileProtectOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/statements', word: 'nav.statements', icon: <FileDoneOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/lapses', word: 'nav.lapses', icon: <ExceptionOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/devices', word: 'nav.devices', icon: <CameraOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/integrity', word: 'nav.integrity', icon: <SafetyCertificateOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/keeping', word: 'nav.keeping', icon: <ContainerOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/calendar', word: 'nav.calendar', icon: <CalendarOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/jobs', word: 'nav.jobs', icon: <ScheduleOutlined aria-hidden />, act: 'catalogue.read' },
  { path: '/audit', word: 'nav.audit', icon: <AuditOutlined aria-hidden />, act: 'ledger.read' },
  { path: '/people', word: 'nav.people', icon: <TeamOutlined aria-hidden />, act: 'people.read' },
  { path: '/help', word: 'nav.help', icon: <QuestionCircleOutlined aria-hidden /> },
];

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const name = useName();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { pathname } = useLocation();
  const wide = Grid.useBreakpoint().lg ?? true;
  const [open, setOpen] = useState(false);
  const [opened] = useState(() => new Date().toISOString());

  const places = PLACES.filter((place) => !place.act || session.may.includes(place.act));
  const here = places.filter((place) => place.path === '/' ? pathname === '/' : pathname.startsWith(place.path)).at(-1);
  const menu = (
    <nav aria-label={t('nav.label')}>
      <Menu
        mode="inline"
        selectedKeys={here ? [here.path] : []}
        style={{ borderInlineEnd: 0, padding: '8px 6px' }}
        items={places.map((place) => ({
          key: place.path,
          icon: place.icon,
          label: <Link to={place.path} onClick={() => setOpen(false)}>{t(place.word)}</Link>,
        }))}
      />
    </nav>
  );
  const leave = async () => {
    await remove('/session').catch(() => {});
    client.clear();
    navigate('/sign-in');
  };
  const roles = session.roles.map((role) => name('roles', role)).join('、');
  return (
    <Layout style={{ minHeight: '100%' }}>
      <a className="skip" href="#main">{t('skip')}</a>
      <Layout.Header style={{ display: 'flex', alignItems: 'center', gap: 12, borderBottom: '1px solid #e3e6ec', position: 'sticky', top: 0, zIndex: 20 }}>
        {!wide && <Button type="text" icon={<MenuOutlined />} aria-label={t('nav.open')} onClick={() => setOpen(true)} />}
        <Link to="/" className="brand"><img src="/icon.svg" alt="" />{wide ? t('product') : t('product.short')}</Link>
        <div style={{ flex: 1 }} />
        <LanguageSwitch />
        <Dropdown
          trigger={['click']}
          menu={{ items: [{ key: 'who', disabled: true, label: `${session.unit} · ${roles}` }, { key: 'out', label: t('sign-out'), onClick: leave }] }}
        >
          <Button type="text">{session.person}</Button>
        </Dropdown>
      </Layout.Header>
      <Layout style={{ minHeight: 'calc(100vh - 57px)' }}>
        {wide && <Layout.Sider width={212} style={{ borderInlineEnd: '1px solid #e3e6ec', position: 'sticky', top: 56, height: 'calc(100vh - 56px)', overflow: 'auto' }}>{menu}</Layout.Sider>}
        <Layout.Content id="main" role="main">{children}</Layout.Content>
      </Layout>
      <Cover dark lines={[`${session.person} ${session.unit}`, time(opened)]} />
      <Drawer open={open && !wide} onClose={() => setOpen(false)} placement="left" size={260} title={t('product.short')} styles={{ body: { padding: 0 } }}>
        {menu}
      </Drawer>
    </Layout>
  );
}
