import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { subscribe } from '~/lib/live';
import { useI18n } from '~/locales';
import { Button } from '~/ui/Button';
import { Icon, type IconName } from '~/ui/Icon';
import { PageHead } from '~/ui/PageHead';
import { Status } from '~/ui/Status';
import { Banner, Failed, Say, Skeleton } from '~/ui/states';
import { Time } from '~/ui/Time';
import { ChannelPanel } from './ChannelPanel';
import css from './ChannelsPage.module.css';
import { type Channel, channelsQuery } from './channel';
import { DeliveryStatus } from './Deliveries';
import { DeliveryStream } from './incident';

type Props = { edit: string | undefined; onEdit(edit: string | undefined): void };

export function ChannelsPage({ edit, onEdit }: Props) {
  const { t } = useI18n();
  const a = t.alerts;
  const { data, error, refetch } = useQuery(channelsQuery);
  useDeliveryNews();
  const channels = data?.channels.nodes;
  const chosen = channels?.find((channel) => channel.id === edit);
  const add = (
    <Button main icon="plus" onClick={() => onEdit('new')}>
      {a.add}
    </Button>
  );
  const panel = edit === 'new' || !!chosen;
  return (
    <>
      {/* One filled button in view: while a panel is open, that is its Save. */}
      <PageHead
        title={a.title}
        acts={
          channels?.length && edit !== 'new' ? (
            <Button main={!panel} icon="plus" onClick={() => onEdit('new')}>
              {a.add}
            </Button>
          ) : undefined
        }
      >
        {a.lead}
      </PageHead>
      {channels && error && <Banner tone="stale">{t.states.oldData}</Banner>}
      <div className={`${css.two} ${panel ? css.open : ''}`}>
        <div>
          {!channels &&
            (error ? <Failed what={a.failed} error={error} onRetry={refetch} /> : <Skeleton rows={4} tall />)}
          {channels?.length === 0 && (
            <Say title={a.emptyTitle} act={edit !== 'new' && add}>
              {a.empty}
            </Say>
          )}
          <ul className={css.list}>
            {channels?.map((channel) => (
              <ChannelLine key={channel.id} channel={channel} chosen={channel.id === edit} />
            ))}
          </ul>
        </div>
        {panel && (
          <ChannelPanel
            key={chosen ? `${chosen.id} ${chosen.version}` : 'new'}
            channel={chosen}
            onDone={(id) => onEdit(id)}
          />
        )}
      </div>
    </>
  );
}

/** The last delivery stands in the list; ask again when one moves, but not more than twice a second. */
function useDeliveryNews() {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = subscribe(
      DeliveryStream,
      {},
      {
        next: ({ deliveryChanges: change }) => {
          if (!('object' in change)) return;
          timer ??= setTimeout(() => {
            timer = undefined;
            client.invalidateQueries({ queryKey: ['channels'] });
          }, 500);
        },
        error() {},
      },
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
}

function iconOf({ targets }: Channel): IconName {
  const kinds = new Set(targets.map((target) => target.__typename));
  return kinds.size > 1 ? 'both' : kinds.has('MailTarget') ? 'mail' : 'chat';
}

function ChannelLine({ channel, chosen }: { channel: Channel; chosen: boolean }) {
  const { t } = useI18n();
  const a = t.alerts;
  const last = channel.lastDelivery;
  const refused = channel.targets.some((target) => target.disabledReason);
  return (
    <li className={chosen ? css.chosen : undefined}>
      <span className={css.port}>
        <Icon name={iconOf(channel)} />
      </span>
      <div className={css.what}>
        <Link to="/channels" search={{ edit: channel.id }} aria-current={chosen || undefined}>
          {channel.name}
        </Link>
        <p>
          {channel.targets
            .map((target) =>
              target.__typename === 'DiscordTarget'
                ? a.discord
                : target.recipients.length === 1
                  ? a.mailTo(target.recipients[0] as string)
                  : a.mailCount(target.recipients.length),
            )
            .join(', ')}
          {' · '}
          {a.languages[channel.locale]}
        </p>
      </div>
      <div className={css.last}>
        {!channel.enabled ? (
          <Status tone="unknown">{a.paused}</Status>
        ) : last ? (
          <DeliveryStatus delivery={last} />
        ) : (
          <Status tone={refused ? 'critical' : 'unknown'}>{refused ? a.refusedForGood : a.never}</Status>
        )}
        {last && (
          <p>
            <Time at={last.deliveredAt ?? last.createdAt} kind="moment" />
          </p>
        )}
      </div>
    </li>
  );
}
