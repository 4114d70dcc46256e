import { describe, expect, it } from '@jest/globals';
import type { CoverageRule, IncidentPrice } from '@billtrail/contracts';
import { partsOfCharge } from '../../account/line-parts.js';
import { rateExplained } from '../../rate.js';
import { storyOf } from '../../story.js';
import { onInvoice } from '../../testing/charges.js';
import { contractFacts, facts, material, only, terms, ticketFacts, time } from '../../testing/facts.js';
import type { IncidentFacts, SettledOfIncident, WorkItem } from '../facts.js';

const rule = (incident: Partial<IncidentPrice> = {}): CoverageRule => ({
  id: 'support',
  name: 'Support',
  match: {},
  outcome: 'included',
  incident: { price: '90.00', taxCategory: 'GST', ...incident },
});
const NOTHING: IncidentFacts = { work: [], settled: [], asked: [] };
/** On a document of March. */
const held = (more: Partial<SettledOfIncident> = {}): SettledOfIncident => ({
  itemId: 'w-1',
  workItemId: 'w-1',
  period: '2026-03',
  startedAt: null,
  ...more,
});
const OF_T1 = 'con-1@incident@support@for-T-1';

const rated = (
  work: readonly WorkItem[],
  incidents: Partial<IncidentFacts> = {},
  { price, ...more }: { readonly price?: Partial<IncidentPrice> } & Partial<ReturnType<typeof facts>> = {},
) =>
  rateExplained(
    facts(work, {
      contracts: [contractFacts({ terms: terms({}, [rule(price)]) })],
      incidents: { ...NOTHING, ...incidents },
      ...more,
    }),
  );
const nets = (...asked: Parameters<typeof rated>): readonly string[] =>
  rated(...asked).charges.map(({ chargeItemId, net }) => `${chargeItemId} ${net.amount}`);

