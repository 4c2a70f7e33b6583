import { t } from '@vscode/l10n';

/** What an exit code of a runner's container says; empty where it says nothing that the number does not. */
export function exitCodeWords(code: number): string {
  switch (code) {
    case 0:
      return t('success');
    case 1:
      return t('an error that its log names');
    case 7:
      return t('the version of the runner is no longer accepted');
    case 126:
      return t('its command cannot be executed');
    case 127:
      return t('its command was not found');
    case 137:
      return t('killed with SIGKILL, often for want of memory');
    case 139:
      return t('crashed with SIGSEGV');
    case 143:
      return t('asked to end with SIGTERM');
    default:
      return code > 128 && code < 160 ? t('ended by signal {0}', code - 128) : '';
  }
}
