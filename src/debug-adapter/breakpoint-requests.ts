import { t } from '@vscode/l10n';
import type { BreakpointList } from './breakpoint-list.ts';
import { dataIdOf } from './breakpoint-list.ts';
import type { Answer, Requests } from './requests.ts';
import { EARLIER, type Variables } from './variables.ts';
import type { Walk } from './walk.ts';

interface Parts {
  readonly breakpoints: BreakpointList;
  readonly variables: Variables;
  readonly walk: Walk;
  /** Paths of the files that are replayed. */
  readonly replayed: () => readonly string[];
}

/** What an editor asks about breakpoints. */
export function breakpointRequests({ breakpoints: list, variables, walk, replayed }: Parts): Requests {
  const set = (breakpoints: unknown): Answer => ({ body: { breakpoints }, after: () => walk.breakpointsChanged() });
  return {
    setBreakpoints: ({ source, breakpoints = [] }) => set(list.setLines(source, breakpoints, replayed())),
    setFunctionBreakpoints: ({ breakpoints }) => set(list.setFunctions(breakpoints)),
    setExceptionBreakpoints: ({ filters, filterOptions = [] }) =>
      set(list.setExceptions([...filters.map((filterId) => ({ filterId })), ...filterOptions])),
    setDataBreakpoints: ({ breakpoints }) => set(list.setData(breakpoints)),
    dataBreakpointInfo: ({ variablesReference, name }) => {
      const parent = variablesReference === undefined ? undefined : variables.get(variablesReference);
      const none = (description: string): Answer => ({ body: { dataId: null, description } });
      if (variablesReference !== undefined && parent === undefined) return none(EARLIER());
      if (parent?.object === undefined) return none(t('Only fields of objects in the cluster are written.'));
      const path = [...parent.path, name];
      const description = t('{0} of {1} is written', path.join('.'), parent.object);
      const dataId = dataIdOf(parent.object, path);
      return { body: { dataId, description, accessTypes: ['write'], canPersist: true } };
    },
  };
}
