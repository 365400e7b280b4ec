import { Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import type { BoardKind } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { Crumbs, PageHead } from '~/ui/PageHead';
import { toast } from '~/ui/toast';
import { PostForm } from './PostForm';
import { paths, useCreatePost } from './post';

export function NewPost({ kind }: { kind: BoardKind }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const create = useCreatePost(kind);
  // One key for all tries of this post: a retry after a lost answer must not post it twice.
  const key = useRef(crypto.randomUUID());
  return (
    <>
      <Crumbs label={t.boards.where}>
        <Link to={paths[kind]}>{t.boards.titles[kind]}</Link>
      </Crumbs>
      <PageHead title={t.boards.write[kind]} />
      <PostForm
        draftName={`new-${kind}`}
        verb={t.boards.post}
        busy={create.isPending}
        error={create.error}
        onCancel={() => navigate({ to: paths[kind] })}
        onSubmit={(draft, forget) =>
          create.mutate(
            { ...draft, key: key.current },
            {
              onSuccess: ({ post }) => {
                forget();
                toast.well(t.boards.posted);
                if (post) navigate({ to: `${paths[kind]}/$id`, params: { id: post.id } });
              },
            },
          )
        }
      />
    </>
  );
}
