// The whole: language, theme, who is signed in, and which page.
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { App as Messages, ConfigProvider, Spin } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { Suspense, lazy, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Navigate, Outlet, Route, Routes, useLocation, useNavigate } from 'react-router';
import { Problem, call, onSignedOut } from './api/client';
import { SessionContext } from './api/hooks';
import type { Session } from './api/types';
import { Confirmation } from './parts/confirmation';
import { Shell } from './parts/shell';
import { Nowhere, Trouble } from './parts/states';
import { theme } from './theme';

const page = (load: () => Promise<Record<string, React.ComponentType>>, name: string) =>
  lazy(async () => ({ default: (await load())[name] as React.ComponentType }));

const SignIn = page(() => import('./pages/sign-in'), 'SignIn');
const SetUp = page(() => import('./pages/set-up'), 'SetUp');
const Todo = page(() => import('./pages/todo'), 'Todo');
const UploadPage = page(() => import('./pages/upload'), 'UploadPage');
const Tray = page(() => import('./pages/tray'), 'Tray');
const Recordings = page(() => import('./pages/recordings'), 'Recordings');
const RecordingPage = page(() => import('./pages/recording'), 'RecordingPage');
const ContactSheet = page(() => import('./pages/sheet'), 'ContactSheet');
const Editor = page(() => import('./pages/editor'), 'Editor');
const Search = page(() => import('./pages/search'), 'Search');
const Cases = page(() => import('./pages/cases'), 'Cases');
const CasePage = page(() => import('./pages/case'), 'CasePage');
const Requests = page(() => import('./pages/requests'), 'Requests');
const RequestPage = page(() => import('./pages/request'), 'RequestPage');
const Apply = page(() => import('./pages/apply'), 'Apply');
const People = page(() => import('./pages/people'), 'People');
const Audit = page(() => import('./pages/audit'), 'Audit');
const IntegrityPage = page(() => import('./pages/integrity'), 'IntegrityPage');
const Jobs = page(() => import('./pages/jobs'), 'Jobs');
const Keeping = page(() => import('./pages/keeping'), 'Keeping');
const Volumes = page(() => import('./pages/volumes'), 'Volumes');
const Inspections = page(() => import('./pages/inspections'), 'Inspections');
const InspectionPage = page(() => import('./pages/inspection'), 'InspectionPage');
const DevicesPage = page(() => import('./pages/devices'), 'DevicesPage');
const Statements = page(() => import('./pages/statements'), 'Statements');
const Reviews = page(() => import('./pages/reviews'), 'Reviews');
const ProcessPage = page(() => import('./pages/process'), 'ProcessPage');
const PublicityPage = page(() => import('./pages/publicity'), 'PublicityPage');
const CalendarPage = page(() => import('./pages/calendar'), 'CalendarPage');
const Figures = page(() => import('./pages/figures'), 'Figures');
const Deadlines = page(() => import('./pages/deadlines'), 'Deadlines');
const Reminders = page(() => import('./pages/reminders'), 'Reminders');
const Lapses = page(() => import('./pages/lapses'), 'Lapses');
const PickUp = page(() => import('./pages/pick-up'), 'PickUp');
const Help = page(() => import('./pages/help'), 'Help');

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
      refetchOnWindowFocus: false,
      staleTime: 10_000,
    },
  },
});

const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';

function Inside() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: () => call<Session>('/session', { quiet: true }),
    staleTime: 60_000,
  });
  const back = `/sign-in?next=${encodeURIComponent(pathname + search)}`;
  useEffect(() => onSignedOut(() => {
    client.clear();
    navigate(back);
  }), [client, navigate, back]);
  if (isPending) return <div className="front"><Spin size="large" /></div>;
  if (error instanceof Problem && error.code === 'sign-in-needed') return <Navigate to={back} replace />;
  if (error || !data) return <div className="front"><Trouble error={error} retry={refetch} whole /></div>;
  return (
    <SessionContext.Provider value={data}>
      <Confirmation />
      <Shell>
        <Suspense fallback={<div className="page"><Spin /></div>}><Outlet /></Suspense>
      </Shell>
    </SessionContext.Provider>
  );
}

function Outside() {
  return <Suspense fallback={<div className="front"><Spin /></div>}><Outlet /></Suspense>;
}

export function App() {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      theme={theme}
      locale={i18n.language === 'en' ? enUS : zhCN}
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
    >
      <Messages>
        <QueryClientProvider client={queries}>
          <BrowserRouter>
            <Routes>
              <Route element={<Outside />}>
                <Route path="/sign-in" element={<SignIn />} />
                <Route path="/set-up" element={<SetUp />} />
                <Route path="/pick-up" element={<PickUp />} />
              </Route>
              <Route element={<Inside />}>
                <Route path="/" element={<Todo />} />
                <Route path="/upload" element={<UploadPage />} />
                <Route path="/tray" element={<Tray />} />
                <Route path="/recordings" element={<Recordings />} />
                <Route path="/recordings/:id" element={<RecordingPage />} />
                <Route path="/recordings/:id/transcript" element={<Editor />} />
                <Route path="/recordings/:id/sheet" element={<ContactSheet />} />
                <Route path="/search" element={<Search />} />
                <Route path="/cases" element={<Cases />} />
                <Route path="/cases/:case" element={<CasePage />} />
                <Route path="/requests" element={<Requests />} />
                <Route path="/requests/:id" element={<RequestPage />} />
                <Route path="/apply" element={<Apply />} />
                <Route path="/people" element={<People />} />
                <Route path="/audit" element={<Audit />} />
                <Route path="/integrity" element={<IntegrityPage />} />
                <Route path="/jobs" element={<Jobs />} />
                <Route path="/keeping" element={<Keeping />} />
                <Route path="/volumes" element={<Volumes />} />
                <Route path="/inspections" element={<Inspections />} />
                <Route path="/inspections/:id" element={<InspectionPage />} />
                <Route path="/devices" element={<DevicesPage />} />
                <Route path="/statements" element={<Statements />} />
                <Route path="/reviews" element={<Reviews />} />
                <Route path="/process" element={<ProcessPage />} />
                <Route path="/publicity" element={<PublicityPage />} />
                <Route path="/calendar" element={<CalendarPage />} />
                <Route path="/lapses" element={<Lapses />} />
                <Route path="/figures" element={<Figures />} />
                <Route path="/deadlines" element={<Deadlines />} />
                <Route path="/reminders" element={<Reminders />} />
                <Route path="/help" element={<Help />} />
                <Route path="*" element={<Nowhere />} />
              </Route>
            </Routes>
          </BrowserRouter>
        </QueryClientProvider>
      </Messages>
    </ConfigProvider>
  );
}
