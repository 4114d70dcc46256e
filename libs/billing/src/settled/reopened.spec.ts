import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RateCard, RoundingScope, WorkTypePricing } from '@billtrail/contracts';
import { Decimal } from '@billtrail/kernel';
import type { Approval, ExplainedItem } from '../item/billable-item.js';
import { draftableItems } from '../account/lines.js';
import { imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** The work of a ticket in its order, `w-0` first, with so many minutes each. */
const entries = (...minutes: readonly number[]): readonly Time[] =>
  minutes.map((many, index) =>
    time({ workItemId: `w-${index}`, position: index + 1, minutes: many, sourceEventIds: [`ev-w-${index}`] }),
  );
const corrected = (work: readonly Time[], index: number, changes: Partial<Time>): readonly Time[] =>
  work.map((one, at) =>
    at === index ? { ...one, ...changes, sourceEventIds: [...one.sourceEventIds, `${one.workItemId}-again`] } : one,
  );
const voided = (work: readonly Time[], index: number): readonly Time[] => work.filter((_, at) => at !== index);
const under = (changes: Partial<RateCard>): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: terms(changes) })],
});
const invoiced = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): Partial<ClientPeriodFacts> => ({
  ...changes,
  invoiced: asInvoiced(rate(facts(work, changes)).items),
});
/** What is not frozen. */
const adjustments = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>): readonly ExplainedItem[] =>
  rate(facts(work, account)).items.filter(({ disposition }) => disposition === 'billable');
const shown = (items: readonly ExplainedItem[]): unknown[] => items.map(({ itemId, net }) => [itemId, net?.amount]);
const asked = (items: readonly ExplainedItem[]): string =>
  items
    .filter(({ disposition }) => disposition === 'billable' || disposition === 'invoiced')
    .reduce((sum, { net }) => sum.plus(net?.amount ?? 0), new Decimal(0))
    .toFixed(2);

