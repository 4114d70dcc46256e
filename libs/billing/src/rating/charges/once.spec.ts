import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, OneTimeFee } from '@billtrail/contracts';
import { partsOfCharge } from '../../account/line-parts.js';
import { rateExplained } from '../../rate.js';
import { storyOf } from '../../story.js';
import { contractWith, fee, minimumOf, monthOf, onInvoice, versionsFrom } from '../../testing/charges.js';
import { only, terms } from '../../testing/facts.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts } from '../facts.js';
import { monthsOfOnce } from './once.js';

const setUp = (more: Partial<OneTimeFee> = {}): Partial<ContractTerms> => ({
  oneTimeFees: [{ id: 'setup', name: 'Onboarding', amount: '1500.00', taxCategory: 'GST', ...more }],
});
const chargesIn = (period: string, contract: ContractFacts, changes = {}) =>
  charged(monthOf(period, [contract], changes), []).charges;
const nets = (period: string, contract: ContractFacts, changes = {}) =>
  chargesIn(period, contract, changes).map(({ net }) => net.amount);
const dueIn = (contract: ContractFacts): readonly string[] =>
  ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'].flatMap((month) =>
    chargesIn(month, contract).map(({ from, net }) => `${from} ${net.amount}`),
  );
const versions = (...list: readonly (readonly [from: string, changes: Partial<ContractTerms>])[]) =>
  contractWith({}, versionsFrom(...list));

describe('a fee that is charged once', () => {
  it('is 1 x 1,500.00 on the first day of the contract, with its sources, and told so', () => {
    const contract = { ...contractWith(setUp()), versionEvents: [{ versionNumber: 1, eventId: 'ev-v1' }] };
    const { charges } = rateExplained(monthOf('2026-01', [contract]));
    const charge = only(charges);
    expect(charge).toMatchObject({
      chargeItemId: 'con-1@once@setup',
      kind: 'one-time',
      description: 'Onboarding',
      from: '2026-01-01',
      quantity: '1',
      unitPrice: { amount: '1500.00' },
      net: { amount: '1500.00' },
      sourceEventIds: ['ev-v1'],
      billableFrom: '2026-01-01',
    });
    expect(partsOfCharge(charge)).toHaveLength(1);
    expect(storyOf(charge).map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'Charge: 1500.00 AUD, Onboarding (setup) of contract con-1 version 1, charged once, due on 2026-01-01',
      'Net: 1 fee x 1500.00 = 1500.00 AUD',
    ]);
    expect(dueIn(contract)).toEqual(['2026-01-01 1500.00']);
  });
  it('is due on the day that it states, or as soon as a version has it after that day', () => {
    expect(dueIn(contractWith(setUp({ on: '2026-03-10' })))).toEqual(['2026-03-10 1500.00']);
    expect(dueIn(versions(['2026-01-01', {}], ['2026-04-05', setUp({ on: '2026-03-10' })]))).toEqual([
      '2026-04-05 1500.00',
    ]);
    expect(dueIn(versions(['2026-01-01', {}], ['2026-04-05', setUp()]))).toEqual(['2026-04-05 1500.00']);
  });
  it('comes once over all versions, renewals and rests, at the amount of its day', () => {
    const contract = versions(
      ['2026-01-01', setUp({ on: '2026-03-10' })],
      ['2026-02-01', setUp({ on: '2026-03-10', amount: '1800.00' })],
      ['2026-05-01', setUp({ amount: '2000.00' })],
    );
    expect(dueIn(contract)).toEqual(['2026-03-10 1800.00']);
    const resting = { ...contract, suspensions: [{ from: '2026-03-01', resumedOn: '2026-04-15' }] };
    expect(dueIn(resting)).toEqual(['2026-04-15 1800.00']);
  });
  it('is not due where the contract ends before, or a version before its day has it no more', () => {
    const stated = setUp({ on: '2026-03-10' });
    expect(dueIn({ ...contractWith(stated), lastDay: '2026-03-09' })).toEqual([]);
    expect(dueIn({ ...contractWith(stated), lastDay: '2026-03-10' })).toEqual(['2026-03-10 1500.00']);
    expect(dueIn(versions(['2026-01-01', stated], ['2026-03-10', {}]))).toEqual([]);
    // A version after it takes nothing away.
    expect(dueIn(versions(['2026-01-01', stated], ['2026-03-11', {}]))).toEqual(['2026-03-10 1500.00']);
  });
  it('is no recurring charge: no percent is laid on it, no minimum counts it, no amount off takes from it', () => {
    const contract = contractWith({
      ...setUp(),
      minimumCommitment: minimumOf('2000.00', { countsRecurring: true }),
      discounts: [
        { id: 'a', name: 'A', kind: 'percent', percent: '10', includesRecurring: true, order: 'before-minimum' },
        { id: 'b', name: 'B', kind: 'amount', amount: '50.00', includesRecurring: true, order: 'before-minimum' },
      ],
    });
    expect(chargesIn('2026-01', contract).map(({ kind, net }) => `${kind} ${net.amount}`)).toEqual([
      'minimum 2000.00',
      'one-time 1500.00',
    ]);
  });
  it('in another currency than the client is a gap', () => {
    const contract = contractWith({ ...setUp(), rateCard: { ...terms().rateCard, currency: 'NZD' } });
    const { gaps, charges } = rateExplained(monthOf('2026-01', [contract]));
    expect(charges).toEqual([]);
    expect(gaps.map(({ kind, cause, valueAtRisk }) => [kind, cause, valueAtRisk.money?.amount])).toEqual([
      ['contract-mismatch', 'Onboarding is in NZD, the client is invoiced in AUD', '1500.00'],
    ]);
  });
});

