import type { PageMessage, PageState } from '../protocol.ts';

/** VS Code's side of a webview. */
export interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: PageState): void;
}

/** The state kept last, if it is one of this version. */
export function keptState(host: VsCodeApi): PageState | undefined {
  const state = host.getState() as Partial<PageState> | undefined;
  return state?.version === 1 ? (state as PageState) : undefined;
}
