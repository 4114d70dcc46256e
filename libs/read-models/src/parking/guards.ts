import type { Page } from '../database/paging.js';
import type { ReconciliationQuery } from '../reconciliation/query.js';
import type { Known } from './known.js';
import type { About, NotKnownOf, Parked } from './parked.js';

type Asking = (...given: never[]) => unknown;
type MethodOf<Query> = { [Name in keyof Query]: Query[Name] extends Asking ? Name : never }[keyof Query];
/** How one method of a query is asked where not all is known. */
type Guard<Method extends Asking> = (known: Known, ask: Method) => Method;
type Given<Method extends Asking> = Parameters<Method>;

/** Every method of a query has one, so that none tells what is not known. */
export type Guards<Query> = {
  readonly [Name in MethodOf<Query>]: Query[Name] extends Asking ? Guard<Query[Name]> : never;
};

/** A query that is asked through its guards; its methods ask one another without. */
export function guarded<Query extends object>(query: Query, known: Known, guards: Guards<Query>): Query {
  const asked = Object.create(query) as Record<string, unknown>;
  for (const [name, guard] of Object.entries(guards) as [string, Guard<Asking>][])
    asked[name] = guard(known, ((query as Record<string, unknown>)[name] as Asking).bind(query));
  return asked as Query;
}

/** Of one client, ticket or contract: refused where that is not known. Without one, only where nobody can say whom a parked event concerns. */
export function refuseIfParked<Method extends Asking>(
  of: (...given: Given<Method>) => About = () => ({}),
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      known.check(of(...given));
      return ask(...given);
    }) as Method;
}

/** The same for a method that answers at once. */
export function refuseIfParkedNow<Method extends Asking>(
  of: (...given: Given<Method>) => About = () => ({}),
): Guard<Method> {
  return (known, ask) =>
    ((...given: Given<Method>) => {
      known.check(of(...given));
      return ask(...given);
    }) as Method;
}

/**
 * Of what its answer turns out to be about, one or several: refused where not all of them are known. `mayBeIn`: where else that which is asked for may be, so that
 * what is not known is not told as what there is not.
 */
export function refuseIfAnswerParked<Method extends Asking>(
  mayBeIn: (isFound: boolean, ...given: Given<Method>) => readonly About[] = () => [],
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      const parked = known.now();
      parked.check();
      const answer = (await ask(...given)) as About | null | readonly About[];
      const found = [answer].flat().filter((one) => one !== null);
      parked.checkEach(found);
      if (parked.isAny()) parked.checkEach(mayBeIn(found.length > 0, ...given));
      return answer;
    }) as Method;
}

/** The same for a method that answers at once, with one or with none. */
export function refuseIfAnswerParkedNow<Method extends (...given: never[]) => About | null>(): Guard<Method> {
  return (known, ask) =>
    ((...given: Given<Method>) => {
      const parked = known.now();
      parked.check();
      const answer = ask(...given);
      if (answer !== null) parked.check(answer);
      return answer;
    }) as Method;
}

/** Of a sum over all clients, or over one: refused where one of them is not known. */
export function refuseSumIfParked<Method extends Asking>(
  of: (...given: Given<Method>) => About | undefined,
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      const asked = of(...given) ?? {};
      if (isOfOne(asked)) known.check(asked);
      else known.now().checkAll();
      return ask(...given);
    }) as Method;
}

interface Asked extends About {
  readonly invoiceId?: string | undefined;
}

/** A list page by page. Of all clients it is without those that are not known, and says so on each page. */
export function pageWithoutParked<Method extends Asking>(
  of: (...given: Given<Method>) => Asked | undefined,
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      const asked = of(...given) ?? {};
      const parked = known.now();
      parked.check(listedOf(asked));
      const page = (await ask(...given)) as Page<About>;
      const notKnown = parked.notKnown();
      if (notKnown.length === 0) return page;
      const lacking = isOfOne(asked) ? notKnown.filter((one) => isIn(one, asked)) : notKnown;
      if (asked.invoiceId !== undefined || (isOfOne(asked) && lacking.length === 0))
        parked.checkEach(page.items.map(subjectOf));
      const items = parked.withoutParked(page.items, subjectOf);
      return { ...page, items, ...(lacking.length === 0 ? {} : { notKnown: lacking }) };
    }) as Method;
}