describe('the fixed price of a ticket', () => {
  it('is 1 x 90.00 on the day of the first work, with its sources, and told so', () => {
    const work = [
      time({ workItemId: 'w-2', workDate: '2026-03-12' }),
      time(),
      time({ workItemId: 'w-3', position: 2 }),
    ];
    const charge = only(rated(work).charges);
    expect(charge).toMatchObject({
      chargeItemId: OF_T1,
      kind: 'incident',
      description: 'Support, ticket T-1',
      from: '2026-03-10',
      ticketId: 'T-1',
      sourceEventIds: ['ev-w-1'],
      billableFrom: '2026-03-10',
    });
    expect(partsOfCharge(charge)).toHaveLength(1);
    expect(storyOf(charge).map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'Charge: Support (support) of contract con-1 version 1: ticket T-1, first work on 2026-03-10',
      'Rate: 90.00 AUD for the ticket, once, whatever time goes into it',
      'Net: 1 ticket x 90.00 = 90.00 AUD',
    ]);
    expect(rated(work).items.map(({ disposition, standardValue }) => [disposition, standardValue?.amount])).toEqual([
      ['covered', '150.00'],
      ['covered', '150.00'],
      ['covered', '150.00'],
    ]);
  });

  it('is that of the first work, in whichever month that lies', () => {
    const before = time({ workItemId: 'w-0', workDate: '2026-02-27' });
    const after = time({ workItemId: 'w-0', workDate: '2026-04-01' });
    expect(nets([time()], { work: [before] })).toEqual([]);
    expect(nets([time()], { work: [after] })).toEqual([`${OF_T1} 90.00`]);
  });

  it('is made by work that counts: not rejected, under warranty, declared free or on a document by itself', () => {
    expect(nets([time({ approval: 'rejected' })])).toEqual([]);
    expect(nets([material({ underWarranty: true })])).toEqual([]);
    expect(nets([material()])).toEqual([`${OF_T1} 90.00`]);
    const noCharge = { reasonCode: 'goodwill', reason: 'ours', eventId: 'ev-free' };
    expect(nets([time()], {}, { tickets: new Map([['T-1', ticketFacts({ noCharge })]]) })).toEqual([]);
    expect(nets([time()], { settled: [held()] })).toEqual([]);
    // An adjustment alone says nothing of the work.
    expect(nets([time()], { settled: [held({ itemId: 'w-1@a1' })] })).toEqual([`${OF_T1} 90.00`]);
    const stretch = (fromMinute: number, toMinute: number, number: number) => ({
      ...held({ itemId: `w-1@p${number}` }),
      segment: { fromMinute, toMinute, date: '2026-03-10', rateClass: null },
    });
    expect(nets([time()], { settled: [stretch(30, 60, 2), stretch(0, 30, 1)] })).toEqual([]);
    expect(nets([time()], { settled: [stretch(31, 60, 2), stretch(0, 30, 1)] })).toEqual([`${OF_T1} 90.00`]);
  });

  it('is asked for work that was corrected out of the month of its document, and not where only the zone moved it', () => {
    // W-1 was invoiced by the hour in February and gives that back there; in March a rule with a fixed price includes it.
    const inFebruary = { period: '2026-02' } as const;
    expect(nets([time()], { settled: [held(inFebruary)] })).toEqual([`${OF_T1} 90.00`]);
    const startedAt = '2026-02-28T13:30:00Z';
    const began = time({ workDate: '2026-03-01', startedAt, endedAt: '2026-02-28T14:30:00Z' });
    expect(nets([began], { settled: [held({ ...inFebruary, startedAt })] })).toEqual([]);
    const before = '2026-02-27T13:30:00Z';
    expect(nets([began], { settled: [held({ ...inFebruary, startedAt: before })] })).toEqual([`${OF_T1} 90.00`]);
  });

  it('that another account asks for stays there, and of two that were asked at once the first month keeps it', () => {
    expect(nets([time()], { asked: [{ chargeId: OF_T1, period: '2026-04' }] })).toEqual([]);
    const invoicedCharges = onInvoice(rated([time()]).charges);
    const both = (period: string) => nets([time()], { asked: [{ chargeId: OF_T1, period }] }, { invoicedCharges });
    expect(both('2026-04')).toEqual([`${OF_T1} 90.00`]);
    expect(both('2026-02')).toEqual([`${OF_T1} 90.00`, `${OF_T1}@a1 -90.00`]);
  });

  it('of which all work awaits approval is a gap where the ticket is resolved, and stands where it was asked', () => {
    const pending = [time({ approval: 'unapproved' })];
    const { charges, gaps } = rated(pending);
    expect([charges, gaps.filter(({ charge }) => charge !== undefined)]).toMatchObject([
      [],
      [{ kind: 'contract-mismatch', valueAtRisk: { money: { amount: '90.00' } }, charge: { chargeId: OF_T1 } }],
    ]);
    expect(rated(pending, {}, { price: { includedPerPeriod: 1 } }).gaps.flatMap(({ charge }) => charge ?? [])).toEqual(
      [],
    );
    const open = new Map([['T-1', ticketFacts({ resolvedOn: null })]]);
    expect(rated(pending, {}, { tickets: open }).gaps).toEqual([]);
    expect(nets(pending, {}, { invoicedCharges: onInvoice(rated([time()]).charges) })).toEqual([`${OF_T1} 90.00`]);
  });

  it('in another currency than the client is told as lacking, and what was asked stands', () => {
    const causes = ({ gaps }: ReturnType<typeof rated>) =>
      gaps.flatMap(({ charge, cause }) => (charge === undefined ? [] : [cause]));
    const lacking = rated([time()], {}, { currency: 'NZD' });
    expect(lacking.charges).toEqual([]);
    expect(causes(lacking)).toEqual(['the fixed price of ticket T-1 is in AUD, the client is invoiced in NZD']);
    const contracts = [contractFacts({ terms: terms({ currency: 'NZD' }, [rule()]) })];
    const asked = rated([time()], {}, { contracts, invoicedCharges: onInvoice(rated([time()]).charges) });
    expect(asked.charges.map(({ chargeItemId, net }) => [chargeItemId, net])).toEqual([
      [OF_T1, { amount: '90.00', currency: 'AUD' }],
    ]);
    expect(causes(asked)).toEqual(['the fixed price of ticket T-1 is in NZD, the client is invoiced in AUD']);
  });

  it('costs nothing for the first tickets of a month, each rule by itself', () => {
    const work = ['T-1', 'T-2', 'T-3'].map((ticketId, index) =>
      time({ ticketId, workItemId: `w-${index}`, position: 9 - index }),
    );
    expect(nets(work, {}, { price: { includedPerPeriod: 2 } })).toEqual([`${OF_T1} 90.00`]);
    const charge = only(rated(work, {}, { price: { includedPerPeriod: 2 } }).charges);
    expect(charge.basis.incident).toEqual({ number: 3, percentOff: '0' });
    expect(storyOf(charge).map(({ text }) => text)).toContain(
      '90.00 AUD for the ticket, once, whatever time goes into it; number 3 of 2026-03, of which 2 cost nothing',
    );
  });
});

describe('the fixed price of tickets that were merged', () => {
  const tickets = new Map(['T-1', 'T-2'].map((id) => [id, ticketFacts({ ticketId: 'T-1' })]));
  const work = [time(), time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 })];
  const askedOf = (ticketId: string) => ({
    asked: [{ chargeId: `con-1@incident@support@for-${ticketId}`, period: '2026-02' }],
  });

  it('is one, in the name of the ticket that they are now', () => {
    expect(nets(work, {}, { tickets })).toEqual([`${OF_T1} 90.00`]);
  });

  it('is not asked again where another month asked for it, in the name of either', () => {
    expect(nets(work, askedOf('T-1'), { tickets })).toEqual([]);
    expect(nets(work, askedOf('T-2'), { tickets })).toEqual([]);
    expect(nets(work, askedOf('T-9'), { tickets })).toEqual([`${OF_T1} 90.00`]);
  });
});
