import { EmbeddedActionsService, type EmbeddedActionsOptions } from '../actions/embedded-service.ts';
import { EmbeddedActionsTransport, type ActionsLatency } from '../actions/embedded-transport.ts';
import type { Clock } from '../base/clock.ts';
import { OTHER_ACTIONS_LATENCY_US, type RunSettings } from './settings.ts';

/** Its address where nothing listens: calls stay in the process. */
export const SIMULATED_SERVICE_URL = 'http://actions.lab.invalid';

type Latency = { -readonly [K in keyof ActionsLatency]: ActionsLatency[K] };

export interface SimulatedServiceOptions extends Pick<
  EmbeddedActionsOptions,
  'script' | 'deleteOfUnknownRunner' | 'restore' | 'times' | 'sessionLifeMs' | 'queueTokenLifeMs' | 'heedsCapacity'
> {
  readonly baseUrl?: string;
  /** Fraction by which calls take more or less; default 0.02. */
  readonly jitter?: number | undefined;
}

/** The embedded Actions service, how long its calls take, and the way to it within the process. */
export class SimulatedService {
  readonly service: EmbeddedActionsService;
  /** May be changed while it runs. */
  readonly latency: Latency;
  readonly transport: EmbeddedActionsTransport;

  constructor(
    clock: Clock,
    epochMs: number,
    { seed, jitLatencyUs, jitShape }: Pick<RunSettings, 'seed' | 'jitLatencyUs' | 'jitShape'>,
    { jitter = 0.02, baseUrl = SIMULATED_SERVICE_URL, ...options }: SimulatedServiceOptions = {},
  ) {
    const nowMs = (): number => epochMs + clock.nowUs() / 1000;
    this.service = new EmbeddedActionsService({ seed, baseUrl, clock, nowMs, ...options });
    this.latency = { jitUs: jitLatencyUs, jitShape, otherUs: OTHER_ACTIONS_LATENCY_US, jitter };
    this.transport = new EmbeddedActionsTransport(clock, this.service, this.latency, seed);
  }
}
