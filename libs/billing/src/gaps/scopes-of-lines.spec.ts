import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { block, minutes } from '../testing/charges.js';
import {
  ALL_BILLABLE,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  facts,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Account = Partial<ClientPeriodFacts>;

/** Two hours a visit at least, at 150.00 an hour: 300.00. */
const VISIT: Partial<RateCard> = {
  labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
  minimumMinutes: 120,
  incrementMinutes: 15,
  roundingScope: 'visit',
};
/** An hour a ticket at least, at 150.00 an hour. */
const TICKET: Partial<RateCard> = { ...VISIT, minimumMinutes: 60, roundingScope: 'ticket' };
const FLAT: Partial<RateCard> = { workTypes: [{ workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket' }] };

const under = (card: Partial<RateCard>): Account => ({ contracts: [contractFacts({ terms: terms(card) })] });
const on = (number: number, changes: Partial<Time> = {}): Time =>
  time({
    workItemId: `w-${number}`,
    ticketId: `T-${number}`,
    position: number,
    minutes: 20,
    sourceEventIds: [`ev-w-${number}`],
    ...changes,
  });
const [A, B] = [on(1), on(2)];
const apart: Account = {
  tickets: new Map(['T-1', 'T-2', 'T-3'].map((ticketId) => [ticketId, ticketFacts({ ticketId })])),
};
/** T-2 as part of T-1. */
const merged: Account = { tickets: new Map(['T-1', 'T-2'].map((id) => [id, ticketFacts({ ticketId: 'T-1' })])) };
const rated = (work: readonly WorkItem[], account: Account) => rate(facts(work, account));
/** Items of the first rating by their ids. */
const chosen = (work: readonly WorkItem[], account: Account, ...ids: string[]) =>
  rated(work, account).items.filter(({ itemId, disposition }) => ids.includes(itemId) && disposition === 'billable');
const nets = (work: readonly WorkItem[], account: Account) =>
  Object.fromEntries(rated(work, account).items.map(({ itemId, net }) => [itemId, net?.amount]));
const gaps = (work: readonly WorkItem[], account: Account) =>
  rated(work, account)
    .gaps.filter(({ kind }) => kind === 'contract-mismatch')
    .map(({ workItemId, valueAtRisk }) => `${workItemId} ${valueAtRisk.money?.amount}`);

describe('a minimum that was shared by work which is gone', () => {
  const account = { ...under(VISIT), ...apart };
  const invoiced = asInvoiced(chosen([A, B], account, 'w-1'));

  it('300.00 a visit, of which 150.00 are invoiced and 150.00 wait: nothing is told', () => {
    expect(nets([A, B], { ...account, invoiced })).toEqual({ 'w-1': '150.00', 'w-2': '150.00' });
    expect(gaps([A, B], { ...account, invoiced })).toEqual([]);
  });

  it('is told where the other was voided, rejected, or went to another site: 150.00 are asked too little', () => {
    expect(gaps([A], { ...account, invoiced })).toEqual(['w-1 150.00']);
    expect(gaps([A, on(2, { approval: 'rejected' })], { ...account, invoiced })).toEqual(['w-1 150.00']);
    const elsewhere = new Map([
      ['T-1', ticketFacts()],
      ['T-2', ticketFacts({ ticketId: 'T-2', siteId: 'glebe' })],
    ]);
    expect(gaps([A, B], { ...account, tickets: elsewhere, invoiced })).toEqual(['w-1 150.00']);
    expect(nets([A, B], { ...account, tickets: elsewhere, invoiced })).toEqual({ 'w-1': '150.00', 'w-2': '300.00' });
  });

  it('is not told where other work takes what is left, be it approved or not yet', () => {
    expect(gaps([A, on(3)], { ...account, invoiced })).toEqual([]);
    expect(gaps([A, on(2, { approval: 'unapproved' })], { ...account, invoiced })).toEqual([]);
    expect(nets([A, on(2, { approval: 'unapproved' })], { ...account, invoiced })['w-2']).toBe('150.00');
  });

  it('follows as an adjustment where the other was invoiced too, and not as a gap besides', () => {
    const both = { ...account, invoiced: asInvoiced(chosen([A, B], account, 'w-1', 'w-2')) };
    expect(nets([A], both)).toMatchObject({ 'w-1': '150.00', 'w-1@a1': '150.00', 'w-2@a1': '-150.00' });
    expect(gaps([A], both)).toEqual([]);
    const adjusted = { ...both, invoiced: [...both.invoiced, ...asInvoiced(chosen([A], both, 'w-1@a1', 'w-2@a1'))] };
    expect(gaps([A], adjusted)).toEqual([]);
  });

  it('keeps what was forgone of it, and tells the rest', () => {
    const forgone = { ...account, writtenOff: asWrittenOff(chosen([A, B], account, 'w-1')) };
    expect(gaps([A, B], forgone)).toEqual([]);
    expect(gaps([A], forgone)).toEqual(['w-1 150.00']);
  });

  it('at the rate of whose line it is: work that is added never changes what is invoiced, whatever it costs', () => {
    const labour = [
      { workType: 'project', engineerRole: null, pricePerHour: '300.00' },
      { workType: null, engineerRole: null, pricePerHour: '150.00' },
    ];
    const dear = { ...under({ ...VISIT, labour }), ...apart };
    const alone = { ...dear, invoiced: asInvoiced(chosen([A], dear, 'w-1')) };
    const project = on(2, { workType: 'project' });
    expect(nets([A, project], alone)).toEqual({ 'w-1': '300.00', 'w-2': '0.00' });
    expect(gaps([A, project], alone)).toEqual([]);
    const both = { ...alone, invoiced: [...alone.invoiced, ...asInvoiced(chosen([A, project], alone, 'w-2'))] };
    expect(gaps([A, project], both)).toEqual([]);
  });
});

describe('one price of a ticket whose work is gone', () => {
  const account = { ...under(FLAT), ...apart };
  const second = on(2, { ticketId: 'T-1' });

  it('220.00 that no line carries any more are told of the one that is invoiced at 0.00', () => {
    const invoiced = asInvoiced(chosen([A, second], account, 'w-2'));
    expect(nets([A, second], { ...account, invoiced })).toEqual({ 'w-1': '220.00', 'w-2': '0.00' });
    expect(gaps([A, second], { ...account, invoiced })).toEqual([]);
    expect(gaps([second], { ...account, invoiced })).toEqual(['w-2 220.00']);
    expect(gaps([on(1, { approval: 'rejected' }), second], { ...account, invoiced })).toEqual(['w-2 220.00']);
    expect(gaps([on(1, { approval: 'unapproved' }), second], { ...account, invoiced })).toEqual([]);
  });
});

describe('tickets that are merged and split', () => {
  it('what was written off of a ticket by itself is no part of what the other costs that it is merged into', () => {
    for (const [card, net] of [
      [FLAT, '220.00'],
      [TICKET, '150.00'],
    ] as const) {
      const account = { ...under(card), ...apart };
      const forgone = { ...account, writtenOff: asWrittenOff(chosen([B], account, 'w-2')) };
      expect(nets([A, B], { ...forgone, ...merged })).toEqual({ 'w-1': net, 'w-2': net });
      expect(gaps([A, B], { ...forgone, ...merged })).toEqual([]);
    }
  });

  it('nor of what another costs that is merged into it afterwards: 220.00 and 150.00, and not 0.00', () => {
    for (const [card, net] of [
      [FLAT, '220.00'],
      [TICKET, '150.00'],
    ] as const) {
      const account = { ...under(card), ...apart };
      const items = asWrittenOff(chosen([A], account, 'w-1'));
      const before = items.map((one) => ({ ...one, beforeMerge: true as const }));
      expect(nets([A, B], { ...account, ...merged, writtenOff: before })).toEqual({ 'w-1': net, 'w-2': net });
      expect(gaps([A, B], { ...account, ...merged, writtenOff: before })).toEqual([]);
      // Written off after the merge it is of both: the price of 220.00, and of an hour the half.
      expect(nets([A, B], { ...account, ...merged, writtenOff: items })['w-2']).toBe('0.00');
    }
  });

  it('what was written off of a share is not all that the work is worth by itself', () => {
    const account = { ...under(TICKET), ...merged };
    const forgone = { ...account, writtenOff: asWrittenOff(chosen([A, B], account, 'w-1')) };
    expect(nets([A, B], forgone)).toEqual({ 'w-1': '75.00', 'w-2': '75.00' });
    expect(gaps([A, B], forgone)).toEqual([]);
    expect(nets([A, B], { ...forgone, ...apart })).toEqual({ 'w-1': '75.00', 'w-2': '150.00' });
    expect(gaps([A, B], { ...forgone, ...apart })).toEqual(['w-1 75.00']);
  });

  it('two hours that were asked are one: what was asked too much, and nothing where one was forgone', () => {
    const account = { ...under(TICKET), ...apart };
    const both = asInvoiced(chosen([A, B], account, 'w-1', 'w-2'));
    expect(gaps([A, B], { ...account, ...merged, invoiced: both })).toEqual(['w-1 -75.00', 'w-2 -75.00']);
    const [first, second] = [both.slice(0, 1), chosen([A, B], account, 'w-2')];
    expect(gaps([A, B], { ...account, ...merged, invoiced: first, writtenOff: asWrittenOff(second) })).toEqual([]);
  });

  it('a share that is another keeps what it was asked, while all of it is what it was', () => {
    // 20 and 10 min are an hour, 40 and 20 of it; the third finds nothing left.
    const account = { ...under(TICKET), ...merged };
    const [one, other] = [A, on(2, { minutes: 10 })];
    const invoiced = asInvoiced(chosen([one, other], account, 'w-1', 'w-2'));
    const third = on(3, { ticketId: 'T-1' });
    expect(nets([one, other, third], { ...account, invoiced })).toEqual({
      'w-1': '100.00',
      'w-2': '50.00',
      'w-3': '0.00',
    });
    expect(gaps([one, other, third], { ...account, invoiced })).toEqual([]);
  });
});

describe('a cap of a ticket over tickets that were merged', () => {
  const cap = { id: 'cap', name: 'Per ticket', scope: 'ticket', amount: '200.00', above: 'gap' } as const;
  const hourly: Partial<RateCard> = { labour: [{ workType: null, engineerRole: null, pricePerHour: '100.00' }] };
  const account: Account = { contracts: [contractFacts({ terms: { ...terms(hourly), caps: [cap] } })], ...apart };
  const [two, other] = [on(1, { minutes: 120 }), on(2, { minutes: 120 })];
  const invoiced = asInvoiced(chosen([two, other], account, 'w-1', 'w-2'));

  it('200.00 were asked of each and 200.00 are asked of both: 200.00 too much, on the later', () => {
    expect(gaps([two, other], { ...account, invoiced })).toEqual([]);
    expect(gaps([two, other], { ...account, ...merged, invoiced })).toEqual(['w-2 -200.00']);
    const half = on(2, { minutes: 60 });
    const less = asInvoiced(chosen([two, half], account, 'w-1', 'w-2'));
    expect(gaps([two, half], { ...account, ...merged, invoiced: less })).toEqual(['w-2 -100.00']);
  });

  it('less what credit notes gave back, and never what one asked above it by itself', () => {
    const [first, second] = invoiced;
    if (first === undefined || second === undefined) throw new Error('two lines');
    const credited = { ...second, credited: { amount: '150.00', currency: 'AUD' }, creditNoteId: 'cn-1' };
    expect(gaps([two, other], { ...account, ...merged, invoiced: [first, credited] })).toEqual(['w-2 -50.00']);
    const lower = { contracts: [contractFacts({ terms: { ...terms(hourly), caps: [{ ...cap, amount: '150.00' }] } })] };
    expect(gaps([two, other], { ...account, ...lower, invoiced })).toEqual([]);
    // Each asked 50.00 above the 150.00 of now by itself; the 150.00 of the other are what the merge makes too much.
    expect(gaps([two, other], { ...account, ...lower, ...merged, invoiced })).toEqual(['w-2 -150.00']);
  });

  it('counts what earlier months asked of them', () => {
    const caps = [
      { contractId: 'con-1', capId: 'cap', ticketId: 'T-1', billed: { amount: '150.00', currency: 'AUD' } },
    ];
    const carriedOver = { balances: [], caps };
    expect(gaps([other], { ...account, ...merged, carriedOver, invoiced: invoiced.slice(1) })).toEqual(['w-2 -150.00']);
  });
});

describe('a block of hours over tickets that were merged', () => {
  it('of two hours that are one the minutes that were drawn go back, and what was asked beyond the block', () => {
    const prepaid = { coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' as const }] };
    const blocks = [block('b', minutes(80))];
    const contracts = [contractFacts({ terms: { ...terms(TICKET), ...prepaid }, blocks })];
    const account: Account = { contracts, ...apart };
    const items = rated([A, B], account).items;
    expect(items.map(({ itemId, net, draw }) => [itemId, net?.amount, draw?.amount])).toEqual([
      ['w-1', '0.00', { unit: 'minutes', minutes: 60 }],
      ['w-2@p1', '0.00', { unit: 'minutes', minutes: 20 }],
      ['w-2@p2', '100.00', undefined],
    ]);
    // Two hours are one: the 40 min beyond the block are not asked for, and 20 of its 80 min go back.
    const told = rated([A, B], { ...account, ...merged, invoiced: asInvoiced(items) }).gaps;
    expect(
      told.map(({ workItemId, valueAtRisk }) => [workItemId, valueAtRisk.money?.amount, valueAtRisk.minutes]),
    ).toEqual([
      ['w-1', '0.00', -20],
      ['w-2', '-100.00', 13],
    ]);
  });

  it.each([
    [60, ['w-1 75.00 20', 'w-2 75.00 20']],
    [80, ['w-1 25.00 20', 'w-2 75.00 20']],
    [120, ['w-1 0.00 30', 'w-2 0.00 30']],
  ])('of one hour that is two what the block of %i min does not hold is overage in money', (held, told) => {
    const prepaid = { coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' as const }] };
    const blocks = [block('b', minutes(held))];
    const contracts = [contractFacts({ terms: { ...terms(TICKET), ...prepaid }, blocks })];
    const account: Account = { contracts, ...apart };
    const items = rated([A, B], { ...account, ...merged }).items;
    expect(items.map(({ net, draw }) => [net?.amount, draw?.amount])).toEqual([
      ['0.00', { unit: 'minutes', minutes: 30 }],
      ['0.00', { unit: 'minutes', minutes: 30 }],
    ]);
    // 30 min more of each: at 150.00 an hour 75.00.
    const apartNow = rated([A, B], { ...account, invoiced: asInvoiced(items) });
    expect(
      apartNow.gaps.map(
        ({ workItemId, valueAtRisk: { money, minutes: drawn } }) => `${workItemId} ${money?.amount} ${drawn}`,
      ),
    ).toEqual(told);
  });
});
