import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '../crash/random.js';
import { Chooser } from '../fuzz/chooser.js';
import { CuttingProxy } from '../esdb/cutting-proxy.js';
import type { LogProcess } from '../esdb/log-process.js';
import { folderOfNode } from '../esdb/nodes.js';
import type { Operation, Request } from '../fuzz/operation.js';
import { Positions } from '../fuzz/positions.js';
import { routesOf, type ApiDocument } from '../fuzz/routes.js';
import type { SeededBug } from './seeded-bugs.js';
import { ServerProcess, type Answer } from './server-process.js';
import { Torment, type Tormented } from './torment.js';
import { turnsOf } from './turns.js';

/** Only in the built product there is code that a process can run. */
const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'server-child.js');
const CALLERS = ['admin-1', 'admin-2', 'admin-3', 'support-1', 'operations-1', 'accounts-1', 'client-1'];
const SERVERS = 3;
const WORKERS = 6;
/** Whoever tells a client's month to servers that take turns; each begins at another server. */
const TURNS = 2;
/** A request that got no answer by then gets none: longer than a server is stopped. */
const ANSWERED_WITHIN_MS = 60_000;
/** For so much longer it waits for the months that are to be told. */
const PATIENCE_MS = 300_000;
/** How often a request without an answer is sent again in the end. */
const MOST_TRIES = 60;
const PAUSE_MS = 250;
const MOST_MS_TO_SAY_WHO_LEADS = 1_000;
const MOST_FAILED_STARTS = 3;
/** How often a request is sent twice at once, and how often its key is used for another one. */
const TWICE = 0.1;
const REUSED = 0.1;
/** Of the kinds of appends so many are such that a server dies after them. */
const SHARE_OF_DEATHS = 0.25;
/** It records in many streams under no key. */
const WITHOUT_KEY = 'POST /v1/contracts/uplift/publish';

export interface NemesisOptions {
  readonly folder: string;
  readonly seed: number;
  /** How long it goes on at least. */
  readonly seconds: number;
  /** So many months that servers take turns at are told to their end, at least. */
  readonly months: number;
  /** For how long a server is stopped, in seconds. */
  readonly stopped: readonly [least: number, most: number];
  readonly bug?: SeededBug | undefined;
  /** The log of nodes, each behind a network of its own. Without it all servers are on one folder. */
  readonly log?: LogProcess | undefined;
  /** So often whoever leads is killed or stopped, and nothing else goes wrong. */
  readonly leaders?: number | undefined;
}

/** A request and what came of it; null: nobody answered. */
export interface Asked {
  readonly operation: Request;
  answer: Answer<unknown> | null;
}

export interface NemesisRun extends Tormented {
  readonly asked: readonly Asked[];
  /** Why processes ended that nobody had killed. */
  readonly endedByThemselves: readonly string[];
  /** Deaths right after an append, before what follows. */
  readonly deaths: number;
  /** How often another process was seen to lead than before. */
  readonly changesOfLeader: number;
  /** Months that servers took turns at. */
  readonly months: number;
  /** How often a server died right after it had appended a type of event. */
  readonly diedAfter: ReadonlyMap<string, number>;
}

/** Three servers on one folder that are stopped, killed and told wrong times, while many ask them for something. */
export class Nemesis {
  private readonly random: Random;
  private readonly servers: ServerProcess[] = [];
  private readonly all: ServerProcess[] = [];
  private readonly asked: Asked[] = [];
  private readonly torment: Torment;
  private readonly counts = { changesOfLeader: 0, months: 0 };
  private readonly proxies: CuttingProxy[] = [];
  private readonly positions = new Positions();
  private readonly neverListened: string[] = [];
  private isOver = false;

  private constructor(private readonly options: NemesisOptions) {
    this.random = new Random(options.seed);
    const { servers, proxies, random } = this;
    const { log, stopped } = options;
    this.torment = new Torment({ servers, proxies, log, stopped, random, start: (which) => this.start(which) });
  }

