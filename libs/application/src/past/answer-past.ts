import { InvariantViolation } from '@billtrail/kernel';
import { CutStore, type EventStore, type KeysByStream, type StreamName } from '@billtrail/event-store';
import { readModelsAsOf } from '@billtrail/read-models';
import { systemClock } from '../clock.js';
import { answerOf } from '../queries/questions-of-any-time.js';
import { openLog } from '../open-log.js';
import {
  failureTold,
  keysOfTold,
  readQuestion,
  written,
  type AskedOfPast,
  type FromAnswerer,
} from './past-messages.js';

/** Where questions come from and answers go to: the port of a thread to the one that made it, or one end of a channel. */
export interface AnsweringPort {
  postMessage(text: string): void;
  on(event: 'message', listener: (text: string) => void): unknown;
}

/** Answers questions about the past that come by a port, from the log in `where`, which it opens for reading only at the first. Keys are asked for by the same port. */
export class PastAnswerer {
  private log: Promise<EventStore> | null = null;
  private readonly awaited = new Map<number, { resolve(keys: KeysByStream): void; reject(error: Error): void }>();
  private requests = 0;

  private constructor(
    private readonly port: AnsweringPort,
    private readonly where: string,
  ) {}

  /** Answers from now on. */
  static start(port: AnsweringPort, where: string): PastAnswerer {
    const answerer = new PastAnswerer(port, where);
    port.on('message', (text) => answerer.hear(text));
    return answerer;
  }

  async close(): Promise<void> {
    await (await this.log?.catch(() => null))?.close();
  }

  private hear(text: string): void {
    const message = readQuestion(text);
    if (message.kind === 'ask') {
      void this.answer(message.asked);
      return;
    }
    const awaited = this.awaited.get(message.request);
    this.awaited.delete(message.request);
    if (message.kind === 'keys') awaited?.resolve(keysOfTold(message.keys));
    else awaited?.reject(new Error('the keys of streams could not be had'));
  }

  private async answer(asked: AskedOfPast): Promise<void> {
    try {
      this.tell({ kind: 'answer', answer: await this.worked(asked) });
    } catch (error) {
      this.tell(failureTold(error));
    }
  }

  private async worked({ name, given, upTo, needed }: AskedOfPast): Promise<unknown> {
    const log = await this.opened();
    const store = new CutStore(log, upTo);
    const now = (await store.newest())?.recordedAt;
    const models = await readModelsAsOf(log, upTo, needed);
    try {
      return await answerOf(name, given, { store, models, clock: () => now ?? systemClock() });
    } finally {
      await models.close();
    }
  }

  private async opened(): Promise<EventStore> {
    const keys = {
      keyFor: () => {
        throw new InvariantViolation('the past seals nothing');
      },
      keysOf: (streams: readonly StreamName[]) => this.keysOf(streams),
    };
    this.log ??= openLog(this.where, { keys, readonly: true });
    try {
      return await this.log;
    } catch (error) {
      this.log = null;
      throw error;
    }
  }

  private keysOf(streams: readonly StreamName[]): Promise<KeysByStream> {
    const request = ++this.requests;
    return new Promise((resolve, reject) => {
      this.awaited.set(request, { resolve, reject });
      this.tell({ kind: 'keys-of', request, streams });
    });
  }

  private tell(message: FromAnswerer): void {
    this.port.postMessage(written(message));
  }
}
