import { useTranslation } from '../i18n/index.ts';
import settings from '../settings/settings.module.css';
import { useStore } from '../ui/useStore.ts';
import { setTheme, theme, type Theme } from '../ui/theme.ts';
import css from './account.module.css';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** How the page looks in this browser. */
export function Appearance() {
  const { t } = useTranslation();
  const now = useStore(theme, (value) => value);
  return (
    <section className={settings.section} aria-labelledby="appearance">
      <h2 id="appearance" className={settings.title}>
        {t('settings.appearance')}
      </h2>
      <fieldset className={css.themes}>
        <legend className={settings.subtitle}>{t('theme.title')}</legend>
        {THEMES.map((one) => (
          <label key={one} className={css.theme} data-on={one === now}>
            <input type="radio" name="theme" checked={one === now} onChange={() => setTheme(one)} />
            <span className={css.swatch} data-theme={one} aria-hidden="true" />
            <span className={css.themeName}>
              {t(`theme.${one}`)}
              <span className={css.themeText}>{t(`themeText.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </section>
  );
}