  static async run(options: NemesisOptions): Promise<NemesisRun> {
    const nemesis = new Nemesis(options);
    try {
      for (let which = 0; which < SERVERS; which++) await nemesis.start(which);
      const chooser = await nemesis.begin();
      const workers = Array.from({ length: WORKERS }, () => nemesis.work(chooser));
      for (let which = 0; which < TURNS; which++) workers.push(nemesis.takeTurns(which));
      if (options.log !== undefined) workers.push(nemesis.watchLeaders());
      await nemesis.goesWrong();
      nemesis.isOver = true;
      await Promise.all(workers);
      await nemesis.askAgain();
      return nemesis.told();
    } finally {
      await Promise.all(nemesis.servers.map((one) => one.kill()));
      await Promise.all(nemesis.proxies.map((one) => one.stop()));
    }
  }

  private async start(which: number): Promise<void> {
    const { folder, bug, log } = this.options;
    if (log !== undefined) this.proxies[which] ??= await CuttingProxy.start(log.port);
    // What is asked again in the end is asked of servers that live.
    const known = this.isOver ? [] : this.appends();
    const some = known.filter(() => this.random.next() < SHARE_OF_DEATHS);
    const after = some.length === 0 ? known : some;
    const task = {
      dataDir: log === undefined ? folder : folderOfNode(folder, which),
      storeUrl: this.proxies[which]?.url,
      clock: { aheadMs: 0 },
      callers: CALLERS,
      bug,
      dies: after.length === 0 ? undefined : { after, time: this.random.whole(1, 4) },
    };
    for (let server = null; server === null;) {
      server = await ServerProcess.start(CHILD, task).catch((error: Error) => this.didNotStart(error));
      if (server === null) continue;
      this.servers[which] = server;
      this.all.push(server);
    }
  }

  /** One that others keep from starting is a finding, and is started again. @throws where that is in vain */
  private didNotStart(error: Error): null {
    this.neverListened.push(error.message);
    if (this.neverListened.length > MOST_FAILED_STARTS) throw error;
    return null;
  }

  private appends(): readonly string[] {
    return [...new Set(this.all.flatMap((one) => [...one.appends]))].sort();
  }

  /** Clients and contracts, before anything goes wrong. */
  private async begin(): Promise<Chooser> {
    const [server] = this.servers;
    if (server === undefined) throw new Error('no server runs');
    const { body } = await server.send<ApiDocument>({ method: 'GET', path: '/openapi.json' });
    const routes = routesOf(body).filter(({ name }) => name !== WITHOUT_KEY);
    const chooser = new Chooser(routes, this.random);
    for (let first = chooser.nextFirst(); first !== null; first = chooser.nextFirst()) {
      const answer = await this.ask(first, chooser, server);
      if ((answer === null || answer.status >= 300) && this.options.bug === undefined)
        throw new Error(`${JSON.stringify(first)}: ${JSON.stringify(answer)}`);
    }
    return chooser;
  }

  /** One month after the other. What is not available is asked of the next server, until it is told. */
  private async takeTurns(which: number): Promise<void> {
    let turn = which;
    const untilTold = async (operation: Request): Promise<void> => {
      const asked: Asked = { operation, answer: null };
      this.asked.push(asked);
      while (!this.isOver && !isTold(asked.answer)) {
        turn += 1;
        asked.answer = await this.answerOf(this.servers[turn % SERVERS]!, operation);
        if (!isTold(asked.answer)) await pause(PAUSE_MS);
      }
    };
    for (let month = 1; ; month++) {
      for (const sent of turnsOf(`turns-${which}-${month}`, new Date().toISOString().slice(0, 'YYYY-MM-DD'.length))) {
        if (this.isOver) return;
        await Promise.all(sent.map(untilTold));
      }
      this.counts.months += 1;
    }
  }

  private async work(chooser: Chooser): Promise<void> {
    while (!this.isOver) {
      const operation = chooser.next(new Date().toISOString());
      if (operation.do !== 'request') continue;
      const at = this.random.next();
      // The same again elsewhere, or something else under the same key, before anybody has answered.
      const beside = at < TWICE ? operation : at < TWICE + REUSED ? this.underKeyOf(operation, chooser) : null;
      await Promise.all([
        this.ask(operation, chooser, this.random.pick(this.servers)),
        ...(beside === null ? [] : [this.ask(beside, chooser, this.random.pick(this.servers))]),
      ]);
    }
  }

