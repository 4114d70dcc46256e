import type { Position } from '@billtrail/event-store';
import { ReadModelsBehind } from './errors.js';

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Those who wait for the read models to reach a position. They are told as it happens; nothing polls. */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  wait(position: Position, timeoutMs: number, reached: () => Position): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(waiter);
      };
      const waiter: Waiter = {
        position,
        resolve: () => (done(), resolve()),
        reject: (error) => (done(), reject(error)),
      };
      const timer = setTimeout(() => waiter.reject(new ReadModelsBehind(position, reached())), timeoutMs);
      this.waiting.add(waiter);
    });
  }

  reached(position: Position): void {
    for (const waiter of this.waiting) if (waiter.position <= position) waiter.resolve();
  }

  fail(error: Error): void {
    for (const waiter of this.waiting) waiter.reject(error);
  }
}
