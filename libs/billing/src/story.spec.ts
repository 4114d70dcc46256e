import { describe, expect, it } from '@jest/globals';
import { asInvoiced, contractFacts, facts, only, terms, ticketFacts, time } from './testing/facts.js';
import { contractWith, fee, onInvoice } from './testing/charges.js';
import { rateExplained as rate } from './rate.js';
import { storyOf } from './story.js';

const told = (item: Parameters<typeof storyOf>[0]) => storyOf(item).map(({ label, text }) => `${label}: ${text}`);

describe('the story of a price (W6)', () => {
  const coverage = [
    { id: 'net', name: 'Network', match: { categories: ['network'] }, outcome: 'included' },
    { id: 'all', name: 'All work', match: {}, outcome: 'billable' },
  ] as const;
  const discounts = [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' }] as const;

  it('tells what was worked, contract, rule, billed time, rate and net; last what was not applied', () => {
    const support = contractFacts({ terms: terms({ minimumMinutes: 30, incrementMinutes: 15 }, coverage) });
    const contracts = [support, contractFacts({ contractId: 'con-2', priority: 20 })];
    const item = only(rate(facts([time({ minutes: 70 })], { contracts })).items);
    const story = [
      'Worked: 70 min of remote by engineer on 2026-03-10',
      'Contract: Support (con-1), version 1 in force on 2026-03-10',
      'Rule: All work (all): billable',
      'Billed: 70 min, minimum 30, increment 15: 75 min (1.25 h)',
      'Rate: 150.00 AUD an hour: rate card Standard (card-1), remote by any role',
      'Net: 75 min at 150.00 an hour = 187.50 AUD',
      'Not applied: contract con-2 version 1, which comes at priority 20',
      'Not applied: rule net: another category',
    ];
    expect(told(item)).toEqual(story);
    expect(told(only(asInvoiced([item])).line)).toEqual(story);
  });

  it('tells the contract that is named on the ticket, the class of the hour, and a discount in the net', () => {
    const rateCalendar = { hours: {}, holidays: [{ date: '2026-03-10', name: 'Show day' }] };
    const card = terms({ rateClassMultipliers: [{ rateClass: 'holiday', multiplier: '2' }] });
    const contracts = [contractFacts({ terms: { ...card, rateCalendar, discounts } })];
    const tickets = new Map([['T-1', ticketFacts({ contractId: 'con-1' })]]);
    const lines = told(only(rate(facts([time()], { contracts, tickets })).items));
    expect(lines.slice(1, 4)).toEqual([
      'Contract: Support (con-1), version 1 in force on 2026-03-10: named on the ticket',
      'Rule: All work (all): billable',
      'Rate class: holiday (Show day, a holiday of the contract) on 2026-03-10 in Australia/Sydney',
    ]);
    expect(lines.at(-1)).toBe('Net: 60 min at 300.00 an hour = 300.00, 10 % off less 30.00: 270.00 AUD');
  });

  it('of work without a price ends with why', () => {
    expect(told(only(rate(facts([time()], { contracts: [] })).items))).toEqual([
      'Worked: 60 min of remote by engineer on 2026-03-10',
      'Contract: no contract of the client is in force on 2026-03-10',
    ]);
  });

  it('of a fee tells the terms, the count and the net', () => {
    const contract = contractWith({ recurringCharges: [fee()] });
    const charge = only(rate(facts([], { contracts: [contract] })).charges);
    const lines = told(charge);
    expect(lines[0]).toMatch(/^Charge: 1000\.00 AUD, /);
    expect(lines.slice(1)).toEqual([
      'Days: all 31 days of 2026-03-01 to 2026-03-31',
      'Net: 1 cycle x 1000.00 = 1000.00 AUD',
    ]);
    const until = { ...contract, lastDay: '2026-03-10' };
    const some = told(only(rate(facts([], { contracts: [until] })).charges));
    expect(some.slice(1)).toEqual([
      'Days: 10 of the 31 days of 2026-03-01 to 2026-03-31',
      'Net: 1 cycle x 1000.00 = 1000.00, for 10 of 31 days less 677.42: 322.58 AUD',
    ]);
    expect(told(only(onInvoice([charge])).charge)).toEqual(lines);
  });
});
