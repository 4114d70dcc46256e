import { PositionUnknown } from '../errors.js';
import {
  MAX_READ_BYTES,
  categoryOf,
  type AllSlice,
  type EventFilter,
  type ReadAllOptions,
  type RecordedEvent,
} from '../port.js';
import { Position, START } from '../position.js';
import { checkReadLimit } from '../requests.js';
import type { StoredNames } from '../stored-names.js';
import type { Connection } from './connection.js';
import { EngineFailure, type EngineEvent } from './engine.js';
import { placeOf } from './known-streams.js';
import { jsonOf, type StoredForm } from './stored-form.js';

/** Events that a filtered read looks at, at most: a reader of rare events comes forward, and holds nobody up. */
const FILTER_WINDOW = 20_000;
/** Events of a page: a read is always read to its end, so how large they are decides how many are asked for. */
const FIRST_PAGE = 64;
const SMALLEST_PAGE = 8;
const LARGEST_PAGE = 4_096;
const UNITS_OF_A_PAGE = 8_000_000;
/** So many of a page are measured. */
const MEASURED = 8;
/** Looked at first from the end, for the last event of ours: the engine writes its own between them. */
const PAGE_FROM_END = 8;
/** Who asks for the end of the log would rather hear that it can't be told than wait. */
const PATIENCE_FOR_HEAD_MS = 2_000;

/** Whether an event is asked for. @throws InvariantViolation for a type that nobody registered */
export function filterOf({ categories, types }: EventFilter, names: StoredNames): (event: RecordedEvent) => boolean {
  for (const type of types ?? []) names.toStored(type);
  return ({ stream, type, unknown }) =>
    (categories === undefined || categories.includes(categoryOf(stream))) &&
    (types === undefined || types.includes(type) || (unknown !== undefined && type.startsWith('unknown:')));
}

/** Events in bounds of bytes, as they are counted where they are stored. */
export class Bounded {
  readonly events: EngineEvent[] = [];
  private bytes = 0;

  /** False: it is not taken, for with it they would be larger than a slice may be; one is always taken. */
  take(event: EngineEvent): boolean {
    this.bytes += Buffer.byteLength(jsonOf(event));
    if (this.events.length > 0 && this.bytes > MAX_READ_BYTES) return false;
    this.events.push(event);
    return true;
  }
}

/** Reads of the whole log. Positions that are sent are those of events of it: at any other the engine fails, each time. */
export class LogReader {
  /** The last event of ours that was found from the end, and the position from which it was looked for. */
  private lastFound: {
    readonly event: EngineEvent | null;
    readonly lookedFrom: number;
    readonly epoch: number;
  } | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly form: StoredForm,
    private readonly names: StoredNames,
  ) {}

  /** Sealed events are still sealed. */
  async readAll(options: ReadAllOptions): Promise<AllSlice> {
    const { after, upTo, limit } = options;
    checkReadLimit('limit', limit);
    const matches = filterOf(options, this.names);
    if (upTo !== undefined) await this.held(upTo);
    const isFiltered = options.categories !== undefined || options.types !== undefined;
    const found: RecordedEvent[] = [];
    const slice = (next: Position, atEnd: boolean): AllSlice => ({ events: found, next, atEnd });
    if (upTo !== undefined && !upTo.isAfter(after)) {
      if (!upTo.is(after)) await this.held(after);
      return slice(after, !(await this.head()).isAfter(after));
    }
    let next = after;
    let looked = 0;
    const bounded = new Bounded();
    for await (const event of this.after(after, isFiltered ? FILTER_WINDOW : limit)) {
      if (upTo !== undefined && event.position > upTo.at) return slice(next, false);
      if (found.length === limit || looked === FILTER_WINDOW) return slice(next, false);
      const recorded = this.form.recorded(event);
      if (!isFiltered || matches(recorded)) {
        if (!bounded.take(event)) return slice(next, false);
        found.push(recorded);
      }
      looked += 1;
      next = placeOf(event);
    }
    return slice(next, true);
  }

  /** Null at {@link START}. @throws PositionUnknown */
  async held(position: Position): Promise<EngineEvent | null> {
    if (position.is(START)) return null;
    const [event] = await this.page(position, 1);
    return this.assertAt(event, position);
  }

  async head(): Promise<Position> {
    const last = await this.newest();
    return last === null ? START : placeOf(last);
  }

  /** The last event of ours, from the leader; null: there is none. */
  async newest(): Promise<EngineEvent | null> {
    const { epoch } = this.connection;
    const known = this.lastFound?.epoch === epoch ? this.lastFound : null;
    let lookedFrom: number | null = null;
    let from: number | 'end' = 'end';
    for (let most = PAGE_FROM_END; ; most = Math.min(2 * most, LARGEST_PAGE)) {
      const page = await this.fromEnd(from, most);
      lookedFrom ??= page[0]?.position ?? 0;
      const event = page.find((one) => this.form.isOurs(one) || (known !== null && one.position <= known.lookedFrom));
      const isKnown = event !== undefined && !this.form.isOurs(event);
      const last = page.at(-1);
      if (event !== undefined || last === undefined || page.length < most) {
        const found = isKnown ? (known?.event ?? null) : (event ?? null);
        this.lastFound = { event: found, lookedFrom, epoch };
        return found;
      }
      from = last.position;
    }
  }

  /** All of ours after a position, one page after the other; its reader leaves after so many at most, and looks at one more. @throws PositionUnknown */
  async *after(after: Position, atMost = Infinity): AsyncGenerator<EngineEvent> {
    let most = Math.min(atMost + 2, FIRST_PAGE);
    let left = atMost;
    let known: number | null = after.is(START) ? null : after.at;
    let at: Position | number = after;
    for (;;) {
      const page: EngineEvent[] = await this.page(at, most);
      const [first] = page;
      if (known !== null && at === after) this.assertAt(first, after);
      for (const event of page) {
        if (event.position === known) continue;
        if (!this.form.isOurs(event)) continue;
        left -= 1;
        yield event;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < most) return;
      known = last.position;
      at = last.position;
      most = Math.min(sizeOfNext(page), Math.max(left + 2, SMALLEST_PAGE));
    }
  }

  private async page(from: Position | number, most: number): Promise<EngineEvent[]> {
    const isStart = from instanceof Position && from.is(START);
    const at = from instanceof Position ? from.at : from;
    try {
      return await this.connection.reading(async (engine) => {
        const read: EngineEvent[] = [];
        for await (const event of engine.readAll({ from: isStart ? 'start' : at, direction: 'forwards', most }))
          read.push(event);
        return read;
      });
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      throw from instanceof Position ? new PositionUnknown(from) : this.connection.unavailable(error);
    }
  }

  private async fromEnd(from: number | 'end', most: number): Promise<EngineEvent[]> {
    return this.connection.readingWithin(async (engine) => {
      const read: EngineEvent[] = [];
      for await (const event of engine.readAll({ from, direction: 'backwards', most })) read.push(event);
      return read;
    }, PATIENCE_FOR_HEAD_MS);
  }

  private assertAt(event: EngineEvent | undefined, position: Position): EngineEvent {
    if (event === undefined || !this.form.isOurs(event) || !placeOf(event).is(position))
      throw new PositionUnknown(position);
    return event;
  }
}

function sizeOfNext(page: readonly EngineEvent[]): number {
  const measured = page.slice(-MEASURED);
  const units = measured.reduce((sum, event) => sum + jsonOf(event).length, 0) / measured.length;
  return Math.max(SMALLEST_PAGE, Math.min(LARGEST_PAGE, Math.floor(UNITS_OF_A_PAGE / units)));
}
