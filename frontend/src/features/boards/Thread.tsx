import { lazy, Suspense, useRef, useState } from 'react';
import type { BoardKind } from '~/gql/graphql';
import { Refused } from '~/lib/graphql';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { FormError } from '~/ui/Field';
import { Failed, useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import {
  type CommentFeed,
  type CommentLine,
  MOST_COMMENTS,
  threads,
  useCommentFeed,
  useDeleteComment,
  useSendComment,
} from './comments';
import { sendKey, useDraft } from './draft';
import css from './Thread.module.css';

const Markdown = lazy(() => import('./Markdown'));
type Around = { kind: BoardKind; postId: string; authorId: string | undefined };

export function Thread(around: Around) {
  const { t } = useI18n();
  const feed = useCommentFeed(around.postId);
  useFeed(feed);
  const count = feed.rows.size;
  return (
    <section className={css.thread}>
      <h2>{count || feed.phase !== 'ready' ? t.boards.comments(count) : t.boards.noComments}</h2>
      {count >= MOST_COMMENTS && <p className={css.note}>{t.boards.newest(MOST_COMMENTS)}</p>}
      {feed.phase === 'failed' && <Failed what={t.boards.threadFailed} error={feed.error} onRetry={feed.retry} />}
      <ul className={css.comments}>
        {threads(feed.rows.values()).map(({ comment, replies }) => (
          <Comment key={comment.id} around={around} feed={feed} comment={comment} replies={replies} />
        ))}
      </ul>
      <Write kind={around.kind} feed={feed} postId={around.postId} />
    </section>
  );
}

type CommentProps = { around: Around; feed: CommentFeed; comment: CommentLine; replies?: CommentLine[] };

function Comment({ around, feed, comment, replies }: CommentProps) {
  const { t } = useI18n();
  const [replying, setReplying] = useState(false);
  const name = comment.author?.displayName ?? t.boards.someone;
  return (
    <li className={css.comment}>
      <Avatar name={name} />
      <div>
        <div className={css.bubble}>
          <p className={css.name}>
            <b>{name}</b>
            {comment.author && comment.author.id === around.authorId && <small>{t.boards.author}</small>}
            <Time at={comment.createdAt} kind="when" />
          </p>
          <div className={css.text} lang={/[가-힣]/.test(comment.body) ? 'ko' : undefined}>
            <Suspense fallback={comment.body}>
              <Markdown>{comment.body}</Markdown>
            </Suspense>
          </div>
        </div>
        <div className={css.acts}>
          {replies && (
            <button type="button" onClick={() => setReplying(!replying)} aria-expanded={replying}>
              {t.boards.reply}
            </button>
          )}
          {comment.mayDelete && <DeleteComment feed={feed} comment={comment} />}
        </div>
      </div>
      {(replying || !!replies?.length) && (
        <div className={css.replies}>
          <ul className={css.comments}>
            {replies?.map((reply) => (
              <Comment key={reply.id} around={around} feed={feed} comment={reply} />
            ))}
          </ul>
          {replying && (
            <Write
              kind={around.kind}
              feed={feed}
              postId={around.postId}
              replyTo={{ id: comment.id, name }}
              onDone={() => setReplying(false)}
            />
          )}
        </div>
      )}
    </li>
  );
}

function DeleteComment({ feed, comment }: { feed: CommentFeed; comment: CommentLine }) {
  const { t } = useI18n();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const remove = useDeleteComment(feed, comment.id);
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        {t.app.delete}
      </button>
      <Confirm
        title={t.boards.deleteCommentTitle}
        opened={asking}
        onClose={() => setAsking(false)}
        verb={t.app.delete}
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => setAsking(false),
            onError: (error) => toast.bad(reason(error)),
          })
        }
      >
        {t.boards.deleteCommentWhy}
      </Confirm>
    </>
  );
}

type WriteProps = {
  kind: BoardKind;
  feed: CommentFeed;
  postId: string;
  replyTo?: { id: string; name: string };
  onDone?(): void;
};

function Write({ kind, feed, postId, replyTo, onDone }: WriteProps) {
  const { t } = useI18n();
  const reason = useReason();
  const draft = useDraft(`comment:${replyTo?.id ?? postId}`);
  const send = useSendComment(feed, postId, replyTo?.id);
  const key = useRef(crypto.randomUUID());
  const submit = () => {
    const body = draft.text.trim();
    if (!body || send.isPending) return;
    send.mutate(
      { body, key: key.current },
      {
        onSuccess: () => {
          key.current = crypto.randomUUID();
          draft.clear();
          onDone?.();
        },
      },
    );
  };
  const label = replyTo ? t.boards.replyTo(replyTo.name) : t.boards.placeholder[kind];
  return (
    <form
      className={css.write}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        <VisuallyHidden>{label}</VisuallyHidden>
        <textarea
          value={draft.text}
          placeholder={label}
          onChange={(event) => draft.setText(event.currentTarget.value)}
          onKeyDown={sendKey(submit)}
          // biome-ignore lint/a11y/noAutofocus: only after "Reply" was pressed
          autoFocus={!!replyTo}
        />
      </label>
      <FormError>{send.error && (send.error instanceof Refused ? send.error.message : reason(send.error))}</FormError>
      <div className={css.writeRow}>
        <span>{draft.text ? t.boards.draftKept : t.boards.draftWill}</span>
        <Button type="submit" main={!replyTo} busy={send.isPending} disabled={!draft.text.trim()}>
          {replyTo ? t.boards.reply : t.boards.comment}
        </Button>
      </div>
    </form>
  );
}
