import type { UserStatus } from '~/gql/graphql';
import { useI18n } from '~/locales';
import { type MarkName, Status, type Tone } from '~/ui/Status';

const tags: Record<UserStatus, { tone: Tone; mark: MarkName }> = {
  NORMAL: { tone: 'ok', mark: 'ok' },
  LOCKED: { tone: 'critical', mark: 'locked' },
  INITIAL_PASSWORD: { tone: 'info', mark: 'initial' },
  CHANGE_REQUESTED: { tone: 'warning', mark: 'asked' },
};

export function StatusTag({ status }: { status: UserStatus }) {
  const { t } = useI18n();
  return (
    <Status {...tags[status]} pill={status !== 'NORMAL'}>
      {t.admin.status[status]}
    </Status>
  );
}
