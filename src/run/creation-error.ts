import { t } from '@vscode/l10n';
import type { ApiError } from '../kubernetes/api-error.ts';

/** The API server refused to create runners; the message is one sentence. */
export class CreationError extends Error {
  override readonly name = 'CreationError';

  constructor(refusal: ApiError) {
    super(t('Runners could not be created: {0}', refusal.message));
  }
}
