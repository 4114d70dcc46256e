import type { StreamName } from '@billtrail/event-store';

/**
 * One writer at a time for each stream, in the order of asking: those of one process wait for each other instead of deciding in vain.
 * Writers of other processes are still met at the expected version.
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
