import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useViewer } from '~/features/auth/session';
import { useFeed } from '~/lib/liveStore';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { Status } from '~/ui/Status';
import { Failed, Say, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import css from './Cards.module.css';
import { PageIcon } from './PageIcon';
import { byCategory, type PageRow, usePageFeed } from './pageFeed';

/** The pages one may open, by category; each card says how its page is. */
export function Cards() {
  const { t } = useI18n();
  const { isAdmin } = useViewer();
  const feed = usePageFeed();
  useFeed(feed);
  const p = t.pages;
  if (feed.phase === 'loading') return <Skeleton rows={3} tall />;
  if (feed.phase === 'failed') return <Failed what={p.failed} error={feed.error} onRetry={feed.retry} />;
  if (!feed.rows.size)
    return (
      <Say title={p.none} act={isAdmin && <LinkButton to="/pages">{p.addFirst}</LinkButton>}>
        {isAdmin ? p.noneAdmin : p.noneWhy}
      </Say>
    );
  return (
    <>
      {byCategory(feed.rows.values()).map(([category, pages]) => (
        <Category key={category} name={category} pages={pages} />
      ))}
    </>
  );
}

function Category({ name, pages }: { name: string; pages: PageRow[] }) {
  const { t } = useI18n();
  const id = useId();
  return (
    <section className={css.category} aria-labelledby={id}>
      <h2 id={id}>{name || t.pages.uncategorised}</h2>
      <ul className={css.cards}>
        {pages.map((page) => (
          <Card key={page.id} page={page} />
        ))}
      </ul>
    </section>
  );
}

function Card({ page }: { page: PageRow }) {
  const [worst] = [...page.incidents].sort((a, b) => a.severity.localeCompare(b.severity));
  const tone = page.health === 'DOWN' || worst?.severity === 'CRITICAL' ? 'critical' : worst ? 'warning' : undefined;
  return (
    <li className={css.card}>
      <PageIcon name={page.name} icon={page.icon ?? null} tone={tone} />
      <div className={css.text}>
        <a href={page.url} rel="noreferrer">
          {page.name}
        </a>
        {page.description && <p>{page.description}</p>}
      </div>
      <div className={css.status}>
        <CardStatus page={page} worst={worst} />
      </div>
    </li>
  );
}

function CardStatus({ page, worst }: { page: PageRow; worst: PageRow['incidents'][number] | undefined }) {
  const { t } = useI18n();
  const p = t.pages;
  if (page.health === 'DOWN')
    return (
      <Status tone="critical">
        {p.down} {page.healthSince && <Time at={page.healthSince} kind="moment" />}
      </Status>
    );
  if (worst)
    return (
      <Status tone={worst.severity === 'CRITICAL' ? 'critical' : 'warning'}>
        <Link to="/incidents/$number" params={{ number: String(worst.number) }}>
          {worst.title}
        </Link>
      </Status>
    );
  if (page.health === 'UP') return <Status tone="ok">{p.up}</Status>;
  // Where nobody looks whether it answers, there is nothing to say.
  return page.probed && <Status tone="unknown">{p.noData}</Status>;
}
