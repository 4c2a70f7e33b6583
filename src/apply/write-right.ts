import { WriteGate } from './write-gate.ts';
import { WriteLease, type LeaseOptions } from './write-lease.ts';

interface RightOptions extends LeaseOptions {
  /** The controllers that reconcile the namespace's runners now, in a clause; undefined where none does. */
  readonly othersAtWork: () => Promise<string | undefined>;
}

/** The right of a run to write to a cluster: the lease, and the gate that is open for as long as the run holds it. */
export class WriteRight {
  readonly gate: WriteGate;
  readonly #options: RightOptions;
  readonly #onLost: (why: string) => void;
  /** Undefined while it is let go. */
  #lease: WriteLease | undefined;
  /** How often the lease had changed hands when it was last held. */
  #transitions = 0;
  #hasEnded = false;

  private constructor(options: RightOptions) {
    this.#options = { ...options, onLost: (why) => this.giveUp(why) };
    this.#onLost = options.onLost;
    this.gate = new WriteGate(options.clock);
  }

  /** @throws LeaseHeldError, ApiError */
  static async acquire(options: RightOptions): Promise<WriteRight> {
    const right = new WriteRight(options);
    right.#hold(await WriteLease.acquire(right.#options));
    return right;
  }

  /** Resolves when the writes under way have been answered, no more are sent, and others may write. */
  async letGo(): Promise<void> {
    await this.gate.pause('the run stands still in a debugger and has let go of its lease');
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.release();
  }

  /**
   * Takes it again after letGo(). A right that is lost stays lost.
   * @param onWait told what it waits for, where somebody else's lease has to be watched for a while
   * @returns whether somebody else has held the lease meanwhile
   * @throws LeaseHeldError, ApiError, Error: somebody else writes there now; it may be tried again
   */
  async takeAgain(onWait: (text: string) => void): Promise<boolean> {
    if (this.gate.isClosed) return false;
    const before = this.#transitions;
    const lease = await WriteLease.acquire({ ...this.#options, onWait });
    try {
      const others = await this.#options.othersAtWork();
      if (others !== undefined) throw new Error(others);
    } catch (error) {
      await lease.release();
      throw error;
    }
    if (this.#hasEnded) {
      await lease.release();
      return false;
    }
    this.#hold(lease);
    this.gate.open();
    return lease.transitions > before + 1;
  }

  /** Nothing is written from now on. */
  giveUp(why: string): void {
    this.gate.close(why);
    this.#onLost(why);
  }

  /** Closes the gate for good. */
  close(why: string): void {
    this.#hasEnded = true;
    this.gate.close(why);
  }

  /** Leaves the lease free for the next. */
  async release(): Promise<void> {
    await this.#lease?.release();
  }

  #hold(lease: WriteLease): void {
    this.#lease = lease;
    this.#transitions = lease.transitions;
  }
}
