import { useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useI18n, useServerLocale } from '~/locales';
import { Button } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { SearchInput } from '~/ui/SearchInput';
import { Failed, Say, Skeleton } from '~/ui/states';
import css from './KnownPage.module.css';
import { knownQuery } from './known';

type Props = { q: string; onSearch(q: string): void };

/** The incidents Porthole recognises; found by what one sees, too. */
export function KnownPage({ q, onSearch }: Props) {
  const { t } = useI18n();
  const k = t.known;
  const query = useQuery(knownQuery(useServerLocale()));
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const found = query.data?.diagnoses.filter((known) =>
    [known.title, known.symptom, known.cause, String(known.number)].some((text) =>
      text.toLowerCase().includes(q.toLowerCase()),
    ),
  );
  return (
    <>
      <PageHead title={k.title}>{query.data && k.lead(query.data.diagnoses.length)}</PageHead>
      <SearchInput ref={input} label={k.find} hotkey="/" value={q} onCommit={onSearch} />
      {query.isPending && <Skeleton rows={8} tall />}
      {query.isError && <Failed what={k.failed} error={query.error} onRetry={() => query.refetch()} />}
      {found?.length === 0 && (
        <Say title={k.noMatch(q)} act={<Button onClick={() => onSearch('')}>{t.states.clearFilter}</Button>}>
          {k.noMatchWhy}
        </Say>
      )}
      <ol className={css.list}>
        {found?.map(({ number, slug, title, symptom }) => (
          <li key={slug}>
            <span className={css.number}>{number}</span>
            <div>
              <Link to="/known/$slug" params={{ slug }}>
                {title}
              </Link>
              <q>{symptom}</q>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
