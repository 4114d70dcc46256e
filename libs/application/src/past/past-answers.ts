import { refuse, type Refusal } from '@billtrail/kernel';
import type { StreamKeys, StreamName } from '@billtrail/event-store';
import { errorOf, keysTold, readAnswer, written, type AskedOfPast, type ToAnswerer } from './past-messages.js';
import { PastTurns } from './past-turns.js';
import { MOST_MEGABYTES, type Answerer, type Hearing, type StartAnswerer } from './start-answerer.js';

interface Asking {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const STOPPING = refuse(
  'ServerStopping',
  'The server is ending, and the answer was not worked out to its end.',
  'Ask again once the server runs again.',
);

/**
 * Has questions about the past answered in another thread, which folds the log up to there: one after the other, so that however many ask, memory holds one, and
 * others are answered meanwhile. The thread is made at the first question, and anew after one that ended it. It asks here for the keys of streams that it meets.
 */
export class PastAnswers {
  private readonly turns = new PastTurns();
  private answerer: Answerer | null = null;
  private asking: Asking | null = null;
  /** Why the vault could not give the keys that the question needs. */
  private keysRefused: unknown = null;
  private isClosed = false;

  constructor(
    private readonly start: StartAnswerer,
    private readonly keys: Pick<StreamKeys, 'keysOf'>,
  ) {}

  /** As JSON has it. Refuses: ServerBusy where too many wait, PastUnanswered, ServerStopping, and what the question does. @throws what the question throws */
  ask(asked: AskedOfPast): Promise<unknown> {
    return this.turns.take(() => this.answered(asked));
  }

  /** Ends the thread; a question that it is at is refused. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.asking?.resolve(STOPPING);
    await this.answerer?.end();
    this.answerer = null;
  }

  private async answered(asked: AskedOfPast): Promise<unknown> {
    if (this.isClosed) return STOPPING;
    const answerer = (this.answerer ??= this.start(this.hearing()));
    this.keysRefused = null;
    answerer.isAsked(true);
    try {
      return await new Promise((resolve, reject) => {
        this.asking = { resolve, reject };
        answerer.tell(written({ kind: 'ask', asked }));
      });
    } finally {
      this.asking = null;
      answerer.isAsked(false);
    }
  }

  private hearing(): Hearing {
    return {
      hear: (text) => this.hear(text),
      ended: ({ isOutOfMemory, cause }) => {
        this.answerer = null;
        this.asking?.resolve(isOutOfMemory ? TOO_LARGE : brokenOff(cause));
      },
    };
  }

  private hear(text: string): void {
    const message = readAnswer(text);
    switch (message.kind) {
      case 'answer':
        return this.asking?.resolve(message.answer);
      case 'failed':
        return this.asking?.reject(this.keysRefused ?? errorOf(message.error));
      case 'keys-of':
        void this.giveKeys(message.request, message.streams);
    }
  }

  /** Where the vault can't give them, that is why the question fails, as soon as the thread has let go of it. */
  private async giveKeys(request: number, streams: readonly StreamName[]): Promise<void> {
    let given: ToAnswerer = { kind: 'no-keys', request };
    try {
      given = { kind: 'keys', request, keys: keysTold(await this.keys.keysOf(streams)) };
    } catch (error) {
      this.keysRefused = error;
    }
    this.answerer?.tell(written(given));
  }
}

const TOO_LARGE = refuse(
  'PastUnanswered',
  `To answer this of the past needs more than the ${MOST_MEGABYTES} MB of memory that it may take.`,
  'Ask about one client, one ticket or one contract, and of one month where the question takes it.',
);

function brokenOff(cause: string): Refusal {
  return refuse(
    'PastUnanswered',
    'The thread that answers questions about the past ended while it was at this one.',
    'Ask again: a new one is started. If it ends again, report it with the correlation id.',
    { cause },
  );
}
