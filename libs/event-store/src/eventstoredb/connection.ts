import { setTimeout as pause } from 'node:timers/promises';
import { OutcomeUnknown } from '../errors.js';
import { StoreUnavailable } from '../store-unavailable.js';
import {
  EngineFailure,
  type Engine,
  type EngineAppended,
  type EngineEventToAppend,
  type FailureKind,
} from './engine.js';

/** What passes by itself: it is tried again. */
const PASSES: ReadonlySet<FailureKind> = new Set(['outage', 'no-leader', 'not-leader']);
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export interface ConnectionOptions {
  readonly connect: () => Engine;
  readonly unavailable: (failure: EngineFailure) => StoreUnavailable;
  /** Milliseconds of a clock that never goes back. */
  readonly tick: () => number;
  /** How long something is tried again that fails for a cause that passes: from when the engine went away. Once it is away for longer, all is tried once. */
  readonly patienceMs: number;
}

/** The engine, over the failures of single clients of it. */
export class Connection {
  private engine: Engine | null = null;
  private replaced = 0;
  /** When the first call failed of those that failed since one had an answer; null: the last had one. */
  private failingSince: number | null = null;
  private closed: StoreUnavailable | null = null;

  constructor(private readonly options: ConnectionOptions) {}

  /** Rises whenever a client failed: what was known before may be of a server that was put back since. */
  get epoch(): number {
    return this.replaced;
  }

  current(): Engine {
    if (this.closed) throw this.closed;
    return (this.engine ??= this.options.connect());
  }

  /** What only looks is done again. @throws StoreUnavailable, or EngineFailure of a kind that its caller knows */
  async reading<Found>(
    work: (engine: Engine) => Promise<Found>,
    patienceMs: number = this.options.patienceMs,
  ): Promise<Found> {
    for (let tries = 0; ; tries++) {
      const engine = this.current();
      try {
        return this.answered(await work(engine));
      } catch (error) {
        const failure = this.failed(engine, error);
        if (failure.kind === 'no-event' || failure.kind === 'no-group') throw failure;
        if (!(await this.isTriedAgain(failure, tries, patienceMs))) throw this.unavailable(failure);
      }
    }
  }

  /**
   * Appends at a revision; what had no answer is sent again with the same ids, which has one effect. Null: the stream is at another revision. `isSure`: it was sent once, and the position is that of
   * the answer. `assertInTime` throws where what was decided is too old to be sent, also again. @throws StoreUnavailable or what that throws where nothing was written, OutcomeUnknown where nobody can tell
   */
  async append(
    stream: string,
    revision: number,
    events: readonly EngineEventToAppend[],
    commandId: string,
    assertInTime: () => void = () => undefined,
  ): Promise<(EngineAppended & { readonly isSure: boolean }) | null> {
    let mayBeDone = false;
    for (let tries = 0; ; tries++) {
      const engine = this.current();
      try {
        const appended = this.answered(await engine.append(stream, revision, events));
        return appended && { ...appended, isSure: !mayBeDone };
      } catch (error) {
        const failure = this.failed(engine, error);
        if (failure.kind === 'too-large') throw failure;
        mayBeDone ||= !failure.isNotSent;
        const isTried = await this.isTriedAgain(failure, tries, this.options.patienceMs);
        if (!isTried && !mayBeDone) throw this.unavailable(failure);
        if (!isTried) throw new OutcomeUnknown([commandId], { cause: failure });
        try {
          assertInTime();
        } catch (late) {
          throw mayBeDone ? new OutcomeUnknown([commandId], { cause: failure }) : late;
        }
      }
    }
  }

  unavailable(failure: EngineFailure): StoreUnavailable {
    return this.options.unavailable(failure);
  }

  /** The client that failed is left, once; whoever else it failed finds the next one. */
  replace(failed: Engine): void {
    if (this.engine !== failed) return;
    this.replaced += 1;
    this.engine = null;
    void failed.close();
  }

  async close(closed: StoreUnavailable): Promise<void> {
    this.closed = closed;
    await this.engine?.close();
  }

  private answered<Answer>(answer: Answer): Answer {
    this.failingSince = null;
    return answer;
  }

  private failed(engine: Engine, error: unknown): EngineFailure {
    if (this.closed) throw this.closed;
    if (!(error instanceof EngineFailure)) throw error;
    if (error.kind === 'outage' || error.kind === 'no-leader') this.replace(engine);
    return error;
  }

  private async isTriedAgain({ kind }: EngineFailure, tries: number, patienceMs: number): Promise<boolean> {
    if (!PASSES.has(kind)) return false;
    const now = this.options.tick();
    this.failingSince ??= now;
    if (now - this.failingSince >= patienceMs) return false;
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
    return true;
  }
}
