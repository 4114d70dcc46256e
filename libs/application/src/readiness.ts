import { epochMillis } from '@billtrail/kernel';
import {
  ClockApart,
  ClockSuspect,
  PositionUnknown,
  StoreUnavailable,
  type EventStore,
  type Position,
} from '@billtrail/event-store';
import type { ParkedInShort, ReadModelStatus } from '@billtrail/read-models';
import { VaultIncomplete, VaultUnavailable, type WhyShut } from '@billtrail/vault';
import type { Billtrail } from './billtrail.js';
import { ADOPT_IT, toldShut } from './gate/gate.js';
import type { PolicyTrouble } from './policies/troubles.js';

/** What is answered then is so old. Positions say nothing of that: those of an EventStoreDB count bytes. */
const MOST_SECONDS_BEHIND = 30;
const MILLISECONDS_OF_A_SECOND = 1_000;

/** Whether all can be asked and recorded, and what hinders it. */
export interface Readiness {
  readonly status: 'ready' | 'not ready';
  /** Why nothing can be recorded; null: it can. */
  readonly log: { readonly problem: string; readonly cause: string } | null;
  /** Why nobody can sign in, or nothing new be sealed; null: all is well. */
  readonly vault: { readonly cause: string } | null;
  /** Why no document gets a number until somebody adopts the log: all else goes on, so it is ready. Null: documents get numbers. */
  readonly numbering: { readonly why: WhyShut; readonly cause: string; readonly remedy: string } | null;
  /** The end of the log; null: it is damaged and not read, or it can't be reached. */
  readonly head: Position | null;
  /** All read models are complete up to here. */
  readonly position: Position;
  /** All that the log holds is in the read models. */
  readonly isCaughtUp: boolean;
  /** How far they are behind the end, as positions count: events of a file, bytes of an EventStoreDB; null: the end is not known. */
  readonly lag: number | null;
  /** Seconds since the first event was recorded that they have not read; 0: they have read all; null: not known. */
  readonly ageSeconds: number | null;
  readonly readModels: readonly ReadModelStatus[];
  /** What had to be passed over, in short; null: nothing. All else is told, so it is ready. */
  readonly parked: ParkedInShort | null;
  /** Whether this process leads and runs the policies, as of its last round; false: another server on the log does, and this one takes over when that ends, or this one runs none. */
  readonly runsPolicies: boolean;
  /** Why no server can be told to lead: then each runs the policies, which is as right and costs work, so it is ready. Null: one leads. */
  readonly lease: { readonly cause: string } | null;
  /** This process was told to end: it takes no more requests, and finishes those that it has. */
  readonly isDraining: boolean;
  /** What policies could not do in their last round; none: they could do all. It is tried again in each round, and all else goes on, so it is ready. */
  readonly policies: readonly PolicyTrouble[];
}

export async function readinessOf(billtrail: Billtrail): Promise<Readiness> {
  const { models } = billtrail;
  let progress = await progressOf(billtrail);
  if (progress.head !== null && !isRecent(progress)) {
    // What was recorded a moment ago by a clock that has jumped since, as of a machine that slept, is old and all the same read at once.
    await billtrail.aMomentFor(progress.head);
    progress = await progressOf(billtrail);
  }
  const { asked, head, position, isCaughtUp, ageSeconds } = progress;
  const trouble = asked instanceof StoreUnavailable ? asked : billtrail.trouble();
  const readModels = models.status();
  const lag = head === null ? null : head.at - position.at;
  const keepsUp = isRecent(progress) && readModels.every((model) => model.state !== 'stopped');
  const vaultTrouble = billtrail.vaultTrouble() ?? (await vaultOutOfReach(billtrail));
  const isDraining = billtrail.isDraining();
  const isReady = keepsUp && trouble === null && vaultTrouble === null && !isDraining;
  const lease = billtrail.leaseTrouble();
  return {
    status: isReady ? 'ready' : 'not ready',
    log: trouble && { problem: problemOf(trouble), cause: trouble.message },
    vault: vaultTrouble && { cause: vaultTrouble.message },
    numbering: await gateShut(billtrail),
    head,
    position,
    isCaughtUp,
    lag,
    ageSeconds,
    readModels,
    parked: models.known.parkedInShort(),
    runsPolicies: billtrail.runsPolicies(),
    lease: lease && { cause: lease.message },
    isDraining,
    policies: billtrail.policyTroubles(),
  };
}

/** How far the read models are, beside the end of the log or why that is not known. */
interface Progress {
  readonly asked: Position | StoreUnavailable;
  readonly head: Position | null;
  readonly position: Position;
  readonly isCaughtUp: boolean;
  readonly ageSeconds: number | null;
}

async function progressOf(billtrail: Billtrail): Promise<Progress> {
  const { store, models } = billtrail;
  // In this order: what is recorded and read meanwhile is no event that the log has lost.
  const position = models.position();
  const asked = store.damage() ?? (await headOf(store));
  const head = asked instanceof StoreUnavailable ? null : asked;
  const isCaughtUp = head !== null && head.is(position);
  const ageSeconds = isCaughtUp ? 0 : await ageOfUnread(billtrail, head, position);
  return { asked, head, position, isCaughtUp, ageSeconds };
}

function isRecent({ ageSeconds }: Progress): boolean {
  return ageSeconds !== null && ageSeconds <= MOST_SECONDS_BEHIND;
}

/** Null: it can't be told, as of a log that has lost events which the read models have read. */
async function ageOfUnread({ store, clock }: Billtrail, head: Position | null, read: Position): Promise<number | null> {
  if (head === null || !head.isAfter(read)) return null;
  try {
    const [first] = (await store.readAll({ after: read, limit: 1 })).events;
    if (first === undefined) return 0;
    return Math.max(0, Math.floor((epochMillis(clock()) - epochMillis(first.recordedAt)) / MILLISECONDS_OF_A_SECOND));
  } catch (error) {
    if ([PositionUnknown, StoreUnavailable, VaultUnavailable].some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

/** Nobody can sign in where the vault does not answer; null: it does. */
async function vaultOutOfReach({ vault }: Billtrail): Promise<VaultUnavailable | null> {
  try {
    await vault.checkpoint();
    return null;
  } catch (error) {
    if (error instanceof VaultUnavailable) return error;
    throw error;
  }
}

/** A vault that does not answer says so itself. */
async function gateShut({ gate }: Billtrail): Promise<Readiness['numbering']> {
  try {
    const shut = await gate.shut();
    if (shut === null) return null;
    return { why: shut.why, cause: toldShut(shut), remedy: ADOPT_IT };
  } catch (error) {
    if (error instanceof VaultUnavailable) return null;
    throw error;
  }
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
  if (trouble instanceof ClockApart) return 'clock-apart';
  return trouble instanceof ClockSuspect ? 'clock-suspect' : 'outcome-unknown';
}
