import { useState } from 'react';
import { Refused } from '~/lib/graphql';
import { useI18n, useServerLocale } from '~/locales';
import { Button } from '~/ui/Button';
import { Confirm } from '~/ui/Dialog';
import { Check, FormError, SelectField, TextField } from '~/ui/Field';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { LastDelivery, TestResults } from './Answers';
import css from './ChannelPanel.module.css';
import { type Channel, useDeleteChannel, useSaveChannel, useTestChannel } from './channel';
import { TargetEditor } from './TargetEditor';
import { check, newDiscord, newMail, stored, type TargetDraft, type TargetFaults, toInput } from './target';

type Props = { channel: Channel | undefined; onDone(id: string | undefined): void };

export function ChannelPanel({ channel, onDone }: Props) {
  const { t } = useI18n();
  const a = t.alerts;
  const reason = useReason();
  const ownLocale = useServerLocale();
  const [name, setName] = useState(channel?.name ?? '');
  const [locale, setLocale] = useState(channel?.locale ?? ownLocale);
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [targets, setTargets] = useState<TargetDraft[]>(channel?.targets.map(stored) ?? [newDiscord()]);
  const [tried, setTried] = useState<'save' | 'test'>();
  const save = useSaveChannel(channel);
  const test = useTestChannel();

  const change = (key: string, next: TargetDraft | undefined) => {
    test.reset();
    setTargets((before) => before.flatMap((target) => (target.key !== key ? target : next ? [next] : [])));
  };
  const found = targets.map((target) => check(target, a));
  const sound = targets.length > 0 && found.every((faults) => !Object.keys(faults).length);
  const values = { name: name.trim(), locale, enabled, targets: targets.map(toInput) };
  const error = tried === 'test' ? test.error : save.error;
  const refused = error instanceof Refused ? error : undefined;
  const faultsAt = (index: number): TargetFaults => (tried ? { ...serverFaults(refused, index), ...found[index] } : {});
  const placed = refused?.faults.some((fault) => fault.path?.includes('name') || fault.path?.includes('targets'));
  const conflict = refused?.faults.some((fault) => fault.code === 'CONFLICT' && !fault.path?.includes('name'));
  const whole = conflict ? a.conflict : refused ? (placed ? undefined : refused.message) : error && reason(error);

  const submit = () => {
    setTried('save');
    if (!values.name || !sound || save.isPending) return;
    save.mutate(values, {
      onSuccess: (saved) => {
        toast.well(a.saved);
        onDone(saved?.id ?? channel?.id);
      },
    });
  };
  const tryIt = () => {
    setTried('test');
    if (!sound || test.isPending) return;
    const untouched =
      channel && targets.every((target) => target.kind === 'stored') && targets.length === channel.targets.length;
    test.mutate(untouched ? { channelId: channel.id, locale } : { targets: values.targets, locale });
  };
  return (
    <form
      className={css.panel}
      aria-label={channel?.name ?? a.newTitle}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={css.body}>
        {/* On a phone the panel takes the list's place, so there must be a way back to it. */}
        <Button small bare icon="back" className={css.back ?? ''} onClick={() => onDone(undefined)}>
          {a.title}
        </Button>
        <h2>{channel?.name ?? a.newTitle}</h2>
        {channel?.lastDelivery?.error && !test.data && <LastDelivery delivery={channel.lastDelivery} />}
        <TextField
          label={a.name}
          hint={a.nameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried === 'save' && (values.name ? refused?.at('name') : a.nameMissing)}
          autoFocus={!channel}
        />
        <fieldset className={css.targets}>
          <legend>{a.targets}</legend>
          {targets.map((target, index) => (
            <TargetEditor
              key={target.key}
              target={target}
              faults={faultsAt(index)}
              onChange={(next) => change(target.key, next)}
            />
          ))}
          {targets.length === 0 && tried && <FormError>{a.noTargets}</FormError>}
          <div className={css.add}>
            <Button small icon="plus" onClick={() => setTargets([...targets, newDiscord()])}>
              {a.addDiscord}
            </Button>
            <Button small icon="plus" onClick={() => setTargets([...targets, newMail()])}>
              {a.addMail}
            </Button>
          </div>
        </fieldset>
        <div className={css.pair}>
          <SelectField
            label={a.language}
            hint={a.languageHint}
            value={locale}
            onChange={(event) => setLocale(event.currentTarget.value === 'KO' ? 'KO' : 'EN')}
          >
            <option value="EN">{a.languages.EN}</option>
            <option value="KO">{a.languages.KO}</option>
          </SelectField>
          <Check label={a.enabled} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        </div>
        <FormError>{whole}</FormError>
        {test.data && <TestResults results={test.data} />}
      </div>
      <div className={css.foot}>
        <Button type="submit" main busy={save.isPending}>
          {a.save}
        </Button>
        <Button icon="channel" busy={test.isPending} onClick={tryIt}>
          {test.isPending ? a.testing : a.test}
        </Button>
        <span className={css.grow} />
        {channel ? (
          <DeleteChannel channel={channel} onDone={() => onDone(undefined)} />
        ) : (
          <Button bare onClick={() => onDone(undefined)}>
            {t.app.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}

/** What the server says of one target: its path holds the place in the list and ends in the field. */
function serverFaults(refused: Refused | undefined, index: number): TargetFaults {
  const own = refused?.faults.filter((fault) => fault.path?.includes('targets') && fault.path.includes(String(index)));
  return Object.fromEntries(own?.map((fault) => [fieldOf(fault.path?.at(-1)), fault.message]) ?? []);
}
// A fault of the target as a whole is said at its first field.
const fieldOf = (last: string | undefined) =>
  last && !/^\d+$/.test(last) && !['targets', 'mail', 'discord'].includes(last)
    ? last
    : last === 'mail'
      ? 'host'
      : 'webhookUrl';

function DeleteChannel({ channel, onDone }: { channel: Channel; onDone(): void }) {
  const { t } = useI18n();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const remove = useDeleteChannel(channel.id);
  return (
    <>
      <Button bare onClick={() => setAsking(true)}>
        {t.alerts.delete}
      </Button>
      <Confirm
        title={t.alerts.deleteTitle}
        opened={asking}
        onClose={() => setAsking(false)}
        verb={t.alerts.delete}
        name={channel.name}
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toast.well(t.alerts.deleted);
              onDone();
            },
            onError: (error) => toast.bad(error instanceof Refused ? error.message : reason(error)),
          })
        }
      >
        {t.alerts.deleteWhy}
      </Confirm>
    </>
  );
}