describe('a fee that is charged once, after its invoice', () => {
  const contract = contractWith(setUp({ on: '2026-03-10' }));
  const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-03', contract)) };

  it('is adjusted to the amount that its day has by now: 1,800.00 instead of 1,500.00', () => {
    const dearer = versions(['2026-01-01', setUp({ on: '2026-03-10', amount: '1800.00' })]);
    const [, adjustment] = chargesIn('2026-03', dearer, invoiced);
    expect(adjustment).toMatchObject({
      chargeItemId: 'con-1@once@setup@a1',
      net: { amount: '300.00' },
      basis: { before: { why: '1800.00 instead of 1500.00' } },
    });
    expect(adjustment && partsOfCharge(adjustment).map(({ label, amount }) => `${label} ${amount.amount}`)).toEqual([
      'price 1800.00',
      'billed-before -1500.00',
    ]);
  });
  it('goes back where the terms or the contract end before its day, also without any such term', () => {
    expect(nets('2026-03', versions(['2026-01-01', {}]), invoiced)).toEqual(['1500.00', '-1500.00']);
    expect(nets('2026-03', { ...contract, lastDay: '2026-03-09' }, invoiced)).toEqual(['1500.00', '-1500.00']);
    // What was forgone by a credit note is not given back twice.
    const credited = onInvoice(chargesIn('2026-03', contract)).map((one) => ({
      ...one,
      credited: { amount: '500.00', currency: 'AUD' },
    }));
    expect(nets('2026-03', versions(['2026-01-01', {}]), { invoicedCharges: credited })).toEqual([
      '1500.00',
      '-1000.00',
    ]);
  });
  it('stays in the account that asked for it, whatever day it is due on now', () => {
    const moved = contractWith(setUp({ on: '2026-02-01', amount: '1600.00' }));
    expect(nets('2026-03', moved, invoiced)).toEqual(['1500.00', '100.00']);
    expect(nets('2026-02', moved, { onceElsewhere: ['con-1@once@setup'] })).toEqual([]);
    expect(nets('2026-02', moved)).toEqual(['1600.00']);
  });
  it('moves to another tax category whole', () => {
    const free = contractWith(setUp({ on: '2026-03-10', taxCategory: 'GST-FREE' }));
    expect(chargesIn('2026-03', free, invoiced).map(({ net, taxCategory }) => `${net.amount} ${taxCategory}`)).toEqual([
      '1500.00 GST',
      '-1500.00 GST',
      '1500.00 GST-FREE',
    ]);
  });
  it('is beside the fees of the month', () => {
    const both = contractWith({ ...setUp(), recurringCharges: [fee()] });
    expect(nets('2026-01', both)).toEqual(['1000.00', '1500.00']);
  });
});

