import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms, CoverageRule, PrepaidAmount } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, terms, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const BILLABLE: CoverageRule = { id: 'all', name: 'All', match: {}, outcome: 'billable' };

/** A visit costs 220.00 for the day of a ticket, whatever its minutes. */
function visit(outcome: CoverageRule, changes: Partial<ContractTerms> = {}): ContractTerms {
  const workTypes = [{ workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket-day' }] as const;
  return { ...terms({ workTypes }, [outcome]), ...changes };
}

function under(ofVersion: ContractTerms, ...amounts: readonly PrepaidAmount[]): Partial<ClientPeriodFacts> {
  const blocks = amounts.map((amount, index) => ({
    blockId: `b-${index + 1}`,
    amount,
    purchasedOn: '2026-01-01',
    expiresOn: null,
    price: null,
    eventId: `ev-b-${index + 1}`,
  }));
  return { contracts: [contractFacts({ terms: ofVersion, blocks })] };
}

const money = (amount: string): PrepaidAmount => ({ unit: 'money', money: { amount, currency: 'AUD' } });
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ disposition, actualMinutes, quantity, unit, unitPrice, net }) => [
    disposition,
    actualMinutes,
    `${quantity} ${unit}`,
    unitPrice?.amount ?? null,
    net?.amount ?? null,
  ]);
const rated = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): unknown[] =>
  shown(rate(facts(work, changes)).items);

const hour = time({ minutes: 60 });

