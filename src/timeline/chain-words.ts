import { t } from '@vscode/l10n';
import { JOB_KIND, LISTENER_KIND, RUNNER_KIND } from '../trace/model.ts';
import { BarKind, kindLabel } from './bars.ts';

export { kindOfController } from '../trace/kinds.ts';
export { requestMethod } from '../trace/request-name.ts';
export { JOB_KIND, LISTENER_KIND, RUNNER_KIND } from '../trace/model.ts';

/** What people call an object of a kind where there is little room; the kind itself where nobody has a word for it. */
export function kindWord(kind: string): string {
  switch (kind) {
    case RUNNER_KIND:
      return t('runner');
    case 'AutoscalingRunnerSet':
      return t('scale set');
    case 'AutoscalingListener':
      return t('listener object');
    case LISTENER_KIND:
      return t('listener');
    case 'EphemeralRunnerSet':
      return t('runner set');
    case JOB_KIND:
      return t('jobs');
    default:
      return kind;
  }
}

/** The line below a lane's name: its kind as Kubernetes has it, or what it is where that has none. */
export function kindLine(kind: string): string {
  if (kind === LISTENER_KIND) return t('process of the listener');
  return kind === JOB_KIND ? t('of the Actions service') : kind;
}

/** What a lane is called in full. */
export function laneTitle(kind: string, name: string): string {
  if (kind === RUNNER_KIND) return name;
  return kind === JOB_KIND ? nameWithKind(kind, name) : `${kind} ${name}`;
}

/** What a lane above runners is called where there is little room: `scale set lab`, `jobs of lab`. */
export function nameWithKind(kind: string, name: string): string {
  if (kind !== JOB_KIND) return `${kindWord(kind)} ${name}`;
  // Of a trace that does not say whose jobs they are, the lane has their namespace and no more.
  return name === 'jobs' || name.endsWith('/jobs') ? t('jobs') : t('jobs of {0}', name);
}

/** What people call a kind of bar in the lane of an object of that kind. */
export function barLabel(bar: BarKind, kind: string): string {
  if (kind === RUNNER_KIND) return kindLabel(bar);
  if (kind === JOB_KIND && bar === BarKind.podRunning) return t('jobs running');
  if (bar === BarKind.runnerPending) return t('pending');
  if (bar === BarKind.runnerRunning) return t('running');
  if (bar === BarKind.runnerFailed) return t('failed or outdated');
  if (bar === BarKind.markRunnerCreated) return t('created');
  return bar === BarKind.markDeleted ? t('deleted') : kindLabel(bar);
}