describe('a milestone', () => {
  const part = (amount: string, more: object = {}) => ({
    milestones: [{ id: 'live', name: 'Go live', amount, taxCategory: 'GST', ...more }],
  });
  const reached = (reachedOn: string) => ({
    milestones: [{ milestoneId: 'live', reachedOn, acceptedBy: 'Ms Tan', eventId: 'ev-reached' }],
  });
  const of = (contract: ContractFacts, month = '2026-03') => chargesIn(month, contract);

  it('is charged in the month in which it was reached, at the amount of the version of that day', () => {
    const list = versionsFrom(['2026-01-01', part('5000.00')], ['2026-03-10', part('5500.00')]);
    const onDay = (day: string) => of(contractWith({}, { ...list, ...reached(day) })).map(({ net }) => net.amount);
    expect([onDay('2026-03-09'), onDay('2026-03-10'), onDay('2026-02-28')]).toEqual([['5000.00'], ['5500.00'], []]);
    expect(of(contractWith({}, list))).toEqual([]);
  });

  it('says its day, its unit and its sources', () => {
    const contract = {
      ...contractWith(part('5000.00'), reached('2026-03-09')),
      versionEvents: [{ versionNumber: 1, eventId: 'ev-v1' }],
    };
    const charge = only(rateExplained(monthOf('2026-03', [contract])).charges);
    expect(charge).toMatchObject({
      chargeItemId: 'con-1@milestone@live',
      kind: 'milestone',
      description: 'Go live',
      from: '2026-03-09',
      to: '2026-03-09',
      unit: 'milestone',
      net: { amount: '5000.00' },
      sourceEventIds: ['ev-v1', 'ev-reached'],
    });
    expect(charge.trace[0]?.text).toBe('Go live (live) of contract con-1 version 1, reached on 2026-03-09');
  });

  it('that is reached after the end of the contract, or while it is suspended, has the terms that held last', () => {
    const ended = contractWith(part('5000.00'), { lastDay: '2026-02-28', ...reached('2026-03-09') });
    expect(of(ended).map(({ net }) => net.amount)).toEqual(['5000.00']);
    const suspensions = [{ from: '2026-03-01', resumedOn: null }];
    const stopped = contractWith(part('5000.00'), { suspensions, ...reached('2026-03-09') });
    expect(of(stopped).map(({ net }) => net.amount)).toEqual(['5000.00']);
  });

  it('that the terms of its day have no more is lacking, in the month in which it was reached', () => {
    const list = versionsFrom(['2026-01-01', part('5000.00')], ['2026-03-01', {}]);
    const gone = contractWith({}, { ...list, ...reached('2026-03-09') });
    const gapsIn = (month: string) =>
      rateExplained(monthOf(month, [gone])).gaps.filter(({ cause }) => cause.includes('milestone live'));
    expect(of(gone)).toEqual([]);
    expect(gapsIn('2026-02')).toEqual([]);
    expect(only(gapsIn('2026-03'))).toMatchObject({
      kind: 'contract-mismatch',
      cause: expect.stringContaining(
        'milestone live was declared reached on 2026-03-09, and the terms of that day have it no more',
      ),
      endsBy: { by: 'restate-milestone', contractId: 'con-1', milestoneId: 'live' },
      sourceEventIds: ['ev-reached'],
      valueAtRisk: { money: { amount: '5000.00', currency: 'AUD' } },
    });
    // Though nothing else is charged or recorded in it.
    expect(monthsOfOnce(gone)).toEqual(['2026-03']);
  });

  it('in other money than the client is invoiced in is lacking, with its amount', () => {
    const nzd = contractWith(
      { ...part('5000.00'), rateCard: { ...terms().rateCard, currency: 'NZD' } },
      reached('2026-03-09'),
    );
    const { charges, gaps } = rateExplained(monthOf('2026-03', [nzd]));
    expect(charges).toEqual([]);
    expect(gaps.find(({ cause }) => cause.includes('Go live'))).toMatchObject({
      cause: expect.stringContaining('Go live is in NZD, the client is invoiced in AUD'),
      valueAtRisk: { money: { amount: '5000.00', currency: 'NZD' } },
    });
  });
});
