import { storedPersonEvents } from '@billtrail/kernel';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { ForgoingAct, ForgoneOfTicket } from '@billtrail/kernel';
import { Position, START, SqliteEventStore, StoredNames, type EventStore } from '@billtrail/event-store';
import { storedBillingEvents } from '@billtrail/billing';
import { storedContractEvents } from '@billtrail/contracts';
import { storedTicketEvents } from '@billtrail/ticketing';
import { ReadModels } from '../read-models.js';
import { AT, CONFIGURATION, event, type AnyEvent } from '../spec-kit/story.js';
import { approvalsProjection } from './projection.js';

const names = new StoredNames(storedTicketEvents, storedContractEvents, storedBillingEvents, storedPersonEvents);
const LIMIT_CENTS = 50_000;

type Step =
  | {
      readonly does: 'ask';
      readonly cents: number;
      readonly ticket: number;
      readonly month: number;
      readonly alsoOf: number | null;
      readonly role: 'accounts' | 'operations';
    }
  | { readonly does: 'carry-out' | 'withdraw' | 'close'; readonly nth: number }
  | { readonly does: 'limit'; readonly cents: number; readonly fraction: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('ask' as const),
      cents: fc.integer({ min: 1, max: 45_000 }),
      ticket: fc.integer({ min: 1, max: 3 }),
      month: fc.integer({ min: 3, max: 4 }),
      alsoOf: fc.option(fc.integer({ min: 4, max: 5 })),
      role: fc.constantFrom('accounts' as const, 'operations' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom('carry-out' as const, 'withdraw' as const, 'close' as const),
      nth: fc.nat(30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('limit' as const),
      cents: fc.integer({ min: 100, max: 90_000 }),
      fraction: fc.constantFrom('', '0001', '99999999'),
    }),
  },
);

const aud = (cents: number) => ({ amount: (cents / 100).toFixed(2), currency: 'AUD' });

interface Asked {
  readonly id: string;
  readonly gapId: string;
  readonly forgone: readonly (readonly [ticketId: string, cents: number])[];
  readonly month: string;
  readonly stands: boolean;
  ended: boolean;
  hasEffect: boolean;
}

/** The rule in a few lines, over the same steps: operations may forgo half. What had its effect counts, whatever its verdict was. */
class Told {
  readonly asked: Asked[] = [];
  private most = LIMIT_CENTS;
  private readonly sums = new Map<string, number>();

  ask(id: string, gapId: string, forgone: Asked['forgone'], month: string, role: string): void {
    const most = role === 'operations' ? Math.min(this.most, 25_000) : this.most;
    const scopes = this.scopes(forgone, month);
    const stands = scopes.every(([scope, cents]) => (this.sums.get(scope) ?? 0) + cents <= most);
    if (stands) this.count(scopes, 1);
    this.asked.push({ id, gapId, forgone, month, stands, ended: false, hasEffect: false });
  }

  end(one: Asked, hasEffect: boolean): void {
    const isCounted = one.hasEffect || (one.stands && !one.ended);
    one.hasEffect ||= hasEffect;
    one.ended = true;
    if (isCounted !== one.hasEffect) this.count(this.scopes(one.forgone, one.month), isCounted ? -1 : 1);
  }

  limit(cents: number): void {
    this.most = cents;
  }

  private scopes(forgone: Asked['forgone'], month: string): (readonly [string, number])[] {
    return [...forgone, [`client ${month}`, forgone.reduce((sum, [, cents]) => sum + cents, 0)] as const];
  }

  private count(scopes: readonly (readonly [string, number])[], sign: number): void {
    for (const [scope, cents] of scopes) this.sums.set(scope, (this.sums.get(scope) ?? 0) + sign * cents);
  }
}

async function append(
  store: EventStore,
  stream: string,
  what: AnyEvent,
  n: number,
  { causationId = null, role = 'accounts' }: { causationId?: string | null; role?: 'accounts' | 'operations' } = {},
): Promise<string> {
  const commandId = `c${n}`;
  await store.append({
    stream,
    expected: 'any',
    events: [what],
    actor: { id: 'anna', role },
    commandId,
    correlationId: commandId,
    causationId,
    fingerprint: commandId,
  });
  const { events } = await store.readStream(stream);
  return events.at(-1)?.id ?? '';
}

