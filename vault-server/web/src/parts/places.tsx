// Where one can go, in groups, so that many pages stay findable.
import {
  AuditOutlined, BarChartOutlined, BellOutlined, CalendarOutlined, CameraOutlined, ClockCircleOutlined, CloudUploadOutlined, ContainerOutlined, DatabaseOutlined, ExceptionOutlined, FileDoneOutlined, FileProtectOutlined,
  FileSearchOutlined, FolderOpenOutlined, HomeOutlined, InboxOutlined, NotificationOutlined, PartitionOutlined, QuestionCircleOutlined, SafetyCertificateOutlined, ScheduleOutlined,
  SearchOutlined, SelectOutlined, TeamOutlined, VideoCameraOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Word } from '../words';

export interface Place {
  path: string;
  word: Word;
  icon: ReactNode;
  /** Shown to whom this act of the policy table is open; to everybody without one. */
  act?: string;
}

export interface Group {
  /** Over the places; none for those that stand alone. */
  word?: Word;
  places: Place[];
}

export const GROUPS: Group[] = [
  { places: [
    { path: '/', word: 'nav.todo', icon: <HomeOutlined aria-hidden /> },
    { path: '/figures', word: 'nav.figures', icon: <BarChartOutlined aria-hidden />, act: 'catalogue.read' },
  ] },
  { word: 'group.intake', places: [
    { path: '/upload', word: 'nav.upload', icon: <CloudUploadOutlined aria-hidden />, act: 'intake.take-in' },
    { path: '/tray', word: 'nav.tray', icon: <InboxOutlined aria-hidden />, act: 'intake.label' },
    { path: '/devices', word: 'nav.devices', icon: <CameraOutlined aria-hidden />, act: 'catalogue.read' },
  ] },
  { word: 'group.holdings', places: [
    { path: '/recordings', word: 'nav.recordings', icon: <VideoCameraOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/search', word: 'nav.search', icon: <SearchOutlined aria-hidden />, act: 'catalogue.search' },
    { path: '/cases', word: 'nav.cases', icon: <FolderOpenOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/requests', word: 'nav.requests', icon: <FileSearchOutlined aria-hidden />, act: 'access.request' },
  ] },
  { word: 'group.oversight', places: [
    { path: '/deadlines', word: 'nav.deadlines', icon: <ClockCircleOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/statements', word: 'nav.statements', icon: <FileDoneOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/reviews', word: 'nav.reviews', icon: <FileProtectOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/publicity', word: 'nav.publicity', icon: <NotificationOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/process', word: 'process.title', icon: <PartitionOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/inspections', word: 'nav.inspections', icon: <SelectOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/lapses', word: 'nav.lapses', icon: <ExceptionOutlined aria-hidden />, act: 'catalogue.read' },
  ] },
  { word: 'group.preservation', places: [
    { path: '/integrity', word: 'nav.integrity', icon: <SafetyCertificateOutlined aria-hidden />, act: 'preservation.read-health' },
    { path: '/volumes', word: 'volumes', icon: <DatabaseOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/keeping', word: 'nav.keeping', icon: <ContainerOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/jobs', word: 'nav.jobs', icon: <ScheduleOutlined aria-hidden />, act: 'catalogue.read' },
  ] },
  { word: 'group.administration', places: [
    { path: '/people', word: 'nav.people', icon: <TeamOutlined aria-hidden />, act: 'people.read' },
    { path: '/reminders', word: 'nav.reminders', icon: <BellOutlined aria-hidden />, act: 'reminder.read' },
    { path: '/calendar', word: 'nav.calendar', icon: <CalendarOutlined aria-hidden />, act: 'catalogue.read' },
    { path: '/audit', word: 'nav.audit', icon: <AuditOutlined aria-hidden />, act: 'ledger.read' },
  ] },
  { places: [
    { path: '/help', word: 'nav.help', icon: <QuestionCircleOutlined aria-hidden /> },
  ] },
];
