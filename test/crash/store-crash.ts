import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FAILPOINTS,
  MAX_READ,
  Position,
  SqliteEventStore,
  START,
  type EventStore,
  type Failpoint,
  type RecordedEvent,
} from '@billtrail/event-store';
import { Random } from './random.js';
import { live, type Acknowledgement } from './store-life.js';
import { NAMES, claimsOf, commandIdOf, eventCountOf, requestOf } from './store-workload.js';

const CALLERS = 16;
/** More than any child lives to see. */
const ENDLESS = 1_000_000;
/** Lives on one log before a new one is begun: so that the check of a whole log stays short. */
const LIVES_PER_LOG = 10;

export type Death = Failpoint | 'acknowledgement';
const DEATHS: readonly Death[] = ['acknowledgement', ...FAILPOINTS];

/** The figures of a run. All but the first five must be 0. */
export interface CrashFigures {
  kills: number;
  killsBy: Record<Death, number>;
  acknowledgedAppends: number;
  acknowledgedEvents: number;
  /** Commits that were on the disk though nobody had been told: allowed, and answered as repeated. */
  committedUnacknowledged: number;
  lostEvents: number;
  /** Appends of which the log holds some events, but not all, or not side by side. */
  partialAppends: number;
  chainFindings: number;
  /** Commands that had no effect or more than one after they were sent again. */
  notExactlyOnce: number;
  /** Lives that did not end as they should have: a failpoint never reached, a child that failed. */
  failedLives: number;
}

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** The seeded bug of the child. */
  readonly acknowledgeEarly?: boolean;
  readonly deaths?: readonly Death[];
  readonly onLife?: (figures: CrashFigures) => void;
}

/** Kills children that append, reopens their log after each and compares it with what they had acknowledged. */
export async function crashStore(options: CrashOptions): Promise<CrashFigures> {
  const random = new Random(options.seed);
  const deaths = options.deaths ?? DEATHS;
  const figures = noFigures();
  while (figures.kills < options.kills) {
    const folder = mkdtempSync(join(tmpdir(), 'billtrail-crash-'));
    const log = new CrashedLog(join(folder, 'log.db'), figures, options.acknowledgeEarly ?? false);
    for (let life = 0; life < LIVES_PER_LOG && figures.kills < options.kills; life++) {
      // In turn, so that each is reached as often; the moment is random.
      const death = deaths[figures.kills % deaths.length] ?? 'acknowledgement';
      await log.liveAndDie(`life${life}`, death, random);
      options.onLife?.(figures);
    }
    rmSync(folder, { recursive: true });
  }
  return figures;
}

function noFigures(): CrashFigures {
  return {
    kills: 0,
    killsBy: Object.fromEntries(DEATHS.map((death) => [death, 0])) as Record<Death, number>,
    acknowledgedAppends: 0,
    acknowledgedEvents: 0,
    committedUnacknowledged: 0,
    lostEvents: 0,
    partialAppends: 0,
    chainFindings: 0,
    notExactlyOnce: 0,
    failedLives: 0,
  };
}

/** One log through several lives and deaths of its writers. */
class CrashedLog {
  /** Of all lives so far: what was acknowledged once must be there for ever. */
  private readonly acknowledged = new Map<string, Acknowledgement>();

  constructor(
    private readonly file: string,
    private readonly figures: CrashFigures,
    private readonly acknowledgeEarly: boolean,
  ) {}

  async liveAndDie(life: string, death: Death, random: Random): Promise<void> {
    const killAfter = random.whole(1, 300);
    // `after-insert` comes once an append, the other failpoints once a group of up to 16.
    const time = random.whole(1, death === 'after-insert' ? 300 : 20);
    const { acknowledged, reachedFailpoint, errors } = await live(
      {
        file: this.file,
        life,
        callers: CALLERS,
        appendsPerCaller: ENDLESS,
        acknowledgeEarly: this.acknowledgeEarly,
        ...(death !== 'acknowledgement' && { dieAt: { failpoint: death, time } }),
      },
      death === 'acknowledgement' ? { killAfter } : {},
    );
    this.figures.kills++;
    this.figures.killsBy[death]++;
    const endedAsMeant = death === 'acknowledgement' ? acknowledged.length >= killAfter : reachedFailpoint;
    if (!endedAsMeant || errors !== '') this.figures.failedLives++;
    this.figures.acknowledgedAppends += acknowledged.length;
    for (const each of acknowledged) {
      this.acknowledged.set(each.commandId, each);
      this.figures.acknowledgedEvents += eventCountOf(each.commandId);
    }
    await this.check(life, acknowledged);
  }

  private async check(life: string, acknowledged: readonly Acknowledgement[]): Promise<void> {
    const store = SqliteEventStore.open({ file: this.file, names: NAMES });
    const byCommand = await eventsByCommand(store);
    this.countLostAndPartial(byCommand);
    this.figures.chainFindings += (await store.verify()).findings.length;

    // Each caller waits for its answer: what it had not been told is its next command, and only that one may have been carried out.
    const lastOf = new Map<number, number>();
    for (const { commandId } of acknowledged) {
      const [, caller = 0, n = 0] = commandId.split('/').map(Number);
      lastOf.set(caller, Math.max(n, lastOf.get(caller) ?? -1));
    }
    const open = Array.from({ length: CALLERS }, (_, caller) =>
      commandIdOf(life, caller, (lastOf.get(caller) ?? -1) + 1),
    );
    this.figures.committedUnacknowledged += open.filter((commandId) => byCommand.has(commandId)).length;
    const again = [...open, ...open].map(async (commandId) => {
      const { position, version } = await store.append(requestOf(commandId), claimsOf(commandId));
      return { commandId, position: String(position), version };
    });
    for (const answer of await Promise.all(again)) this.acknowledged.set(answer.commandId, answer);
    const after = await eventsByCommand(store);
    this.figures.notExactlyOnce += open.filter(
      (commandId) => after.get(commandId)?.length !== eventCountOf(commandId),
    ).length;
    this.countLostAndPartial(after);
    await store.close();
  }

  private countLostAndPartial(byCommand: ReadonlyMap<string, readonly RecordedEvent[]>): void {
    for (const { commandId, position, version } of this.acknowledged.values()) {
      const last = byCommand.get(commandId)?.at(-1);
      if (last && String(Position.of(last)) === position && last.version === version) continue;
      this.figures.lostEvents += eventCountOf(commandId);
      // Counted once: it can't be lost again.
      this.acknowledged.delete(commandId);
    }
    for (const [commandId, events] of byCommand) {
      const sideBySide = events.every((event, index) => event.position === (events[0]?.position ?? 0) + index);
      if (events.length !== eventCountOf(commandId) || !sideBySide) this.figures.partialAppends++;
    }
  }
}

async function eventsByCommand(store: EventStore): Promise<Map<string, RecordedEvent[]>> {
  const byCommand = new Map<string, RecordedEvent[]>();
  for (let after = START, atEnd = false; !atEnd;) {
    const slice = await store.readAll({ after, limit: MAX_READ });
    for (const event of slice.events) {
      const events = byCommand.get(event.commandId);
      if (events) events.push(event);
      else byCommand.set(event.commandId, [event]);
    }
    ({ next: after, atEnd } = slice);
  }
  return byCommand;
}
