import { addDays } from '@billtrail/kernel';
import type { Random } from '../crash/random.js';
import { PARTIES } from '../laws/kit/parties.js';
import { CONFIGURATION, inCurrency } from '../laws/kit/time-and-materials.js';
import { Bodies, type Oddity } from './bodies.js';
import { newJourney, type Journey, type Stage } from './journeys.js';
import { Memory, namesIn, type Known } from './memory.js';
import type { Operation } from './operation.js';
import type { Route } from './routes.js';
import type { Answer } from './served.js';

/** Requests that a run begins with: clients and contracts are there. */
const FIRST: readonly Stage[] = [
  { route: 'POST /v1/configuration', given: { configuration: CONFIGURATION } },
  ...PARTIES.flatMap(({ contracts, ...client }): Stage[] => [
    { route: 'POST /v1/clients', given: { name: client.clientId, ...client } },
    ...contracts.map(({ contractId, priority, terms }) => ({
      route: 'POST /v1/contracts',
      given: {
        contractId,
        clientId: client.clientId,
        name: contractId,
        priority,
        effectiveFrom: '2026-01-01',
        terms: inCurrency(terms, client.currency),
      },
    })),
  ]),
];

const USUAL: Oddity = { extreme: 0.01, wrong: 0.02, optional: 0.04, known: 0.04 };
const ODD: Oddity = { extreme: 0.12, wrong: 0.12, optional: 0.3, known: 0.6 };
const KNOWING: Oddity = { extreme: 0.02, wrong: 0.01, optional: 0.1, known: 0.9 };
const NONE: Oddity = { extreme: 0, wrong: 0, optional: 0, known: 0 };
/** Journeys under way at once. */
const JOURNEYS = 6;
/** What is done beside requests, of 1. */
const PASSES = 0.06;
const SETTLES = 0.03;
const REBUILDS = 0.002;
const RESTARTS = 0.004;
const A_DAY = 24;
const HOURS = [1, 1, 8, 8, A_DAY, A_DAY, 3 * A_DAY, 9 * A_DAY, 31 * A_DAY] as const;
/** How often what a journey asked for, and was refused, is asked once more by whoever is next. */
const SECOND_TRIES = 0.6;

/** A request of a journey. */
interface OfJourney {
  readonly journey: Journey;
  readonly stage: Stage;
  readonly isSecondTry: boolean;
}

/** Says what is done next: mostly the next request of a journey, else one of any route. It learns from the answers what there is. */
export class Chooser {
  readonly memory = new Memory();
  private readonly bodies: Bodies;
  private readonly journeys: Journey[] = [];
  /** Where requests of journeys come from. */
  private readonly sent = new WeakMap<Operation, OfJourney>();
  private secondTry: OfJourney | null = null;
  private readonly accepted = new Map<Journey, boolean>();
  private readonly first = [...FIRST];
  private readonly byName: ReadonlyMap<string, Route>;
  private readonly posts: readonly Route[];
  private readonly gets: readonly Route[];
  private lastKey = 0;

  constructor(
    routes: readonly Route[],
    private readonly random: Random,
  ) {
    this.bodies = new Bodies(random, this.memory);
    this.byName = new Map(routes.map((route) => [route.name, route]));
    this.posts = routes.filter(({ method }) => method === 'POST');
    this.gets = routes.filter(({ method }) => method === 'GET');
  }

  next(now: string): Operation {
    this.bodies.today = addDays(now.slice(0, 10), -this.random.pick([0, 0, 1, 2, 5]));
    const first = this.nextFirst();
    if (first !== null) return first;
    const chance = this.random.next();
    if (chance < PASSES) return { do: 'pass', hours: this.random.pick(HOURS) };
    if (chance < PASSES + SETTLES) return { do: 'settle' };
    if (chance < PASSES + SETTLES + REBUILDS) return { do: 'rebuild' };
    if (chance < PASSES + SETTLES + REBUILDS + RESTARTS) return { do: 'restart' };
    if (chance < 0.65) return this.nextOfJourney();
    const routes = chance < 0.9 ? this.posts : this.gets;
    return this.request({ route: this.random.pick(routes).name, given: {} }, this.bodies.chance(0.6) ? KNOWING : ODD);
  }

  /** The next of what a run begins with; null: all of it is there. */
  nextFirst(): Operation | null {
    const first = this.first.shift();
    return first === undefined ? null : this.request(first, NONE, 'admin-1');
  }

  learn(operation: Operation, { status, body }: Answer): void {
    const of = this.sent.get(operation);
    if (of !== undefined) {
      this.accepted.set(of.journey, status < 300);
      if (status >= 300 && !of.isSecondTry && this.bodies.chance(SECOND_TRIES)) this.secondTry = of;
    }
    if (operation.do !== 'request' || status >= 300) return;
    const sent = operation.body === null ? {} : (JSON.parse(operation.body) as object);
    this.memory.learn({ ...this.inPath(operation.route, operation.url), ...namesIn(sent) }, body);
  }

  private nextOfJourney(): Operation {
    const again = this.secondTry;
    this.secondTry = null;
    const of = again === null ? this.nextStage() : { ...again, isSecondTry: true };
    const operation = this.request(of.stage, again === null ? USUAL : NONE);
    this.sent.set(operation, of);
    return operation;
  }

