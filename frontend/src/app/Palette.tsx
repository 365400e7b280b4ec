import './mantineSpotlight.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useViewer } from '~/features/auth/session';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Icon, type IconName } from '~/ui/Icon';
import { type Page, usePages } from './Nav';
import css from './Palette.module.css';

const FindInCluster = graphql(`
  query FindInCluster($text: String!) {
    pods(filter: { text: $text }, first: 6) { nodes { id namespace name } }
    workloads(filter: { text: $text }, first: 6) { nodes { id kind namespace name } }
    clusterNodes(filter: { text: $text }, first: 4) { nodes { id name } }
    applications(filter: { text: $text }, first: 4) { nodes { id name destinationNamespace } }
  }
`);
const FindPages = graphql(`
  query FindPages { pages(first: 100) { nodes { id name url category description } } }
`);
const FindPosts = graphql(`
  query FindPosts {
    notices: board(kind: NOTICE) { posts(first: 50) { nodes { id title } } }
    requests: board(kind: REQUEST) { posts(first: 50) { nodes { id title } } }
  }
`);

const [store, spotlight] = createSpotlight();
const holds = (text: string, typed: string) => text.toLowerCase().includes(typed.toLowerCase());

/** What the navigation has no room for. */
function useMorePages(): Page[] {
  const { t } = useI18n();
  const { isAdmin, rights } = useViewer();
  return [
    ...(rights.includes('CLUSTER_VIEW')
      ? [
          { to: '/hosts' as const, icon: 'cert' as const, label: t.lists.hosts.title },
          { to: '/cluster/rights' as const, icon: 'key' as const, label: t.rights.title },
        ]
      : []),
    { to: '/known', icon: 'incident', label: t.known.title },
    ...(isAdmin ? [{ to: '/groups' as const, icon: 'users' as const, label: t.admin.groups }] : []),
    { to: '/account', icon: 'key', label: t.app.myAccount },
    { to: '/graphiql', icon: 'chat', label: t.explorer.title },
  ];
}

/** Pages whose name says it come before those that only tell of it; without a word only the first few. */
function findInternal<P extends { name: string; category: string; description: string }>(pages: P[], text: string) {
  if (!text) return pages.slice(0, 6);
  const named = pages.filter((page) => holds(page.name, text));
  const told = pages.filter((page) => !named.includes(page) && holds(`${page.category}\n${page.description}`, text));
  return [...named, ...told].slice(0, 20);
}

/** Internal pages, the portal's own, pods and posts. The newest posts are searched here; pods are asked for. */
export default function Palette({ onClose }: { onClose(): void }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const more = useMorePages();
  const pages = [...usePages().flatMap((group) => group.pages), ...more];
  const seesCluster = useViewer().rights.includes('CLUSTER_VIEW');
  const [typed, setTyped] = useState('');
  useEffect(() => spotlight.open(), []);
  const text = typed.trim();
  const inCluster = useQuery({
    queryKey: ['find-in-cluster', text],
    queryFn: () => execute(FindInCluster, { text }),
    enabled: seesCluster && text.length > 1,
    placeholderData: keepPreviousData,
  });
  const internal = useQuery({ queryKey: ['find-pages'], queryFn: () => execute(FindPages) });
  const posts = useQuery({ queryKey: ['find-posts'], queryFn: () => execute(FindPosts), enabled: text.length > 0 });

  const action = (id: string, icon: IconName, label: string, note: string, go: () => void) => (
    <Spotlight.Action key={id} className={css.action ?? ''} onClick={go}>
      <Icon name={icon} />
      <span className={css.label}>{label}</span>
      {note && <span className={css.note}>{note}</span>}
    </Spotlight.Action>
  );
  const foundPages = pages
    .filter((page) => holds(page.label, text))
    .map((page) => action(page.to, page.icon, page.label, '', () => navigate({ to: page.to })));
  // What Porthole guards is another site: the whole window goes there.
  const foundInternal = findInternal(internal.data?.pages.nodes ?? [], text).map((page) =>
    action(page.id, 'apps', page.name, page.category, () => location.assign(page.url)),
  );
  const things = text.length > 1 ? inCluster.data : undefined;
  const foundWorkloads = [
    ...(things?.workloads.nodes ?? []).map(({ id, kind, namespace, name }) =>
      action(id, 'workload', name, `${kind} · ${namespace}`, () =>
        navigate({ to: '/workloads/$kind/$namespace/$name', params: { kind, namespace, name } }),
      ),
    ),
    ...(things?.clusterNodes.nodes ?? []).map(({ id, name }) =>
      action(id, 'node', name, t.cluster.node, () => navigate({ to: '/nodes/$name', params: { name } })),
    ),
    ...(things?.applications.nodes ?? []).map(({ id, name, destinationNamespace }) =>
      action(id, 'branch', name, destinationNamespace ?? '', () =>
        navigate({ to: '/applications', search: { q: name } }),
      ),
    ),
  ];
  const foundPods = (things?.pods.nodes ?? []).map(({ id, namespace, name }) =>
    action(id, 'pod', name, namespace, () => navigate({ to: '/pods/$namespace/$name', params: { namespace, name } })),
  );
  const foundPosts = text
    ? (
        [
          ['notices', 'notice', t.app.pages.notices],
          ['requests', 'request', t.app.pages.requests],
        ] as const
      ).flatMap(([board, icon, note]) =>
        (posts.data?.[board].posts.nodes ?? [])
          .filter((post) => holds(post.title, text))
          .slice(0, 5)
          .map((post) =>
            action(post.id, icon, post.title, note, () => navigate({ to: `/${board}/$id`, params: { id: post.id } })),
          ),
      )
    : [];
  const nothing =
    !foundInternal.length && !foundPages.length && !foundWorkloads.length && !foundPods.length && !foundPosts.length;
  return (
    <Spotlight.Root
      store={store}
      query={typed}
      onQueryChange={setTyped}
      onSpotlightClose={onClose}
      shortcut={null}
      maxHeight={420}
      scrollable={false}
      overlayProps={{ blur: 0 }}
      attributes={{ content: { 'aria-label': t.app.find } }}
      transitionProps={{ duration: 120, transition: 'fade' }}
      classNames={{
        overlay: css.scrim ?? '',
        content: css.content ?? '',
        inner: css.inner ?? '',
        body: css.body ?? '',
      }}
    >
      <Spotlight.Search
        placeholder={t.app.find}
        aria-label={t.app.find}
        leftSection={<Icon name="search" />}
        classNames={{ input: css.search ?? '', section: css.section ?? '', wrapper: css.wrapper ?? '' }}
      />
      <Spotlight.ActionsList className={css.list ?? ''}>
        {foundInternal.length > 0 && <Group label={t.app.findInternal}>{foundInternal}</Group>}
        {foundPages.length > 0 && <Group label={t.app.findPages}>{foundPages}</Group>}
        {foundWorkloads.length > 0 && <Group label={t.app.findInCluster}>{foundWorkloads}</Group>}
        {foundPods.length > 0 && <Group label={t.app.findPods}>{foundPods}</Group>}
        {foundPosts.length > 0 && <Group label={t.app.findPosts}>{foundPosts}</Group>}
        {nothing && <Spotlight.Empty className={css.empty ?? ''}>{t.app.findNothing(text)}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Group({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Spotlight.ActionsGroup label={label} className={css.group ?? ''}>
      {children}
    </Spotlight.ActionsGroup>
  );
}
