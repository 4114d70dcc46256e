import { describe, expect, it } from '@jest/globals';
import { storyOf } from '../../story.js';
import { contractWith, fee, monthOf, onInvoice, versionsFrom } from '../../testing/charges.js';
import { only } from '../../testing/facts.js';
import { rateExplained } from '../../rate.js';
import type { ContractFacts } from '../facts.js';

const users = (price: string) => ({ recurringCharges: [fee({ basis: 'per-user', countOf: 'user', price })] });
const published = (versionNumber: number) => ({ versionNumber, eventId: `ev-v${versionNumber}` });
const counts = [{ countOf: 'user', count: 25, from: '2026-03-16', eventId: 'ev-count' }];
const chargesOf = (contract: ContractFacts, invoiced: Parameters<typeof onInvoice>[0] = []) =>
  rateExplained(monthOf('2026-03', [contract], { invoicedCharges: onInvoice(invoiced) })).charges;
const story = (charge: Parameters<typeof storyOf>[0]) => storyOf(charge).map(({ label, text }) => `${label}: ${text}`);

describe('what a fee comes from (L6)', () => {
  const before = contractWith(
    {},
    { ...versionsFrom(['2026-03-16', users('95.00')]), versionEvents: [published(1)], counts },
  );
  const asked = chargesOf(before);

  it('is the version in force and the count', () => {
    expect(only(asked)).toMatchObject({ contractVersion: 1, sourceEventIds: ['ev-v1', 'ev-count'] });
  });

  it('of an adjustment is the version that changed it: its number, its price and its event', () => {
    const dearer = versionsFrom(['2026-03-16', users('95.00')], ['2026-03-16', users('99.00')]);
    const after = { ...before, ...dearer, versionEvents: [published(1), published(2)] };
    // 25 x 99.00 x 16 / 31 = 1277.42, and 25 x 95.00 x 16 / 31 = 1225.81 were asked for: 51.61.
    const adjustment = chargesOf(after, asked)[1];
    expect(adjustment).toMatchObject({
      net: { amount: '51.61' },
      contractVersion: 2,
      sourceEventIds: ['ev-v1', 'ev-count', 'ev-v2'],
    });
    expect(adjustment && story(adjustment)).toEqual([
      'Charge: 99.00 AUD a user, Managed service (fee), per-user of contract con-1 version 2, 2026-03-16 to 2026-03-31',
      'Days: 16 of the 31 days of 2026-03-01 to 2026-03-31',
      'Net: 25 user x 99.00 = 2475.00, for 16 of 31 days less 1197.58, billed before less 1225.81: 51.61 AUD',
      'Adjustment: 99.00 instead of 95.00 from 2026-03-16 on after con-1@fee@fee@2026-03-16 was invoiced at 1225.81 AUD: now 1277.42 AUD, difference 51.61 AUD',
    ]);
  });

  it('of an adjustment of some of its days is the version of those, and each stretch is told once with one sum', () => {
    const dearer = versionsFrom(['2026-03-16', users('95.00')], ['2026-03-24', users('99.00')]);
    const after = { ...before, ...dearer, versionEvents: [published(1), published(2)] };
    const adjustment = chargesOf(after, asked)[1];
    // 25 x 4.00 x 8 / 31 = 25.806: 8 days cost 612.90 and 638.71, less 1225.81.
    expect(adjustment).toMatchObject({ net: { amount: '25.80' }, contractVersion: 2 });
    expect(adjustment?.sourceEventIds).toEqual(['ev-v1', 'ev-count', 'ev-v2']);
    expect((adjustment ? story(adjustment) : []).map((line) => line.split(':')[0])).toEqual([
      'Charge',
      'Charge',
      'Days',
      'Days',
      'Net',
      'Adjustment',
    ]);
    const fewer = {
      ...before,
      counts: [...counts, { ...only(counts), count: 24, from: '2026-03-24', eventId: 'ev-c2' }],
    };
    expect(chargesOf(fewer, asked)[1]).toMatchObject({
      contractVersion: 1,
      sourceEventIds: ['ev-v1', 'ev-count', 'ev-c2'],
    });
  });

  it('of a term that renewed is the renewal too, and it says on which day', () => {
    const yearly = contractWith({ recurringCharges: [fee()] });
    const renewal = { ...published(1), eventId: 'ev-renewed', renewal: { on: '2026-03-15', until: '2027-03-14' } };
    const renewed = { ...yearly, versionEvents: [published(1), renewal] };
    const [first] = chargesOf(renewed);
    expect(first?.sourceEventIds).toEqual(['ev-v1', 'ev-renewed']);
    expect(first?.trace[0]).toMatchObject({
      text: 'Managed service (fee), fixed of contract con-1 version 1, 2026-03-01 to 2026-03-31; the contract renewed on 2026-03-15 to 2027-03-14',
      facts: { renewedOn: '2026-03-15' },
    });
    // A term that begins after the days, or ended before them, has no part in them.
    for (const [on, until] of [
      ['2026-04-01', '2027-03-31'],
      ['2025-03-01', '2026-02-28'],
    ] as const) {
      const other = { ...yearly, versionEvents: [published(1), { ...renewal, renewal: { on, until } }] };
      expect(chargesOf(other)[0]?.sourceEventIds).toEqual(['ev-v1']);
    }
  });
});