  private underKeyOf({ key, as }: Request, chooser: Chooser): Operation | null {
    const other = chooser.next(new Date().toISOString());
    return other.do === 'request' && key !== null ? { ...other, key, as } : null;
  }

  private async ask(operation: Operation, chooser: Chooser, server: ServerProcess): Promise<Answer<unknown> | null> {
    if (operation.do !== 'request') return null;
    const asked: Asked = { operation, answer: null };
    this.asked.push(asked);
    asked.answer = await this.answerOf(server, operation);
    if (asked.answer === null) await pause(PAUSE_MS);
    else chooser.learn(operation, { ...asked.answer, logged: null });
    return asked.answer;
  }

  private async answerOf(
    server: ServerProcess,
    { method, url, as, body, key, ifMatch }: Request,
  ): Promise<Answer<unknown> | null> {
    try {
      const path = this.positions.in(url);
      const known = ifMatch === null ? null : this.positions.in(ifMatch);
      const answer = await server.send({ method, path, as, body, key, ifMatch: known }, ANSWERED_WITHIN_MS);
      this.positions.learn(answer.body);
      return answer;
    } catch {
      return null;
    }
  }

  private async goesWrong(): Promise<void> {
    const { seconds, months, leaders } = this.options;
    if (leaders !== undefined) return this.torment.ofLeaders(leaders);
    const until = Date.now() + seconds * 1_000;
    await this.torment.while(
      () => Date.now() < until || (this.counts.months < months && Date.now() < until + PATIENCE_MS),
    );
  }

  /** Each node says whether it leads; one that stands still says nothing. */
  private async watchLeaders(): Promise<void> {
    let before: ServerProcess | null = null;
    while (!this.isOver) {
      for (const server of this.servers) {
        const leads = await server
          .send<{ runsPolicies: boolean }>({ method: 'GET', path: '/health/ready' }, MOST_MS_TO_SAY_WHO_LEADS)
          .then(({ body }) => body.runsPolicies)
          .catch(() => false);
        if (leads) this.torment.sees(server);
        if (!leads || server === before) continue;
        if (before !== null) this.counts.changesOfLeader += 1;
        before = server;
      }
      await pause(PAUSE_MS);
    }
  }

  /** Under the same key, until it is answered: what nobody knows of is one effect or none, and one after that. */
  private async askAgain(): Promise<void> {
    for (const [which, server] of this.servers.entries())
      if (!server.isRunning || server.mayDie) {
        await server.kill();
        await this.start(which);
      }
    const unanswered = this.asked
      .filter(({ operation: { method, key }, answer }) => method === 'POST' && key !== null && !isTold(answer))
      .values();
    const again = async (): Promise<void> => {
      for (const asked of unanswered)
        for (let tries = 0; tries < MOST_TRIES && !isTold(asked.answer); tries++) {
          asked.answer = await this.answerOf(this.random.pick(this.servers), asked.operation);
          if (!isTold(asked.answer)) await pause(PAUSE_MS);
        }
    };
    await Promise.all(Array.from({ length: WORKERS }, again));
    for (const server of this.servers) await server.stop();
  }

  private told(): NemesisRun {
    const { asked, counts, torment } = this;
    const endedByThemselves = [...this.neverListened, ...this.all.flatMap(({ endedByItself }) => endedByItself ?? [])];
    const diedAfter = new Map<string, number>();
    for (const one of this.all)
      if (one.diedAfter !== null) diedAfter.set(one.diedAfter, (diedAfter.get(one.diedAfter) ?? 0) + 1);
    const deaths = this.all.filter((one) => one.diedAfter !== null).length;
    return { asked, endedByThemselves, ...counts, ...torment.told(), deaths, diedAfter };
  }
}

/** What is unavailable now may be done later. */
function isTold(answer: Answer<unknown> | null): boolean {
  return answer !== null && answer.status !== 503;
}
