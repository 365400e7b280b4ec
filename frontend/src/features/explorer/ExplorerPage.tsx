import { useQuery } from '@tanstack/react-query';
import { useServer } from '~/features/auth/session';
import { useI18n } from '~/locales';
import { LinkButton } from '~/ui/Button';
import { PageHead } from '~/ui/PageHead';
import { Failed, Say, Skeleton } from '~/ui/states';
import { Explorer } from './Explorer';
import { schemaQuery } from './schema';

export function ExplorerPage() {
  const { t } = useI18n();
  const off = useServer().trustedDocumentsOnly;
  const { data, error, isError, refetch } = useQuery({ ...schemaQuery, enabled: !off });
  return (
    <>
      <PageHead title={t.explorer.title}>{!off && t.explorer.lead}</PageHead>
      {off && (
        <Say title={t.explorer.off} act={<LinkButton to="/account">{t.explorer.toTokens}</LinkButton>}>
          {t.explorer.offWhy}
        </Say>
      )}
      {!off && isError && <Failed what={t.explorer.failed} error={error} onRetry={refetch} />}
      {!off && !isError && (data ? <Explorer schema={data} /> : <Skeleton rows={8} />)}
    </>
  );
}
