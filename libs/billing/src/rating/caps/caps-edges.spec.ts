import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms, RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { asInvoiced, asWrittenOff, contractFacts, expense, facts, material, terms, time } from '../../testing/facts.js';
import { aud, block, minutes } from '../../testing/charges.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts, WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const cap = (changes: Partial<Cap> = {}): Cap => ({
  id: 'cap',
  name: 'Budget',
  scope: 'period',
  amount: '100.00',
  above: 'write-down',
  ...changes,
});
const entry = (number: number, many: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, minutes: many, sourceEventIds: [`ev-w-${number}`], ...changes });
const again = (number: number, many: number, changes: Partial<Time> = {}): Time =>
  entry(number, many, { sourceEventIds: [`ev-w-${number}`, 'ev-again'], ...changes });
const withCaps = (caps: readonly Cap[], card: Partial<RateCard> = {}, more: Partial<ContractTerms> = {}) => ({
  contracts: [contractFacts({ terms: { ...terms(card), caps, ...more } })],
});
const itemsOf = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): readonly ExplainedItem[] =>
  rate(facts(work, changes)).items;
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ itemId, disposition, net }) => [itemId, disposition, net?.amount ?? null]);
const named = (items: readonly ExplainedItem[], ...ids: readonly string[]) =>
  items.filter(({ itemId }) => ids.includes(itemId));
const used = (ticketId: string, amount: string, changes = {}) => ({
  contractId: 'con-1',
  capId: 'cap',
  ticketId,
  billed: aud(amount),
  ...changes,
});

