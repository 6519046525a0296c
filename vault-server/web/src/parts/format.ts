// Numbers and times as people read them.
import i18next from 'i18next';
import { language } from '../words';

export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  let value = bytes;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at += 1;
  }
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}

/** Beijing time, whatever the browser's zone. */
export function time(text: string | null | undefined): string {
  return text ? text.slice(0, 19).replace('T', ' ') : '—';
}

/** The same to the minute, for lists. */
export function minute(text: string | null | undefined): string {
  return time(text).slice(0, 16);
}

/** The present, in Beijing time, as the service writes times. */
export function now(): string {
  return new Date(Date.now() + 8 * 3_600_000).toISOString();
}

export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export function short(id: string): string {
  return id.slice(0, 12);
}

export function count(number: number): string {
  return number.toLocaleString(language());
}

/** What is missing between two parts, in minutes and seconds. */
export function stretch(ms: number): string {
  return clock(Math.abs(ms));
}

/** Articles as people cite them: `A3.15` is article 15 of annex 3. */
export function articles(codes: string): string {
  const listed = language() === 'zh-CN' ? codes.replaceAll(', ', '、') : codes;
  return listed.replace(/A(\d)\.([\d一二三四五六七八九十]+)/g, (_, annex: string, article: string) =>
    i18next.t('article', { annex, article }));
}
