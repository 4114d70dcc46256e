import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { ALL_BILLABLE, asInvoiced, contractFacts, facts, terms, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Account = Partial<ClientPeriodFacts>;

/** The first hour of a ticket at 150.00, what is beyond at 225.00. */
const TIERS: WorkTypePricing = {
  workType: 'remote',
  mode: 'tiers',
  per: 'ticket',
  tiers: [
    { upToMinutes: 60, pricePerHour: '150.00' },
    { upToMinutes: null, pricePerHour: '225.00' },
  ],
};
const VISIT: WorkTypePricing = { workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket' };
const under = (pricing: WorkTypePricing, more: Partial<ContractTerms> = {}, card: Partial<RateCard> = {}): Account => ({
  contracts: [contractFacts({ terms: { ...terms({ workTypes: [pricing], ...card }), ...more } })],
});
const entry = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, minutes, sourceEventIds: [`ev-w-${number}`], ...changes });
const again = (number: number, minutes: number, changes: Partial<Time> = {}): Time =>
  entry(number, minutes, { sourceEventIds: [`ev-w-${number}`, `ev-w-${number}b`], ...changes });
const invoiced = (work: readonly WorkItem[], account: Account, only?: string) =>
  asInvoiced(rate(facts(work, account)).items.filter(({ itemId }) => only === undefined || itemId === only));
const nets = (items: readonly ExplainedItem[]) =>
  Object.fromEntries(items.map(({ itemId, net }) => [itemId, net?.amount ?? null]));
const rated = (work: readonly WorkItem[], account: Account) => nets(rate(facts(work, account)).items);
const inSydney: Partial<ContractTerms> = {
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
};
/** Half an hour of business, then after hours, on 10 March. */
const evening = (minutes: number): Partial<Time> => ({
  minutes,
  startedAt: '2026-03-10T05:30:00.000Z',
  endedAt: new Date(Date.parse('2026-03-10T05:30:00.000Z') + minutes * 60_000).toISOString(),
});

describe('rejected time and what a ticket shares', () => {
  const rejected = { approval: 'rejected' } as const;

  it('takes no place in the tiers, and is worth what it would be alone', () => {
    const work = [entry(1, 60), entry(2, 60, rejected), entry(3, 60, rejected), entry(4, 60)];
    expect(rated(work, under(TIERS))).toEqual({ 'w-1': '150.00', 'w-2': '150.00', 'w-3': '150.00', 'w-4': '225.00' });
  });

  it('has its own price of a visit, and leaves that of the ticket to the others', () => {
    expect(rated([entry(1, 60, rejected), entry(2, 60)], under(VISIT))).toEqual({ 'w-1': '220.00', 'w-2': '220.00' });
  });

  it('of two segments has one scope: 30 min of the first hour, 60 min of which 30 are beyond it', () => {
    expect(rated([entry(1, 90, { ...rejected, ...evening(90) })], under(TIERS, inSydney))).toEqual({
      'w-1@p1': '75.00',
      'w-1@p2': '187.50',
    });
  });
});

describe('a correction of invoiced time that nobody approved', () => {
  const open = { approval: 'unapproved' } as const;

  it('holds its hour for approved work beside it; then it is priced behind that: 30 min at 150.00, 60 at 225.00', () => {
    const account = { ...under(TIERS), invoiced: invoiced([entry(1, 60)], under(TIERS)) };
    expect(rated([again(1, 90, open), entry(2, 30)], account)).toEqual({
      'w-1': '150.00',
      'w-1@a1': '150.00',
      'w-2': '112.50',
    });
  });

  it('is taken out of its ticket once for all its segments', () => {
    const cut = under(TIERS, inSydney);
    const first = invoiced([entry(1, 60, evening(60))], cut);
    expect(first.map(({ line }) => line.net?.amount)).toEqual(['75.00', '75.00']);
    const account = { ...cut, invoiced: first };
    expect(rated([again(1, 90, { ...evening(90), ...open }), entry(2, 60)], account)).toMatchObject({
      'w-2': '225.00',
      // The 60 min of the other entry are the hour at 150.00: 90 min at 225.00 are 337.50, of which 150.00 are asked.
      'w-1@a2': '187.50',
    });
  });

  it('keeps the price of its visit while no other work has it', () => {
    const first = invoiced([entry(1, 60), entry(2, 60)], under(VISIT));
    expect(first.map(({ line }) => line.net?.amount)).toEqual(['220.00', '0.00']);
    const account = { ...under(VISIT), invoiced: first };
    expect(rated([again(1, 90, open), entry(2, 60)], account)).toMatchObject({ 'w-1@a1': '0.00' });
    expect(rated([entry(1, 60), again(2, 90, open)], account)).toMatchObject({ 'w-2@a1': '0.00' });
  });

  it('gives the price of its visit up where another invoice asked for it too', () => {
    const twice = [...invoiced([entry(1, 60)], under(VISIT)), ...invoiced([entry(2, 60)], under(VISIT))];
    const account = { ...under(VISIT), invoiced: twice };
    expect(rated([again(1, 90, open), entry(2, 60)], account)).toMatchObject({ 'w-1@a1': '-220.00' });
  });
});

