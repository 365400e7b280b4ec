import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { useI18n } from '~/locales';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { useTitle } from '~/ui/PageHead';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { isConflict } from '../change';
import { PersonMenu } from '../PersonMenu';
import { StatusAct } from '../StatusAct';
import { StatusTag } from '../StatusTag';
import css from './PersonPage.module.css';
import { type Person, useLock } from './person';

type Props = { person: Person; own: boolean };

export function PersonHead({ person, own }: Props) {
  const { t } = useI18n();
  const navigate = useNavigate();
  useTitle(person.displayName);
  const { role } = t.admin;
  return (
    <>
      <div className={css.head}>
        <Avatar name={person.displayName} size="large" />
        <div className={css.who}>
          <h1>{person.displayName}</h1>
          <p>{[person.username, person.email, role[person.role], own && t.admin.you].filter(Boolean).join(' · ')}</p>
        </div>
        <div className={css.acts}>
          {person.status && <StatusTag status={person.status} />}
          <StatusAct user={person} own={own} />
          {/* Nobody locks themselves out. */}
          {!own && person.status !== 'LOCKED' && <LockButton person={person} />}
          <PersonMenu user={person} own={own} onDeleted={() => navigate({ to: '/people' })} />
        </div>
      </div>
      <Facts person={person} />
    </>
  );
}

function Facts({ person }: { person: Person }) {
  const { t } = useI18n();
  const p = t.person;
  return (
    <dl className={css.facts}>
      <div>
        <dt>{p.seen}</dt>
        <dd>{person.lastSignInAt ? <Time at={person.lastSignInAt} kind="when" /> : t.admin.neverSignedIn}</dd>
      </div>
      <div>
        <dt>{p.since}</dt>
        <dd>
          <Time at={person.createdAt} kind="day" />
        </dd>
      </div>
      {person.passwordExpiresAt && (
        <div>
          <dt>{p.passwordEnds}</dt>
          <dd>
            <Time at={person.passwordExpiresAt} kind="moment" />
          </dd>
        </div>
      )}
      <div>
        <dt>{p.log}</dt>
        <dd>
          <Link to="/audit" search={{ actor: person.id }}>
            {p.audit}
          </Link>
        </dd>
      </div>
    </dl>
  );
}

function LockButton({ person }: { person: Person }) {
  const { t } = useI18n();
  const p = t.person;
  const reason = useReason();
  const lock = useLock();
  const [asking, ask] = useDisclosure();
  const close = () => {
    ask.close();
    lock.reset();
  };
  return (
    <>
      <Button onClick={ask.open}>{p.lock}</Button>
      {asking && (
        <Confirm
          title={p.lockTitle(person.displayName)}
          opened
          onClose={close}
          verb={p.lock}
          busy={lock.isPending}
          error={isConflict(lock.error) ? t.admin.lastAdmin : lock.error && reason(lock.error)}
          onConfirm={() =>
            lock.mutate(person.id, {
              onSuccess: () => {
                toast.well(p.locked(person.displayName));
                close();
              },
            })
          }
        >
          {p.lockWhy}
        </Confirm>
      )}
    </>
  );
}
