import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal, type Instant } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import { House } from '../laws/kit/house.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { ACTS, does, issuesAnother, leavesAllToBeDone, type Act } from './acts.js';

/** Processes count their commands from here, so that the same request has the same id in each. */
const SENT = 1_000;
const SENT_BY_ANOTHER = 2_000;

/** What is done first where an act was left half done: the policies act, whoever asked asks again, or another document is issued. */
export const FIRST = ['the policies', 'asked again', 'another document'] as const;
/** Days after which that is. */
export const DAYS_LATER = [0, 1, 31] as const;

export interface Then {
  readonly first: (typeof FIRST)[number];
  readonly days: (typeof DAYS_LATER)[number];
}

/** An act that is left after one of its appends. */
export interface Left {
  readonly act: string;
  /** Counted from 1. */
  readonly after: number;
}

/** A process that carries out an act up to one of its appends, and no further. */
export interface Half {
  readonly house: House;
  /** Once that append has been acknowledged: what was to follow does not. */
  readonly isReached: Promise<void>;
}

/** `after` beyond the last append: it is carried out whole, and `isReached` never comes. */
export async function leave(folder: string, now: Instant, { act, after }: Left): Promise<Half> {
  const house = await House.open(now, folder, SENT);
  const isReached = heldAfter(house, after);
  void does(house, actOf(act)).catch(() => undefined);
  return { house, isReached };
}

/** Whatever is to be appended after that waits for ever, whoever in this process asks. */
function heldAfter({ billtrail: { store } }: House, after: number): Promise<void> {
  const append = store.append.bind(store);
  const forEver = new Promise<never>(() => undefined);
  let appends = 0;
  return new Promise((reached) => {
    store.append = async (request, claims) => {
      if (appends >= after) return forEver;
      const appended = await append(request, claims);
      if (++appends < after) return appended;
      reached();
      return forEver;
    };
  });
}

/** A folder in which all acts can be done, copied for each time that one is left half done. */
export class BetweenAppends {
  private copies = 0;

  private constructor(
    private readonly folder: string,
    readonly now: Instant,
  ) {}

  static async begin(): Promise<BetweenAppends> {
    const folder = mkdtempSync(join(tmpdir(), 'between-appends-'));
    return new BetweenAppends(folder, await leavesAllToBeDone(join(folder, 'story')));
  }

  copy(): string {
    this.copies += 1;
    const copy = join(this.folder, `copy-${this.copies}`);
    cpSync(join(this.folder, 'story'), copy, { recursive: true });
    return copy;
  }

  /** Each place between two appends of each act, as many as there are. */
  async places(): Promise<readonly Left[]> {
    const places: Left[] = [];
    for (const act of Object.keys(ACTS)) {
      const house = await House.open(this.now, this.copy(), SENT);
      let appends = 0;
      const { store } = house.billtrail;
      const append = store.append.bind(store);
      store.append = (request, claims) => {
        appends += 1;
        return append(request, claims);
      };
      const answer = await does(house, actOf(act));
      await house.close();
      if (isRefusal(answer) || answer.waits === true || appends < 2)
        throw new Error(`${act} has ${appends} appends: ${JSON.stringify(answer)}`);
      for (let after = 1; after < appends; after++) places.push({ act, after });
    }
    return places;
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Another process, which had the folder open before the first was left: what it is told to do is done before anybody opens the folder anew and completes what is there. */
export class Beside {
  private constructor(
    private readonly house: House,
    private readonly another: House | null,
    private readonly then: Then,
  ) {}

  static async open(folder: string, now: Instant, then: Then): Promise<Beside> {
    const another = then.first === 'another document' ? await House.open(now, folder, SENT_BY_ANOTHER) : null;
    return new Beside(await House.open(now, folder, SENT), another, then);
  }

  /** What is wrong once all that follows has been done. */
  async wrongAfter({ act }: Left): Promise<readonly string[]> {
    const { house, another, then } = this;
    house.passDays(then.days);
    another?.passDays(then.days);
    if (then.first === 'the policies') await house.settle();
    if (another !== null) await issuesAnother(another);
    const answer = await does(house, actOf(act));
    await house.settle();
    const look = await lookAt({ house }, { isSettled: true });
    const refused = isRefusal(answer) ? answer.code : null;
    return [...wrongEffects(await house.events(), actOf(act), refused), ...brokenLaws(look)];
  }

  async close(): Promise<void> {
    await this.another?.close();
    await this.house.close();
  }
}

function actOf(name: string): Act {
  const act = ACTS[name];
  if (act === undefined) throw new Error(`there is no act ${name}`);
  return act;
}

/** An act that is left has its effect once in the end, and its caller is told so. An invoice whose series went on to a later day meanwhile has none, by design. */
function wrongEffects(events: readonly RecordedEvent[], { effect }: Act, refused: string | null): readonly string[] {
  const { type, ...of } = effect;
  const effects = events.filter(
    (event) =>
      event.type === type &&
      Object.entries(of).every(([name, value]) => (event.data as Record<string, unknown>)[name] === value),
  );
  const expected = refused === 'IssueWithdrawn' ? 0 : 1;
  return [
    ...(refused === null || refused === 'IssueWithdrawn' ? [] : [`refused: ${refused}`]),
    ...(effects.length === expected ? [] : [`${effects.length} x ${type}`]),
  ];
}
