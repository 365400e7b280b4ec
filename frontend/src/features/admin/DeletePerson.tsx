import { useI18n } from '~/locales';
import { Confirm } from '~/ui/Dialog';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { isConflict } from './change';
import { type UserLine, useDeleteUser } from './people';

type Props = { user: UserLine; own: boolean; onClose(): void; onDeleted?: (() => void) | undefined };

export function DeletePerson({ user, own, onClose, onDeleted }: Props) {
  const { t } = useI18n();
  const a = t.admin;
  const reason = useReason();
  const remove = useDeleteUser();
  const { error } = remove;
  const refused = isConflict(error) ? a.lastAdmin : error && reason(error);
  return (
    <Confirm
      title={a.deleteTitle(user.displayName)}
      opened
      onClose={onClose}
      verb={t.app.delete}
      name={user.username}
      busy={remove.isPending}
      error={refused}
      onConfirm={() =>
        remove.mutate(user.id, {
          onSuccess: () => {
            if (own) return location.assign('/');
            toast.well(a.deleted(user.displayName));
            onClose();
            onDeleted?.();
          },
        })
      }
    >
      {a.deleteWhy}
    </Confirm>
  );
}
