import { describe, expect, it } from '@jest/globals';
import type { ExplainedItem } from '../item/billable-item.js';
import { imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, facts, time } from '../testing/facts.js';
import { forgivenOf } from './credited.js';
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

describe('a line below a write-off that is credited to be billed again', () => {
  const frozen = () => {
    const invoiced = asInvoiced(rate(facts([time()])).items);
    const more = rate(facts([corrected(90)], { invoiced })).items.filter(({ itemId }) => itemId === 'w-1@a1');
    return { invoiced, writtenOff: asWrittenOff(more) };
  };
  const billedAgain = () => ({ writtenOff: frozen().writtenOff, creditedWork: new Set(['w-1']) });
  const asked = (items: readonly ExplainedItem[]): number =>
    items
      .filter(({ disposition }) => disposition === 'billable' || disposition === 'invoiced')
      .reduce((sum, { net }) => sum + Number(net?.amount), 0);

  it.each([
    [120, 225],
    [90, 150],
    [75, 150],
    [60, 150],
    [40, 100],
    [0, 0],
  ])('asks for %i min what was asked before: %i.00', (minutes, net) => {
    const work = corrected(minutes);
    for (const account of [frozen(), billedAgain()]) {
      const { items } = rate(facts([work], account));
      expect(asked(items)).toBe(net);
      expect(imbalances([work], items)).toEqual([]);
    }
  });

  it('takes the write-off back beside it where its work is gone', () => {
    expect(shown(rate(facts([corrected(60)], billedAgain())).items)).toEqual([
      'w-1@a1 written-off 30 75.00',
      'w-1@a2 billable 60 150.00',
      'w-1@w2 written-off -30 -75.00',
    ]);
  });

  it('asks less what was given back of it', () => {
    const { invoiced, writtenOff } = frozen();
    const forgiven = invoiced.map(({ line }) => ({
      ...forgivenOf(line, { amount: '50.00', currency: 'AUD' }),
      creditNoteId: 'cn-1',
    }));
    const account = { writtenOff: [...writtenOff, ...forgiven], creditedWork: new Set(['w-1']) };
    expect(asked(rate(facts([corrected(60)], account)).items)).toBe(100);
    expect(asked(rate(facts([corrected(90)], account)).items)).toBe(100);
  });

  it('and is written off too: all of it stays forgone, in whichever order', () => {
    const again = rate(facts([corrected(90)], billedAgain())).items.filter(({ itemId }) => itemId === 'w-1@a2');
    const account = { writtenOff: [...frozen().writtenOff, ...asWrittenOff(again)], creditedWork: new Set(['w-1']) };
    for (const minutes of [90, 60, 30]) expect(asked(rate(facts([corrected(minutes)], account)).items)).toBe(0);
    expect(asked(rate(facts([corrected(120)], account)).items)).toBe(75);
  });
});

describe('an hour that was written off, and an hour more that was invoiced', () => {
  const frozen = () => {
    const writtenOff = asWrittenOff(rate(facts([time()])).items);
    const more = rate(facts([corrected(120)], { writtenOff })).items.filter(({ itemId }) => itemId === 'w-1@a1');
    return { writtenOff, invoiced: asInvoiced(more) };
  };

  it.each([
    ['the hour that was forgiven', 60, ['w-1@a2 billable -60 -150.00']],
    ['half an hour more than that', 90, ['w-1@a2 billable -30 -75.00']],
    ['half of it', 30, ['w-1@a2 billable -60 -150.00', 'w-1@w2 written-off -30 -75.00']],
    ['more than ever', 150, ['w-1@a2 billable 30 75.00']],
  ])('corrected to %s: what came last is undone first', (_, minutes, adjustments) => {
    const work = corrected(minutes);
    const { items } = rate(facts([work], frozen()));
    expect(shown(items).slice(2)).toEqual(adjustments);
    expect(imbalances([work], items)).toEqual([]);
  });

  it('asks nothing once what is given back is invoiced, nor where the hour more is credited to be billed again', () => {
    const work = corrected(60);
    const account = frozen();
    const back = rate(facts([work], account)).items.filter(({ itemId }) => itemId === 'w-1@a2');
    const later = { ...account, invoiced: [...account.invoiced, ...asInvoiced(back, 'inv-2')] };
    expect(shown(rate(facts([work], later)).items).slice(2)).toEqual(['w-1@a2 invoiced -60 -150.00']);
    const { writtenOff } = account;
    const { items } = rate(facts([work], { writtenOff, creditedWork: new Set(['w-1']) }));
    expect(shown(items)).toEqual(['w-1 written-off 60 150.00']);
  });
});
