import { ClockSuspect, StoreUnavailable, type EventStore, type Position } from '@billtrail/event-store';
import type { ParkedInShort, ReadModelStatus } from '@billtrail/read-models';
import { VaultIncomplete, VaultUnavailable } from '@billtrail/vault';
import type { Billtrail } from './billtrail.js';
import type { PolicyTrouble } from './policies/troubles.js';

/** Whether all can be asked and recorded, and what hinders it. */
export interface Readiness {
  readonly status: 'ready' | 'not ready';
  /** Why nothing can be recorded; null: it can. */
  readonly log: { readonly problem: string; readonly cause: string } | null;
  /** Why nobody can sign in, or nothing new be sealed; null: all is well. */
  readonly vault: { readonly cause: string } | null;
  /** The end of the log; null: it is damaged and not read, or it can't be reached. */
  readonly head: Position | null;
  /** All read models are complete up to here. */
  readonly position: Position;
  /** How far that is behind the end. How many events that are is the log's own to say; here their numbers are a measure. */
  readonly lag: number | null;
  readonly readModels: readonly ReadModelStatus[];
  /** What had to be passed over, in short; null: nothing. All else is told, so it is ready. */
  readonly parked: ParkedInShort | null;
  /** Whether this process runs the policies, as of its last round; false: another server on the folder does, and this one takes over when that ends, or this one runs none. */
  readonly runsPolicies: boolean;
  /** What policies could not do in their last round; none: they could do all. It is tried again in each round, and all else goes on, so it is ready. */
  readonly policies: readonly PolicyTrouble[];
}

export async function readinessOf(billtrail: Billtrail): Promise<Readiness> {
  const { store, models } = billtrail;
  const damage = store.damage();
  const asked = damage ?? (await headOf(store));
  const head = asked instanceof StoreUnavailable ? null : asked;
  const trouble = asked instanceof StoreUnavailable ? asked : billtrail.trouble();
  const readModels = models.status();
  const position = models.position();
  const lag = head === null ? null : head.at - position.at;
  // Below zero: the log has lost events that the read models have read.
  const keepsUp =
    lag !== null && lag >= 0 && lag <= billtrail.mostLag && readModels.every((model) => model.state !== 'stopped');
  const vaultTrouble = billtrail.vaultTrouble();
  return {
    status: keepsUp && trouble === null && vaultTrouble === null ? 'ready' : 'not ready',
    log: trouble && { problem: problemOf(trouble), cause: trouble.message },
    vault: vaultTrouble && { cause: vaultTrouble.message },
    head,
    position,
    lag,
    readModels,
    parked: models.known.parkedInShort(),
    runsPolicies: billtrail.runsPolicies(),
    policies: billtrail.policyTroubles(),
  };
}

/** Why it can't be told, where it can't. */
async function headOf(store: EventStore): Promise<Position | StoreUnavailable> {
  try {
    return await store.head();
  } catch (error) {
    if (error instanceof StoreUnavailable && error.mayPass) return error;
    throw error;
  }
}

function problemOf(trouble: Error): string {
  if (trouble instanceof StoreUnavailable) return trouble.problem;
  if (trouble instanceof VaultIncomplete) return 'vault-incomplete';
  if (trouble instanceof VaultUnavailable) return 'vault-unavailable';
  return trouble instanceof ClockSuspect ? 'clock-suspect' : 'outcome-unknown';
}
