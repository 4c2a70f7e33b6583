import { t } from '@vscode/l10n';
import { formatAge, formatDuration } from '../base/duration.ts';
import type { PathPart } from './path.ts';

/** `14 s to 16 s for a worker, as slow JIT calls held the workers` */
export function partWords(part: PathPart): string {
  return t('{0} for {1}', lengthWords(part), causeWords(part));
}

/** How long a part took, by a clock that may be coarse: `14 s to 16 s`. */
export function lengthWords({ us, leastUs, mostUs }: Pick<PathPart, 'us' | 'leastUs' | 'mostUs'>): string {
  if (leastUs === us && mostUs === us) return formatDuration(us);
  const [least, most] = [leastUs, mostUs].map((each) => (each % 1e6 === 0 ? formatAge(each) : formatDuration(each)));
  return t('{0} to {1}', leastUs === 0 ? '0' : (least ?? ''), most ?? '');
}

/** What a part of a wait was for: the end of `it waited 2 s for …`. */
export function causeWords({ cause, heldBy }: Pick<PathPart, 'cause' | 'heldBy'>): string {
  switch (cause) {
    case 'worker busy':
      return workerWords(heldBy);
    case 'actions lock':
      return t("the lock of the Actions client, while another runner's call ran");
    case 'actions service':
      return t('its own call to the Actions service');
    case 'kubernetes':
      return heldBy === undefined
        ? t('its requests to Kubernetes')
        : t("its requests to Kubernetes, which the client's limit held back");
    case 'back-off':
      return t('its next try after an error');
  }
}

function workerWords(heldBy: PathPart['heldBy']): string {
  switch (heldBy) {
    case "the Kubernetes client's limit":
      return t("a worker, as the Kubernetes client's limit held back the requests of all workers");
    case 'the lock of the Actions client':
      return t('a worker, as a lock lets one JIT call run at a time and the workers were waiting for it');
    case 'JIT calls of other runners':
      return t('a worker, as the workers made JIT calls for other runners');
    case 'slow JIT calls':
      return t('a worker, as slow JIT calls held the workers');
    case 'slow requests to Kubernetes':
      return t('a worker, as slow requests to Kubernetes held the workers');
    case undefined:
      return t('a worker');
  }
}
