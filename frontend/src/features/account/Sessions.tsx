import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Mono } from '~/ui/Mono';
import { Status } from '~/ui/Status';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { type SessionLine, useEndSession, useEndSessions } from './account';
import { Section } from './Section';
import css from './Section.module.css';
import { readUserAgent } from './userAgent';

type Props = { user: string; sessions: SessionLine[]; own: boolean; lead?: string };

export function Sessions({ user, sessions, own, lead }: Props) {
  const { t } = useI18n();
  const s = t.account.sessions;
  const reason = useReason();
  const endAll = useEndSessions();
  const others = sessions.filter((session) => !session.current);
  return (
    <Section
      title={s.title}
      lead={lead}
      acts={
        others.length > (own ? 0 : 1) && (
          <Button
            busy={endAll.isPending}
            onClick={() =>
              endAll.mutate(user, {
                onSuccess: () => toast.well(own ? s.endedOthers : s.endedAll),
                onError: (error) => toast.bad(reason(error)),
              })
            }
          >
            {own ? s.endOthers : s.endAll}
          </Button>
        )
      }
    >
      {sessions.length === 0 && <p className={css.faint}>{s.none}</p>}
      <ul className={css.list}>
        {sessions.map((session) => (
          <Line key={session.id} session={session} />
        ))}
      </ul>
    </Section>
  );
}

function Line({ session }: { session: SessionLine }) {
  const { t } = useI18n();
  const s = t.account.sessions;
  const reason = useReason();
  const end = useEndSession();
  const read = readUserAgent(session.userAgent);
  const name = read
    ? read.system
      ? s.browserOn(read.browser, read.system)
      : read.browser
    : session.userAgent || s.nameless;
  return (
    <li>
      <div className={css.what}>
        <div className={css.first}>
          <b title={session.userAgent}>{name}</b>
          {session.current && <Status tone="ok">{s.current}</Status>}
        </div>
        <ul className={css.facts}>
          <li>
            {s.from} <Mono>{session.address}</Mono>
          </li>
          <li>
            {s.started} <Time at={session.createdAt} kind="when" />
          </li>
          <li>
            {s.seen} <Time at={session.lastSeenAt} kind="when" />
          </li>
        </ul>
      </div>
      {/* One's own is ended by signing out. */}
      {!session.current && (
        <Button
          small
          aria-label={s.endOf(name)}
          busy={end.isPending}
          onClick={() =>
            end.mutate(session.id, {
              onSuccess: () => toast.well(s.ended),
              onError: (error) => toast.bad(reason(error)),
            })
          }
        >
          {s.end}
        </Button>
      )}
    </li>
  );
}
