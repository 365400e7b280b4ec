import { useI18n } from '~/locales';
import { useReason } from '~/ui/states';
import { toast } from '~/ui/toast';
import { type Tick, useTick } from './access';

type Told = {
  /** Whose box, and which, for what went wrong. */
  name: string;
  /** What is said once the server has agreed. */
  said: string;
  /** Where the keyboard goes on after Undo. */
  box: HTMLElement;
  /** Shows the box before what was read does; undefined: as it was read. */
  show(allowed: boolean | undefined): void;
};

/** Ticks a box at once, and says so when it is true: with a way back, or why not. */
export function useTickAndTell() {
  const { t } = useI18n();
  const reason = useReason();
  // Its promise and not its callbacks: those are called for the last of several ticks only.
  const { mutateAsync } = useTick();
  return async (tick: Tick, { name, said, box, show }: Told) => {
    const set = async (allowed: boolean) => {
      show(allowed);
      try {
        await mutateAsync({ ...tick, allowed });
        return true;
      } catch (error) {
        show(undefined);
        toast.bad(`${name}: ${reason(error)}`);
        return false;
      }
    };
    if (!(await set(tick.allowed))) return;
    const undo = () => {
      box.focus();
      void set(!tick.allowed);
    };
    toast.well(said, { label: t.app.undo, run: undo });
  };
}
