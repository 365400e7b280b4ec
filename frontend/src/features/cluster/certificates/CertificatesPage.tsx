import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { useNow } from '~/lib/clock';
import { useFeed, useRow } from '~/lib/liveStore';
import { moment } from '~/lib/time';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Mono } from '~/ui/Mono';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { Status } from '~/ui/Status';
import { Failed, Say, Skeleton } from '~/ui/states';
import { FreshnessBanner } from '../Freshness';
import { type CertificateRow, certificateFeed, certificatesByNeed } from '../feeds/certificates';
import { groupOf, tones } from '../health';
import { IncidentLink } from '../list/cells';
import { SourceNotes, useClusters } from '../Sources';
import css from './CertificatesPage.module.css';
import { CertificateTabs } from './CertificateTabs';
import { Lifetime, leftInWords } from './Lifetime';

const SOURCES = ['certificates'];

type Search = { q?: string | undefined };

export function CertificatesPage({ search, onSearch }: { search: Search; onSearch(search: Search): void }) {
  const { t } = useI18n();
  const c = t.cluster;
  useFeed(certificateFeed);
  const { data: clusters } = useClusters();
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const all = certificatesByNeed();
  const q = search.q?.toLowerCase();
  const shown = all.filter(
    ({ name, namespace, dnsNames }) =>
      !q || [name, namespace, ...dnsNames].some((text) => text.toLowerCase().includes(q)),
  );
  const look = all.filter((certificate) => groupOf(certificate.health) === 'look').length;
  const ready = certificateFeed.phase === 'ready';
  if (clusters?.clusters.length === 0)
    return (
      <>
        <PageHead title={c.certificates} />
        <Say title={c.off}>{c.offWhy}</Say>
      </>
    );
  return (
    <>
      <PageHead title={c.certificates}>
        {ready && all.length > 0 && `${c.certificatesSummary(all.length)} ${look ? `${c.needLook(look)}.` : c.allWell}`}
      </PageHead>
      <CertificateTabs />
      <FreshnessBanner store={certificateFeed} />
      <SourceNotes kinds={SOURCES} />
      <div className={css.tools}>
        <SearchInput
          ref={input}
          label={c.filter}
          hotkey="/"
          value={search.q ?? ''}
          onCommit={(text) => onSearch({ q: text || undefined })}
        />
        <p>{c.legend}</p>
      </div>
      <div className={css.wide}>
        {certificateFeed.phase === 'loading' && <Skeleton rows={8} tall />}
        {certificateFeed.phase === 'failed' && (
          <Failed what={c.certificatesFailed} error={certificateFeed.error} onRetry={certificateFeed.retry} />
        )}
        {ready && all.length === 0 && <Say title={c.noCertificates}>{c.noCertificatesWhy}</Say>}
        {ready && all.length > 0 && shown.length === 0 && (
          <Say
            title={c.noCertificateMatches(search.q ?? '')}
            act={<Button onClick={() => onSearch({})}>{t.states.clearFilter}</Button>}
          >
            {c.withoutFilter(all.length)}
          </Say>
        )}
        {shown.length > 0 && (
          <ul className={css.list}>
            {shown.map((certificate) => (
              <CertificateLine key={certificate.id} id={certificate.id} />
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function CertificateLine({ id }: { id: string }) {
  const { t, locale } = useI18n();
  const now = useNow();
  const { row: certificate, justNow } = useRow(certificateFeed, id);
  if (!certificate) return null;
  const { namespace, name, dnsNames, issuer, health, message, incident } = certificate;
  return (
    <li data-changed={justNow || undefined} className={groupOf(health) === 'look' ? css.look : undefined}>
      <div className={css.status}>
        <Status tone={tones[health]}>{t.cluster.health[health]}</Status>
        <IncidentLink incident={incident} />
      </div>
      <div className={css.what}>
        <p className={css.names}>
          <b>{dnsNames[0] ?? name}</b>
          {dnsNames.length > 1 && <span>{dnsNames.slice(1).join(', ')}</span>}
        </p>
        <p className={css.meta}>
          <Mono>
            {namespace}/{name}
          </Mono>
          {issuer && ` · ${t.cluster.issuedBy(issuer)}`}
        </p>
        {message && groupOf(health) === 'look' && <p className={css.message}>{message}</p>}
      </div>
      <div className={css.life}>
        <Lifetime certificate={certificate} />
        <p className={css.meta} hidden={!certificate.notAfter}>
          <b>{leftInWords(t, locale, certificate.notAfter, now)}</b>
          <Renewal certificate={certificate} now={now} />
        </p>
      </div>
    </li>
  );
}

function Renewal({ certificate, now }: { certificate: CertificateRow; now: number }) {
  const { t, locale } = useI18n();
  if (!certificate.renewalAt || !certificate.notAfter) return null;
  const at = Date.parse(certificate.renewalAt);
  const text = moment(locale, at, now);
  return <span>{at < now ? t.cluster.renewalDue(text) : t.cluster.renews(text)}</span>;
}
