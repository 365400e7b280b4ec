import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Failed } from '~/ui/states';
import css from './RouteStates.module.css';

export function NotFound() {
  const { t } = useI18n();
  return (
    <>
      <PageHead title={t.app.notFound}>{t.app.notFoundWhy}</PageHead>
      <div>
        <LinkButton to="/" main>
          {t.app.toHome}
        </LinkButton>
      </div>
    </>
  );
}

/** A page that could not be loaded; the shell around it stands. */
export function RouteFailed({ error }: ErrorComponentProps) {
  const { t } = useI18n();
  const router = useRouter();
  return <Failed what={t.states.pageFailed} error={error} onRetry={() => router.invalidate()} />;
}

/** Nothing could be loaded, not even who is asking. */
export const AllFailed = (props: ErrorComponentProps) => (
  <main className={css.alone}>
    <RouteFailed {...props} />
  </main>
);
