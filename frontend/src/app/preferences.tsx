import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useI18n } from '~/locales';
import { Button, IconButton } from '~/ui/Button';
import css from './preferences.module.css';

/** Names the other language in itself: whoever needs it can read it. */
export function LanguageButton({ wide }: { wide?: boolean }) {
  const { t, locale, setLocale } = useI18n();
  const other = locale === 'ko' ? 'en' : 'ko';
  const props = { lang: other, onClick: () => setLocale(other), children: t.app.otherLanguage };
  return wide ? <Button {...props} /> : <button type="button" className={css.language} {...props} />;
}

export function ThemeButton({ wide }: { wide?: boolean }) {
  const { t } = useI18n();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const toggle = () => setColorScheme(dark ? 'light' : 'dark');
  if (wide) {
    return (
      <Button icon={dark ? 'sun' : 'moon'} onClick={toggle}>
        {dark ? t.app.light : t.app.dark}
      </Button>
    );
  }
  return <IconButton icon={dark ? 'sun' : 'moon'} label={dark ? t.app.toLight : t.app.toDark} onClick={toggle} />;
}
