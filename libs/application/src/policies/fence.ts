import { epochMillis, type Instant } from '@billtrail/kernel';
import { CommandIdReused, Position, START, WrongExpectedVersion, type StreamSlice } from '@billtrail/event-store';
import { NotSettled, type ReadModels, type RestsOn } from '@billtrail/read-models';
import { appendAs, type Entry } from '../command-path/append-as.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { RefusedForNow } from './attempt.js';

/** When the event was recorded that read models have read last: of one process, for whichever policy asks. So the log is asked once for each position, and not by each question. */
const LAST_READ = new WeakMap<ReadModels, { readonly at: Position; readonly recordedAt: Instant | null }>();

/** The policy's time, and the position of its read models that it goes with. */
interface Moment {
  readonly at: Position;
  readonly now: Instant;
}

/** What is to be recorded, and on whose facts in the read models that was decided: no row of theirs may be another than was written. */
export interface Decided extends Entry {
  readonly restsOn: RestsOn;
}

/** What came of {@link Fence.record}. */
export interface Looked {
  /** Where to look again: the position of what was recorded, or of what came in between. null: nothing was to be done. */
  readonly again: Position | null;
  readonly isRecorded: boolean;
}

type FencePorts = Pick<CommandPorts, 'store' | 'models' | 'clock'>;

/** How often the facts are asked again because the read models moved on in between. */
const MAX_MOVES = 8;

/**
 * The one way in which a policy records what follows from facts. It reads the stream, does nothing unless its read models have passed that stream's last event, decides
 * on facts of that moment, and appends at the version that it read. So of several processes, however far each is behind, none undoes what another did on later facts:
 * there is at most one entry for a change of facts. Who loses a race, or is refused, has not failed: what is due stays due, and settles when the read models
 * have come further. What rests on rows that another program changed is not recorded either: that is told as a trouble of the policy, and stays due.
 */
export class Fence {
  constructor(
    private readonly ports: FencePorts,
    /** Its name, which is also the actor of what it records. */
    private readonly policy: string,
  ) {}

  /** The policy's time: that of its clock, or that of the last event which its read models have read where that is later. */
  async now(): Promise<Moment> {
    const { store, models, clock } = this.ports;
    const at = models.position();
    let last = LAST_READ.get(models) ?? { at: START, recordedAt: null };
    if (!last.at.is(at)) {
      // Others ask meanwhile, at other positions: what is kept may be theirs.
      last = { at, recordedAt: (await store.eventAt(at))?.recordedAt ?? null };
      LAST_READ.set(models, last);
    }
    const { recordedAt } = last;
    const now = clock();
    return { at, now: recordedAt !== null && epochMillis(recordedAt) > epochMillis(now) ? recordedAt : now };
  }

  /**
   * `read` loads the stream, with whatever else is decided on. `decide` collects the facts and decides, waiting for nothing; null: there is nothing to record.
   * @throws RefusedForNow where the read models do not hold what it rests on as it was written
   */
  async record<Read extends { readonly slice: StreamSlice }>(
    read: () => Promise<Read>,
    decide: (read: Read, now: Instant) => Decided | null,
  ): Promise<Looked> {
    const { models } = this.ports;
    const found = await read();
    const last = lastOf(found.slice);
    for (let moves = 0; moves < MAX_MOVES; moves++) {
      const { at, now } = await this.now();
      const decided = models.settled(last, (settledAt) =>
        settledAt.is(at) ? { entry: this.compared(decide(found, now)) } : null,
      );
      if (decided instanceof NotSettled) return { again: decided.until, isRecorded: false };
      if (decided === null) continue;
      if (decided.entry === null) return { again: null, isRecorded: false };
      return this.append(found.slice, decided.entry);
    }
    return { again: models.position(), isRecorded: false };
  }

  /** In the snapshot in which it was decided, and only where there is something to record. */
  private compared(decided: Decided | null): Decided | null {
    const refusal = decided && this.ports.models.comparison?.refusesWhatRestsOn(decided.restsOn);
    if (refusal != null) throw new RefusedForNow(refusal);
    return decided;
  }

  private async append({ stream, version }: StreamSlice, entry: Entry): Promise<Looked> {
    const { store } = this.ports;
    try {
      const { position } = await appendAs(store, this.policy, { stream, expected: version }, entry);
      return { again: position, isRecorded: true };
    } catch (error) {
      // Another writer was first: what they recorded comes back through the read models.
      if (error instanceof WrongExpectedVersion || error instanceof CommandIdReused)
        return { again: await store.head(), isRecorded: false };
      throw error;
    }
  }
}

function lastOf({ events }: StreamSlice): Position {
  return events.reduce((last: Position, event) => {
    const at = Position.of(event);
    return at.isAfter(last) ? at : last;
  }, START);
}
