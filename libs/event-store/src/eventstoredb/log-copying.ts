import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CopiedIn, Copying, StoredAppend, StoredEvent, WholeLog } from '../capabilities.js';
import { copyInto, differing, textOf } from '../copying-logs.js';
import { Position, START } from '../position.js';
import type { Connection } from './connection.js';
import type { LogReader } from './log-reader.js';
import { placeOf } from './known-streams.js';
import type { StoredForm } from './stored-form.js';
import type { StreamAppender } from './stream-appender.js';

/** What is said of the whole log, in a stream beside it: a log that was begun here holds no plain texts. */
const COPIED = 'log-copied-in';
const EVENTS_AT_ONCE = 1_000;

export interface LogCopyingOptions {
  readonly connection: Connection;
  readonly reader: LogReader;
  readonly appender: StreamAppender;
  readonly form: StoredForm;
}

/** Copies whole logs out of the engine and into it. It has no transaction over streams: what another one writes meanwhile is found by reading what was written. */
export class LogCopying implements Copying {
  private plainEvents = 0;

  constructor(private readonly options: LogCopyingOptions) {}

  /** Learns what was said of the log when it was copied in. */
  async learn(): Promise<void> {
    const { connection, form } = this.options;
    const [said] = await connection.reading((engine) =>
      engine.readStream(form.about, { from: 'end', direction: 'backwards', most: 1 }),
    );
    const told = said?.data as { readonly plainEvents?: unknown } | undefined;
    this.plainEvents = typeof told?.plainEvents === 'number' ? told.plainEvents : 0;
  }

  copyOut(): WholeLog {
    return { plainEvents: this.plainEvents, appends: () => this.appendsAfter(START) };
  }

  async copyIn(log: WholeLog): Promise<CopiedIn> {
    let written = await this.options.reader.head();
    const isEmpty = written.is(START);
    if (isEmpty && log.plainEvents !== this.plainEvents) await this.say(log.plainEvents);
    return copyInto(log, this.appendsAfter(START), EVENTS_AT_ONCE, async (appends) => {
      for (const append of appends) await this.write(append);
      written = await this.assertWritten(appends, written);
    });
  }

  private async say(plainEvents: number): Promise<void> {
    const { connection, form } = this.options;
    const event = { id: randomUUID(), type: COPIED, data: { plainEvents }, metadata: {} };
    const [last] = await connection.reading((engine) =>
      engine.readStream(form.about, { from: 'end', direction: 'backwards', most: 1 }),
    );
    await connection.append(form.about, last?.revision ?? -1, [event], COPIED);
    this.plainEvents = plainEvents;
  }

  private async write(append: StoredAppend): Promise<void> {
    const { appender, form } = this.options;
    const version = (append.events[0]?.version ?? 1) - 1;
    const place = await appender.send(append.stream, version, form.toCopy(append), append.commandId);
    if (place === null) throw differing(append);
  }

  /** Only what was written stands behind what was there before. */
  private async assertWritten(appends: readonly StoredAppend[], after: Position): Promise<Position> {
    const mine = appends[Symbol.iterator]();
    let last = after;
    for await (const { append, end } of this.placed(after)) {
      const { value } = mine.next() as { readonly value?: StoredAppend };
      if (value === undefined || textOf(value) !== textOf(append)) throw differing(append);
      last = end;
    }
    return last;
  }

  private async *appendsAfter(after: Position): AsyncGenerator<StoredAppend> {
    for await (const { append } of this.placed(after)) yield append;
  }

  /** One command has one effect on a stream: its events there, which stand side by side, are one append. */
  private async *placed(after: Position): AsyncGenerator<{ readonly append: StoredAppend; readonly end: Position }> {
    const { reader, form } = this.options;
    const end = await reader.head();
    let shared: Omit<StoredAppend, 'events'> | null = null;
    let events: StoredEvent[] = [];
    let last = after;
    for await (const event of reader.after(after)) {
      if (event.position > end.at) break;
      const { id, version, storedName, schemaVersion, occurredAt, json, ...append } = form.stored(event);
      if (shared !== null && (shared.stream !== append.stream || shared.commandId !== append.commandId)) {
        yield { append: { ...shared, events }, end: last };
        events = [];
        await nextTurn();
      }
      shared = append;
      events.push({ id, version, storedName, schemaVersion, occurredAt, json });
      last = placeOf(event);
    }
    if (shared !== null) yield { append: { ...shared, events }, end: last };
  }
}
