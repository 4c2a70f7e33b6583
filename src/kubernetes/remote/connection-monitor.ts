import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { ApiError } from '../api-error.ts';

/** Whether what the API server has can be seen: times are milliseconds since 1970. */
export type ConnectionStatus =
  { readonly state: 'connected' } | { readonly state: 'lost'; readonly sinceMs: number; readonly error: string };

const CONNECTED: ConnectionStatus = { state: 'connected' };

/** A server that has said nothing for this long is asked for a sign of life, which it has to give in the second time. */
const SILENCE_MS = 4_000;
export const PROBE_LIMIT_MS = 4_000;
const TICK_US = 1_000_000;
/** At most this long after the server can be reached again, everything is tried again. */
export const RETRY_S = (SILENCE_MS + TICK_US / 1000) / 1000;
/** A watch that breaks and is back within this time was never lost. */
const GRACE_US = 2_000_000;

interface ConnectionMonitorOptions {
  readonly clock: Clock;
  readonly nowMs: () => number;
  /** When the server last sent anything, in milliseconds since 1970. */
  readonly heardMs: () => number;
  /** Asks for a sign of life; rejects when there is none within PROBE_LIMIT_MS. */
  readonly probe: () => Promise<void>;
  /** Opens every watch again: those that are open may be dead. */
  readonly reconnect: () => void;
  /** Told when a connection is lost, and when it is back. */
  readonly onChange: (status: ConnectionStatus) => void;
}

/**
 * Knows whether the API server can be reached: from its lists and watches, and where these are silent, as they also are
 * when the server is frozen or the network drops everything, by asking for a sign of life.
 */
export class ConnectionMonitor implements Disposable {
  readonly #options: ConnectionMonitorOptions;
  readonly #ticks: Disposable;
  /** Kinds whose list or watch has failed and does not work again yet. */
  readonly #failing = new Set<string>();
  #disposed = false;
  #isSilent = false;
  #isProbing = false;
  /** Since when something does not work, and what it last failed with. */
  #trouble: { readonly sinceMs: number; error: string } | undefined;
  #status: ConnectionStatus = CONNECTED;

  constructor(options: ConnectionMonitorOptions) {
    this.#options = options;
    this.#ticks = options.clock.every(TICK_US, () => this.#tick());
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** A list or watch of a kind has failed; it is tried again. */
  failed(kind: string, error: ApiError): void {
    this.#failing.add(kind);
    this.#note(error.message, this.#options.nowMs());
    const trouble = this.#trouble;
    const { clock } = this.#options;
    clock.schedule(GRACE_US, () => this.#trouble === trouble && this.#publish(), undefined);
  }

  /** A list or watch of a kind works. */
  works(kind: string): void {
    if (this.#failing.delete(kind)) this.#recover();
  }

  dispose(): void {
    this.#disposed = true;
    this.#ticks.dispose();
  }

  #tick(): void {
    const { nowMs, heardMs, probe, reconnect } = this.#options;
    if (this.#isProbing || nowMs() - heardMs() < SILENCE_MS) return;
    this.#isProbing = true;
    probe().then(
      () => {
        if (this.#disposed) return;
        this.#isProbing = false;
        const wasLost = this.#isSilent || this.#failing.size > 0;
        this.#isSilent = false;
        if (wasLost) reconnect();
        this.#recover();
      },
      (error: ApiError) => {
        if (this.#disposed) return;
        this.#isProbing = false;
        const isNew = !this.#isSilent;
        this.#isSilent = true;
        this.#note(error.message, heardMs());
        this.#publish();
        if (isNew) reconnect();
      },
    );
  }

  #note(error: string, sinceMs: number): void {
    if (this.#trouble === undefined) this.#trouble = { sinceMs, error };
    else this.#trouble.error = error;
    if (this.#status.state === 'lost') this.#status = { ...this.#status, error };
  }

  #publish(): void {
    if (this.#disposed || this.#trouble === undefined || this.#status.state === 'lost') return;
    this.#status = { state: 'lost', ...this.#trouble };
    this.#options.onChange(this.#status);
  }

  #recover(): void {
    if (this.#isSilent || this.#failing.size > 0) return;
    this.#trouble = undefined;
    if (this.#status.state === 'connected') return;
    this.#status = CONNECTED;
    this.#options.onChange(this.#status);
  }
}
