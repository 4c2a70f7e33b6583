import * as vscode from 'vscode';
import type { Choice } from './pick.ts';

/**
 * The contexts of a kubeconfig, to choose one by its name.
 * @param detailOf what stands below a name, by the address of its server
 * @throws KubeconfigError
 */
export async function contextChoices(
  kubeconfig: string | undefined,
  detailOf: (server: string) => string,
): Promise<(Choice<string> & { readonly value: string })[]> {
  const { listContexts } = await import('../../kubernetes/remote/contexts.ts');
  return (await listContexts(kubeconfig)).map(({ name, server, isCurrent }) => ({
    label: `$(cloud) ${name}`,
    description: isCurrent ? vscode.l10n.t('current') : '',
    detail: detailOf(server),
    value: name,
  }));
}
