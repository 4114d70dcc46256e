import type { WarningsNotKnown } from '@billtrail/application';
import { brokenLaws } from '../laws/kit/laws.js';
import { Watcher } from '../laws/kit/watcher.js';
import { Random } from '../crash/random.js';
import { Chooser } from './chooser.js';
import { DocumentedAnswers } from './documented.js';
import { LAWS_OF_ANY_TERMS } from './laws.js';
import { told, type Operation, type Request } from './operation.js';
import { routesOf } from './routes.js';
import { Served, type Answer } from './served.js';

/** What went wrong: of one kind where the key is the same. */
export interface Finding {
  readonly key: string;
  readonly text: string;
}

/** What is done, and what came of it. */
export interface FuzzFigures {
  requests: number;
  looks: number;
  /** Refusals that the design answers by 503, by code. */
  readonly unavailable: Map<string, number>;
  readonly statuses: Map<number, number>;
  /** By route: how many were carried out, how many refused. */
  readonly routes: Map<string, { done: number; refused: number }>;
}

export function newFigures(): FuzzFigures {
  return { requests: 0, looks: 0, unavailable: new Map(), statuses: new Map(), routes: new Map() };
}

/** What the design answers by 503: it can't be known or done now, and is told by name. */
const NAMED_503: ReadonlySet<string> = new Set(['ServerBusy']);
/** Answers 503, with how far it is, where read models are behind: days that pass make them so. */
const NOT_READY = 'GET /health/ready';
/** Requests between two looks by all laws. */
const LOOK_EVERY = 125;

export interface Fuzz {
  /** The same seed, the same operations. */
  readonly seed: number;
  /** How many; what is done between them is not counted. */
  readonly requests: number;
  readonly figures: FuzzFigures;
  /** The seeded bug. */
  readonly failsAt?: string | undefined;
}

/** Random operations from a seed on a server of their own. Stops at the first thing that goes wrong. */
export async function fuzz({
  seed,
  requests: count,
  figures,
  failsAt,
}: Fuzz): Promise<readonly [Finding, readonly Operation[]] | null> {
  const served = await Served.open(failsAt);
  try {
    const document = await served.document();
    const routes = routesOf(document);
    const chooser = new Chooser(routes, new Random(seed));
    const done: Operation[] = [];
    const watcher = watch(served, () => chooser.memory.values('ticketId'));
    for (let at = 0; at < count;) {
      const operation = chooser.next(served.now);
      done.push(operation);
      const finding = await carryOut(served, operation, (answer) => {
        tally(figures, operation, answer);
        chooser.learn(operation, answer);
      });
      if (finding !== null) return [finding, done];
      if (operation.do !== 'request') continue;
      at += 1;
      figures.requests += 1;
      if (at % LOOK_EVERY !== 0) continue;
      figures.looks += 1;
      const broken = await look(served, watcher, at + LOOK_EVERY > count);
      if (broken !== null) return [broken, done];
    }
    return null;
  } finally {
    await served.close();
  }
}

/** The same operations on a new server. Looked at by all laws at their end. */
export async function replay(operations: readonly Operation[], failsAt?: string): Promise<Finding | null> {
  const served = await Served.open(failsAt);
  try {
    for (const operation of operations) {
      const finding = await carryOut(served, operation, () => undefined);
      if (finding !== null) return finding;
    }
    return await look(
      served,
      watch(served, () => []),
      true,
    );
  } finally {
    await served.close();
  }
}

function watch(served: Served, ticketIds: () => readonly string[]): Watcher {
  return new Watcher({
    house: served,
    folder: served.folder,
    get tickets() {
      return ticketIds().map((ticketId) => ({ ticketId }));
    },
  });
}

async function carryOut(
  served: Served,
  operation: Operation,
  onAnswer: (answer: Answer) => void,
): Promise<Finding | null> {
  try {
    const answer = await served.carryOut(operation);
    if (answer === null || operation.do !== 'request') return null;
    onAnswer(answer);
    documented ??= new DocumentedAnswers(await served.document());
    return judged(operation, answer, documented);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { key: `threw ${text.split('\n')[0]}`, text: `${told(operation)}\n${text}` };
  }
}

/** The document is the same of every server in this process. */
let documented: DocumentedAnswers | undefined;

/** null: as it must be, and as it is documented. */
export function judged(
  operation: Request,
  { status, body, logged }: Answer,
  document: Pick<DocumentedAnswers, 'difference'>,
): Finding | null {
  const { code } = (body ?? {}) as { code?: unknown };
  const text = `${told(operation)}\n${status} ${JSON.stringify(body)}\n${logged ?? ''}`;
  const isNotReady = status === 503 && operation.route === NOT_READY;
  if (status >= 400 && typeof code !== 'string' && !isNotReady) return { key: `no problem ${operation.route}`, text };
  if (hasInternalWarning(body)) return { key: `warnings ${operation.route}`, text };
  if (status >= 500 && !isNotReady && !(status === 503 && NAMED_503.has(String(code))))
    return { key: `${status} ${String(code)} ${operation.route}`, text };
  const method = operation.method.toLowerCase();
  const difference = document.difference({ method, url: operation.url, status, body });
  return difference === null
    ? null
    : { key: `not documented ${operation.route} ${status}`, text: `${difference}\n${text}` };
}

/** What was recorded is answered as that, so that no status tells of an error in what there is to warn of. */
function hasInternalWarning(body: unknown): boolean {
  const { warnings } = (body ?? {}) as { warnings?: unknown };
  return (
    Array.isArray(warnings) &&
    (warnings as readonly Partial<WarningsNotKnown>[]).some(({ details }) => details?.isInternalError === true)
  );
}

/** All laws, at the end or on the way; and no read model has stopped, and nothing is parked. */
async function look(served: Served, watcher: Watcher, isEnd: boolean): Promise<Finding | null> {
  try {
    const { models } = served.billtrail;
    const looks = isEnd ? await watcher.lookAtEnd() : [await watcher.look()];
    const stopped = models.status().filter(({ state }) => state === 'stopped');
    if (stopped.length > 0) return { key: 'stopped', text: JSON.stringify(stopped) };
    const parked = models.known.parkedInShort();
    if (parked !== null) return { key: 'parked', text: JSON.stringify(parked) };
    const broken = looks.flatMap((one) => brokenLaws(one, LAWS_OF_ANY_TERMS));
    return broken.length === 0
      ? null
      : { key: `law ${(broken[0] ?? '').split(':')[0]}`, text: broken.slice(0, 20).join('\n') };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { key: `threw while looked at: ${text.split('\n')[0]}`, text };
  }
}

function tally(figures: FuzzFigures, operation: Operation, { status, body }: Answer): void {
  if (operation.do !== 'request') return;
  const { code } = (body ?? {}) as { code?: string };
  figures.statuses.set(status, (figures.statuses.get(status) ?? 0) + 1);
  if (status === 503) figures.unavailable.set(String(code), (figures.unavailable.get(String(code)) ?? 0) + 1);
  const of = figures.routes.get(operation.route) ?? { done: 0, refused: 0 };
  figures.routes.set(operation.route, of);
  if (status < 400) of.done += 1;
  else of.refused += 1;
}
