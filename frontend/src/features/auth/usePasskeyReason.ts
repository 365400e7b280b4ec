import { useI18n } from '~/locales';
import { useReason } from '~/ui/states';

/** The browser's own refusals as sentences; all others as ever. */
export function usePasskeyReason() {
  const { t } = useI18n();
  const reason = useReason();
  return (error: unknown) => {
    if (!(error instanceof DOMException)) return reason(error);
    if (error.name === 'NotAllowedError') return t.auth.passkeyDropped;
    if (error.name === 'InvalidStateError') return t.auth.passkeyThere;
    return t.auth.passkeyFailed;
  };
}
