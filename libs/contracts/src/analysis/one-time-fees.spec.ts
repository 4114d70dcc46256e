import { describe, expect, it } from '@jest/globals';
import type { ContractVersion, OneTimeFee } from '../events.js';
import { all, contractOf, version } from '../testing/contracts-to-analyse.js';
import { warningsOfOneTimeFees } from '../contract-warnings.js';
import { oneTimeFeeFindings } from './one-time-fees.js';

const SETUP: OneTimeFee = { id: 'setup', name: 'Onboarding', amount: '1500.00', taxCategory: 'GST' };

const having = (
  versionNumber: number,
  from: string,
  to: string | null,
  ...oneTimeFees: OneTimeFee[]
): ContractVersion => version(versionNumber, from, to, { ...all, oneTimeFees });

const kinds = (...versions: ContractVersion[]): readonly string[] =>
  oneTimeFeeFindings(contractOf('c1', 10, ...versions)).map((one) => `${one.versionNumber} ${one.termId} ${one.kind}`);

describe('fees that come once', () => {
  it('are told of where no version charges them', () => {
    const late = { ...SETUP, on: '2027-01-15' };
    expect(kinds(having(1, '2026-01-01', '2026-12-31', late))).toEqual(['1 setup fee-never-due']);
    expect(kinds(having(1, '2026-01-01', '2026-12-31', { ...SETUP, on: '2026-12-31' }))).toEqual([]);
    expect(kinds(having(1, '2026-01-01', null, late))).toEqual([]);
    // Another version has it in force on the day.
    expect(kinds(having(1, '2026-01-01', '2026-12-31', late), having(2, '2027-01-01', null, late))).toEqual([]);
    expect(kinds(having(1, '2026-01-01', '2026-12-31', late), having(2, '2027-01-01', null))).toEqual([
      '1 setup fee-never-due',
    ]);
    // A version before it charges the fee, whatever day the later one states.
    const back = [having(1, '2026-03-01', null, SETUP), having(2, '2026-02-01', null, { ...SETUP, on: '2026-05-10' })];
    expect(oneTimeFeeFindings({ ...contractOf('c1', 10, ...back), lastDay: '2026-04-30' })).toEqual([]);
    const ended = { ...contractOf('c1', 10, having(1, '2026-01-01', null, late)), lastDay: '2027-01-14' };
    expect(warningsOfOneTimeFees(ended).map(({ code }) => code)).toEqual(['FeeNeverDue']);
    const renewal = { automatic: true, months: 12, noticeDays: 30 };
    const one = having(1, '2026-01-01', '2026-12-31', late);
    expect(kinds({ ...one, terms: { ...one.terms, renewal } })).toEqual([]);
  });

  it('come late, too: on the first day after their own on which a version has them', () => {
    // Due in the hole between two versions, it is charged with the second: no version lets it lapse.
    const march = { ...SETUP, on: '2026-03-15' };
    expect(kinds(having(1, '2026-01-01', '2026-02-28', march), having(2, '2026-04-01', null, march))).toEqual([]);
    const without = version(2, '2026-04-01', null, all);
    expect(kinds(having(1, '2026-01-01', '2026-02-28', march), without)).toEqual(['1 setup fee-never-due']);
    expect(kinds(having(1, '2026-01-01', '2026-02-28', march), without, having(3, '2026-09-01', null, march))).toEqual(
      [],
    );
  });

  it('are told of where one takes the place of another that was charged: by its name, or by its amount', () => {
    const first = having(1, '2026-01-01', null, SETUP);
    const renamed = having(2, '2026-07-01', null, { ...SETUP, id: 'welcome', name: 'Welcome' });
    const dearer = having(2, '2026-07-01', null, { ...SETUP, id: 'onboarding-2', amount: '1800.00' });
    expect(kinds(first, renamed)).toEqual(['2 welcome fee-charged-again']);
    expect(kinds(first, dearer)).toEqual(['2 onboarding-2 fee-charged-again']);
    const sameAmount = having(2, '2026-07-01', null, { ...SETUP, id: 'welcome', name: 'Welcome', amount: '1500' });
    expect(kinds(first, sameAmount)).toEqual(['2 welcome fee-charged-again']);
    expect(warningsOfOneTimeFees(contractOf('c1', 10, first, renamed))[0]?.message).toBe(
      'One-time fee welcome of contract c1 version 2 looks like setup of an earlier version, and both are charged: if they are one, give it the id setup.',
    );
  });

  it('are fine where both are meant, where a version took one out, or the first never came', () => {
    expect(kinds(having(1, '2026-01-01', null, { ...SETUP, on: '2027-01-15' }), having(2, '2026-06-01', null))).toEqual(
      [],
    );
    const first = having(1, '2026-01-01', null, SETUP);
    expect(kinds(first, having(2, '2026-07-01', null, SETUP, { ...SETUP, id: 'second' }))).toEqual([]);
    expect(kinds(first, having(2, '2026-07-01', null, { ...SETUP, amount: '1600.00' }))).toEqual([]);
    expect(kinds(first, having(2, '2026-07-01', null, { ...SETUP, id: 'move', name: 'Move', amount: '1.00' }))).toEqual(
      [],
    );
    expect(kinds(first, having(2, '2026-01-01', null, { ...SETUP, id: 'welcome' }))).toEqual([]);
  });
});
