/** A line as the container runtime keeps it, and when it took it: microseconds since 1970. */
export interface StampedLine {
  readonly atUs: number;
  readonly text: string;
}

interface LogFile {
  lines: StampedLine[];
  readonly followers: Set<LogFollowing>;
}

/** Hears of each line as it is written, and of the end. */
export interface LogFollowing {
  readonly onLine: (line: StampedLine) => void;
  readonly onEnd: () => void;
}

/** What a container has written, as a node keeps it: the file of the start that runs, and that of the one before it. */
export class ContainerLog {
  #current: LogFile = newFile();
  #previous: LogFile | undefined;

  write(text: string, atUs: number): void {
    const line = { atUs, text };
    this.#current.lines.push(line);
    for (const { onLine } of [...this.#current.followers]) onLine(line);
  }

  /** The container ends and is started again: those that follow its log hear no more. */
  restart(): void {
    const ended = this.#current;
    [this.#previous, this.#current] = [ended, newFile()];
    for (const { onEnd } of [...ended.followers]) onEnd();
  }

  /** The file has become too large: what it has can no longer be read. Those that follow it go on. */
  rotate(): void {
    this.#current.lines = [];
  }

  /** @returns undefined where the container was never started before */
  read(isPrevious: boolean): readonly StampedLine[] | undefined {
    return isPrevious ? this.#previous?.lines : this.#current.lines;
  }

  /** Gives each line from now on. @returns ends it */
  follow(following: LogFollowing): () => void {
    const { followers } = this.#current;
    followers.add(following);
    return () => followers.delete(following);
  }
}

/** What the containers of a cluster have written. */
export class ContainerLogs {
  readonly #logs = new Map<string, ContainerLog>();

  of(namespace: string, pod: string, container: string): ContainerLog {
    const key = `${namespace}/${pod}/${container}`;
    let log = this.#logs.get(key);
    if (log === undefined) this.#logs.set(key, (log = new ContainerLog()));
    return log;
  }
}

function newFile(): LogFile {
  return { lines: [], followers: new Set() };
}
