import css from './Avatar.module.css';

/** Given names for Hangul (서민아 → 민아), first letters otherwise (Mina Seo → MS). */
export function initials(name: string) {
  const trimmed = name.trim();
  if (/^[가-힣]{2,}/.test(trimmed)) return trimmed.length > 2 ? trimmed.replace(/\s.*/, '').slice(-2) : trimmed;
  const words = trimmed.split(/\s+/);
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}` : trimmed.slice(0, 2);
  return letters.toUpperCase();
}

export function Avatar({ name, size }: { name: string; size?: 'large' }) {
  return (
    <span className={`${css.avatar} ${size ? css.large : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
