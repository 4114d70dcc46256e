import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../crash/random.js';
import type { CuttingProxy } from '../esdb/cutting-proxy.js';
import type { LogProcess } from '../esdb/log-process.js';
import type { ServerProcess } from './server-process.js';

/** What the network of a node does to it, and what the log does to all. */
const OF_NETWORK = ['cut', 'lose', 'part'] as const;
const OF_LOG = ['drop', 'restart', 'lose answers', 'refuse calls', 'freeze'] as const;
export const OF_NODES = [...OF_NETWORK, ...OF_LOG] as const;
export type FaultOfNodes = (typeof OF_NODES)[number];

const DAY_MS = 86_400_000;
/** The clocks that a server is told now and then, as milliseconds that they are ahead. */
const CLOCKS = [-90_000, 400 * DAY_MS] as const;
/** From one fault of a server to its next, and of the clocks or the log, which concern whoever asks more: so that a month comes to its end in between. */
const BETWEEN_MS = [1_000, 5_000] as const;
const BETWEEN_OF_ALL_MS = [6_000, 20_000] as const;
const BETWEEN_LEADERS_MS = [200, 1_500] as const;
const WRONG_MS = [500, 3_000] as const;
/** Of what befalls a server so much is a kill and so much a stop; the rest is its network's, where it has one. */
const KILLS = 0.35;
const STOPS = 0.15;
/** Of leaders so many are stopped; the others are killed. */
const STOPS_OF_LEADERS = 0.25;
const PAUSE_MS = 50;
/** So long nobody may lead: one that was stopped keeps its place for some 20 s. */
const MOST_MS_WITHOUT_LEADER = 120_000;

export interface TormentOptions {
  readonly servers: readonly ServerProcess[];
  /** Of each server, where the log is not in its folder. */
  readonly proxies: readonly CuttingProxy[];
  readonly log: LogProcess | undefined;
  /** For how long something stands still, in seconds. */
  readonly stopped: readonly [least: number, most: number];
  readonly random: Random;
  /** Starts a server anew. */
  readonly start: (which: number) => Promise<void>;
}

/** How often each was done. */
export interface Tormented {
  readonly kills: number;
  readonly freezes: number;
  readonly clocks: number;
  /** Faults of the network and of the log, by kind. */
  readonly networkFaults: ReadonlyMap<FaultOfNodes, number>;
}

/**
 * What goes wrong with servers: each has its own, one after the other, and so have the clocks and the log, all at once. Whoever died is started again, but not while the log says nothing: it would say
 * so and end, as it should.
 */
export class Torment {
  private readonly counts = { kills: 0, freezes: 0, clocks: 0 };
  private readonly networkFaults = new Map<FaultOfNodes, number>();
  private leader: ServerProcess | null = null;
  private isLogFrozen = false;
  private starting = 0;

  constructor(private readonly options: TormentOptions) {}

  told(): Tormented {
    return { ...this.counts, networkFaults: this.networkFaults };
  }

  /** It said that it leads. */
  sees(leader: ServerProcess): void {
    this.leader = leader;
  }

  async while(goesOn: () => boolean): Promise<void> {
    const { servers, log } = this.options;
    const again = async (one: () => Promise<void>, apart: readonly [number, number]): Promise<void> => {
      while (goesOn()) {
        await this.between(apart);
        await one();
      }
    };
    await Promise.all([
      ...servers.map((_, which) => again(() => this.befalls(which), BETWEEN_MS)),
      again(() => this.tellWrongTime(), BETWEEN_OF_ALL_MS),
      ...(log === undefined ? [] : [again(() => this.failLog(log), BETWEEN_OF_ALL_MS)]),
    ]);
  }

  /** Whoever leads is killed or stopped, and once another one leads, or the same again, the next: so many times. @throws where nobody leads for long */
  async ofLeaders(count: number): Promise<void> {
    const { random } = this.options;
    const under = new Set<Promise<void>>();
    const untouched = new Set<number>();
    const aside = (which: number, work: Promise<void>): void => {
      const done = work.finally(() => {
        untouched.delete(which);
        under.delete(done);
      });
      untouched.add(which);
      under.add(done);
    };
    for (let done = 0; done < count; done++) {
      const which = await this.nextLeader(untouched);
      await this.between(BETWEEN_LEADERS_MS);
      aside(which, random.next() < STOPS_OF_LEADERS ? this.freeze(which) : this.kill(which));
    }
    await Promise.all(under);
  }

  private async nextLeader(untouched: ReadonlySet<number>): Promise<number> {
    const { servers } = this.options;
    this.leader = null;
    for (const since = Date.now(); ; await pause(PAUSE_MS)) {
      const which = servers.findIndex((server) => server === this.leader);
      if (which >= 0 && !untouched.has(which)) return which;
      if (Date.now() - since > MOST_MS_WITHOUT_LEADER) throw new Error('nobody leads');
    }
  }

  private async befalls(which: number): Promise<void> {
    const { servers, proxies, random } = this.options;
    if (servers[which]?.isRunning !== true) return this.startAgain(which);
    const chance = random.next();
    const proxy = proxies[which];
    if (chance < KILLS) return this.kill(which);
    if (chance < KILLS + STOPS) return this.freeze(which);
    if (proxy !== undefined) return this.failNetwork(proxy);
  }

  private async kill(which: number): Promise<void> {
    this.counts.kills += 1;
    await this.options.servers[which]?.kill();
    await this.startAgain(which);
  }

  private async startAgain(which: number): Promise<void> {
    while (this.isLogFrozen) await pause(PAUSE_MS);
    this.starting += 1;
    try {
      await this.options.start(which);
    } finally {
      this.starting -= 1;
    }
  }

  private async freeze(which: number): Promise<void> {
    const server = this.options.servers[which];
    this.counts.freezes += 1;
    server?.freeze();
    await this.forAWhile();
    server?.thaw();
  }

  private async tellWrongTime(): Promise<void> {
    const { servers, random } = this.options;
    const server = random.pick(servers);
    this.counts.clocks += 1;
    server.tellClock({ aheadMs: random.pick(CLOCKS) });
    await this.between(WRONG_MS);
    server.tellClock({ aheadMs: 0 });
  }

  private async failNetwork(proxy: CuttingProxy): Promise<void> {
    const fault = this.chosen(OF_NETWORK);
    if (fault === 'cut') return proxy.cut();
    if (fault === 'lose') return proxy.loseAnswers();
    const heal = proxy.part();
    await this.forAWhile();
    heal();
  }

  private async failLog(log: LogProcess): Promise<void> {
    const fault = this.chosen(OF_LOG);
    if (fault !== 'freeze') return log.goesWrong(fault);
    this.isLogFrozen = true;
    while (this.starting > 0) await pause(PAUSE_MS);
    log.freeze();
    await this.forAWhile();
    log.thaw();
    this.isLogFrozen = false;
  }

  private chosen<Fault extends FaultOfNodes>(faults: readonly Fault[]): Fault {
    const fault = this.options.random.pick(faults);
    this.networkFaults.set(fault, (this.networkFaults.get(fault) ?? 0) + 1);
    return fault;
  }

  private forAWhile(): Promise<void> {
    const [least, most] = this.options.stopped;
    return this.between([least * 1_000, most * 1_000]);
  }

  private between([least, most]: readonly [number, number]): Promise<void> {
    return pause(this.options.random.whole(least, most));
  }
}
