import { t } from '@vscode/l10n';

const TAKEN = /AgentExistsException|runner exists with the same name|runner with the same name but doesn.t belong/i;

/** Whether an error says that the service has a runner of that name already. */
export function isNameTaken(error: string): boolean {
  return TAKEN.test(error);
}

/** Whether that runner is another scale set's. */
export function isOfAnotherSet(error: string): boolean {
  return /doesn.t belong to this RunnerScaleSet/i.test(error);
}

/** Where runners with taken names come again and again. */
export function secondInstallationAdvice(): string {
  return t(
    'Look for a second installation, perhaps in another cluster, whose scale set has the same name: give one of them another name, and remove the old registrations at GitHub.',
  );
}

export function nameOfAnotherSetAdvice(): string {
  return t(
    'Delete the runner: its set makes one with another name. Where it comes again, look for a second installation, perhaps in another cluster, whose scale set has the same name.',
  );
}
