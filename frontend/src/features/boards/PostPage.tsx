import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useViewer } from '~/features/auth/session';
import type { BoardKind, PostQuery } from '~/gql/graphql';
import { GqlError } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Button, LinkButton } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Crumbs, useTitle } from '~/ui/PageHead';
import { Failed, Say, Skeleton, useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { PostForm } from './PostForm';
import css from './PostPage.module.css';
import { newestPosts, paths, postQuery, useDeletePost, useUpdatePost } from './post';
import { markRead } from './read';
import { Thread } from './Thread';

const Markdown = lazy(() => import('./Markdown'));
type Post = NonNullable<PostQuery['post']>;

export function PostPage({ kind, id }: { kind: BoardKind; id: string }) {
  const { t } = useI18n();
  const viewer = useViewer();
  const { data, error, refetch } = useQuery(postQuery(id));
  const post = data?.post;
  useEffect(() => {
    if (post) markRead(viewer.id, post.id);
  }, [post, viewer.id]);
  if (error && !(error instanceof GqlError && error.code === 'NOT_FOUND') && !data)
    return <Failed what={t.boards.postFailed} error={error} onRetry={refetch} />;
  if (post === undefined && !error) return <Skeleton rows={6} tall />;
  if (!post)
    return (
      <Say title={t.boards.gone} act={<LinkButton to={paths[kind]}>{t.boards.titles[kind]}</LinkButton>}>
        {t.boards.goneWhy}
      </Say>
    );
  return (
    <div className={css.board}>
      <Letter kind={kind} post={post} />
      <Others kind={kind} id={id} />
    </div>
  );
}

function Letter({ kind, post }: { kind: BoardKind; post: Post }) {
  const { t } = useI18n();
  useTitle(post.title);
  const [editing, setEditing] = useState(false);
  const update = useUpdatePost(post.id, post.version);
  const author = post.author?.displayName ?? t.boards.someone;
  const edited = Date.parse(post.updatedAt) - Date.parse(post.createdAt) > 1000;
  return (
    <article className={css.letter}>
      <Crumbs label={t.boards.where}>
        <Link to={paths[kind]}>{t.boards.titles[kind]}</Link>
      </Crumbs>
      {editing ? (
        <PostForm
          draftName={`edit-${post.id}`}
          initial={post}
          verb={t.app.save}
          busy={update.isPending}
          error={update.error}
          onCancel={() => setEditing(false)}
          onSubmit={(draft, forget) =>
            update.mutate(draft, {
              onSuccess: () => {
                forget();
                setEditing(false);
                toast.well(t.boards.saved);
              },
            })
          }
        />
      ) : (
        <>
          <h1>{post.title}</h1>
          <div className={css.by}>
            <Avatar name={author} size="large" />
            <div>
              <b>{author}</b>
              <small>
                <Time at={post.createdAt} kind="when" />
                {edited && (
                  <>
                    {' · '}
                    <Edited at={post.updatedAt} />
                  </>
                )}
              </small>
            </div>
          </div>
          <div className={css.body}>
            <Suspense fallback={<p className={css.plain}>{post.body}</p>}>
              <Markdown>{post.body}</Markdown>
            </Suspense>
          </div>
          {post.mayEdit && (
            <div className={css.after}>
              <Button small icon="pen" onClick={() => setEditing(true)}>
                {t.app.edit}
              </Button>
              <DeletePost kind={kind} post={post} />
            </div>
          )}
        </>
      )}
      <Thread kind={kind} postId={post.id} authorId={post.author?.id} />
    </article>
  );
}

function Edited({ at }: { at: string }) {
  const { t } = useI18n();
  const [before, after] = t.boards.edited('\u0000').split('\u0000');
  return (
    <>
      {before}
      <Time at={at} kind="when" />
      {after}
    </>
  );
}

function DeletePost({ kind, post }: { kind: BoardKind; post: Post }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const remove = useDeletePost(post.id);
  return (
    <>
      <Button small bare onClick={() => setAsking(true)}>
        {t.app.delete}
      </Button>
      <Confirm
        title={t.boards.deleteTitle}
        opened={asking}
        onClose={() => setAsking(false)}
        verb={t.app.delete}
        name={post.title}
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toast.well(t.boards.deleted);
              navigate({ to: paths[kind] });
            },
            onError: (error) => toast.bad(reason(error)),
          })
        }
      >
        {t.boards.deleteWhy}
      </Confirm>
    </>
  );
}

function Others({ kind, id }: { kind: BoardKind; id: string }) {
  const { t } = useI18n();
  const { data } = useQuery(newestPosts(kind, 6));
  const others = data?.board.posts.nodes.filter((post) => post.id !== id).slice(0, 5);
  if (!others?.length) return null;
  return (
    <aside className={css.others}>
      <h2>{t.boards.alsoIn[kind]}</h2>
      <ul>
        {others.map((post) => (
          <li key={post.id}>
            <Link to={`${paths[kind]}/$id`} params={{ id: post.id }}>
              {post.title}
            </Link>
            <p>
              {post.author?.displayName ?? t.boards.someone} · <Time at={post.createdAt} kind="when" />
            </p>
          </li>
        ))}
      </ul>
    </aside>
  );
}
