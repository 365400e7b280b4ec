import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useViewer } from '~/features/auth/session';
import type { IncidentRow } from '~/features/cluster/feeds/incidents';
import { useNow } from '~/lib/clock';
import { duration, moment } from '~/lib/time';
import { useI18n } from '~/locales';
import type { Standing } from './standing';

/** Says how things stand, as somebody would say it. */
export function Sentence({ standing, lastOpened }: { standing: Standing; lastOpened: string | undefined }) {
  const { t, locale } = useI18n();
  const viewer = useViewer();
  const now = useNow();
  const h = t.home;
  switch (standing.is) {
    case 'wrong':
      return <Wrong open={standing.open} />;
    case 'blind':
      return <Said title={h.blind}>{h.blindWhy}</Said>;
    case 'looking':
      return <Said title={h.looking} />;
    case 'off':
      return <Said title={h.welcome(viewer.displayName)}>{t.cluster.offWhy}</Said>;
    case 'restless':
      return <Said title={h.restless(standing.pods)}>{h.restlessWhy}</Said>;
    case 'quiet':
      return (
        <Said title={h.quiet(viewer.displayName)}>
          {lastOpened ? h.quietSince(moment(locale, Date.parse(lastOpened), now)) : h.quietLong} {h.well(standing.pods)}
        </Said>
      );
  }
}

const Said = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div>
    <h1>{title}</h1>
    {children && <p>{children}</p>}
  </div>
);

function Wrong({ open }: { open: IncidentRow[] }) {
  const { t, locale } = useI18n();
  const now = useNow();
  const [worst] = open;
  if (!worst) return null;
  return (
    <Said title={ended(worst.title)}>
      {t.home.since(duration(locale, now - Date.parse(worst.openedAt)))}{' '}
      <Link to="/incidents/$number" params={{ number: String(worst.number) }}>
        {t.home.readStory}
      </Link>
      <br />
      {open.length > 1 ? t.home.others(open.length - 1) : t.home.nothingElse}
    </Said>
  );
}

const ended = (title: string) => (/[.!?。]$/.test(title) ? title : `${title}.`);
