import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { Failed, Say } from '~/ui/states';

export function NotFound() {
  const { t } = useI18n();
  return (
    <Say
      title={t.app.notFound}
      act={
        <LinkButton to="/" main>
          {t.app.toHome}
        </LinkButton>
      }
    >
      {t.app.notFoundWhy}
    </Say>
  );
}

export function RouteFailed({ error }: ErrorComponentProps) {
  const { t } = useI18n();
  const router = useRouter();
  return <Failed what={t.states.pageFailed} error={error} onRetry={() => router.invalidate()} />;
}
