import { type ReactNode, useEffect, useState } from 'react';
import type { Right } from '~/gql/graphql';
import { GqlError, Refused } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Button } from './Button';
import { Mono } from './Mono';
import { PageHead } from './PageHead';
import { Status, type Tone } from './Status';
import css from './states.module.css';

/** The table's shape while it is on its way; not shown for what arrives within 200 ms, and never moving. */
export function Skeleton({ rows = 8, tall }: { rows?: number; tall?: boolean }) {
  const { t } = useI18n();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div role="status" aria-label={t.states.loading}>
      <ul className={`${css.skeleton} ${tall ? css.tall : ''}`} aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <li key={row}>
            <i />
            <i />
            <i />
            <i />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Says why there is nothing, and offers one act. */
export function Say({ title, children, act }: { title: string; children?: ReactNode; act?: ReactNode }) {
  return (
    <div className={css.say}>
      <b>{title}</b>
      {children && <p>{children}</p>}
      {act}
    </div>
  );
}

/** Instead of a page that needs a right: what may not be done, and whom to ask. */
export function Missing({ right }: { right: Right }) {
  const { t } = useI18n();
  return <PageHead title={t.states.missing[right]}>{t.states.askFor(t.admin.right[right])}</PageHead>;
}

/** The reason as a sentence; what only the server can know is quoted. */
export function useReason() {
  const { t } = useI18n();
  return (error: unknown) => {
    if (error instanceof Refused) return error.message;
    if (!(error instanceof GqlError)) return t.states.broken;
    if (error.code === 'NETWORK') return t.states.noAnswer;
    if (error.code === 'UNKNOWN_DOCUMENT') return t.states.updated;
    if (error.code === 'RATE_LIMITED') return error.retryAfter ? t.states.waitFor(error.retryAfter) : t.states.wait;
    if (error.code === 'INTERNAL') return t.states.broken;
    return error.message;
  };
}

export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry(): void }) {
  const { t } = useI18n();
  const reason = useReason();
  const id = error instanceof GqlError ? error.requestId : undefined;
  return (
    <div className={css.say} role="alert">
      <Status tone="critical">{what}</Status>
      <p>
        {reason(error)}
        {id && (
          <>
            {' '}
            {t.states.request} <Mono>{id}</Mono>
          </>
        )}
      </p>
      <Button onClick={onRetry}>{t.states.retry}</Button>
    </div>
  );
}

export function Banner({ tone, children, act }: { tone: Tone; children: ReactNode; act?: ReactNode }) {
  return (
    <div className={`${css.banner} ${tone === 'critical' ? css.bad : ''}`} role="status">
      <Status tone={tone}>{children}</Status>
      {act}
    </div>
  );
}
