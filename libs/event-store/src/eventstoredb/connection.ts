import { setTimeout as pause } from 'node:timers/promises';
import { answeredWithin } from '../answered-within.js';
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
/** Between two tries to hear from an engine that says nothing. */
const MS_BETWEEN_PROBES = 1_000;
/** Of the time that a call may take: what failed after so much of it heard nothing. */
const SILENT_FROM = 0.9;

export interface ConnectionOptions {
  readonly connect: () => Engine;
  readonly unavailable: (failure: EngineFailure) => StoreUnavailable;
  /** Milliseconds of a clock that never goes back. */
  readonly tick: () => number;
  /** How long something is tried again that fails for a cause that passes: from when the engine went away. Once it is away for longer, all is tried once. */
  readonly patienceMs: number;
  /** How long a call waits for an engine that says nothing. */
  readonly callMs: number;
  /** Asks the engine for next to nothing. */
  readonly probe: (engine: Engine) => Promise<unknown>;
  /** Waits until the next probe. Without it, a second. */
  readonly rest?: () => Promise<unknown>;
}

/**
 * The engine, over the failures of single clients of it. One that refuses fails each call at once; one that stands still, or whose network swallows all, lets each wait. So once it has said nothing
 * for as long as anybody waits, all is refused at once, and one probe at a time tells when it speaks again.
 */
export class Connection {
  private engine: Engine | null = null;
  private replaced = 0;
  private lastAnswer = -Infinity;
  /** Since when it has been away: when the first call was sent of those that failed since one had an answer; null: the last had one. */
  private failingSince: number | null = null;
  /** How the last call failed, while it says nothing; null: it speaks, or has not been asked for long. */
  private silent: EngineFailure | null = null;
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

  /**
   * The same for whoever would rather hear in that time that it can't be told than wait. What was asked goes on: what comes of it says of the engine what it says of any other call.
   * @throws as {@link Connection.reading}
   */
  async readingWithin<Found>(work: (engine: Engine) => Promise<Found>, patienceMs: number): Promise<Found> {
    const late = () => this.unavailable(new EngineFailure('outage', `it has said nothing for ${patienceMs} ms`, false));
    return answeredWithin(this.reading(work, patienceMs), patienceMs, late);
  }

  /** What only looks is done again. @throws StoreUnavailable, or EngineFailure of a kind that its caller knows */
  async reading<Found>(
    work: (engine: Engine) => Promise<Found>,
    patienceMs: number = this.options.patienceMs,
  ): Promise<Found> {
    const since = this.options.tick();
    for (let tries = 0; ; tries++) {
      this.assertNotSilent();
      const engine = this.current();
      const sent = this.options.tick();
      try {
        return this.answered(await work(engine));
      } catch (error) {
        const failure = this.failed(engine, error, sent);
        if (failure.kind === 'no-event' || failure.kind === 'no-group') throw failure;
        if (!(await this.isTriedAgain(failure, tries, { since, patienceMs }))) throw this.unavailable(failure);
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
    const { tick, patienceMs } = this.options;
    const since = tick();
    let mayBeDone = false;
    for (let tries = 0; ; tries++) {
      if (!mayBeDone) this.assertNotSilent();
      const engine = this.current();
      const sent = tick();
      try {
        const appended = this.answered(await engine.append(stream, revision, events));
        return appended && { ...appended, isSure: !mayBeDone };
      } catch (error) {
        const failure = this.failed(engine, error, sent);
        if (failure.kind === 'too-large') throw failure;
        mayBeDone ||= !failure.isNotSent;
        const isTried = await this.isTriedAgain(failure, tries, { since, patienceMs });
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
    this.lastAnswer = this.options.tick();
    this.failingSince = null;
    this.silent = null;
    return answer;
  }

  private failed(engine: Engine, error: unknown, sent: number): EngineFailure {
    if (this.closed) throw this.closed;
    if (!(error instanceof EngineFailure)) throw error;
    if (PASSES.has(error.kind)) this.failingSince ??= Math.max(sent, this.lastAnswer);
    if (error.kind === 'outage' || error.kind === 'no-leader') this.replace(engine);
    if (this.silent === null && this.saidNothing(error, sent)) {
      this.silent = error;
      void this.untilItSpeaks();
    }
    return error;
  }

  /** To this call, nor to any other for as long as anybody waits. */
  private saidNothing({ kind }: EngineFailure, sent: number): boolean {
    const { tick, callMs, patienceMs } = this.options;
    const now = tick();
    return (
      kind === 'outage' &&
      now - sent >= callMs * SILENT_FROM &&
      this.failingSince !== null &&
      now - this.failingSince >= patienceMs * SILENT_FROM
    );
  }

  /** Until it answers, or refuses, which is an answer too: whoever calls next finds out. */
  private async untilItSpeaks(): Promise<void> {
    const { tick, callMs, probe, rest = pauseBetweenProbes } = this.options;
    while (this.silent !== null && this.closed === null) {
      await rest();
      if (this.closed !== null) return;
      const engine = this.current();
      const sent = tick();
      try {
        this.answered(await probe(engine));
      } catch {
        this.replace(engine);
        if (tick() - sent < callMs * SILENT_FROM) this.silent = null;
      }
    }
  }

  private assertNotSilent(): void {
    if (this.closed) throw this.closed;
    if (this.silent !== null) throw this.unavailable(this.silent);
  }

  /** `since`: when whoever waits for it began to. */
  private async isTriedAgain(
    { kind }: EngineFailure,
    tries: number,
    { since, patienceMs }: { readonly since: number; readonly patienceMs: number },
  ): Promise<boolean> {
    if (!PASSES.has(kind)) return false;
    const now = this.options.tick();
    if (now - Math.min(since, this.failingSince ?? now) >= patienceMs * SILENT_FROM) return false;
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
    return true;
  }
}

/** Keeps no process from ending. */
function pauseBetweenProbes(): Promise<unknown> {
  return pause(MS_BETWEEN_PROBES, undefined, { ref: false });
}
