import { useQuery } from '@tanstack/react-query';
import { useRight, useServer, useViewer } from '~/features/auth/session';
import { useIncidentFeed } from '~/features/cluster/feeds/incidents';
import { SourceNotes } from '~/features/cluster/Sources';
import { Cards } from '~/features/pages/Cards';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { useTitle } from '~/ui/PageHead';
import { ClusterState } from './ClusterState';
import { Dial } from './Dial';
import css from './Home.module.css';
import { Rail } from './Rail';
import { Sentence } from './Sentence';
import { useStanding } from './standing';

const LastDay = graphql(`
  query LastDay { incidents(first: 50) { nodes { id state severity openedAt } } }
`);

/** The pages one may open, and what concerns the reader; above them, for those who see the cluster, how it is. */
export function Home() {
  const server = useServer();
  useTitle(server.name);
  return useRight('CLUSTER_VIEW') ? <WithCluster /> : <WithoutCluster />;
}

function WithoutCluster() {
  const { t } = useI18n();
  const { displayName } = useViewer();
  return (
    <>
      <div className={css.watch}>
        <h1>{t.home.welcome(displayName)}</h1>
      </div>
      <div className={css.home}>
        <div className={css.state}>
          <Cards />
        </div>
        <Rail open={[]} />
      </div>
    </>
  );
}

/** One sentence about the whole, then the pages, then what in the cluster needs a look. */
function WithCluster() {
  const feed = useIncidentFeed();
  const version = useFeed(feed);
  const { data } = useQuery({
    queryKey: ['last-day', version],
    queryFn: () => execute(LastDay),
    placeholderData: (before) => before,
  });
  const standing = useStanding();
  const open = standing.is === 'wrong' ? standing.open : [];
  const recent = data?.incidents.nodes ?? [];
  return (
    <>
      <div className={css.watch}>
        <Dial recent={recent} open={open.length} quiet={standing.is === 'quiet'} />
        <Sentence standing={standing} lastOpened={recent[0]?.openedAt} />
      </div>
      <div className={css.home}>
        <div className={css.state}>
          <Cards />
          <div className={css.cluster}>
            <SourceNotes />
            <ClusterState />
          </div>
        </div>
        <Rail open={open} />
      </div>
    </>
  );
}
