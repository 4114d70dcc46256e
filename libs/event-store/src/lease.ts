/**
 * Of the processes on one log, who holds it leads: it does alone what any of them could. It spares work, and no rule may rest on it: a process that stands still may hold it, and for a moment
 * two may believe that they do.
 */
export interface Lease {
  /** True where this process holds it, or gets it now; also where there is none to be had, for then each does what it would spare. It never throws: what hindered it is {@link trouble}. */
  take(): Promise<boolean>;
  /** Aborted as soon as what was taken last is lost. */
  readonly lost: AbortSignal;
  /** What hindered it when it was asked for last; null: nothing. {@link LeaseUnavailable}: there is none to be had, and all else goes on. */
  trouble(): Error | null;
  release(): Promise<void>;
}

/** There is no lease to be had: every process does what one of them could. That is as right, and costs work. */
export class LeaseUnavailable extends Error {
  override readonly name = 'LeaseUnavailable';
  constructor(why: string, remedy: string, options?: { cause?: unknown }) {
    super(`${why}: until then every server runs the policies. ${remedy}`, options);
  }
}

/** Never aborted: the system frees what is held when its process ends, and not before. */
export const NEVER_LOST: AbortSignal = new AbortController().signal;
