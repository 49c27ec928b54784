import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isolated } from './bidi.ts';
import en from './en.json';
import { number } from './formats.ts';

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  initAsync: false,
  // React escapes markup; what is left is a name that would turn the words around it.
  interpolation: { escapeValue: true, escape: isolated },
});

// `{{count, number}}` in the catalogue.
i18next.services.formatter?.add('number', (value: unknown) => (typeof value === 'number' ? number(value) : String(value)));

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

export const i18n = i18next;
export const t = i18next.t;