/** Records the steps, and answers what the rule says of them. */
async function recorded(store: EventStore, steps: readonly Step[]): Promise<Told> {
  const told = new Told();
  let n = 0;
  // A limit may have fractions of a cent: no sum has.
  const limits = (cents: number, fraction: string) => ({
    ...CONFIGURATION,
    secondPersonAbove: { ...aud(cents), amount: aud(cents).amount + fraction },
    limits: { operations: { secondPersonAbove: aud(Math.min(cents, 25_000)) } },
  });
  const publish = (cents: number, fraction = '') =>
    append(
      store,
      'configuration',
      event('ConfigurationPublished', { configuration: limits(cents, fraction), hash: 'h' }),
      n++,
    );
  await publish(LIMIT_CENTS);
  for (const one of steps) {
    if (one.does === 'limit') {
      await publish(one.cents, one.fraction);
      told.limit(one.cents);
    } else if (one.does === 'ask') {
      const gapId = `G${n}`;
      const parts = [
        [`T${one.ticket}`, one.cents] as const,
        ...(one.alsoOf === null ? [] : [[`T${one.alsoOf}`, 100] as const]),
      ];
      const forgone: ForgoneOfTicket[] = parts.map(([ticketId, cents]) => ({ ticketId, money: aud(cents) }));
      const month = `2026-0${one.month}`;
      const act: ForgoingAct = 'accept-gap';
      const data = { act, target: gapId, clientId: 'acme', period: month, forgone, asked: { comment: 'so be it' } };
      const { role } = one;
      const id = await append(store, `gap-${gapId}`, event('ForgoingRequested', data), n++, { role });
      told.ask(id, gapId, parts, month, role);
    } else if (told.asked.length > 0) {
      const request = told.asked[one.nth % told.asked.length]!;
      // Whoever carries out what waits, or has ended, was told another verdict.
      if (request.hasEffect || (request.ended && one.does !== 'carry-out')) continue;
      const { id, gapId } = request;
      const why = { reasonCode: 'x', comment: 'x', acceptedBy: 'anna', secondPerson: null };
      if (one.does === 'carry-out') {
        const effect = event('BillingGapAccepted', { gapId, ...why });
        await append(store, `gap-${gapId}`, effect, n++, { causationId: id });
      } else if (one.does === 'withdraw') {
        const back = event('ForgoingWithdrawn', { requestId: id, reason: 'x', withdrawnBy: 'anna' });
        await append(store, `gap-${gapId}`, back, n++);
      } else await append(store, `gap-${gapId}`, event('BillingGapClosed', { gapId, ending: 'billed' }), n++);
      told.end(request, one.does === 'carry-out');
    }
  }
  return told;
}

async function verdicts(models: ReadModels): Promise<readonly string[]> {
  const { items } = await models.approvals.list({}, { limit: 200 });
  return items.map(({ requestId, state, waitsBecause }) => `${requestId} ${state} ${JSON.stringify(waitsBecause)}`);
}