/** A list of clients or of what is theirs, for whoever acts on each: those that are not known are left alone. Asked for one, it is refused. */
export function withoutParked<Method extends Asking>(
  of: (...given: Given<Method>) => About | undefined = () => undefined,
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      const parked = known.now();
      parked.check(listedOf(of(...given) ?? {}));
      const all = (await ask(...given)) as readonly (About | string)[];
      return parked.withoutParked(all, (one) => (typeof one === 'string' ? { clientId: one } : one));
    }) as Method;
}

/** The same where only so many are handed out at once: the method leaves out the clients that it is given last. */
export function askWithoutParked<Method extends (...given: never[]) => Promise<readonly unknown[]>>(
  except: (given: Given<Method>, notKnown: readonly NotKnownOf[]) => Given<Method>,
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      const notKnown = known.now().notKnown();
      return ask(...(notKnown.length === 0 ? given : except(given, notKnown)));
    }) as Method;
}

/** Sums of a scope; over all clients it is without those that are not known, and says so. So does a month that shares work with one that is not known. */
export const sumWithoutParked: Guard<ReconciliationQuery['of']> =
  (known, ask) =>
  async (asOf, ...[scope = {}]) => {
    const parked = known.now();
    parked.check(listedOf(scope));
    const except = parked.notKnown();
    if (except.length === 0) return ask(asOf, scope);
    const told = await ask(asOf, { ...scope, except, exceptTickets: parked.ticketsInPart() });
    return { ...told, ...named(lackingIn(scope, parked)) };
  };

/** The same client by client and month by month: a month of which not all is known is none of them. */
export const sumsWithoutParked: Guard<ReconciliationQuery['byClientPeriod']> =
  (known, ask) =>
  async (asOf, ...[scope = {}, page]) => {
    const parked = known.now();
    parked.check(listedOf(scope));
    const except = parked.notKnown();
    if (except.length === 0) return ask(asOf, scope, page);
    const asked = await ask(asOf, { ...scope, except, exceptTickets: parked.ticketsInPart() }, page);
    const items = parked.withoutParked(asked.items, (one) => one);
    return {
      ...asked,
      items: items.map((one) => ({ ...one, ...named(parked.sharedWith(one)) })),
      ...named(lackingIn(scope, parked)),
    };
  };

function lackingIn(scope: About, parked: Parked): readonly NotKnownOf[] {
  const { clientId, period } = scope;
  const theirs = clientId != null && period != null ? parked.sharedWith({ clientId, period }) : [];
  const isWhole = !isOfOne(scope);
  return [...parked.notKnown().filter((one) => isWhole || isIn(one, scope)), ...theirs];
}

function named(lacking: readonly NotKnownOf[]): { readonly notKnown?: readonly NotKnownOf[] } {
  return lacking.length === 0 ? {} : { notKnown: lacking };
}

/** What is on a document: refused where its client is not known. */
export function refuseIfDocumentParked<Method extends Asking>(
  find: (id: string) => Promise<About | null>,
): Guard<Method> {
  return (known, ask) =>
    (async (...given: Given<Method>) => {
      known.check((await find((given as unknown as [string])[0])) ?? {});
      return ask(...given);
    }) as Method;
}

function isOfOne({ clientId, ticketId, contractId }: About): boolean {
  return [clientId, ticketId, contractId].some((one) => one !== undefined);
}

/** Of a client without a month, a list tells what is known of it, and names the months that are not. */
function listedOf(asked: About): About {
  return asked.clientId != null && asked.ticketId == null && asked.contractId == null && asked.period === undefined
    ? { ...asked, period: null }
    : asked;
}

function isIn({ clientId }: NotKnownOf, asked: About): boolean {
  return (
    asked.clientId !== undefined &&
    asked.ticketId === undefined &&
    asked.clientId === clientId &&
    asked.period === undefined
  );
}

/** Lists of what became of items hold the items. */
function subjectOf(one: About & { readonly item?: About }): About {
  return one.item ?? one;
}
