import { type ReactNode, useState } from 'react';
import { useNow } from '~/lib/clock';
import { daysUntil } from '~/lib/time';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Mono } from '~/ui/Mono';
import { Status } from '~/ui/Status';
import { useReason } from '~/ui/states';
import { Time } from '~/ui/Time';
import { toast } from '~/ui/toast';
import { type TokenLine, useRevokeToken } from './account';
import { Section } from './Section';
import css from './Section.module.css';
import { inWords } from './scopes';

type Props = { tokens: TokenLine[]; lead?: string; acts?: ReactNode; empty: ReactNode };

export function Tokens({ tokens, lead, acts, empty }: Props) {
  const { t } = useI18n();
  const reason = useReason();
  const k = t.account.tokens;
  const revoke = useRevokeToken();
  const [leaving, setLeaving] = useState<TokenLine>();
  const close = () => {
    setLeaving(undefined);
    revoke.reset();
  };
  return (
    <Section title={k.title} lead={lead} acts={acts}>
      {tokens.length === 0 && empty}
      <ul className={css.list}>
        {tokens.map((token) => (
          <Line key={token.id} token={token} onRevoke={() => setLeaving(token)} />
        ))}
      </ul>
      {leaving && (
        <Confirm
          title={k.revokeTitle(leaving.name)}
          opened
          onClose={close}
          verb={k.revoke}
          busy={revoke.isPending}
          error={revoke.error && reason(revoke.error)}
          onConfirm={() =>
            revoke.mutate(leaving.id, {
              onSuccess: () => {
                toast.well(k.revoked(leaving.name));
                close();
              },
            })
          }
        >
          {k.revokeWhy}
        </Confirm>
      )}
    </Section>
  );
}

function Line({ token, onRevoke }: { token: TokenLine; onRevoke(): void }) {
  const { t, locale } = useI18n();
  const k = t.account.tokens;
  const now = useNow();
  const ends = Date.parse(token.expiresAt);
  const over = ends <= now;
  const number = new Intl.NumberFormat(locale);
  const when = (
    <>
      {over ? k.ended : k.ends} <Time at={token.expiresAt} kind="day" />
    </>
  );
  return (
    <li>
      <div className={css.what}>
        <div className={css.first}>
          <b>{token.name}</b>
          <Mono>{token.hint}…</Mono>
        </div>
        <p className={css.faint}>{inWords(token.scopes, k).join(' · ')}</p>
        <ul className={css.facts}>
          <li>
            {over ? (
              <Status tone="done">{when}</Status>
            ) : daysUntil(ends, now) < 7 ? (
              <Status tone="warning">{when}</Status>
            ) : (
              when
            )}
          </li>
          <li>
            {token.lastUsedAt ? (
              <>
                {k.used} <Time at={token.lastUsedAt} kind="when" />{' '}
                {token.lastUsedFrom && k.usedFrom(token.lastUsedFrom)}
              </>
            ) : (
              k.unused
            )}
          </li>
          {!over && <li>{k.budget(number.format(token.budget.remaining), number.format(token.budget.limit))}</li>}
        </ul>
      </div>
      <Button small aria-label={k.revokeOf(token.name)} onClick={onRevoke}>
        {k.revoke}
      </Button>
    </li>
  );
}
