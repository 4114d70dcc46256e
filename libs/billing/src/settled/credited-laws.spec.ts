import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@billtrail/kernel';
import { draftableItems } from '../account/lines.js';
import { imbalances } from '../reconcile.js';
import { clientPeriod, workItem } from '../testing/arbitrary.js';
import { asInvoiced } from '../testing/facts.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

const ITEMS = 20;
const several = <T>(...values: T[]) => fc.array(fc.constantFrom(...values), { minLength: ITEMS, maxLength: ITEMS });
const invoiced = several(true, true, false);
const credits = several('bill-again', 'bill-again', 'part', 'written-off', 'leave', 'leave');
const corrections = fc.tuple(
  several('void', 'correct', 'correct', 'leave'),
  fc.tuple(...Array.from({ length: 14 }, (_, index) => workItem(index + 1))),
);

/** Some of what is billable goes on an invoice. */
function invoice(facts: ClientPeriodFacts, chosen: readonly boolean[], invoiceId: string): ClientPeriodFacts {
  const items = draftableItems(rate(facts).items).filter((_, index) => chosen[index % chosen.length]);
  return { ...facts, invoiced: [...facts.invoiced, ...asInvoiced(items, invoiceId)] };
}

/** What the read models make of credit notes: lines given free, written off, or less by a cent. */
function credit(facts: ClientPeriodFacts, how: readonly string[], creditNoteId: string): ClientPeriodFacts {
  const lines: FrozenLine[] = [];
  const writtenOff = [...facts.writtenOff];
  const creditedWork = new Set(facts.creditedWork);
  facts.invoiced.forEach((one, index) => {
    const net = Money.from(one.line.net);
    const outcome = net.isNegative() ? 'leave' : how[index % how.length];
    if (outcome === 'bill-again') creditedWork.add(one.line.workItemId);
    else if (outcome === 'written-off') writtenOff.push({ ...one.line, creditNoteId });
    else if (outcome === 'part' && !net.isZero() && one.credited === undefined)
      lines.push({ ...one, credited: { amount: '0.01', currency: 'AUD' }, creditNoteId });
    else lines.push(one);
  });
  return { ...facts, invoiced: lines, writtenOff, creditedWork };
}

function correct(
  facts: ClientPeriodFacts,
  [fate, others]: readonly [readonly string[], readonly WorkItem[]],
): ClientPeriodFacts {
  const work = facts.work.flatMap((one, index): WorkItem[] => {
    const other = others[index];
    if (fate[index] === 'void') return [];
    if (fate[index] !== 'correct' || other === undefined || other.kind !== one.kind) return [one];
    const { workItemId, ticketId, position, sourceEventIds } = one;
    return [
      { ...other, workItemId, ticketId, position, sourceEventIds: [...sourceEventIds, `${workItemId}-corrected`] },
    ];
  });
  return { ...facts, work };
}

/** Invoiced, corrected, the adjustments invoiced too; then credited, corrected again and credited again. */
const history = fc
  .tuple(clientPeriod, invoiced, corrections, invoiced, credits, corrections, credits)
  .map(([start, first, change, second, credit1, again, credit2]): readonly ClientPeriodFacts[] => {
    const adjusted = invoice(correct(invoice(start, first, 'inv-1'), change), second, 'inv-2');
    const credited = credit(adjusted, credit1, 'cn-1');
    const corrected = correct(credited, again);
    const billed = invoice(corrected, first, 'inv-3');
    return [adjusted, credited, corrected, billed, credit(billed, credit2, 'cn-2')];
  });

const found = (facts: ClientPeriodFacts) => imbalances(facts.work, rate(facts).items);
const cents = (nets: readonly ({ amount: string; currency: string } | null | undefined)[]): bigint =>
  nets.reduce((sum, net) => sum + (net === null || net === undefined ? 0n : Money.from(net).toMinor()), 0n);

describe('laws of rating with credits', () => {
  it('L1: recorded work is what its items hold, whatever was credited, corrected after, billed and credited again', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const facts of points) expect(found(facts)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('L3: an item has one id, also where a part has its number again', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const facts of points) {
          const ids = rate(facts).items.map(({ itemId }) => itemId);
          expect(ids).toHaveLength(new Set(ids).size);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('what is invoiced is what its documents ask less what went back, to the cent', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const facts of points) {
          const asked = cents(facts.invoiced.map(({ line }) => line.net));
          const back = cents(facts.invoiced.map((line) => line.credited));
          const items = rate(facts).items.filter(({ disposition }) => disposition === 'invoiced');
          expect(cents(items.map(({ net }) => net))).toBe(asked - back);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds the work that is lost where an adjustment is left out', () => {
    const withoutAdjustments = (facts: ClientPeriodFacts) =>
      imbalances(
        facts.work,
        rate(facts).items.filter(({ itemId }) => !itemId.includes('@a')),
      );
    const histories = fc.sample(history, { numRuns: 100, seed: 20_260_302 });
    const lost = histories.filter((points) => points.some((facts) => withoutAdjustments(facts).length > 0));
    expect(lost.length).toBeGreaterThan(0);
  });

  it('finds all of it although rating is not told that an adjustment lacks what it adjusted', () => {
    const forgetful = (facts: ClientPeriodFacts): ClientPeriodFacts => ({ ...facts, creditedWork: new Set() });
    const histories = fc.sample(history, { numRuns: 100, seed: 20_260_302 });
    expect(histories.filter((points) => points.some((facts) => found(forgetful(facts)).length > 0))).toEqual([]);
  });
});
