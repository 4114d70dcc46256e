import { refuse, type Refusal } from '@billtrail/kernel';

/** Answers about the past that may wait while one is worked out. */
const MOST_WAITING = 5;

/** An answer about the past folds the log up to there, in memory: one at a time, so that however many ask, memory holds one. */
export class PastTurns {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** Refuses ServerBusy where too many wait. */
  async take<Answer>(work: () => Promise<Answer>): Promise<Answer | Refusal> {
    if (this.waiting > MOST_WAITING) {
      return refuse(
        'ServerBusy',
        `Answers about the past are worked out one at a time, and ${MOST_WAITING} are waited for.`,
        'Ask again in a moment; without upTo the answer of now needs no turn.',
      );
    }
    this.waiting += 1;
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined).finally(() => (this.waiting -= 1));
    return mine;
  }
}
