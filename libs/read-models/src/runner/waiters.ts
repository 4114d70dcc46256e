import type { Position } from '@billtrail/event-store';
import { ReadModelsBehind } from './errors.js';

interface Waiter {
  readonly position: Position;
  stepsLeft: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Those who wait for the read models to reach a position. They are told as it happens; nothing polls. A wait is as long as a number of steps
 * that the read models take, and not as a time: on a busy machine everything is slow, and nothing is further behind.
 */
export class Waiters {
  private readonly waiting = new Set<Waiter>();

  wait(position: Position, steps: number): Promise<void> {
    return new Promise((resolve, reject) => this.waiting.add({ position, stepsLeft: steps, resolve, reject }));
  }

  reached(position: Position): void {
    for (const waiter of this.waiting) {
      if (waiter.position.isAfter(position)) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }

  /** The read models have taken so many steps more, and stand at `reached`. */
  stepped(steps: number, reached: Position): void {
    for (const waiter of this.waiting) {
      waiter.stepsLeft -= steps;
      if (waiter.stepsLeft > 0) continue;
      this.waiting.delete(waiter);
      waiter.reject(new ReadModelsBehind(waiter.position, reached));
    }
  }

  fail(error: Error): void {
    for (const waiter of this.waiting) waiter.reject(error);
    this.waiting.clear();
  }
}
