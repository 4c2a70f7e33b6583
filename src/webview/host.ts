import type { PageMessage, PageState } from '../protocol.ts';

interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The side of VS Code, which a page may ask for once. */
export const host: VsCodeApi = acquireVsCodeApi();

/** The state kept last, if it is one of this version. */
export function keptState(): PageState | undefined {
  const state = host.getState() as Partial<PageState> | undefined;
  return state?.version === 1 ? (state as PageState) : undefined;
}
