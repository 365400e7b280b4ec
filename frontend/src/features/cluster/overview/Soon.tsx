import { Link } from '@tanstack/react-router';
import { useNow } from '~/lib/clock';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import { Lifetime, leftInWords } from '../certificates/Lifetime';
import { certificateFeed, certificatesByNeed } from '../feeds/certificates';
import { eventFeed } from '../feeds/events';
import { ObjectLink } from '../links';
import { text } from '../list/order';
import css from './OverviewPage.module.css';

const FEW = 6;

/** What the cluster warned of most recently. */
export function Warnings() {
  const { t } = useI18n();
  const o = t.overview;
  useFeed(eventFeed);
  const warnings = [...eventFeed.rows.values()]
    .filter(({ warning }) => warning)
    .sort((a, b) => text(b.lastSeenAt, a.lastSeenAt));
  if (eventFeed.phase !== 'ready') return null;
  return (
    <section>
      <h2>{o.warnings}</h2>
      {!warnings.length && <p className={css.none}>{o.noWarnings}</p>}
      <ul className={css.warnings}>
        {warnings.slice(0, FEW).map((event) => (
          <li key={event.id}>
            <Time at={event.lastSeenAt} kind="age" />
            <div>
              <Status tone="warning">{event.reason}</Status>
              <ObjectLink {...event} />
              <p>{event.message}</p>
            </div>
          </li>
        ))}
      </ul>
      <Link to="/events" search={{ show: 'look' }}>
        {o.allEvents}
      </Link>
    </section>
  );
}

/** The certificates that end first. */
export function EndingFirst() {
  const { t, locale } = useI18n();
  const now = useNow();
  useFeed(certificateFeed);
  const certificates = certificatesByNeed().slice(0, 4);
  if (!certificates.length) return null;
  return (
    <section>
      <h2>{t.overview.endFirst}</h2>
      <ul className={css.ends}>
        {certificates.map((certificate) => (
          <li key={certificate.id}>
            <b>{certificate.dnsNames[0] ?? certificate.name}</b>
            <span>{leftInWords(t, locale, certificate.notAfter, now)}</span>
            <Lifetime certificate={certificate} />
          </li>
        ))}
      </ul>
      <Link to="/certificates">{t.home.allCertificates}</Link>
    </section>
  );
}
