import { basename, dirname, join } from 'node:path';

/**
 * Where runs are kept, by the folder that VS Code gives the extension for a workspace. As long as the extension host from
 * before a reload has not ended, which takes minutes where the connection broke, the next one is given the folder beside it
 * with `-1` to `-9` behind the workspace's id: there, what the first has kept would not be found.
 */
export function runsFolder(storage: string): string {
  const workspace = dirname(storage);
  const id = basename(workspace).replace(/(?<=.)-[1-9]$/, '');
  return join(dirname(workspace), id, basename(storage), 'runs');
}
