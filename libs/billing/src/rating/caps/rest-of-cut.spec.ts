import { describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import type { Cap, ContractTerms, RateCard } from '@billtrail/contracts';
import { partsOfWork } from '../../account/line-parts.js';
import type { ExplainedItem, PricedItem } from '../../item/billable-item.js';
import { rateExplained as rate } from '../../rate.js';
import { asInvoiced, contractFacts, facts, material, terms, time } from '../../testing/facts.js';
import type { WorkItem } from '../facts.js';

const PER_HOUR = { labour: [{ workType: null, engineerRole: null, pricePerHour: '170.00' }] };
const TIERS: Partial<RateCard> = {
  workTypes: [
    {
      workType: 'remote',
      mode: 'tiers',
      per: 'entry',
      tiers: [
        { upToMinutes: 20, pricePerHour: '170.00' },
        { upToMinutes: null, pricePerHour: '110.00' },
      ],
    },
  ],
};
const LOYAL: Partial<ContractTerms> = {
  discounts: [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '7', order: 'before-minimum' }],
};

type Under = readonly [amount: string, card?: Partial<RateCard>, more?: Partial<ContractTerms>];

/** The items of one piece of work under a cap of its ticket; `held`: on an invoice. */
function rated(work: WorkItem, [amount, card = PER_HOUR, more]: Under, held: readonly ExplainedItem[] = []) {
  const caps: readonly Cap[] = [{ id: 'cap', name: 'Cap', scope: 'ticket', amount, above: 'write-down' }];
  const contracts = [contractFacts({ terms: { ...terms(card), caps, ...more } })];
  return rate(facts([work], { contracts, invoiced: asInvoiced(held) })).items;
}
const shown = (items: readonly ExplainedItem[]) =>
  items.map(({ itemId, disposition, quantity, net }) => `${itemId} ${disposition} ${quantity} ${net?.amount}`);
const billable = (items: readonly ExplainedItem[]) => items.filter(({ disposition }) => disposition === 'billable');
const sumOf = (items: readonly ExplainedItem[]) =>
  Money.sum(
    items.map(({ net }) => Money.from(net ?? { amount: '0', currency: 'AUD' })),
    'AUD',
  ).amount;
const entry = (minutes: number) => time({ minutes });

describe('what is left of work that a cap cut', () => {
  it.each<readonly [string, WorkItem, Under, string]>([
    ['50 min at 170.00: 141.67 - 100.00', entry(50), ['100.00'], '41.67'],
    ['less 7 %: 131.75 - 100.00', entry(50), ['100.00', PER_HOUR, LOYAL], '31.75'],
    ['20 min at 170.00 and 30 at 110.00: 111.67 - 100.00', entry(50), ['100.00', TIERS], '11.67'],
    ['7 pieces at 33.33: 233.31 - 100.00', material({ quantity: '7' }), ['100.00'], '133.31'],
    ['less than a minute of it: 141.67 - 141.00', entry(50), ['141.00'], '0.67'],
    ['all but less than a minute: 141.67 - 1.00', entry(50), ['1.00'], '140.67'],
  ])('%s, before the invoice and after', (_, work, under, left) => {
    const priced = work.kind === 'material' ? { ...work, listPrice: { amount: '33.33', currency: 'AUD' } } : work;
    const before = rated(priced, under);
    const after = rated(priced, under, billable(before));
    for (const items of [before, after])
      expect(items.filter(({ disposition }) => disposition === 'written-off').map(({ net }) => net?.amount)).toEqual([
        left,
      ]);
  });

  it('is asked to the cent where the cap is raised, and raised again: 100.00 + 20.00 + 21.67', () => {
    const first = billable(rated(entry(50), ['100.00']));
    const second = billable(rated(entry(50), ['120.00'], first));
    const all = rated(entry(50), ['900.00'], [...first, ...second]);
    expect(shown(all)).toEqual([
      'w-1@p1 invoiced 0.583333 100.00',
      'w-1@p2 invoiced 0.116667 20.00',
      'w-1@p3 billable 0.133333 21.67',
    ]);
    const [last] = billable(all);
    expect(partsOfWork(last as ExplainedItem & PricedItem).map(({ label, amount }) => [label, amount.amount])).toEqual([
      ['price', '22.67'],
      ['billed-before', '-1.00'],
    ]);
    expect(last?.trace.map(({ text }) => text)).toContain(
      'a cap let a part of it through before, which asks 1 AUD beyond its minutes: 22.66666667 less that is 21.66666667',
    );
    // The first part credited to be billed again comes to what it came to.
    const [, p2] = all;
    const others = [...(p2 === undefined ? [] : second), ...billable(all)];
    expect(shown(billable(rated(entry(50), ['900.00'], others)))).toEqual(['w-1@p1 billable 0.583333 100.00']);
  });

  it('makes with it what the work comes to, whatever the minutes and the cap', () => {
    for (let minutes = 2; minutes < 90; minutes += 3)
      for (const card of [PER_HOUR, TIERS]) {
        const whole = sumOf(rated(entry(minutes), ['9000.00', card]));
        for (const amount of ['1.00', '9.99', '33.34', '77.77', '141.01']) {
          const before = rated(entry(minutes), [amount, card]);
          const after = rated(entry(minutes), [amount, card], billable(before));
          const raised = rated(entry(minutes), ['9000.00', card], billable(before));
          expect([minutes, amount, sumOf(before), sumOf(after), sumOf(raised)]).toEqual([
            minutes,
            amount,
            whole,
            whole,
            whole,
          ]);
        }
      }
  });
});