  private nextStage(): OfJourney {
    const around = { random: this.random, bodies: this.bodies, memory: this.memory };
    while (this.journeys.length < JOURNEYS) this.journeys.push(newJourney(around));
    const journey = this.random.pick(this.journeys);
    const { value, done } = journey.next(this.accepted.get(journey) ?? true);
    if (done !== true) return { journey, stage: value, isSecondTry: false };
    this.journeys.splice(this.journeys.indexOf(journey), 1);
    return this.nextStage();
  }

  private request({ route: name, given }: Stage, oddity: Oddity, by?: string): Operation {
    const route = this.byName.get(name);
    if (route === undefined) throw new Error(`the API has no route ${name}`);
    const fields = [
      ...route.inPath.toReversed(),
      ...Object.keys(route.body?.properties ?? {}),
      ...route.inQuery.map((one) => one.name),
    ];
    const found = this.memory.pick(fields, this.random);
    const known: Known = { ...found, ...namesIn(given) };
    const own = new Set(fields.filter((field) => !route.inPath.includes(field) && isMadeBy(route, field)));
    const body = route.body === null ? null : this.bodies.body(route.body, known, own, oddity);
    const whole = body === null || typeof body !== 'object' ? body : { ...body, ...this.given(given, route) };
    return {
      do: 'request',
      as: by ?? this.caller(),
      route: name,
      method: route.method,
      url: `${this.path(route, known, oddity)}${this.query(route, known, given, oddity)}`,
      body: route.method === 'GET' ? null : JSON.stringify(whole ?? {}),
      key: route.takesKey ? this.key(oddity) : null,
      ifMatch: route.takesKey && this.bodies.chance(0.03) && oddity !== NONE ? this.position() : null,
    };
  }

  /** What a journey says goes into the body where it is not in the path. A field of it may be spoilt all the same. */
  private given(given: Stage['given'], { body, inPath }: Route): object {
    const fields = Object.keys(body?.properties ?? {});
    const open = fields.length === 0;
    return Object.fromEntries(
      Object.entries(given).filter(([name]) => (open || fields.includes(name)) && !inPath.includes(name)),
    );
  }

  private path({ path }: Route, known: Known, { extreme }: Oddity): string {
    return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
      const id = this.bodies.id(name, known, extreme);
      return encoded(id === null || this.bodies.chance(extreme / 2) ? this.bodies.newId(name) : id);
    });
  }

  private query({ inQuery }: Route, known: Known, given: Stage['given'], oddity: Oddity): string {
    const sent = inQuery.flatMap(({ name, schema }): string[] => {
      const value = given[name] ?? this.parameter(name, schema, known, oddity);
      return value === undefined
        ? []
        : [`${encoded(name)}=${encoded(typeof value === 'string' ? value : JSON.stringify(value))}`];
    });
    const all = this.bodies.chance(oddity.wrong / 3) ? [...sent, ...sent, 'surprise=1'] : sent;
    return all.length === 0 ? '' : `?${all.join('&')}`;
  }

  private parameter(name: string, schema: Route['inQuery'][number]['schema'], known: Known, oddity: Oddity): unknown {
    // An answer about an item needs to know which of several of its id.
    if (name in known && this.bodies.chance(0.6)) return known[name];
    if (!this.bodies.chance(oddity.optional / 2)) return undefined;
    if (name === 'upTo' || name === 'atLeast') return this.position();
    if (name === 'cursor') return this.memory.cursor ?? 'x';
    return this.bodies.value(schema, name, known, new Set(), oddity);
  }

  /** One that was answered lately; now and then one that never was. */
  private position(): string {
    return this.bodies.chance(0.1) ? '99.deadbeef' : `POSITION-${this.random.whole(1, 40)}`;
  }

  private key(oddity: Oddity): string {
    // Now and then a key is used again, for the same or for something else.
    if (oddity === NONE || !this.bodies.chance(0.03)) this.lastKey += 1;
    return `key-${this.lastKey}`;
  }

  private caller(): string {
    if (this.bodies.chance(0.08)) return this.random.pick(['support-1', 'operations-1', 'accounts-1', 'client-1']);
    return this.random.pick(['admin-1', 'admin-2', 'admin-3']);
  }

  private inPath(name: string, url: string): Known {
    const route = this.byName.get(name);
    const pattern = new RegExp(`^${(route?.path ?? '').replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
    const values = pattern.exec(url.split('?')[0] ?? '')?.slice(1) ?? [];
    return Object.fromEntries((route?.inPath ?? []).map((field, at) => [field, decodeURIComponent(values[at] ?? '')]));
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''));
}

/** True of the id of what a route makes: `timeEntryId` of `/v1/tickets/{ticketId}/time-entries`. */
function isMadeBy({ path }: Route, field: string): boolean {
  return path
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .some((part) => {
      const one = part.replace(/ies$/, 'y').replace(/s$/, '');
      const word = one.replaceAll(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
      const last =
        word
          .split(/(?=[A-Z])/)
          .at(-1)
          ?.toLowerCase() ?? word;
      return field.endsWith('Id') && (field.startsWith(word) || field === `${last}Id`);
    });
}
