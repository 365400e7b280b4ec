// Blocking and external, because script-src is 'self': sets theme and language before the first paint.
(() => {
  const root = document.documentElement;
  let theme = 'auto';
  let locale = null;
  try {
    theme = localStorage.getItem('mantine-color-scheme-value') || 'auto';
    locale = localStorage.getItem('porthole-locale');
  } catch {
    // Storage may be forbidden; the defaults do.
  }
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.lang = locale || (navigator.language.slice(0, 2) === 'ko' ? 'ko' : 'en');
})();
