import { Link } from '@tanstack/react-router';
import { Lifetime, leftInWords } from '~/features/cluster/certificates/Lifetime';
import { FreshnessBanner } from '~/features/cluster/Freshness';
import { type CertificateRow, certificateFeed, certificatesByNeed } from '~/features/cluster/feeds/certificates';
import { type PodRow, podFeed } from '~/features/cluster/feeds/pods';
import { groupOf, tones, worstFirst } from '~/features/cluster/health';
import { PodLink } from '~/features/cluster/links';
import { IncidentLink } from '~/features/cluster/list/cells';
import { useNow } from '~/lib/clock';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { MachineName } from '~/ui/Mono';
import { Status } from '~/ui/Status';
import { Failed, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import css from './ClusterState.module.css';

const MOST = 6;

/** What in the cluster needs a look, live; everything that is well is left unsaid. */
export function ClusterState() {
  return (
    <>
      <FreshnessBanner store={podFeed} />
      <PodsNeedingALook />
      <CertificatesNearTheirEnd />
    </>
  );
}

function PodsNeedingALook() {
  const { t } = useI18n();
  const h = t.home;
  useFeed(podFeed);
  const pods = [...podFeed.rows.values()].filter((pod) => groupOf(pod.health) === 'look').sort(worstFirst);
  return (
    <section className={css.section}>
      <div className={css.head}>
        <h2>{h.needLook}</h2>
        <Link to="/pods">{h.allPods}</Link>
      </div>
      {podFeed.phase === 'loading' && <Skeleton rows={4} />}
      {podFeed.phase === 'failed' && (
        <Failed what={t.lists.pods.failed} error={podFeed.error} onRetry={podFeed.retry} />
      )}
      {podFeed.phase === 'ready' && pods.length === 0 && <p className={css.none}>{h.noPodNeedsLook}</p>}
      {pods.length > 0 && (
        <ul className={css.list}>
          {pods.slice(0, MOST).map((pod) => (
            <PodLook key={pod.id} pod={pod} />
          ))}
        </ul>
      )}
      {pods.length > MOST && (
        <Link to="/pods" search={{ show: 'look' }} className={css.more}>
          {h.podsMore(pods.length - MOST)}
        </Link>
      )}
    </section>
  );
}

function PodLook({ pod }: { pod: PodRow }) {
  return (
    <li className={css.pod}>
      <div className={css.name}>
        <PodLink pod={pod}>
          <MachineName name={pod.name} owner={pod.owner?.name} />
        </PodLink>
        <span>{pod.namespace}</span>
      </div>
      <div className={css.status}>
        <Status tone={tones[pod.health]} {...(pod.reason ? { title: pod.reason } : {})}>
          {pod.status}
        </Status>
        <IncidentLink incident={pod.incident} />
      </div>
      <span className={css.age}>
        <Time at={pod.createdAt} kind="age" />
      </span>
    </li>
  );
}

function CertificatesNearTheirEnd() {
  const { t } = useI18n();
  const h = t.home;
  useFeed(certificateFeed);
  const near = certificatesByNeed().filter((certificate) => groupOf(certificate.health) === 'look');
  if (certificateFeed.phase === 'ready' && certificateFeed.rows.size === 0) return null;
  return (
    <section className={css.section}>
      <div className={css.head}>
        <h2>{h.nearEnd}</h2>
        <Link to="/certificates">{h.allCertificates}</Link>
      </div>
      {certificateFeed.phase === 'loading' && <Skeleton rows={2} />}
      {certificateFeed.phase === 'failed' && (
        <Failed what={t.cluster.certificatesFailed} error={certificateFeed.error} onRetry={certificateFeed.retry} />
      )}
      {certificateFeed.phase === 'ready' && near.length === 0 && <p className={css.none}>{h.noneNearEnd}</p>}
      {near.length > 0 && (
        <ul className={css.list}>
          {near.slice(0, MOST).map((certificate) => (
            <CertificateLook key={certificate.id} certificate={certificate} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CertificateLook({ certificate }: { certificate: CertificateRow }) {
  const { t, locale } = useI18n();
  const now = useNow();
  return (
    <li className={css.certificate}>
      <b>{certificate.dnsNames[0] ?? certificate.name}</b>
      <Status tone={tones[certificate.health]}>{leftInWords(t, locale, certificate.notAfter, now)}</Status>
      <Lifetime certificate={certificate} />
    </li>
  );
}