describe('one price whatever the minutes that a cap cuts', () => {
  const visit: WorkTypePricing = { workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' };

  it('is shared by its money: both parts are shares of one price', () => {
    const items = itemsOf([entry(1, 60)], withCaps([cap({ amount: '60.00' })], { workTypes: [visit] }));
    expect(
      items.map(({ itemId, disposition, quantity, unit, unitPrice, net }) => [
        itemId,
        disposition,
        `${quantity} ${unit}`,
        unitPrice?.amount,
        net?.amount,
      ]),
    ).toEqual([
      ['w-1@p1', 'billable', '0.60606 flat', '99.00', '60.00'],
      ['w-1@p2', 'written-off', '0.39394 flat', '99.00', '39.00'],
    ]);
  });

  it('is one whole where it fits, and hours stay hours where they are cut', () => {
    const [whole] = itemsOf([entry(1, 60)], withCaps([cap({ amount: '99.00' })], { workTypes: [visit] }));
    expect([whole?.itemId, whole?.quantity, whole?.unit]).toEqual(['w-1', '1', 'flat']);
    const cut = itemsOf([entry(1, 60)], withCaps([cap()]));
    expect(cut.map(({ quantity, unit, billableMinutes }) => [quantity, unit, billableMinutes])).toEqual([
      ['0.666667', 'h', 40],
      ['0.333333', 'h', 20],
    ]);
  });
});

describe('the part of work above a cap', () => {
  it('stays above it when the part below is invoiced, as far as the cap stays what it is', () => {
    for (const above of ['gap', 'write-down'] as const) {
      const account = withCaps([cap({ above })]);
      const invoiced = asInvoiced(named(itemsOf([entry(1, 60)], account), 'w-1@p1'));
      const disposition = above === 'gap' ? 'unpriced' : 'written-off';
      const rest = (changes: Partial<ClientPeriodFacts>) =>
        shown(itemsOf([entry(1, 60)], { ...account, ...changes, invoiced })).slice(1);
      expect(rest({})).toEqual([['w-1@p2', disposition, above === 'gap' ? null : '50.00']]);
      expect(rest(withCaps([cap({ above, amount: '120.00' })]))).toEqual([
        ['w-1@p2', 'billable', '20.00'],
        ['w-1@p3', disposition, above === 'gap' ? null : '30.00'],
      ]);
      expect(rest(withCaps([]))).toEqual([['w-1@p2', 'billable', '50.00']]);
    }
  });

  it('lets no other work have the room of what is invoiced of it', () => {
    const account = withCaps([cap({ amount: '120.00' })]);
    const invoiced = asInvoiced(named(itemsOf([entry(1, 60)], account), 'w-1@p1'));
    const items = itemsOf([entry(1, 60), entry(2, 60)], { ...account, invoiced });
    expect(shown(items)).toEqual([
      ['w-1@p1', 'invoiced', '120.00'],
      ['w-1@p2', 'written-off', '30.00'],
      ['w-2', 'written-off', '150.00'],
    ]);
  });
});

describe('what counts under a cap', () => {
  it('is labour, goods and expenses in the order of rating', () => {
    const work = [entry(1, 20), material({ position: 2 }), expense({ position: 3 })];
    expect(shown(itemsOf(work, withCaps([cap()])))).toEqual([
      ['w-1', 'billable', '50.00'],
      ['m-1', 'billable', '45.00'],
      ['x-1@p1', 'billable', '5.00'],
      ['x-1@p2', 'written-off', '17.00'],
    ]);
  });

  it('is one amount for all versions of it: a later one begins where the earlier left', () => {
    const versions = ['100.00', '150.00'].map((amount, index) => ({
      versionNumber: index + 1,
      effectiveFrom: index === 0 ? '2026-01-01' : '2026-03-11',
      effectiveTo: null,
      terms: { ...terms(), caps: [cap({ amount })] },
    }));
    const work = [entry(1, 60), entry(2, 60, { workDate: '2026-03-12' })];
    expect(shown(itemsOf(work, { contracts: [contractFacts({ versions })] }))).toEqual([
      ['w-1@p1', 'billable', '100.00'],
      ['w-1@p2', 'written-off', '50.00'],
      ['w-2@p1', 'billable', '50.00'],
      ['w-2@p2', 'written-off', '100.00'],
    ]);
  });

  it('is each contract by itself, also where their caps have one id', () => {
    const contracts = [
      contractFacts({
        terms: {
          ...terms({}, [
            { id: 'r', name: 'R', match: { workTypes: ['remote'] }, outcome: 'billable' },
            { id: 'e', name: 'E', match: {}, outcome: 'excluded' },
          ]),
          caps: [cap()],
        },
      }),
      contractFacts({
        contractId: 'con-2',
        priority: 20,
        terms: {
          ...terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }] }),
          caps: [cap({ scope: 'ticket' })],
        },
      }),
    ];
    const { items, carriedOver } = rate(facts([entry(1, 40), entry(2, 40, { workType: 'onsite' })], { contracts }));
    expect(shown(items)).toEqual([
      ['w-1', 'billable', '100.00'],
      ['w-2', 'billable', '100.00'],
    ]);
    expect(carriedOver.caps).toEqual([used('T-1', '100.00', { contractId: 'con-2' })]);
  });

  it('has a limit to the cent', () => {
    expect(shown(itemsOf([entry(1, 60)], withCaps([cap({ amount: '100.005' })])))[0]).toEqual([
      'w-1@p1',
      'billable',
      '100.01',
    ]);
  });

  it('is what periods before and after billed of the ticket, and what is invoiced in this one', () => {
    const perTicket = withCaps([cap({ scope: 'ticket', amount: '200.00' })]);
    const carriedOver = { balances: [], caps: [used('T-1', '30.00'), used('T-2', '170.00')] };
    const laterCaps = [used('T-1', '25.00'), used('T-3', '500.00')];
    const first = entry(1, 30);
    const invoiced = asInvoiced(itemsOf([first], perTicket));
    const result = rate(facts([first, entry(2, 60)], { ...perTicket, carriedOver, laterCaps, invoiced }));
    // Of 200.00 are 30.00 before, 25.00 later and 75.00 invoiced: 70.00 are left.
    expect(shown(result.items)).toEqual([
      ['w-1', 'invoiced', '75.00'],
      ['w-2@p1', 'billable', '70.00'],
      ['w-2@p2', 'written-off', '80.00'],
    ]);
    expect(result.items[1]?.trace.at(-2)?.facts).toMatchObject({ usedBefore: '130.00', left: '70.00' });
    expect(result.carriedOver.caps).toEqual([used('T-1', '175.00'), used('T-2', '170.00')]);
  });

  it('is carried over by contract, cap and ticket, and only where something was billed', () => {
    const carriedOver = {
      balances: [],
      caps: [
        used('T-9', '1.00', { contractId: 'con-9' }),
        used('T-2', '1.00'),
        used('T-1', '1.00', { capId: 'z' }),
        used('T-1', '1.00'),
        used('T-0', '0.00'),
      ],
    };
    const { caps } = rate(facts([], { ...withCaps([cap({ scope: 'ticket' })]), carriedOver })).carriedOver;
    expect(caps.map(({ contractId, capId, ticketId }) => `${contractId} ${capId} ${ticketId}`)).toEqual([
      'con-1 cap T-1',
      'con-1 cap T-2',
      'con-1 z T-1',
      'con-9 cap T-9',
    ]);
  });

  it('does not begin anew where one ticket fills it twice', () => {
    const perTicket = withCaps([cap({ scope: 'ticket' })]);
    expect(shown(itemsOf([entry(1, 30), entry(2, 30), entry(3, 30, { ticketId: 'T-2' })], perTicket))).toEqual([
      ['w-1', 'billable', '75.00'],
      ['w-2@p1', 'billable', '25.00'],
      ['w-2@p2', 'written-off', '50.00'],
      ['w-3', 'billable', '75.00'],
    ]);
  });
});

