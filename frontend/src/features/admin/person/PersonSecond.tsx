import { useDisclosure } from '@mantine/hooks';
import { useDisableTwoFactor } from '~/features/account/account';
import { Section } from '~/features/account/Section';
import { useI18n } from '~/locales';
import { Button, LinkButton } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Status } from '~/ui/Status';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import type { Person } from './person';

/** For whoever lost the phone and the recovery codes: an admin needs no password of theirs. */
export function PersonSecond({ person, own }: { person: Person; own: boolean }) {
  const { t } = useI18n();
  const s = t.account.second;
  const enabledAt = person.twoFactor?.enabledAt;
  const passkeys = person.passkeys?.length ?? 0;
  const [asking, ask] = useDisclosure();
  return (
    <Section
      title={s.title}
      acts={
        own ? (
          <LinkButton to="/account">{t.person.second.own}</LinkButton>
        ) : (
          (enabledAt || passkeys > 0) && <Button onClick={ask.open}>{s.turnOff}</Button>
        )
      }
      lead={!enabledAt && t.person.second.off}
    >
      {enabledAt && (
        <p>
          <Status tone="ok">
            {s.onSince} <Time at={enabledAt} kind="moment" />
          </Status>{' '}
          {s.left(person.twoFactor?.recoveryCodesLeft ?? 0)}
        </p>
      )}
      {passkeys > 0 && <p>{t.person.second.passkeys(passkeys)}</p>}
      {asking && <TurnOff person={person} onClose={ask.close} />}
    </Section>
  );
}

function TurnOff({ person, onClose }: { person: Person; onClose(): void }) {
  const { t } = useI18n();
  const s = t.person.second;
  const reason = useReason();
  const disable = useDisableTwoFactor();
  return (
    <Confirm
      title={s.offTitle(person.displayName)}
      opened
      onClose={onClose}
      verb={t.account.second.turnOff}
      busy={disable.isPending}
      error={disable.error && reason(disable.error)}
      onConfirm={() =>
        disable.mutate(
          { user: person.id },
          {
            onSuccess: () => {
              toast.well(s.turnedOff(person.displayName));
              onClose();
            },
          },
        )
      }
    >
      {s.offWhy}
    </Confirm>
  );
}
