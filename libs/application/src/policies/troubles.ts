import { ReadModelsBehind, ReadModelStopped } from '@billtrail/read-models';
import { ClockSuspect, OutcomeUnknown, StoreUnavailable } from '@billtrail/event-store';
import { VaultUnavailable } from '@billtrail/vault';
import { isParked, type Attempt } from './attempt.js';
import { PolicyFailed } from './policy-failed.js';

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

  /**
   * Tries what a policy does, whole, and forgets what went wrong the last time. Runs of one policy may overlap, for whoever waits runs it beside the round: each keeps its own
   * failures, and what it came to is told at its end. What concerns all policies is thrown.
   * @throws PolicyFailed where a failure concerns whoever waits
   */
  async policy<Result>(
    name: string,
    run: (attempt: Attempt) => Promise<Result>,
    concerns: Concerns = NOBODY_WAITS,
  ): Promise<Result | null> {
    const failures: Failure[] = [];
    const attempt: Attempt = (work, clientId) => attempted(work, clientId ?? null, failures);
    let result: Result | null;
    try {
      result = await attempt(() => run(attempt));
    } finally {
      this.publish(name, failures);
    }
    const failure = failures.find(({ clientId }) => concerns(clientId));
    if (failure !== undefined) throw new PolicyFailed(name, failure.clientId, failure.error);
    return result;
  }

  /** One round of all of them: what ends it is kept, for readiness. */
  async round(work: () => Promise<void>): Promise<void> {
    const failures: Failure[] = [];
    try {
      await work();
      this.why = null;
    } catch (error) {
      // What is not known to be recorded is tried again under the same command id. That a read model has stopped is its own to tell.
      if (isRefused(error)) this.why = error;
      else if (!isOfReadModels(error)) failures.push({ error, clientId: null });
    }
    this.publish('policies', failures);
  }

  private publish(policy: string, failures: readonly Failure[]): void {
    const before = this.found.get(policy);
    this.found.delete(policy);
    const [first] = failures;
    if (first === undefined) return;
    const { error } = first;
    const cause = error instanceof Error ? error.message : String(error);
    const trouble = { policy, cause, times: failures.length };
    this.found.set(policy, trouble);
    if (before?.cause !== cause) this.options.onTrouble?.(trouble, error);
  }
}

/** Whether a failure concerns whoever waits; null: it may be of any client. */
export type Concerns = (clientId: string | null) => boolean;

const NOBODY_WAITS: Concerns = () => false;

interface Failure {
  readonly error: unknown;
  readonly clientId: string | null;
}

async function attempted<Result>(
  work: () => Promise<Result>,
  clientId: string | null,
  failures: Failure[],
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    // What is parked is told by the read models, for whom it concerns.
    if (isParked(error)) return null;
    if (isRefused(error) || isOfReadModels(error)) throw error;
    failures.push({ error, clientId });
    return null;
  }
}

export function isRefused(error: unknown): error is Refused {
  return [StoreUnavailable, VaultUnavailable, OutcomeUnknown, ClockSuspect].some((kind) => error instanceof kind);
}

function isOfReadModels(error: unknown): boolean {
  return error instanceof ReadModelStopped || error instanceof ReadModelsBehind;
}