const TIERS: WorkTypePricing = {
  workType: 'remote',
  mode: 'tiers',
  per: 'ticket',
  tiers: [
    { upToMinutes: 60, pricePerHour: '120.00' },
    { upToMinutes: null, pricePerHour: '240.00' },
  ],
};
const tiers = under({ workTypes: [TIERS] });
const visit = under({ workTypes: [{ workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' }] });
const hours = under({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' });

describe('work that shares a price with frozen work that was corrected or voided', () => {
  it('tiers: 120 + 90 min invoiced, the first corrected to 150, is 120.00 more in all', () => {
    const work = entries(120, 90);
    const account = invoiced(work, tiers);
    expect(
      shown(
        account.invoiced
          ?.map(({ line }) => rate(facts(work, account)).items.find(({ itemId }) => itemId === line.itemId))
          .filter((one) => one !== undefined) ?? [],
      ),
    ).toEqual([
      ['w-0', '360.00'],
      ['w-1', '360.00'],
    ]);
    expect(shown(adjustments(corrected(work, 0, { minutes: 150 }), account))).toEqual([['w-0@a1', '120.00']]);
  });

  it('tiers: 60 + 15 min invoiced, the first corrected to 45, is 60.00 less in all', () => {
    const work = entries(60, 15);
    const account = invoiced(work, tiers);
    const items = adjustments(corrected(work, 0, { minutes: 45 }), account);
    expect(shown(items)).toEqual([
      ['w-0@a1', '-30.00'],
      ['w-1@a1', '-30.00'],
    ]);
    expect(items.map(({ basis }) => basis.adjustment?.causedBy)).toEqual([null, ['w-0']]);
    expect(items[1]?.trace.at(-1)).toMatchObject({
      step: 'adjustment',
      text: expect.stringContaining('w-0, with which the work shares a price, was corrected or voided') as unknown,
      facts: { causedBy: ['w-0'], frozenNet: '60.00', presentNet: '30.00', difference: '-30.00' },
    });
  });

  it('one price for the ticket goes to the work that remains when the one that had it is voided', () => {
    const work = entries(60, 60, 60);
    const account = invoiced(work, visit);
    expect(shown(adjustments(voided(work, 0), account))).toEqual([
      ['w-1@a1', '99.00'],
      ['w-0@a1', '-99.00'],
    ]);
    expect(adjustments(voided(work, 1), account).map(({ net }) => net?.amount)).toEqual(['0.00']);
  });

  it('minimum and increment are those of the work that remains', () => {
    const work = entries(45, 45, 45);
    const account = invoiced(work, hours);
    expect(asked(rate(facts(work, account)).items)).toBe('450.00');
    const { items } = rate(facts(voided(work, 1), account));
    expect(asked(items)).toBe('300.00');
    expect(asked(items)).toBe(asked(rate(facts(voided(work, 1), hours)).items));
  });

  it('where nothing was corrected nothing moves: work that is added finds what is frozen', () => {
    const work = entries(60, 60);
    for (const priced of [tiers, visit, hours]) {
      const account = invoiced(work, priced);
      const added = time({ workItemId: 'w-9', position: 9, minutes: 30, workDate: '2026-03-01' });
      expect(adjustments([...work, added], account).map(({ workItemId }) => workItemId)).toEqual(['w-9']);
    }
  });

  it('adjustments that are invoiced in their turn leave nothing to ask, also where only some of them are', () => {
    const work = entries(60, 60);
    const account = invoiced(work, visit);
    const after = voided(work, 0);
    const open = adjustments(after, account);
    const [ofOther, ofVoided] = open;
    if (ofOther === undefined || ofVoided === undefined) throw new Error('two adjustments');
    const with2 = (...items: readonly ExplainedItem[]) => ({
      ...account,
      invoiced: [...(account.invoiced ?? []), ...asInvoiced(items, 'inv-2')],
    });
    expect(adjustments(after, with2(...open))).toEqual([]);
    expect(shown(adjustments(after, with2(ofVoided)))).toEqual([['w-1@a1', '99.00']]);
    expect(shown(adjustments(after, with2(ofOther)))).toEqual([['w-0@a1', '-99.00']]);
  });

  it('a ticket that was declared no-charge or classified otherwise since does not re-price what did not change', () => {
    const work = entries(60, 60);
    const account = invoiced(work, visit);
    const noCharge = { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-nc' };
    const tickets = new Map([['T-1', ticketFacts({ noCharge, category: 'network' })]]);
    expect(shown(adjustments(voided(work, 0), { ...account, tickets }))).toEqual([
      ['w-1@a1', '99.00'],
      ['w-0@a1', '-99.00'],
    ]);
  });

  it('what a person wrote off at 0.00 is asked the price that comes to be its own', () => {
    const work = entries(60, 60);
    const first = rate(facts(work, visit)).items;
    const account = {
      ...visit,
      invoiced: asInvoiced(first.slice(0, 1)),
      writtenOff: asWrittenOff(first.slice(1)),
    };
    expect(shown(adjustments(voided(work, 0), account))).toEqual([
      ['w-1@a1', '99.00'],
      ['w-0@a1', '-99.00'],
    ]);
  });

  it('so is work of which both were written off, and the write-off of the other ends with it', () => {
    const work = entries(60, 60);
    const account = { ...visit, writtenOff: asWrittenOff(rate(facts(work, visit)).items) };
    const { items } = rate(facts(voided(work, 0), account));
    expect(items.map(({ itemId, disposition, net }) => [itemId, disposition, net?.amount])).toEqual([
      ['w-1', 'written-off', '0.00'],
      ['w-1@a1', 'billable', '99.00'],
      ['w-0', 'written-off', '99.00'],
      ['w-0@a1', 'written-off', '-99.00'],
    ]);
  });

  it.each(['unapproved', 'rejected'] as const)('a correction that is %s moves nothing of others', (approval) => {
    const work = entries(60, 15);
    const account = invoiced(work, tiers);
    const items = adjustments(corrected(work, 0, { minutes: 45, approval }), account);
    expect(items.map(({ workItemId, approval: of }) => [workItemId, of])).toEqual([['w-0', approval]]);
  });
});

const per = fc.constantFrom<RoundingScope>('entry', 'ticket-day', 'ticket');
/** Prices that are whole cents a minute, so that where work is cut makes no difference of a cent. */
const pricedAs: fc.Arbitrary<WorkTypePricing | null> = fc.oneof(
  fc.constant(null),
  per.map((scope): WorkTypePricing => ({ ...TIERS, per: scope })),
  per.map((scope): WorkTypePricing => ({ workType: 'remote', mode: 'flat', per: scope, price: '99.00' })),
  per.map((scope): WorkTypePricing => ({ workType: 'remote', mode: 'amount-on-top', per: scope, amount: '20.00' })),
);
const card: fc.Arbitrary<Partial<RateCard>> = fc
  .record({
    pricing: pricedAs,
    minimumMinutes: fc.constantFrom(0, 15, 60),
    incrementMinutes: fc.constantFrom(1, 15, 60),
    roundingScope: per,
  })
  .map(({ pricing: of, ...rest }) => ({ ...rest, ...(of === null ? {} : { workTypes: [of] }) }));

const entry = fc.record({
  minutes: fc.constantFrom(0, 5, 10, 45, 60, 90, 120),
  workDate: fc.constantFrom('2026-03-10', '2026-03-11'),
  approval: fc.constantFrom<Approval>('approved', 'approved', 'unapproved', 'rejected'),
});
/** What befalls a piece of work between two invoices. */
const fate = fc.oneof(
  fc.constant({ to: 'leave' } as const),
  fc.constant({ to: 'void' } as const),
  fc.constant({ to: 'approve' } as const),
  entry.map((as) => ({ to: 'correct', as }) as const),
);
type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never;
const round = fc.record({
  fates: fc.array(fate, { minLength: 8, maxLength: 8 }),
  added: fc.array(entry, { maxLength: 2 }),
});

/** A correction is approved, for before that it moves nothing. */
function befall(work: readonly Time[], fates: readonly Fate[]): readonly Time[] {
  return work.flatMap((one, index): readonly Time[] => {
    const to = fates[index] ?? { to: 'leave' };
    if (to.to === 'void') return [];
    if (to.to === 'approve') return [{ ...one, approval: 'approved' }];
    if (to.to === 'leave') return [one];
    return [{ ...one, ...to.as, approval: 'approved', sourceEventIds: [...one.sourceEventIds, 'ev-again'] }];
  });
}

const isFirm = ({ approval }: { readonly approval: Approval | null }): boolean =>
  approval === null || approval === 'approved';

/** Wider scopes later. */
const WIDTH: readonly RoundingScope[] = ['entry', 'ticket-day', 'ticket'];
/** True where the minutes that a scope of rounding shares out are priced together: then it makes no difference which work has them. */
function isNested({ roundingScope = 'entry', workTypes }: Partial<RateCard>): boolean {
  const [pricing] = workTypes ?? [];
  if (pricing === undefined || pricing.mode === 'multiplier' || pricing.per === 'hour') return true;
  return WIDTH.indexOf(pricing.per) >= WIDTH.indexOf(roundingScope);
}

type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;
type Round = typeof round extends fc.Arbitrary<infer T> ? T : never;

/** Three rounds of changes with an invoice after each but the last; after each the account is what rating gives with nothing frozen. */
function live(of: Partial<RateCard>, first: readonly Entry[], rounds: readonly Round[]): void {
  const account = under(of);
  let number = 0;
  const recorded = (some: readonly Entry[]): Time[] =>
    some.map((one) => {
      number += 1;
      return time({ ...one, workItemId: `w-${number}`, position: number });
    });
  let work: readonly Time[] = recorded(first);
  let frozen = facts(work, account).invoiced;
  rounds.forEach(({ fates, added }, index) => {
    const { items } = rate(facts(work, { ...account, invoiced: frozen }));
    if (index < 2) frozen = [...frozen, ...asInvoiced(draftableItems(items), `inv-${index + 1}`)];
    work = [...befall(work, fates), ...recorded(added)];
    const after = rate(facts(work, { ...account, invoiced: frozen })).items;
    expect(imbalances(work, after)).toEqual([]);
    const fresh = rate(facts(work, account)).items;
    expect(asked(after.filter(isFirm))).toBe(asked(fresh.filter(isFirm)));
  });
}

describe('laws of what is frozen and corrected', () => {
  const rounds = fc.tuple(round, round, round);
  const first = fc.array(entry, { minLength: 1, maxLength: 4 });

  it('what is invoiced and its adjustments are what rating gives with nothing frozen, over two invoices, to the cent', () => {
    fc.assert(fc.property(card.filter(isNested), first, rounds, live), { numRuns: 150 });
  });

  it('whatever shares a price with what: the same for corrections and voids of approved work', () => {
    const approved = (one: Entry): Entry => ({ ...one, approval: 'approved' });
    fc.assert(
      fc.property(card, first, rounds, (of, recorded, all) => {
        live(
          of,
          recorded.map(approved),
          all.map(({ fates }) => ({ fates, added: [] })),
        );
      }),
      { numRuns: 150 },
    );
  });
});