describe('corrected work under a cap', () => {
  const account = (caps: readonly Cap[], work: readonly WorkItem[], more: Partial<ContractTerms> = {}) => {
    const changes = withCaps(caps, {}, more);
    return {
      ...changes,
      invoiced: asInvoiced(itemsOf(work, changes).filter(({ disposition }) => disposition === 'billable')),
    };
  };
  const open = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) =>
    shown(itemsOf(work, changes).filter(({ disposition }) => disposition !== 'invoiced'));

  it('makes room by what it took off, but not before somebody approved it', () => {
    const given = account([cap({ amount: '150.00' })], [entry(1, 60)]);
    const other = entry(2, 60, { workDate: '2026-03-12' });
    expect(open([again(1, 40), other], given)).toEqual([
      ['w-1@a1', 'billable', '-50.00'],
      ['w-2@p1', 'billable', '50.00'],
      ['w-2@p2', 'written-off', '100.00'],
    ]);
    expect(open([again(1, 40, { approval: 'unapproved' }), other], given)).toEqual([
      ['w-1@a1', 'billable', '-50.00'],
      ['w-2', 'written-off', '150.00'],
    ]);
  });

  it('asks for room by the sum of its segments', () => {
    const byClass = {
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
    };
    const evening = (from: string, many: number, of = entry) =>
      of(1, many, { startedAt: `2026-03-10T${from}:00+11:00`, endedAt: '2026-03-10T18:00:00+11:00' });
    const given = account([cap({ amount: '300.00' })], [evening('16:30', 90)], byClass);
    // 225.00 are invoiced. Half an hour more is 75.00, and met exactly; an hour more is 75.00 above.
    expect(open([evening('16:00', 120, again)], given)).toEqual([['w-1@a2', 'billable', '75.00']]);
    expect(open([evening('15:30', 150, again)], given)).toEqual([
      ['w-1@a2', 'billable', '75.00'],
      ['w-1@x2', 'written-off', '75.00'],
    ]);
    const other = entry(2, 60, { workDate: '2026-03-12' });
    // 75.00 less in one segment make room beside the 75.00 that were free.
    expect(open([evening('17:00', 60, again), other], given)).toEqual([
      ['w-1@a2', 'billable', '-75.00'],
      ['w-2', 'billable', '150.00'],
    ]);
  });

  it('that left what a cap is for gives its room to other work', () => {
    const onlyRemote = [cap({ amount: '150.00', match: { workTypes: ['remote'] } })];
    const labour = [{ workType: null, engineerRole: null, pricePerHour: '150.00' }];
    const changes = withCaps(onlyRemote, { labour });
    const invoiced = asInvoiced(itemsOf([entry(1, 60)], changes));
    const items = itemsOf([again(1, 60, { workType: 'onsite', minutes: 80 }), entry(2, 60)], { ...changes, invoiced });
    expect(shown(items).slice(1)).toEqual([
      ['w-1@a1', 'billable', '50.00'],
      ['w-2', 'billable', '150.00'],
    ]);
  });

  it('and came under a cap is held by it', () => {
    const onlyOnsite = [cap({ amount: '180.00', match: { workTypes: ['onsite'] } })];
    const labour = [
      { workType: 'remote', engineerRole: null, pricePerHour: '150.00' },
      { workType: 'onsite', engineerRole: null, pricePerHour: '240.00' },
    ];
    const changes = withCaps(onlyOnsite, { labour });
    const invoiced = asInvoiced(itemsOf([entry(1, 60)], changes));
    const items = itemsOf([again(1, 60, { workType: 'onsite' })], { ...changes, invoiced });
    // 240.00 now, of which 180.00 are let through.
    expect(shown(items).slice(1)).toEqual([
      ['w-1@a1', 'billable', '30.00'],
      ['w-1@x1', 'written-off', '60.00'],
    ]);
    const capOf = (index: number) => items[index]?.trace.find(({ step }) => step === 'cap');
    expect(capOf(1)?.facts).toMatchObject({ capId: 'cap', heldBack: '60.00' });
    expect(capOf(2)).toMatchObject({
      text: expect.stringContaining('above it is written down, as the contract says; of the difference 60.00 AUD'),
      facts: { capId: 'cap', above: '60.00', rule: 'write-down' },
    });
  });

  it('leaves the room to other work that it has no need of, and takes it only once', () => {
    const given = account([cap({ amount: '200.00' })], [entry(1, 60)]);
    const second = entry(2, 60, { workDate: '2026-03-12' });
    expect(open([again(1, 66), second], given)).toEqual([
      ['w-1@a1', 'billable', '15.00'],
      ['w-2@p1', 'billable', '35.00'],
      ['w-2@p2', 'written-off', '115.00'],
    ]);
    const two = account([cap({ amount: '300.00' })], [entry(1, 30), second]);
    expect(open([again(1, 50), again(2, 80, { workDate: '2026-03-12' })], two)).toEqual([
      ['w-1@a1', 'billable', '50.00'],
      ['w-2@a1', 'billable', '25.00'],
      ['w-2@x1', 'written-off', '25.00'],
    ]);
  });

  it('is held in what it asks beyond a block, not in what the block covers', () => {
    const prepaid: Partial<ContractTerms> = {
      coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }],
    };
    const caps = [cap({ amount: '90.00' })];
    const contract: ContractFacts = contractFacts({
      terms: { ...terms(), ...prepaid, caps },
      blocks: [block('b', minutes(60))],
    });
    const contracts = [contract];
    const invoiced = asInvoiced(itemsOf([entry(1, 90)], { contracts }));
    expect(invoiced.map(({ line }) => line.net.amount)).toEqual(['0.00', '75.00']);
    expect(open([again(1, 120)], { contracts, invoiced })).toEqual([
      ['w-1@a2', 'billable', '15.00'],
      ['w-1@x2', 'written-off', '60.00'],
    ]);
  });

  it('had no room for what a person wrote off: other work has it', () => {
    const changes = withCaps([cap({ amount: '150.00' })]);
    const writtenOff = asWrittenOff(itemsOf([entry(1, 60)], changes));
    // Fewer minutes of it make no room either, for it had none.
    expect(open([again(1, 40), entry(2, 80)], { ...changes, writtenOff })).toEqual([
      ['w-1', 'written-off', '150.00'],
      ['w-1@a1', 'written-off', '-50.00'],
      ['w-2@p1', 'billable', '150.00'],
      ['w-2@p2', 'written-off', '50.00'],
    ]);
  });

  it('has a part that was written off without a price, which is no money', () => {
    const late: ContractTerms['coverage'] = [
      { id: 'b', name: 'Business', match: { rateClasses: ['business'] }, outcome: 'billable' },
    ];
    const changes = withCaps(
      [cap()],
      {},
      {
        coverage: late,
        timeZone: 'Australia/Sydney',
        rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
      },
    );
    const evening = (from: string, many: number, of = entry) =>
      of(1, many, { startedAt: `2026-03-10T${from}:00+11:00`, endedAt: '2026-03-10T18:00:00+11:00' });
    const items = itemsOf([evening('16:30', 90)], changes);
    const invoiced = asInvoiced(items.slice(0, 1));
    const writtenOff = asWrittenOff(items.slice(1));
    expect(shown(items)).toEqual([
      ['w-1@p1', 'billable', '75.00'],
      ['w-1@p2', 'unpriced', null],
    ]);
    expect(shown(itemsOf([evening('16:00', 120, again)], { ...changes, invoiced, writtenOff })).slice(2)).toEqual([
      ['w-1@a2', 'unpriced', null],
    ]);
  });
});