describe('one price whatever the minutes', () => {
  it('is not drawn on a block of minutes, nor has it the overage rate of an hour', () => {
    const overage = { overage: { pricePerHour: '300.00', multiplied: false } };
    const result = rate(facts([hour], under(visit(PREPAID, { prepaid: overage }), { unit: 'minutes', minutes: 600 })));
    expect(shown(result.items)).toEqual([['billable', 60, '1 flat', '220.00', '220.00']]);
    expect(result.draws).toEqual([]);
    expect(result.items[0]?.trace.find(({ step }) => step === 'prepaid')?.text).toContain('one price whatever');
  });

  it('is paid by a block of money', () => {
    const result = rate(facts([hour], under(visit(PREPAID), money('1000.00'))));
    expect(shown(result.items)).toEqual([['covered', 60, '1 h', '0.00', '0.00']]);
    expect(result.draws.map(({ amount }) => amount)).toEqual([money('220.00')]);
  });

  it('keeps its price where the money runs out: the line is the share that is left', () => {
    const changes = under(visit(PREPAID), { unit: 'minutes', minutes: 600 }, money('55.00'));
    const { items, draws } = rate(facts([hour], changes));
    expect(draws.map(({ amount }) => amount)).toEqual([money('55.00')]);
    expect(shown(items)).toEqual([
      ['covered', 15, '0.25 h', '0.00', '0.00'],
      ['billable', 45, '0.75 flat', '220.00', '165.00'],
    ]);
  });

  it('a minute that is priced so is paid by money too, and no minutes of it cost nothing', () => {
    const changes = under(visit(PREPAID), money('55.00'));
    const { items, draws } = rate(facts([time({ minutes: 1 })], changes));
    expect(draws.map(({ amount }) => amount)).toEqual([money('55.00')]);
    expect(items.map(({ net }) => net?.amount)).toEqual(['0.00', '165.00']);
  });

  it('no minutes at all have it too, and money pays for it', () => {
    const { items, draws } = rate(facts([time({ minutes: 0 })], under(visit(PREPAID), money('1000.00'))));
    expect(draws.map(({ amount }) => amount)).toEqual([money('220.00')]);
    expect(items.map(({ disposition, net }) => [disposition, net?.amount])).toEqual([['covered', '0.00']]);
  });

  it.each([
    ['write-down', 'written-off', '0.545455 flat', '220.00', '120.00'],
    ['gap', 'unpriced', '0.5333 h', null, null],
  ] as const)('keeps its price where a cap cuts it (%s)', (above, disposition, quantity, unitPrice, net) => {
    const cap: Cap = { id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above };
    const items = rated([hour], under(visit(BILLABLE, { caps: [cap] })));
    expect(items).toEqual([
      ['billable', 27, '0.454545 flat', '220.00', '100.00'],
      [disposition, 33, above === 'gap' ? '0.55 h' : quantity, unitPrice, net],
    ]);
  });

  it.each(['write-down', 'gap'] as const)(
    'what a cap holds of it stays held when the rest is invoiced (%s)',
    (above) => {
      const cap: Cap = { id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above };
      const changes = under(visit(BILLABLE, { caps: [cap] }));
      const before = rate(facts([hour], changes));
      const billed = before.items.filter(({ disposition }) => disposition === 'billable');
      const after = rate(facts([hour], { ...changes, invoiced: asInvoiced(billed) }));
      expect(shown(after.items).slice(1)).toEqual(shown(before.items).slice(1));
      expect(after.gaps.map(({ kind, valueAtRisk }) => [kind, valueAtRisk.money?.amount])).toEqual(
        above === 'gap' ? [['cap-exceeded', '120.00']] : [],
      );
    },
  );

  describe('of which a part holds no minutes', () => {
    const cap: Cap = { id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above: 'gap' };
    const discounts = [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' }] as const;
    const gapsOf = ({ gaps }: ReturnType<typeof rate>): unknown[] =>
      gaps.map(({ kind, valueAtRisk }) => [kind, valueAtRisk.money?.amount]);

    it.each([
      ['a visit without minutes', 0, visit(BILLABLE, { caps: [cap] }), '120.00'],
      ['under a discount', 0, visit(BILLABLE, { caps: [cap], discounts }), '98.00'],
      ['a minute, which the billed part holds', 1, visit(BILLABLE, { caps: [{ ...cap, amount: '180.00' }] }), '40.00'],
    ])(
      'what is above a cap stays a gap when the rest is invoiced, until it is forgone: %s',
      (_, minutes, card, above) => {
        const changes = under(card);
        const work = [time({ minutes })];
        const before = rate(facts(work, changes));
        expect(gapsOf(before)).toContainEqual(['cap-exceeded', above]);
        const account = { ...changes, invoiced: asInvoiced(before.items.slice(0, 1)) };
        const after = rate(facts(work, account));
        expect(after.items.map(({ itemId, disposition }) => [itemId, disposition])).toEqual([
          ['w-1@p1', 'invoiced'],
          ['w-1@p2', 'unpriced'],
        ]);
        expect(gapsOf(after)).toEqual([['cap-exceeded', above]]);
        const forgone = rate(facts(work, { ...account, writtenOff: asWrittenOff(after.items.slice(1)) }));
        expect(forgone.items.map(({ itemId, disposition }) => [itemId, disposition])).toEqual([
          ['w-1@p1', 'invoiced'],
          ['w-1@p2', 'written-off'],
        ]);
        expect(gapsOf(forgone)).toEqual([]);
      },
    );

    it('what money of a block did not pay is billed after the draw is invoiced, once', () => {
      const changes = under(visit(PREPAID), money('55.00'));
      const work = [time({ minutes: 0 })];
      const before = rate(facts(work, changes));
      const drawn = asInvoiced(before.items.slice(0, 1));
      const after = rate(facts(work, { ...changes, invoiced: drawn }));
      expect(shown(after.items)).toEqual([
        ['invoiced', 0, '0 h', '0.00', '0.00'],
        ['billable', 0, '0.75 flat', '220.00', '165.00'],
      ]);
      const all = [...drawn, ...asInvoiced(after.items.slice(1), 'inv-2')];
      const done = rate(facts(work, { ...changes, invoiced: all }));
      expect(done.items.map(({ disposition }) => disposition)).toEqual(['invoiced', 'invoiced']);
    });

    it('is no more than was asked then, whatever the card says now', () => {
      const work = [time({ minutes: 0 })];
      const invoiced = asInvoiced(rate(facts(work, under(visit(BILLABLE)))).items);
      const workTypes = [{ workType: 'remote', mode: 'flat', price: '300.00', per: 'ticket-day' }] as const;
      const dearer = under({ ...terms({ workTypes }, [BILLABLE]) });
      expect(rated(work, { ...dearer, invoiced })).toEqual([['invoiced', 0, '1 flat', '220.00', '220.00']]);
    });
  });

  it('keeps its price under a discount', () => {
    const discounts = [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '10', order: 'before-minimum' }] as const;
    expect(rated([hour], under(visit(BILLABLE, { discounts })))).toEqual([
      ['billable', 60, '1 flat', '220.00', '198.00'],
    ]);
  });

  it('is asked once for the day: what comes later costs nothing and draws nothing', () => {
    const second = time({ workItemId: 'w-2', position: 2, minutes: 30 });
    const changes = under(visit(PREPAID), { unit: 'minutes', minutes: 600 }, money('1000.00'));
    const { items, draws } = rate(facts([hour, second], changes));
    expect(draws.map(({ amount }) => amount)).toEqual([money('220.00')]);
    expect(shown(items)[1]).toEqual(['billable', 30, '1 flat', '0.00', '0.00']);
  });

  it('corrected after it was invoiced: the minutes change and the money does not', () => {
    const changes = under(visit(PREPAID), money('55.00'));
    const frozen = asInvoiced(rate(facts([hour], changes)).items);
    const more = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    expect(rated([more], { ...changes, invoiced: frozen }).slice(2)).toEqual([
      ['billable', 30, '1 adjustment', '0.00', '0.00'],
    ]);
  });
});
