/** Where a server listens. */
export interface Address {
  readonly host: string;
  /** 0 lets the system choose one. */
  readonly port: number;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a URL's host is this machine, whatever the network. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/** Reads HOST:PORT, [HOST]:PORT or :PORT, which is on the loopback; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(\[[^\]]+\]|[^:]*):(\d+)$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) return undefined;
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, '') || '127.0.0.1', port };
}
