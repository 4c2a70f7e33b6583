/** What expressions of the debugger can name: alone, since the extension needs no more than these names to start. */
export const NAMES: readonly string[] = [
  ...['runner', 'pod', 'secret', 'set', 'truth', 'request', 'answer', 'pass', 'phase', 'stale', 'timeMs', 'moment'],
];
