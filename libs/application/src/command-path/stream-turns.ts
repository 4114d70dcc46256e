import type { StreamName } from '@billtrail/event-store';

/**
 * One writer at a time per stream, first come, first served: writers in one process wait for each other instead of deciding in vain.
 * Writers in other processes are caught by the expected version, and those in this one would be too: no rule depends on a turn.
 */
export class StreamTurns {
  private readonly last = new Map<StreamName, Promise<void>>();

  async take<Result>(stream: StreamName, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(stream);
    let done = (): void => undefined;
    const mine = new Promise<void>((resolve) => (done = resolve));
    this.last.set(stream, mine);
    await before;
    try {
      return await work();
    } finally {
      if (this.last.get(stream) === mine) this.last.delete(stream);
      done();
    }
  }
}
