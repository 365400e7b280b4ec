import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRight, useViewer } from '~/features/auth/session';
import type { BoardKind, PostLineFragment } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Button, LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './BoardPage.module.css';
import { loadBoard, paths } from './post';
import { useRead } from './read';

export function BoardPage({ kind }: { kind: BoardKind }) {
  const { t } = useI18n();
  const board = useInfiniteQuery({
    queryKey: ['posts', kind],
    queryFn: ({ pageParam }) => loadBoard(kind, 20, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ board: { posts } }) =>
      posts.pageInfo.hasNextPage ? (posts.pageInfo.endCursor ?? undefined) : undefined,
    refetchInterval: 60_000,
  });
  const posts = board.data?.pages.flatMap((page) => page.board.posts.nodes);
  const mayPost = useRight('NOTICES_WRITE') || kind !== 'NOTICE';
  const write = mayPost && (
    <LinkButton to={`${paths[kind]}/new`} main icon="plus">
      {t.boards.write[kind]}
    </LinkButton>
  );
  return (
    <>
      <PageHead title={t.boards.titles[kind]} acts={posts?.length ? write : undefined}>
        {t.boards.leads[kind]}
      </PageHead>
      {posts && board.isError && <Banner tone="stale">{t.states.oldData}</Banner>}
      <div className={css.list}>
        {!posts &&
          (board.isError ? (
            <Failed what={t.boards.failed} error={board.error} onRetry={() => board.refetch()} />
          ) : (
            <Skeleton rows={5} tall />
          ))}
        {posts?.length === 0 && (
          <Say title={t.boards.emptyTitle[kind]} act={write}>
            {t.boards.empty[kind]}
          </Say>
        )}
        {posts && posts.length > 0 && (
          <ul className={css.posts}>
            {posts.map((post) => (
              <PostLine key={post.id} kind={kind} post={post} />
            ))}
          </ul>
        )}
      </div>
      {board.hasNextPage && (
        <Button onClick={() => board.fetchNextPage()} busy={board.isFetchingNextPage} className={css.more ?? ''}>
          {t.app.more}
        </Button>
      )}
    </>
  );
}

function PostLine({ kind, post }: { kind: BoardKind; post: PostLineFragment }) {
  const { t } = useI18n();
  const viewer = useViewer();
  const isRead = useRead(viewer.id);
  const author = post.author?.displayName ?? t.boards.someone;
  const unread = !isRead(post.id) && post.author?.id !== viewer.id;
  return (
    <li className={unread ? css.unread : undefined}>
      <Avatar name={author} />
      <div>
        <Link to={`${paths[kind]}/$id`} params={{ id: post.id }}>
          {unread && <VisuallyHidden>{t.home.unread}</VisuallyHidden>}
          {post.title}
        </Link>
        <p>
          {author} · <Time at={post.createdAt} kind="when" />
        </p>
      </div>
      {post.commentCount > 0 && <span className={css.count}>{t.boards.comments(post.commentCount)}</span>}
    </li>
  );
}
