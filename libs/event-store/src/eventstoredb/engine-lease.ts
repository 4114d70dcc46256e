import type { ClockApart } from '../errors.js';
import { LeaseUnavailable, type Lease } from '../lease.js';
import { StoreUnavailable } from '../store-unavailable.js';
import type { Connecting } from './connecting.js';
import type { Connection } from './connection.js';
import { EngineFailure, type Engine, type Holding } from './engine.js';

/** Whoever asks whether it leads asks again soon. */
const PATIENCE_MS = 2_000;
const REMEDY = 'Let an administrator of the cluster make it: billtrail cluster init';

type WhyNot = StoreUnavailable | LeaseUnavailable | ClockApart;

/** The name of the subscription that is the lease of a log. */
export function leaseOf({ prefix }: Connecting): string {
  return `${prefix}-lease`;
}

/**
 * The place of the one reader of a persistent subscription, which the engine gives to one process of all: it is free 0.1 s after that is killed, and some 22 s after it stood still. It is told by the
 * connection: a client that failed and is replaced has lost it.
 */
export class EngineLease implements Lease {
  private held: Holding | null = null;
  private losing = new AbortController();
  private why: WhyNot | null = null;
  private isReleased = false;

  constructor(
    private readonly connection: Connection,
    private readonly connecting: Connecting,
    private readonly clockApart: () => Promise<ClockApart | null>,
  ) {}

  get lost(): AbortSignal {
    return this.losing.signal;
  }

  async take(): Promise<boolean> {
    this.isReleased = false;
    if (!(await this.mayLead())) return false;
    if (this.held !== null) return true;
    try {
      const losing = new AbortController();
      const lose = () => {
        this.held = null;
        losing.abort();
      };
      const held = await this.connection.reading((engine) => this.hold(engine, lose), PATIENCE_MS);
      this.why = null;
      // Lost, or given back, before it was told.
      if (losing.signal.aborted) return false;
      if (this.isReleased) held?.stop();
      if (held === null || this.isReleased) return false;
      this.losing = losing;
      this.held = held;
      return true;
    } catch (error) {
      this.why = this.whyNot(error);
      if (!(this.why instanceof LeaseUnavailable) || this.isReleased) return false;
      // Each leads for itself now: what was lost before ends none of it.
      if (this.losing.signal.aborted) this.losing = new AbortController();
      return true;
    }
  }

  trouble(): WhyNot | null {
    return this.why;
  }

  async release(): Promise<void> {
    this.isReleased = true;
    this.held?.stop();
    this.held = null;
    this.losing.abort();
  }

  /** Where nobody made it, whoever may does: on a cluster without users that is everybody. */
  private async hold(engine: Engine, lose: () => void): Promise<Holding | null> {
    const group = leaseOf(this.connecting);
    try {
      return await engine.hold(group, lose);
    } catch (error) {
      if (!(error instanceof EngineFailure) || error.kind !== 'no-group') throw error;
      await engine.makeHoldable(group);
      return engine.hold(group, lose);
    }
  }

  /** Whose clock is apart from the engine's gives it back. */
  private async mayLead(): Promise<boolean> {
    try {
      this.why = await this.clockApart();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.why = error;
      return false;
    }
    if (this.why !== null) await this.release();
    return this.why === null;
  }

  private whyNot(error: unknown): StoreUnavailable | LeaseUnavailable {
    const isMissing =
      error instanceof EngineFailure || (error instanceof StoreUnavailable && error.problem === 'not-allowed');
    if (isMissing)
      return new LeaseUnavailable(
        `The subscription ${leaseOf(this.connecting)}, by which one server at a time leads, is not there, or this user may not use it`,
        REMEDY,
        { cause: error },
      );
    if (error instanceof StoreUnavailable) return error;
    throw error;
  }
}
