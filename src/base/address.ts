/** Where a server listens. */
export interface Address {
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
}

/** Reads HOST:PORT, [HOST]:PORT or :PORT, which is on the loopback; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(\[[^\]]+\]|[^:]*):(\d+)$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) return undefined;
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, '') || '127.0.0.1', port };
}
