import { randomUUID } from 'node:crypto';
import { epochMillis, type Instant } from '@billtrail/kernel';
import { ClockApart, OutcomeUnknown } from '../errors.js';
import { StoreUnavailable } from '../store-unavailable.js';
import type { Connecting } from './connecting.js';
import type { Connection } from './connection.js';
import type { EngineAppended, EngineFailure } from './engine.js';

const MOST_MS_APART = 2_000;
/** Clocks that count on, without jumps, come apart by less than 0.5 s in that time. */
const MS_UNTIL_MEASURED_ANEW = 600_000;
/** Who is refused asks again: what was measured so shortly before is not measured again. */
const MS_OF_A_REFUSAL = 250;
const MS_OF_NO_JUMP = 50;
const MOST_TRIES = 20;

export interface StoreClockOptions {
  readonly connection: Connection;
  readonly stream: string;
  /** Of this machine. */
  readonly clock: () => Instant;
  /** Milliseconds of a clock that never goes back. */
  readonly tick: () => number;
}

/** Beside a log, as the engine names it. */
export function clockStreamOf({ prefix }: Connecting): string {
  return `${prefix}-clock`;
}

/** How far the clock of this machine was ahead of the engine's, in milliseconds: between `least` and `most`, for a call takes time. */
interface Measured {
  readonly least: number;
  readonly most: number;
  readonly tick: number;
  readonly wall: number;
  /** As a connection counts its failures: another node may lead by now, whose clock is another. */
  readonly epoch: number;
}

/**
 * Looks whether the clock of this machine agrees with that of the engine, by the time at which the engine wrote an event of ours. In between the clock that never goes back tells whether this
 * machine's was set; before anything is refused it is measured anew.
 */
export class StoreClock {
  private measured: Measured | null = null;
  private measuring: Promise<Measured> | null = null;
  /** Of the last event that is known of the stream; -1: none. */
  private revision = -1;

  constructor(private readonly options: StoreClockOptions) {}

  /** Null: they are within two seconds. @throws StoreUnavailable where that can't be told */
  async apart(): Promise<ClockApart | null> {
    const { measured } = this;
    if (measured !== null && this.isRecent(measured) && this.distance(measured) <= MOST_MS_APART) return null;
    const now = measured !== null && this.wasJustMeasured(measured) ? measured : await this.measuredNow();
    if (this.distance(now) <= MOST_MS_APART) return null;
    const wall = epochMillis(this.options.clock());
    const ahead = this.nearest(now);
    return new ClockApart(new Date(wall).toISOString(), new Date(wall - ahead).toISOString());
  }

  private isRecent({ tick, epoch }: Measured): boolean {
    return epoch === this.options.connection.epoch && this.options.tick() - tick < MS_UNTIL_MEASURED_ANEW;
  }

  private wasJustMeasured(measured: Measured): boolean {
    return this.options.tick() - measured.tick < MS_OF_A_REFUSAL && Math.abs(this.jump(measured)) < MS_OF_NO_JUMP;
  }

  /** By how much this machine's clock was set since. */
  private jump({ tick, wall }: Measured): number {
    return epochMillis(this.options.clock()) - wall - (this.options.tick() - tick);
  }

  /** How far it is ahead by now, by what speaks best for it. */
  private nearest(measured: Measured): number {
    const jump = this.jump(measured);
    return Math.max(Math.min(0, measured.most + jump), measured.least + jump);
  }

  private distance(measured: Measured): number {
    return Math.abs(this.nearest(measured));
  }

  /** Once for all who ask meanwhile. */
  private measuredNow(): Promise<Measured> {
    this.measuring ??= this.measure().finally(() => (this.measuring = null));
    return this.measuring;
  }

  private async measure(): Promise<Measured> {
    const { connection, stream, clock, tick } = this.options;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const id = randomUUID();
      const wall = epochMillis(clock());
      const since = tick();
      const appended = await this.append(id);
      const took = tick() - since;
      const from = appended?.revision ?? 'end';
      const direction = appended === null ? 'backwards' : 'forwards';
      const [written] = await connection.reading((engine) => engine.readStream(stream, { from, direction, most: 1 }));
      this.revision = written?.revision ?? -1;
      if (appended === null || written?.id !== id) continue;
      const ahead = wall - epochMillis(written.created);
      this.measured = { least: ahead, most: ahead + took, tick: since, wall, epoch: connection.epoch };
      return this.measured;
    }
    throw new StoreUnavailable(
      'io-error',
      `the clock of EventStoreDB could not be read from ${stream}: it was written by others ${MOST_TRIES} times`,
      'Send it again',
    );
  }

  /** Null: others wrote to it. Nothing rests on the event, so that it may be there or not is an absence of the engine. */
  private async append(id: string): Promise<EngineAppended | null> {
    const { connection, stream } = this.options;
    const event = { id, type: 'clock-compared', data: {}, metadata: {} };
    try {
      return await connection.append(stream, this.revision, [event], id);
    } catch (error) {
      throw error instanceof OutcomeUnknown ? connection.unavailable(error.cause as EngineFailure) : error;
    }
  }
}
