import { createContext, type ReactNode, use, useState, useTransition } from 'react';
import { remembered } from '~/lib/storage';
import type { Locale } from '~/lib/time';
import type { Messages } from './en';

const catalogues: Record<Locale, () => Promise<Messages>> = {
  en: () => import('./en').then((module) => module.en),
  ko: () => import('./ko').then((module) => module.ko),
};

type Value = { t: Messages; locale: Locale; setLocale(locale: Locale): void };
const Context = createContext<Value | null>(null);

export function useI18n() {
  const value = use(Context);
  if (!value) throw new Error('I18nProvider is missing');
  return value;
}

/** boot.js chose it before the first paint. */
export const bootLocale = (): Locale => (document.documentElement.lang === 'ko' ? 'ko' : 'en');
export const loadMessages = (locale: Locale) => catalogues[locale]();
/** As the schema writes it, for the texts that the server keeps in both languages. */
export const useServerLocale = () => (useI18n().locale === 'ko' ? 'KO' : 'EN');

type Props = { initial: { locale: Locale; t: Messages }; children: ReactNode };

export function I18nProvider({ initial, children }: Props) {
  const [chosen, choose] = useState(initial);
  const [, start] = useTransition();
  const setLocale = (locale: Locale) =>
    start(async () => {
      const t = await loadMessages(locale);
      document.documentElement.lang = locale;
      remembered.set('porthole-locale', locale);
      choose({ locale, t });
    });
  return <Context value={{ ...chosen, setLocale }}>{children}</Context>;
}