describe('the rest of one price of which a part is invoiced', () => {
  const block = (amount: string) => ({
    blockId: 'b',
    amount: { unit: 'money', money: { amount, currency: 'AUD' } } as const,
    purchasedOn: '2026-01-01',
    expiresOn: null,
    price: null,
    eventId: 'ev-b',
  });
  const prepaid = (more: Partial<ContractTerms> = {}, pricing: WorkTypePricing = VISIT): Account => ({
    contracts: [
      contractFacts({
        terms: { ...terms({ workTypes: [pricing] }, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]), ...more },
        blocks: [block('55.00')],
      }),
    ],
  });
  const lines = (items: readonly ExplainedItem[]) =>
    items.map(({ itemId, disposition, quantity, unit, net }) => [
      itemId,
      disposition,
      `${quantity} ${unit}`,
      net?.amount,
    ]);
  const rateText = (items: readonly ExplainedItem[], itemId: string) =>
    items.find((item) => item.itemId === itemId)?.trace.find(({ step }) => step === 'rate')?.text;

  it.each([
    [
      'w-1@p1',
      'w-1@p2',
      '0.75 flat',
      '165.00',
      'of 220.00 AUD, whatever the minutes, 55.00 AUD is frozen: 165.00 AUD is left',
    ],
    [
      'w-1@p2',
      'w-1@p1',
      '0.25 h',
      '0.00',
      'of 220.00 AUD, whatever the minutes, 165.00 AUD is frozen: 55.00 AUD is left',
    ],
  ])('%s is invoiced: %s is what is left of 220.00', (frozen, free, quantity, net, text) => {
    const work = [entry(1, 60)];
    const account = { ...prepaid(), invoiced: invoiced(work, prepaid(), frozen) };
    const { items } = rate(facts(work, account));
    expect(lines(items).find(([itemId]) => itemId === free)).toEqual([
      free,
      free === 'w-1@p1' ? 'covered' : 'billable',
      quantity,
      net,
    ]);
    expect(rateText(items, free)).toBe(text);
    expect(items.find(({ itemId }) => itemId === free)?.trace.find(({ step }) => step === 'rate')?.facts).toMatchObject(
      {
        mode: 'flat',
        charged: true,
      },
    );
  });

  it('is the whole price where the part was priced by the hour, with an amount on top, before', () => {
    const onTop: WorkTypePricing = { workType: 'remote', mode: 'amount-on-top', amount: '45.00', per: 'ticket' };
    const version = (versionNumber: number, effectiveFrom: string, pricing: WorkTypePricing) => ({
      versionNumber,
      effectiveFrom,
      effectiveTo: null,
      terms: { ...terms({ workTypes: [pricing] }), ...inSydney },
    });
    const then = contractFacts({ versions: [version(1, '2026-01-01', onTop)] });
    const now = contractFacts({ versions: [version(1, '2026-01-01', onTop), version(2, '2026-03-01', VISIT)] });
    const work = [entry(1, 90, evening(90))];
    const first = invoiced(work, { contracts: [then] }, 'w-1@p1');
    expect(first.map(({ line }) => line.net?.amount)).toEqual(['120.00']);
    expect(rated(work, { contracts: [now], invoiced: first })).toEqual({ 'w-1@p1': '120.00', 'w-1@p2': '220.00' });
  });

  it('is nothing where the part had no price of its own, because other work carries that of the visit', () => {
    const account = under(VISIT, inSydney);
    const work = [entry(1, 60), entry(2, 90, evening(90))];
    expect(rated(work, account)).toEqual({ 'w-1': '220.00', 'w-2@p1': '0.00', 'w-2@p2': '0.00' });
    const frozen = [...invoiced(work, account, 'w-1'), ...invoiced(work, account, 'w-2@p1')];
    expect(rated(work, { ...account, invoiced: frozen })).toEqual({
      'w-1': '220.00',
      'w-2@p1': '0.00',
      'w-2@p2': '0.00',
    });
  });

  it('after a discount of 10 %: of 198.00 the block paid 55.00, and 143.00 are left', () => {
    const discounts = [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' }] as const;
    const account = prepaid({ discounts });
    const work = [entry(1, 60)];
    const { items } = rate(facts(work, { ...account, invoiced: invoiced(work, account, 'w-1@p1') }));
    expect(lines(items).at(-1)).toEqual(['w-1@p2', 'billable', '0.722222 flat', '143.00']);
  });

  it('is nothing of a price that fell below what is invoiced of it: nothing is given back, and nothing drawn', () => {
    const work = [entry(1, 60)];
    const frozen = invoiced(work, prepaid(), 'w-1@p2');
    const account = { ...prepaid({}, { ...VISIT, price: '100.00' }), invoiced: frozen };
    const { items, draws } = rate(facts(work, account));
    expect(lines(items)).toEqual([
      ['w-1@p2', 'invoiced', '0.75 flat', '165.00'],
      ['w-1@p1', 'billable', '0 flat', '0.00'],
    ]);
    expect(draws).toEqual([]);
  });
});

describe('a rate class and a price that is not by the hour', () => {
  const card: Partial<RateCard> = {
    labour: [{ workType: 'remote', engineerRole: null, rateClass: 'after-hours', pricePerHour: '300.00' }],
    rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }],
  };

  it('is raised by the class, also where the card has a price of an hour for that very class', () => {
    const work = [entry(1, 60, { rateClass: 'after-hours' })];
    expect(rated(work, under(TIERS, {}, card))).toEqual({ 'w-1': '225.00' });
    expect(rated(work, under(VISIT, {}, card))).toEqual({ 'w-1': '330.00' });
  });
});
