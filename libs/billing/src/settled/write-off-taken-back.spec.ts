import { describe, expect, it } from '@jest/globals';
import type { ExplainedItem } from '../item/billable-item.js';
import { imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, facts, time } from '../testing/facts.js';
import { rateExplained as rate } from '../rate.js';

const corrected = (minutes: number) => time({ minutes, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
const shown = (items: readonly ExplainedItem[]): readonly string[] =>
  items.map(
    ({ itemId, disposition, actualMinutes, net }) => `${itemId} ${disposition} ${actualMinutes} ${net?.amount}`,
  );

describe('an hour that was invoiced, and half an hour more that was written off', () => {
  const frozen = () => {
    const invoiced = asInvoiced(rate(facts([time()])).items);
    const more = rate(facts([corrected(90)], { invoiced })).items.filter(({ itemId }) => itemId === 'w-1@a1');
    return { invoiced, writtenOff: asWrittenOff(more) };
  };
  /** What is owed after a correction to 40 min is on an invoice too. */
  const settled = () => {
    const account = frozen();
    const owed = rate(facts([corrected(40)], account)).items.filter(({ itemId }) => itemId === 'w-1@a2');
    return { ...account, invoiced: [...account.invoiced, ...asInvoiced(owed, 'inv-2')] };
  };

  it('corrected to 40 min: 50.00 is owed to the client, and of the write-off nothing is left', () => {
    const work = corrected(40);
    const { items } = rate(facts([work], frozen()));
    expect(shown(items)).toEqual([
      'w-1 invoiced 60 150.00',
      'w-1@a1 written-off 30 75.00',
      'w-1@a2 billable -20 -50.00',
      'w-1@w2 written-off -30 -75.00',
    ]);
    const adjusts = { documentIds: ['inv-1'], why: 'the work was corrected' };
    // What is owed says that it does not hold all of the work, so that it is not taken for what the work is.
    expect(items.slice(2).map(({ basis }) => basis.adjustment)).toEqual([
      {
        causedBy: null,
        writeOffTakenBack: '-75.00',
        adjusts,
        from: { before: '150', now: [expect.objectContaining({ quantity: '0.666667' })] },
        beside: ['w-1@w2'],
      },
      { causedBy: null, writeOffTakenBack: null, adjusts, beside: ['w-1@a2'] },
    ]);
    const steps = items.slice(2).map(({ trace }) => trace.findLast(({ step }) => step === 'adjustment')?.facts);
    expect(steps[0]).toMatchObject({ writeOffTakenBack: '-75.00', difference: '-50.00' });
    expect(steps[1]).not.toHaveProperty('writeOffTakenBack');
    expect(imbalances([work], items)).toEqual([]);
  });

  it('and the write-off stays taken back when what is owed was invoiced', () => {
    const work = corrected(40);
    const { items } = rate(facts([work], settled()));
    expect(shown(items).slice(2)).toEqual(['w-1@a2 invoiced -20 -50.00', 'w-1@a3 written-off -30 -75.00']);
    expect(imbalances([work], items)).toEqual([]);
  });

  it.each([
    ['less again', 20, ['w-1@a3 billable -20 -50.00', 'w-1@w3 written-off -30 -75.00']],
    ['what it was with the write-off', 90, ['w-1@a3 billable 20 50.00']],
    ['more than ever', 120, ['w-1@a3 billable 50 125.00']],
  ])('and is corrected once more, to %s', (_, minutes, adjustments) => {
    const work = corrected(minutes);
    const { items } = rate(facts([work], settled()));
    expect(shown(items).slice(3)).toEqual(adjustments);
    expect(imbalances([work], items)).toEqual([]);
  });
});
