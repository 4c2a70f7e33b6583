/** What a pass says and wants no answer to. */
export interface Hearing {
  /** Marks of where a part of it begins. */
  readonly phases: boolean;
  readonly lines: boolean;
}

const EVERYTHING: Hearing = { phases: true, lines: true };

/**
 * What is heard of what the pass says that runs at present: of 120 effects of a runner's life 70 are marks and log lines, and
 * those that nobody hears are not made. A pass sets it before it goes on, and nothing else goes on before it asks for something
 * or ends. Generators that no pass runs are heard in all that they say.
 */
export let heard = EVERYTHING;

export function hear(hearing: Hearing | undefined): void {
  heard = hearing ?? EVERYTHING;
}
