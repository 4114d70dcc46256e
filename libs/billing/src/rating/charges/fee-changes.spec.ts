import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, Discount } from '@billtrail/contracts';
import { contractWith, fee, monthOf, onInvoice, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts, CountFacts } from '../facts.js';

const servers = (price: string, more: Partial<ContractTerms> = {}): Partial<ContractTerms> => ({
  recurringCharges: [fee({ basis: 'per-device', countOf: 'server', price })],
  ...more,
});
const count = (number: number, from: string): CountFacts => ({
  countOf: 'server',
  count: number,
  from,
  eventId: `ev-${from}`,
});
const FIVE = [count(5, '2026-01-01')];
const HALF: Discount = {
  id: 'half',
  name: 'Half',
  kind: 'percent',
  percent: '50',
  order: 'before-minimum',
  includesRecurring: true,
};
const BEFORE = contractWith({}, { ...versionsFrom(['2026-01-01', servers('400.00')]), counts: FIVE });

describe('the reason of an adjustment, as the client reads it', () => {
  const inMarch = (contract: ContractFacts, invoiced: Parameters<typeof onInvoice>[0]) =>
    charged(monthOf('2026-03', [contract], { invoicedCharges: onInvoice(invoiced) }), []).charges;
  const asked = () => charged(monthOf('2026-03', [BEFORE]), []).charges;
  const why = (changes: Partial<ContractFacts>): string | undefined =>
    inMarch({ ...BEFORE, ...changes }, asked()).at(-1)?.basis.before?.why;
  const from = (day: string, terms: Partial<ContractTerms>) =>
    versionsFrom(['2026-01-01', servers('400.00')], [day, terms]);

  it('names what differs, and from when', () => {
    expect(why({ counts: [...FIVE, count(3, '2026-03-10')] })).toBe('3 server instead of 5 from 2026-03-10 on');
    expect(why(from('2026-03-01', servers('1000.00')))).toBe('1000.00 instead of 400.00 from 2026-03-01 on');
    expect(why(from('2026-03-17', servers('400.00', { discounts: [HALF] })))).toBe(
      '50 % off instead of 0 % from 2026-03-17 on',
    );
    expect(why({ lastDay: '2026-03-10' })).toBe('the contract ended on 2026-03-10');
    expect(why({ suspensions: [{ from: '2026-03-05', resumedOn: '2026-03-12' }] })).toBe(
      'the contract was suspended from 2026-03-05 to 2026-03-11',
    );
    expect(why({ suspensions: [{ from: '2026-03-05', resumedOn: null }] })).toBe(
      'the contract was suspended from 2026-03-05 on',
    );
    expect(why(from('2026-03-20', {}))).toBe('not charged from 2026-03-20 on');
    expect(why({ versions: BEFORE.versions.map((one) => ({ ...one, effectiveTo: '2026-03-15' })) })).toBe(
      'no terms are in force from 2026-03-16 on',
    );
  });
  it('names all that differs, each once', () => {
    const all = {
      ...from('2026-03-17', servers('300.00')),
      counts: [...FIVE, count(4, '2026-03-05'), count(6, '2026-03-20')],
      lastDay: '2026-03-25',
    };
    expect(why(all)).toBe(
      '4 server instead of 5 from 2026-03-05 on; 300.00 instead of 400.00 from 2026-03-17 on; the contract ended on 2026-03-25',
    );
  });
  it('is measured against what was asked last', () => {
    const fewer = { ...BEFORE, counts: [...FIVE, count(3, '2026-03-10')] };
    const adjusted = inMarch(fewer, asked());
    const dearer = { ...fewer, ...from('2026-03-17', servers('500.00')) };
    expect(inMarch(dearer, adjusted).at(-1)?.basis.before?.why).toBe('500.00 instead of 400.00 from 2026-03-17 on');
  });
  it('says no more where no figures were kept', () => {
    const old = asked().map(({ basis: { fee: _fee, ...basis }, ...charge }) => ({ ...charge, basis }));
    expect(inMarch({ ...BEFORE, lastDay: '2026-03-10' }, old).at(-1)?.basis.before?.why).toBe(
      'the terms, the days or the counts changed',
    );
  });
});
