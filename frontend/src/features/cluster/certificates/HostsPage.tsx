import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { graphql } from '~/gql';
import { useNow } from '~/lib/clock';
import { accepted, execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import type { Messages } from '~/locales/en';
import { Button } from '~/ui/Button';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { type HostRow, hostFeed } from '../feeds/hosts';
import { groupOf, healthParts, worstFirst } from '../health';
import { State } from '../list/cells';
import { clusterChoice } from '../list/columns';
import { ListPage } from '../list/ListPage';
import type { List } from '../list/list';
import { text } from '../list/order';
import type { ListSearch } from '../list/search';
import { CertificateTabs } from './CertificateTabs';
import { leftInWords } from './Lifetime';

const CheckHosts = graphql(`
  mutation CheckHosts($input: CheckHostsInput!) {
    checkHosts(input: $input) { errors { message code path } }
  }
`);

type Props = { search: ListSearch; onSearch(search: ListSearch): void };

/** What each host serves, beside what cert-manager says it issued. */
export function HostsPage(props: Props) {
  return <ListPage list={useHostList()} {...props} acts={<CheckNow />} lead={<CertificateTabs />} />;
}

function CheckNow() {
  const { t } = useI18n();
  const reason = useReason();
  const check = useMutation({
    mutationFn: async () => accepted((await execute(CheckHosts, { input: {} })).checkHosts),
    onSuccess: () => toast.well(t.hosts.checking),
    onError: (error) => toast.bad(reason(error)),
  });
  return (
    <Button busy={check.isPending} onClick={() => check.mutate()}>
      {t.hosts.check}
    </Button>
  );
}

function useHostList(): List<HostRow> {
  const { t } = useI18n();
  return useMemo(() => {
    const c = t.cluster;
    const h = t.hosts;
    return {
      feed: hostFeed,
      sources: ['ingresses', 'hosts'],
      words: t.lists.hosts,
      texts: (host) => [host.name, host.certificate?.issuer, ...host.sources],
      parts: healthParts(c, h.well),
      choices: [clusterChoice(c)],
      columns: [
        {
          key: 'name',
          head: h.host,
          slot: 'name',
          width: 'minmax(10rem, 1fr)',
          order: (a, b) => text(a.name, b.name),
          cell: (host) => <b>{host.name}</b>,
        },
        {
          key: 'status',
          head: c.columns.status,
          slot: 'status',
          width: 'minmax(9rem, 0.6fr)',
          first: c.worstFirst,
          cell: (host, justNow) => <State of={host} word={hostWord(host, h)} justNow={justNow} />,
        },
        {
          key: 'serves',
          head: h.serves,
          slot: 'text',
          width: 'minmax(0, 1.6fr)',
          cell: (host) => <Serves host={host} />,
        },
        {
          key: 'ends',
          head: h.ends,
          slot: 'place',
          width: 'minmax(7rem, 0.6fr)',
          order: byEnd,
          cell: (host) => <Left host={host} />,
        },
        {
          key: 'checked',
          head: h.checked,
          slot: 'age',
          width: '6rem',
          cell: (host) => (host.checkedAt ? <Time at={host.checkedAt} kind="when" /> : h.notYet),
        },
        {
          key: 'sources',
          head: h.sources,
          slot: 'wide',
          width: 'minmax(9rem, 1fr)',
          cell: (host) => <span title={host.sources.join('\n')}>{host.sources.join(', ')}</span>,
        },
      ],
      order: worstFirst,
      groupOf: (host) => groupOf(host.health),
      tall: true,
    };
  }, [t]);
}

/** One word for how it fares: a certificate that only nears its end is not broken. */
function hostWord({ health, problem, certificate }: HostRow, h: Messages['hosts']) {
  const sound = certificate && !problem && certificate.fits && !certificate.placeholder;
  if (!sound || groupOf(health) !== 'look') return h.state[health];
  return Date.parse(certificate.notAfter) < Date.now() ? h.expired : h.endsSoon;
}

const byEnd = (a: HostRow, b: HostRow) => text(a.certificate?.notAfter ?? '~', b.certificate?.notAfter ?? '~');

function Left({ host: { certificate } }: { host: HostRow }) {
  const { t, locale } = useI18n();
  const now = useNow();
  return certificate && leftInWords(t, locale, certificate.notAfter, now);
}

/** What is wrong with what it serves, in words; else who signed it. */
function Serves({ host: { problem, certificate } }: { host: HostRow }) {
  const { t } = useI18n();
  const h = t.hosts;
  if (problem) return <b>{problem}</b>;
  if (!certificate) return h.notYet;
  if (certificate.placeholder) return <b>{h.placeholder}</b>;
  const faults = [!certificate.fits && h.doesNotFit(certificate.dnsNames.join(', '))].filter(Boolean);
  const by = certificate.trusted ? h.by(certificate.issuer) : h.byUntrusted(certificate.issuer);
  return faults.length ? <b>{faults.join(' ')}</b> : by;
}
