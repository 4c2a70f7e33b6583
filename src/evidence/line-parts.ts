/** A time as programs put it before their lines: RFC 3339. For patterns, as what follows. */
export const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)`;
/** Those of zap. */
export const LEVELS = 'DEBUG|INFO|WARN|ERROR|DPANIC|PANIC|FATAL';
/** How the lines of a runner's container begin. */
export const RUNNER = String.raw`\[(?:RUNNER|WORKER) \d{4}-`;
