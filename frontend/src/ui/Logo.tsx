export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="13.4" fill="none" stroke="currentColor" strokeWidth="3.2" />
      <path d="M6.7 16.9c3.1-1.7 6.2-1.7 9.3 0s6.2 1.7 9.3 0A9.35 9.35 0 0 1 6.7 16.9z" fill="currentColor" />
    </svg>
  );
}