describe('verdicts on requests to forgo money (G12)', () => {
  const open = (store: EventStore) => ReadModels.open({ file: ':memory:', store, projections: [approvalsProjection] });

  it('are those of the sums in the order of the log, in whatever batches they are read, and after a rebuild', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), fc.nat(), async (steps, cut) => {
        const store = SqliteEventStore.open({ file: ':memory:', names, clock: () => AT });
        const told = await recorded(store, steps);
        const [atOnce, lagging] = [await open(store), await open(store)];
        await atOnce.catchUp();
        const { events } = await store.readAll({ after: START, limit: 1_000 });
        for (const [index, one] of events.entries())
          if ((index + cut) % 3 === 0) await lagging.catchUp({ upTo: Position.of(one) });
        await lagging.catchUp();
        const all = await verdicts(atOnce);
        expect(await verdicts(lagging)).toEqual(all);
        const { items } = await atOnce.approvals.list({}, { limit: 200 });
        expect(items.map(({ requestId, waitsBecause }) => [requestId, waitsBecause === null])).toEqual(
          told.asked.map(({ id, stands }) => [id, stands]),
        );
        for (const { state } of items) seen.add(state);
        await atOnce.rebuild();
        expect(await verdicts(atOnce)).toEqual(all);
        for (const models of [atOnce, lagging]) await models.close();
        await store.close();
      }),
      { numRuns: 60 },
    );
    expect([...seen].sort()).toEqual(['carried-out', 'lapsed', 'standing', 'waiting', 'withdrawn']);
  });

  interface Restated {
    readonly act: ForgoingAct;
    readonly first: readonly [stream: string, target: string];
    readonly second: readonly [stream: string, target: string];
    readonly effect: (target: string) => AnyEvent;
  }
  const reason = { reasonCode: 'x', comment: 'x', acceptedBy: 'anna', secondPerson: null };
  const price = { pricePerHour: aud(100), reason: 'x', overriddenBy: 'anna' };
  const courtesy = {
    amount: aud(100),
    isAll: false,
    reason: 'x',
    comment: null,
    grantedBy: 'anna',
    secondPerson: null,
  };

  /** A request is carried out, and another one follows it; answers the states of both and of a third that takes the room that is left. */
  async function restated({ act, first, second, effect }: Restated, cents: number, currency = 'AUD') {
    const store = SqliteEventStore.open({ file: ':memory:', names, clock: () => AT });
    const configuration = { ...CONFIGURATION, secondPersonAbove: aud(LIMIT_CENTS) };
    await append(store, 'configuration', event('ConfigurationPublished', { configuration, hash: 'h' }), 0);
    const asks = (target: string, money: { amount: string; currency: string }) =>
      event('ForgoingRequested', {
        act,
        target,
        clientId: 'acme',
        period: '2026-03',
        forgone: [{ ticketId: 'T1', money }],
        asked: {},
      });
    const done = await append(store, first[0], asks(first[1], aud(30_000)), 1);
    await append(store, first[0], effect(first[1]), 2, { causationId: done });
    const anew = await append(store, second[0], asks(second[1], { ...aud(cents), currency }), 3);
    await append(store, second[0], effect(second[1]), 4, { causationId: anew });
    await append(store, 'ticket-T1', asks('W9', aud(LIMIT_CENTS - cents)), 5);
    await append(store, 'ticket-T1', asks('W8', aud(1)), 6);
    const models = await open(store);
    await models.catchUp();
    const { items } = await models.approvals.list({}, { limit: 200 });
    await models.close();
    await store.close();
    return items.map(({ state, waitsBecause: why }) =>
      why?.because === 'above-limit' ? `${state} ${why.sum?.amount}` : state,
    );
  }

  const PRICE: Restated = {
    act: 'price-override',
    first: ['ticket-T1', 'W1'],
    second: ['ticket-T1', 'W1'],
    effect: (timeEntryId) => event('TimeEntryPriceOverridden', { timeEntryId, ...price }),
  };
  const GAP: Restated = {
    act: 'accept-gap',
    first: ['gap-unbilled.abc.1', 'unbilled.abc.1'],
    second: ['gap-unbilled.abc.2', 'unbilled.abc.2'],
    effect: (gapId) => event('BillingGapAccepted', { gapId, ...reason }),
  };

  it.each([
    ['a price that is stated anew', PRICE],
    ['a gap that shows again', GAP],
  ])('%s takes the place of what was forgone before', async (_what, of) => {
    expect(await restated(of, 31_000)).toEqual(['taken-back', 'carried-out', 'standing', 'waiting 500.01']);
  });

  it.each([
    ['a price of another entry', { ...PRICE, second: ['ticket-T1', 'W2'] as const }],
    ['another gap', { ...GAP, second: ['gap-unbilled.abd.1', 'unbilled.abd.1'] as const }],
    [
      'a courtesy for other work',
      {
        act: 'courtesy' as const,
        first: ['ticket-T1', 'W1'] as const,
        second: ['ticket-T1', 'W2'] as const,
        effect: (workItemId: string) => event('CourtesyGranted', { workItemId, ...courtesy }),
      },
    ],
  ])('%s is counted beside what was forgone before', async (_what, of) => {
    expect((await restated(of, 31_000))[1]).toContain(' 610.00');
  });

  it('in another currency waits, for it can not be compared with the limit', async () => {
    expect((await restated(PRICE, 100, 'USD'))[1]).toContain(' undefined');
  });
});
