import type { Pod } from '../../types.ts';
import type { SimulatedContainer, SimulatedPod } from './simulated-pod.ts';

/** What runs in a container whose end is not a matter of time alone. */
export interface ContainerProgram {
  /** It is asked to stop, and exits in its own time; after the grace of its pod it is killed. */
  terminate(): void;
  /** Its container has ended, killed or evicted: it is over and exits no more. */
  kill(): void;
}

/**
 * Starts what runs in a container.
 * @param exit ends the container; to be called once at most, and not before this returns
 * @returns undefined for a container that has no program and ends as the life of its pod says
 */
export type StartProgram = (pod: Pod, container: string, exit: (code: number) => void) => ContainerProgram | undefined;

/** The programs of one pod's containers. */
export class PodPrograms {
  readonly #start: StartProgram;
  readonly #exited: (container: SimulatedContainer, code: number) => void;
  /** By id of the container's run; undefined for one without a program. */
  readonly #running = new Map<string, ContainerProgram | undefined>();

  /** @param exited hears of each program that ends by itself */
  constructor(start: StartProgram, exited: (container: SimulatedContainer, code: number) => void) {
    this.#start = start;
    this.#exited = exited;
  }

  /** Whether a program decides when the pod's work is done. */
  get isAny(): boolean {
    return [...this.#running.values()].some((program) => program !== undefined);
  }

  /** Starts the programs of containers that run now, and ends those of containers that do not. */
  follow({ pod, containers }: SimulatedPod): void {
    const running = new Set<string>();
    for (const container of containers) {
      const { state, containerID, spec } = container;
      if (state.running === undefined) continue;
      running.add(containerID);
      if (this.#running.has(containerID)) continue;
      const exit = (code: number): void => {
        if (!this.#running.has(containerID)) return;
        this.#running.delete(containerID);
        this.#exited(container, code);
      };
      this.#running.set(containerID, this.#start(pod, spec.name, exit));
    }
    for (const id of this.#running.keys()) if (!running.has(id)) this.#kill(id);
  }

  terminate(): void {
    for (const program of [...this.#running.values()]) program?.terminate();
  }

  kill(): void {
    for (const id of [...this.#running.keys()]) this.#kill(id);
  }

  #kill(id: string): void {
    const program = this.#running.get(id);
    this.#running.delete(id);
    program?.kill();
  }
}
