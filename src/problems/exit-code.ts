import { t } from '@vscode/l10n';

/** What an exit code of a runner's container says; empty where it says nothing that the number does not. */
export function exitCodeWords(code: number): string {
  switch (code) {
    case 0:
      return t('success');
    case 1:
      return t('an error in its log');
    case 7:
      return t('the version of the runner is no longer accepted');
    case 126:
      return t('its command cannot be executed');
    case 127:
      return t('its command was not found');
    case 137:
      return t('killed by SIGKILL, often out of memory');
    case 139:
      return t('crashed (SIGSEGV)');
    case 143:
      return t('terminated by SIGTERM');
    default:
      return code > 128 && code < 160 ? t('ended by signal {0}', code - 128) : '';
  }
}
