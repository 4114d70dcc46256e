import { setTimeout as pause } from 'node:timers/promises';

/** How often something is tried while another process is in the way. Tries and not time: on a busy machine the other one is slow as well. */
const DEFAULT_TRIES = 500;
/** Between two tries, in which this process goes on with other work. */
const PAUSE_MS = 10;

export interface Patience {
  /** Another process was in the way and nothing was done. */
  readonly isInTheWay: (error: unknown) => boolean;
  readonly tries?: number;
}

/** Does something, again and again as long as another process is in the way. @throws what the last try threw */
export async function patiently<Done>(
  { isInTheWay, tries = DEFAULT_TRIES }: Patience,
  work: () => Promise<Done> | Done,
): Promise<Done> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (tried === tries || !isInTheWay(error)) throw error;
      await pause(PAUSE_MS);
    }
  }
}
