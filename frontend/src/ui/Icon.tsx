import css from './Icon.module.css';

// Drawn for Porthole on a 24 grid, one stroke width, so that they sit together.
const shapes = {
  apps: <path d="M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z" />,
  audit: <path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01" />,
  back: <path d="m14 7-5 5 5 5" />,
  branch: (
    <>
      <circle cx="7" cy="6" r="2.2" />
      <circle cx="7" cy="18" r="2.2" />
      <circle cx="17" cy="8.5" r="2.2" />
      <path d="M7 8.2v7.6M17 10.7c0 3.3-4 3.6-7.8 5.6" />
    </>
  ),
  both: <path d="M4 12h5l3-5h8M9 12l3 5h8" />,
  cert: (
    <>
      <circle cx="12" cy="9.5" r="5.5" />
      <path d="m8.5 14-1.5 6.5 5-2.5 5 2.5-1.5-6.5" />
      <path d="m10 9.6 1.5 1.5 2.6-2.8" />
    </>
  ),
  channel: (
    <>
      <path d="M20.5 3.5 3.5 10.5l6.5 3 3 6.5z" />
      <path d="m10 13.5 4.5-4.5" />
    </>
  ),
  chat: (
    <>
      <path d="M5 5.5h14v10.5h-7l-4 3.5V16H5z" />
      <path d="M9.5 10.8h.01M14.5 10.8h.01" />
    </>
  ),
  chevron: <path d="m8 10 4 4 4-4" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
      <path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2" />
    </>
  ),
  down: <path d="M12 6v12m-4-4 4 4 4-4" />,
  event: (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M12 7.5V12l3.2 2" />
    </>
  ),
  home: (
    <>
      <path d="M4 11.5 12 5l8 6.5M6 10v9h12v-9" />
      <path d="M10 19v-5h4v5" />
    </>
  ),
  incident: (
    <>
      <circle cx="12" cy="12" r="8" />
      <circle cx="12" cy="12" r="3.2" />
      <path d="m6.5 6.5 3.2 3.2M14.3 14.3l3.2 3.2M17.5 6.5l-3.2 3.2M9.7 14.3l-3.2 3.2" />
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="15.5" r="4" />
      <path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5" />
    </>
  ),
  keys: (
    <>
      <rect x="3.5" y="6.5" width="17" height="11" rx="2" />
      <path d="M7 10h.01M10.3 10h.01M13.6 10h.01M17 10h.01M8 14h8" />
    </>
  ),
  leave: (
    <>
      <path d="M10 5H5.5v14H10" />
      <path d="M10 12h9.5m-3.5-3.5 3.5 3.5-3.5 3.5" />
    </>
  ),
  mail: (
    <>
      <rect x="3.5" y="5.5" width="17" height="13" rx="2" />
      <path d="m4 7 8 6 8-6" />
    </>
  ),
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  more: <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" strokeWidth="2.4" />,
  moon: <path d="M19.5 14A8 8 0 0 1 10 4.5 8 8 0 1 0 19.5 14z" />,
  node: (
    <>
      <rect x="4" y="4.5" width="16" height="6.5" rx="1.8" />
      <rect x="4" y="13" width="16" height="6.5" rx="1.8" />
      <path d="M8 7.8h.01M8 16.2h.01M12 7.8h4M12 16.2h4" />
    </>
  ),
  notice: (
    <>
      <path d="M4 10v4h3l7 4V6l-7 4z" />
      <path d="M17.5 9.5a3.5 3.5 0 0 1 0 5" />
    </>
  ),
  overview: (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M5.2 14.2c2.3-1.2 4.5-1.2 6.8 0s4.5 1.2 6.8 0" />
    </>
  ),
  pen: <path d="m5 19 .8-3.6L16 5.2l2.8 2.8L8.6 18.2zM13.8 7.4l2.8 2.8" />,
  plus: <path d="M12 5v14M5 12h14" />,
  pod: (
    <>
      <path d="m12 3.5 7.5 4.2v8.6L12 20.5l-7.5-4.2V7.7z" />
      <path d="m4.8 7.8 7.2 4.1 7.2-4.1M12 12v8.3" />
    </>
  ),
  request: (
    <>
      <path d="M4 5h16v11H10l-4 3.5V16H4z" />
      <path d="M8 9.5h8M8 12.5h5" />
    </>
  ),
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="m15 15 5 5" />
    </>
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3.5v1.5M12 19v1.5M3.5 12H5M19 12h1.5M6 6l1 1M17 17l1 1M18 6l-1 1M7 17l-1 1" />
    </>
  ),
  up: <path d="M12 18V6m-4 4 4-4 4 4" />,
  users: (
    <>
      <circle cx="9" cy="8.5" r="3.5" />
      <path d="M3 19.5c.4-3.6 2.8-5.5 6-5.5s5.6 1.9 6 5.5" />
      <path d="M15.5 5.4a3.5 3.5 0 0 1 0 6.2M17.5 14.6c2 .7 3.2 2.4 3.5 4.9" />
    </>
  ),
  workload: (
    <>
      <path d="m12 4 8 4-8 4-8-4z" />
      <path d="m4.5 12 7.5 3.8 7.5-3.8M4.5 16l7.5 3.8 7.5-3.8" />
    </>
  ),
  x: <path d="m6.5 6.5 11 11M17.5 6.5l-11 11" />,
};

export type IconName = keyof typeof shapes;

export function Icon({ name, small, className = '' }: { name: IconName; small?: boolean; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`${css.icon} ${small ? css.small : ''} ${className}`}>
      {shapes[name]}
    </svg>
  );
}
