import { useQuery } from '@tanstack/react-query';
import { useServer } from '~/features/auth/session';
import { useIncidentFeed } from '~/features/cluster/incidentFeed';
import { SourceNotes } from '~/features/cluster/Sources';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useFeed } from '~/lib/liveStore';
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

/** One sentence about the whole, then what concerns the reader. Page cards will stand where the cluster's state is. */
export function Home() {
  const server = useServer();
  useTitle(server.name);
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
          <SourceNotes />
          <ClusterState />
        </div>
        <Rail open={open} />
      </div>
    </>
  );
}
