import { ReadModelsBehind, ReadModelStopped } from '@billtrail/read-models';
import { ClockSuspect, OutcomeUnknown, StoreUnavailable } from '@billtrail/event-store';
import { VaultUnavailable } from '@billtrail/vault';
import { isParked, type Attempt } from './attempt.js';

/** Why nothing can be recorded at all, until an operator or time mends it. */
export type Refused = StoreUnavailable | VaultUnavailable | OutcomeUnknown | ClockSuspect;

/** What a policy could not do in its last round, and tries again in each one. */
export interface PolicyTrouble {
  readonly policy: string;
  readonly cause: string;
  /** So many of its clients or streams went wrong; the cause is that of the first. */
  readonly times: number;
}

export interface TroublesOptions {
  /** Told once for each cause of a policy, for the log. */
  readonly onTrouble?: (trouble: PolicyTrouble, error: unknown) => void;
}

/**
 * The one place in which what a policy throws is caught: it is named in readiness and told to the log, and tried again in the next round. Nothing of a policy ends the
 * process. What concerns the whole house, such as a full disk, ends the round; all else ends what was tried for one client or stream.
 */
export class Troubles {
  private readonly found = new Map<string, PolicyTrouble>();
  private why: Refused | null = null;

  constructor(private readonly options: TroublesOptions = {}) {}

  /** Why the policies can't record anything; null: they can. */
  refused(): Refused | null {
    return this.why;
  }

  all(): readonly PolicyTrouble[] {
    return [...this.found.values()];
  }

  /** Tries what a policy does, whole, and forgets what went wrong the last time. What concerns all policies is thrown. */
  async policy<Result>(name: string, run: (attempt: Attempt) => Promise<Result>): Promise<Result | null> {
    const before = this.found.get(name);
    this.found.delete(name);
    return this.attempt(name, before)(() => run(this.attempt(name, before)));
  }

  /** One round of all of them: what ends it is kept, for readiness. */
  async round(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.why = null;
    } catch (error) {
      // What is not known to be recorded is tried again under the same command id. That a read model has stopped is its own to tell.
      if (isRefused(error)) this.why = error;
      else if (!isOfReadModels(error)) this.note('policies', undefined, error);
    }
  }

  private attempt(name: string, before: PolicyTrouble | undefined): Attempt {
    return async (work) => {
      try {
        return await work();
      } catch (error) {
        // What is parked is told by the read models, for whom it concerns.
        if (isParked(error)) return null;
        if (isRefused(error) || isOfReadModels(error)) throw error;
        this.note(name, before, error);
        return null;
      }
    };
  }

  private note(policy: string, before: PolicyTrouble | undefined, error: unknown): void {
    const known = this.found.get(policy);
    const cause = known?.cause ?? (error instanceof Error ? error.message : String(error));
    const trouble = { policy, cause, times: (known?.times ?? 0) + 1 };
    this.found.set(policy, trouble);
    if (known === undefined && before?.cause !== cause) this.options.onTrouble?.(trouble, error);
  }
}

function isRefused(error: unknown): error is Refused {
  return [StoreUnavailable, VaultUnavailable, OutcomeUnknown, ClockSuspect].some((kind) => error instanceof kind);
}

function isOfReadModels(error: unknown): boolean {
  return error instanceof ReadModelStopped || error instanceof ReadModelsBehind;
}
