import {
  FAILPOINTS,
  MAX_READ,
  Position,
  SqliteEventStore,
  START,
  StoreUnavailable,
  type Failpoint,
  type RecordedEvent,
} from '@billtrail/event-store';
import { FailingDisk, type DiskFault } from './failing-disk.js';
import { Random } from './random.js';
import type { Life } from './store-life.js';
import { NAMES, claimsOf, eventCountOf, requestOf } from './store-workload.js';

/** What a child does on a disk that fails. */
export interface Workload {
  readonly callers: number;
  readonly appendsPerCaller: number;
}
const FEW: Workload = { callers: 4, appendsPerCaller: 6 };
/** More than any child lives to see. */
const ENDLESS = 1_000_000;

/** The figures of a run. All from `lostEvents` on must be 0. */
export interface DiskFigures {
  /** Lives in which a call failed, or that were killed. */
  faults: number;
  acknowledgedEvents: number;
  refused: number;
  /** Of the commands those of which nobody could tell: `OutcomeUnknown`. */
  toldUnknown: number;
  /** Acknowledged, and not in the log afterwards, or elsewhere in it. */
  lostEvents: number;
  /** Refused, and in the log afterwards. */
  refusedAndThere: number;
  /** Appends of which the log holds some events, but not all, or not side by side; or more than once. */
  partialAppends: number;
  chainFindings: number;
  /** Commands that had no effect or more than one after they were sent again. */
  notExactlyOnce: number;
  /** Logs that could not be opened or read any more, and children that failed otherwise. */
  failed: number;
}

export function noDiskFigures(): DiskFigures {
  const [found, wrong] = [
    { faults: 0, acknowledgedEvents: 0, refused: 0, toldUnknown: 0 },
    { lostEvents: 0, refusedAndThere: 0 },
  ];
  return { ...found, ...wrong, partialAppends: 0, chainFindings: 0, notExactlyOnce: 0, failed: 0 };
}

export function isWhole(figures: DiskFigures): boolean {
  const { lostEvents, refusedAndThere, partialAppends, chainFindings, notExactlyOnce, failed } = figures;
  return lostEvents + refusedAndThere + partialAppends + chainFindings + notExactlyOnce + failed === 0;
}

export interface FaultsOptions {
  readonly disk: FailingDisk;
  readonly fault: Omit<DiskFault, 'nth'>;
  /** From one failing call to the next that is tried: 1 is each. */
  readonly step?: number;
  /** Without it: a few commands of a few callers. */
  readonly workload?: Workload;
  readonly swallowCommit?: boolean;
}

/** A child whose nth call fails, for each n until none fails any more. Each log is opened again as it was left, and as it is after a power cut. */
export async function failEachCall(
  { disk, fault, step = 1, workload = FEW, swallowCommit = false }: FaultsOptions,
  figures = noDiskFigures(),
): Promise<DiskFigures> {
  for (let nth = 1; ; nth += step) {
    const task = { life: `at${nth}`, ...workload };
    const ended = await disk.live(
      { ...task, tellRefusals: true, goOn: true, swallowCommit },
      { fault: { ...fault, nth } },
    );
    const { life, survived, afterCut, forget } = ended;
    if (life.hadFault) {
      figures.faults++;
      await compare(survived, life, figures, true);
      await compare(afterCut, life, figures, false);
    }
    forget();
    if (!life.hadFault) return figures;
  }
}

type Death = Failpoint | 'acknowledgement';
/** In turn, so that each is reached as often; the moment is random. */
const DEATHS: readonly Death[] = ['acknowledgement', ...FAILPOINTS];

