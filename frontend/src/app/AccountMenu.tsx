import { Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useViewer } from '~/features/auth/session';
import { graphql } from '~/gql';
import { execute } from '~/lib/graphql';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Icon } from '~/ui/Icon';
import menu from '~/ui/Menu.module.css';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { VisuallyHidden } from '~/ui/VisuallyHidden';
import css from './AccountMenu.module.css';

const SignOut = graphql(`mutation SignOut { signOut { errors { message code path } } }`);

export function AccountMenu({ onKeys }: { onKeys(): void }) {
  const { t } = useI18n();
  const viewer = useViewer();
  const navigate = useNavigate();
  const client = useQueryClient();
  const reason = useReason();
  const signOut = useMutation({
    mutationFn: () => execute(SignOut),
    onSuccess: async () => {
      await navigate({ to: '/sign-in', search: {} });
      client.clear();
    },
    onError: (error) => toast.bad(reason(error)),
  });
  return (
    <Menu
      position="bottom-end"
      withInitialFocusPlaceholder={false}
      withinPortal={false}
      transitionProps={{ duration: 120 }}
      classNames={menu}
    >
      <Menu.Target>
        <button type="button" className={css.button}>
          <Avatar name={viewer.displayName} />
          <VisuallyHidden>{t.app.account(viewer.displayName)}</VisuallyHidden>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <b>{viewer.displayName}</b>
          {viewer.username} · {t.admin.role[viewer.role]}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="key" />} onClick={() => navigate({ to: '/account' })}>
          {t.app.myAccount}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="keys" />} rightSection={<kbd>?</kbd>} onClick={onKeys}>
          {t.app.keys}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="leave" />} onClick={() => signOut.mutate()}>
          {t.app.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
