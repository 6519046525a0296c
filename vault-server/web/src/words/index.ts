// The words of the pages, Chinese first, English beside it. No page has words of its own.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import zh from './zh-CN.json';
import en from './en.json';

export type Language = 'zh-CN' | 'en';
export type Word = keyof typeof zh;

const KEPT = 'language';

function chosen(): Language {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept === 'zh-CN' || kept === 'en') return kept;
  } catch {
    // A browser that keeps nothing starts in Chinese each time.
  }
  return 'zh-CN';
}

/** Marks every word, so that one that comes from nowhere shows (the pseudo-locale of the tests). */
function pseudo(words: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([key, text]) => [key, text.split('\n').map((line) => `[${line}]`).join('\n')]));
}

export async function prepare(): Promise<void> {
  const marked = new URLSearchParams(location.search).has('pseudo');
  await i18next.use(initReactI18next).init({
    lng: chosen(),
    fallbackLng: 'zh-CN',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
    resources: {
      'zh-CN': { translation: marked ? pseudo(zh) : zh },
      en: { translation: marked ? pseudo(en) : en },
    },
  });
  document.documentElement.lang = i18next.language;
}

export async function speak(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Not kept, as above.
  }
}

export function language(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN';
}