/** Children that are killed in a random moment, at an acknowledgement or at a failpoint. Each log is opened again as it was left, and as it is where the power was cut in that moment. */
export async function cutThePower(
  disk: FailingDisk,
  { cuts, seed, isDeaf = false }: { readonly cuts: number; readonly seed: number; readonly isDeaf?: boolean },
): Promise<DiskFigures> {
  const random = new Random(seed);
  const figures = noDiskFigures();
  for (let cut = 0; cut < cuts; cut++) {
    const death = DEATHS[cut % DEATHS.length] ?? 'acknowledgement';
    const killAfter = random.whole(1, 200);
    // `after-insert` comes once an append, the other failpoints once a group of up to 16.
    const time = random.whole(1, death === 'after-insert' ? 200 : 12);
    const task = { life: `cut${cut}`, callers: 16, appendsPerCaller: ENDLESS };
    const { life, survived, afterCut, forget } = await (death === 'acknowledgement'
      ? disk.live(task, { killAfter, isDeaf })
      : disk.live({ ...task, dieAt: { failpoint: death, time } }, { isDeaf }));
    if (death === 'acknowledgement' ? life.acknowledged.length < killAfter : !life.reachedFailpoint) figures.failed++;
    figures.faults++;
    await compare(survived, life, figures, true);
    await compare(afterCut, life, figures, false);
    forget();
  }
  return figures;
}

/** `counts`: what was told is counted too; it is once for each life. */
async function compare(file: string, life: Life, figures: DiskFigures, counts: boolean): Promise<void> {
  if (counts) tally(life, figures);
  let store;
  try {
    store = SqliteEventStore.open({ file, names: NAMES });
  } catch {
    figures.failed++;
    return;
  }
  try {
    if (store.damage() !== null) {
      figures.failed++;
      return;
    }
    const before = await byCommand(store);
    for (const { commandId, position, version } of life.acknowledged) {
      const last = before.get(commandId)?.at(-1);
      const isThere = last !== undefined && Position.of(last).toString() === position && last.version === version;
      if (!isThere) figures.lostEvents += eventCountOf(commandId);
    }
    for (const { commandId, problem } of life.refused)
      if (!isUnknown(problem) && before.has(commandId)) figures.refusedAndThere++;
    figures.partialAppends += partialIn(before);
    figures.chainFindings += (await store.verify()).findings.length;
    for (const { commandId } of life.refused) {
      const first = await store.append(requestOf(commandId), claimsOf(commandId));
      const again = await store.append(requestOf(commandId), claimsOf(commandId));
      if (!again.repeated || !again.position.is(first.position)) figures.notExactlyOnce++;
    }
    figures.partialAppends += partialIn(await byCommand(store));
  } catch (error) {
    // A log that can't be read is the worst that may come of a fault.
    if (!(error instanceof StoreUnavailable)) throw error;
    figures.failed++;
  } finally {
    await store.close();
  }
}

function tally({ acknowledged, refused }: Life, figures: DiskFigures): void {
  for (const { commandId } of acknowledged) figures.acknowledgedEvents += eventCountOf(commandId);
  figures.refused += refused.length;
  figures.toldUnknown += refused.filter(({ problem }) => isUnknown(problem)).length;
}

function isUnknown(problem: string): boolean {
  return problem.startsWith('OutcomeUnknown');
}

function partialIn(commands: ReadonlyMap<string, readonly RecordedEvent[]>): number {
  let partial = 0;
  for (const [commandId, events] of commands) {
    const sideBySide = events.every((event, index) => event.position === (events[0]?.position ?? 0) + index);
    if (events.length !== eventCountOf(commandId) || !sideBySide) partial++;
  }
  return partial;
}

async function byCommand(store: SqliteEventStore): Promise<ReadonlyMap<string, readonly RecordedEvent[]>> {
  const commands = new Map<string, RecordedEvent[]>();
  for (let after = START, atEnd = false; !atEnd;) {
    const slice = await store.readAll({ after, limit: MAX_READ });
    for (const event of slice.events) commands.set(event.commandId, [...(commands.get(event.commandId) ?? []), event]);
    ({ next: after, atEnd } = slice);
  }
  return commands;
}
