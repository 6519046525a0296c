// What pages ask of the service, kept while they are open.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { language } from '../words';
import { get } from './client';
import type { Code, Codes, Listed, Session } from './types';

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in; pages behind the sign-in have somebody. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session');
  return session;
}

export function useMay(act: string): boolean {
  return useContext(SessionContext)?.may.includes(act) ?? false;
}

export function useCodes(): (family: string) => Code[] {
  const { data } = useQuery({ queryKey: ['codes'], queryFn: () => get<Codes>('/codes'), staleTime: Infinity });
  return (family) => data?.[family] ?? [];
}

/** The words of a code in the language of the page. */
export function useName(): (family: string, code: string) => string {
  const codes = useCodes();
  return (family, code) => {
    const found = codes(family).find((one) => one.code === code);
    if (!found) return code;
    return language() === 'en' ? found.en : found.zh;
  };
}

/** A list that is paged by key. */
export function usePaged<T>(key: unknown[], path: string, enabled = true) {
  const query = useInfiniteQuery({
    queryKey: key,
    enabled,
    initialPageParam: null as number | null,
    queryFn: ({ pageParam }) => {
      const sign = path.includes('?') ? '&' : '?';
      return get<Listed<T>>(pageParam === null ? path : `${path}${sign}after=${pageParam}`);
    },
    getNextPageParam: (page) => page.next,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}
