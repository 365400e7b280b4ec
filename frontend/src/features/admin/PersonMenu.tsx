import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useI18n } from '~/locales';
import { IconButton } from '~/ui/Button';
import { Icon } from '~/ui/Icon';
import menu from '~/ui/Menu.module.css';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { DeletePerson } from './DeletePerson';
import { EditPerson } from './EditPerson';
import { type UserLine, useIssuePassword } from './people';
import { TemporaryPassword } from './TemporaryPassword';

type Props = { user: UserLine; own: boolean; onDeleted?(): void };

/** What can be done with an account at any time, whatever its status asks for. */
export function PersonMenu({ user, own, onDeleted }: Props) {
  const { t } = useI18n();
  const a = t.admin;
  const reason = useReason();
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const issue = useIssuePassword();
  const password = issue.data?.temporaryPassword;
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu
        position="bottom-end"
        withInitialFocusPlaceholder={false}
        transitionProps={{ duration: 120 }}
        classNames={menu}
      >
        <Menu.Target>
          <IconButton icon="more" label={a.actsFor(user.displayName)} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="pen" />} onClick={() => setOpen('edit')}>
            {t.app.edit}
          </Menu.Item>
          {/* It ends the sessions of whom it is for: one's own would take the password away before it is read. */}
          {!own && (
            <Menu.Item
              leftSection={<Icon name="key" />}
              onClick={() => issue.mutate(user.id, { onError: (error) => toast.bad(reason(error)) })}
            >
              {a.issue}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Icon name="x" />} onClick={() => setOpen('delete')}>
            {t.app.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'edit' && <EditPerson user={user} own={own} onClose={close} />}
      {open === 'delete' && <DeletePerson user={user} own={own} onClose={close} onDeleted={onDeleted} />}
      {password && (
        <TemporaryPassword title={a.issuedTitle(user.displayName)} password={password} onClose={issue.reset} />
      )}
    </>
  );
}
