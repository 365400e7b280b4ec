import type { ReactNode } from 'react';

// Named as Tabler names them, drawn on a 24 grid in one stroke width as the other icons are.
export const pageIcons: Record<string, ReactNode> = {
  apps: <path d="M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM16.5 13.5v6M13.5 16.5h6" />,
  book: <path d="M12 6.5c-2-1.5-4.5-2-8-2v13c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2v-13c-3.5 0-6 .5-8 2zM12 6.5v13" />,
  box: <path d="M4 8h16v11.5H4zM4 8l2-3.5h12L20 8M9.5 12h5" />,
  'brand-git': (
    <>
      <circle cx="7" cy="6" r="2" />
      <circle cx="7" cy="18" r="2" />
      <circle cx="17" cy="9" r="2" />
      <path d="M7 8v8M17 11c0 3-4 2.5-9.4 5.5" />
    </>
  ),
  calendar: <path d="M4.5 6h15v13.5h-15zM4.5 10.5h15M8.5 3.5v4M15.5 3.5v4" />,
  camera: (
    <>
      <path d="M4 7.5h4l1.5-2.5h5L16 7.5h4v11.5H4z" />
      <circle cx="12" cy="13" r="3.2" />
    </>
  ),
  'chart-bar': <path d="M4.5 19.5h15M7 16v-5M12 16V6M17 16v-8" />,
  'chart-line': (
    <>
      <path d="M4.5 4.5v15h15" />
      <path d="m8 15 3.5-4.5 3 2.5 4-5.5" />
    </>
  ),
  cloud: <path d="M7 18.5a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.7 1.2A3.5 3.5 0 0 1 17 18.5z" />,
  code: <path d="m8.5 7.5-5 4.5 5 4.5M15.5 7.5l5 4.5-5 4.5" />,
  database: (
    <>
      <ellipse cx="12" cy="6.5" rx="7" ry="2.8" />
      <path d="M5 6.5v11c0 1.5 3.1 2.8 7 2.8s7-1.3 7-2.8v-11M5 12c0 1.5 3.1 2.8 7 2.8s7-1.3 7-2.8" />
    </>
  ),
  'file-text': <path d="M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5v5h5M9 13h6M9 16.5h4" />,
  folder: <path d="M3.5 6.5h6l2 2.5h9v10h-17z" />,
  heart: <path d="M12 19.5 4.8 12.3a4.3 4.3 0 0 1 6.1-6.1L12 7.3l1.1-1.1a4.3 4.3 0 0 1 6.1 6.1z" />,
  home: <path d="M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5" />,
  key: (
    <>
      <circle cx="8" cy="15.5" r="4" />
      <path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5" />
    </>
  ),
  mail: <path d="M3.5 5.5h17v13h-17zM4 7l8 6 8-6" />,
  message: <path d="M4 5h16v11H10l-4 3.5V16H4zM8 9.5h8M8 12.5h5" />,
  movie: <path d="M3.5 5h17v14h-17zM10 9l5 3-5 3z" />,
  music: (
    <>
      <circle cx="7" cy="17" r="2.5" />
      <circle cx="17" cy="15" r="2.5" />
      <path d="M9.5 17V6.5l10-2V15" />
    </>
  ),
  network: (
    <>
      <circle cx="12" cy="6" r="2.5" />
      <circle cx="6" cy="17.5" r="2.5" />
      <circle cx="18" cy="17.5" r="2.5" />
      <path d="M10.8 8.2 7.2 15.3M13.2 8.2l3.6 7.1M8.5 17.5h7" />
    </>
  ),
  photo: (
    <>
      <path d="M3.5 5h17v14h-17z" />
      <circle cx="8.5" cy="10" r="1.5" />
      <path d="m4 17 5-4 3 2 4-4 4.5 4" />
    </>
  ),
  robot: <path d="M6 8.5h12v9H6zM12 8.5V5M9.5 12.5h.01M14.5 12.5h.01M10 15.2h4M3.5 11.5v3M20.5 11.5v3" />,
  rocket: (
    <>
      <path d="M12 3.5c3.5 2.5 5 6 4.5 10.5h-9C7 9.5 8.5 6 12 3.5z" />
      <path d="M7.5 11.5 5 14v3.5l3-1.5M16.5 11.5 19 14v3.5l-3-1.5M12 17v3.5" />
    </>
  ),
  server: <path d="M4 4.5h16V11H4zM4 13h16v6.5H4zM8 7.8h.01M8 16.2h.01M12 7.8h4M12 16.2h4" />,
  settings: (
    <>
      <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="17" r="2" />
    </>
  ),
  shield: <path d="M12 3.5 5 6v5.5c0 4 2.8 7.2 7 9 4.2-1.8 7-5 7-9V6z" />,
  terminal: <path d="m5 7.5 5 4.5-5 4.5M12 17.5h7" />,
  users: (
    <>
      <circle cx="9" cy="8.5" r="3.5" />
      <path d="M3 19.5c.4-3.6 2.8-5.5 6-5.5s5.6 1.9 6 5.5M15.5 5.4a3.5 3.5 0 0 1 0 6.2M17.5 14.6c2 .7 3.2 2.4 3.5 4.9" />
    </>
  ),
  world: (
    <>
      <circle cx="12" cy="12" r="8" />
      <path d="M4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16" />
    </>
  ),
};
