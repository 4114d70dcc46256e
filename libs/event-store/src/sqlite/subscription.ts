import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AllSlice, ReadAllOptions, SubscribeOptions } from '../port.js';
import { checkReadLimit, DEFAULT_SUBSCRIPTION_BATCH } from '../requests.js';

/** How often waiting subscribers look whether another process has committed. Commits of this process wake them at once. */
export const FOREIGN_COMMIT_POLL_MS = 25;

/** Tells waiting readers that the log has grown: at once for this process, by polling `PRAGMA data_version` for others. */
export class CommitSignal {
  private readonly waiting = new Set<() => void>();
  private poll: NodeJS.Timeout | undefined;
  private seen = -1;
  private closed = false;

  /** `dataVersion` changes when another process has committed. */
  constructor(private readonly dataVersion: () => number) {}

  get isClosed(): boolean {
    return this.closed;
  }

  /** Call before reading: a commit of another process from here on ends the next {@link wait}. */
  aboutToRead(): void {
    // While others wait, the poll itself watches; moving the mark then could hide a commit from them.
    if (this.waiting.size === 0) this.seen = this.dataVersion();
  }

  /** Until the log may have grown, the signal aborts or the store closes. */
  wait(signal: AbortSignal): Promise<void> {
    if (this.closed || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        if (this.waiting.size === 0) this.stopPolling();
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      this.poll ??= setInterval(() => this.look(), FOREIGN_COMMIT_POLL_MS).unref();
    });
  }

  wakeAll(): void {
    for (const wake of this.waiting) wake();
  }

  close(): void {
    this.closed = true;
    this.wakeAll();
  }

  private look(): void {
    const now = this.dataVersion();
    if (now === this.seen) return;
    this.seen = now;
    this.wakeAll();
  }

  private stopPolling(): void {
    clearInterval(this.poll);
    this.poll = undefined;
  }
}

/** The subscription of the port. Pull only: nothing is read ahead, nothing is held for a reader that stalls. */
export async function* follow(
  /** At once where nothing is to be waited for: a commit that came while an empty answer is waited for would wake nobody. */
  readAll: (options: ReadAllOptions) => AllSlice | Promise<AllSlice>,
  commits: CommitSignal,
  options: SubscribeOptions,
): AsyncGenerator<AllSlice, void, undefined> {
  const { signal, batchSize = DEFAULT_SUBSCRIPTION_BATCH, categories, types } = options;
  checkReadLimit('batchSize', batchSize);
  const filter = { ...(categories && { categories }), ...(types && { types }) };
  let { after } = options;
  while (!signal.aborted && !commits.isClosed) {
    commits.aboutToRead();
    const read = readAll({ ...filter, after, limit: batchSize });
    const slice = read instanceof Promise ? await read : read;
    if (slice.next.is(after)) {
      await commits.wait(signal);
      continue;
    }
    after = slice.next;
    yield slice;
    // A reader that does nothing asynchronous must not starve the rest of the process while it catches up.
    await nextTurn();
  }
}
