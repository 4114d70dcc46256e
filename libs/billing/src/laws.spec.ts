import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@billtrail/kernel';
import type { ExplainedItem } from './item/billable-item.js';
import { draftableItems } from './account/lines.js';
import { taxesOf } from './account/tax.js';
import { gapKey } from './gaps/identity.js';
import { accountFor, imbalances } from './reconcile.js';
import { clientPeriod, workItem } from './testing/arbitrary.js';
import { asInvoiced, asWrittenOff } from './testing/facts.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { RatingResult, WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';

/** What befalls the account between two ratings: by number of the item, what is invoiced and what written off. */
const fates = fc.array(fc.constantFrom('invoice', 'write-off', 'leave'), { minLength: 40, maxLength: 40 });
/** What befalls the work: by number, voided, corrected to another piece of work, or left. */
const changes = fc.tuple(
  fc.array(fc.constantFrom('void', 'correct', 'leave', 'leave'), { minLength: 14, maxLength: 14 }),
  fc.tuple(...Array.from({ length: 14 }, (_, index) => workItem(index + 1))),
  fc
    .array(fc.constantFrom(21, 22, 23), { maxLength: 3 })
    .chain((numbers) => fc.tuple(...[...new Set(numbers)].map((number) => workItem(number)))),
);

/** The facts after some of what is billable was invoiced and some written off. */
function freeze(
  facts: ClientPeriodFacts,
  result: RatingResult<ExplainedItem>,
  fate: readonly string[],
  invoiceId: string,
): ClientPeriodFacts {
  const draftable = new Set(draftableItems(result.items));
  const chosen = (wanted: string): ExplainedItem[] =>
    result.items.filter((_, index) => fate[index % fate.length] === wanted);
  const invoiced = chosen('invoice').filter((item) => draftable.has(item));
  const writtenOff = chosen('write-off').filter(
    (item) =>
      (item.disposition === 'billable' || item.disposition === 'unpriced') && !(item.net?.amount ?? '').startsWith('-'),
  );
  return {
    ...facts,
    invoiced: [...facts.invoiced, ...asInvoiced(invoiced, invoiceId)],
    writtenOff: [...facts.writtenOff, ...asWrittenOff(writtenOff)],
  };
}

type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

/** The facts after corrections, voids and new work. A correction keeps the kind, the ticket and the identity of the work. */
function change(facts: ClientPeriodFacts, [fate, others, added]: Changes): ClientPeriodFacts {
  const work = facts.work.flatMap((one, index): WorkItem[] => {
    const other = others[index];
    if (fate[index] === 'void') return [];
    if (fate[index] !== 'correct' || other === undefined || other.kind !== one.kind) return [one];
    const { workItemId, ticketId, position } = one;
    return [
      { ...other, workItemId, ticketId, position, sourceEventIds: [...one.sourceEventIds, `${workItemId}-corrected`] },
    ];
  });
  return { ...facts, work: [...work, ...added] };
}

/** Two rounds of freezing and changing, so that adjustments are themselves frozen and adjusted. */
const history = fc
  .tuple(clientPeriod, fates, changes, fates, changes)
  .map(([start, fate1, change1, fate2, change2]): readonly ClientPeriodFacts[] => {
    const frozen1 = freeze(start, rate(start), fate1, 'inv-1');
    const changed1 = change(frozen1, change1);
    const frozen2 = freeze(changed1, rate(changed1), fate2, 'inv-2');
    const [fates2, others2] = change2;
    return [start, frozen1, changed1, frozen2, change(frozen2, [fates2, others2, []])];
  });

function cents(items: readonly ExplainedItem[]): bigint {
  return items.reduce((sum, item) => sum + (item.net === null ? 0n : Money.from(item.net).toMinor()), 0n);
}

function frozenCents(facts: ClientPeriodFacts): bigint {
  return [...facts.invoiced.map(({ line }) => line), ...facts.writtenOff].reduce(
    (sum, item) => sum + (item.net === null ? 0n : Money.from(item.net).toMinor()),
    0n,
  );
}

describe('laws of rating', () => {
  it('L1: recorded work is what its items hold, in minutes and quantities, at every point of a history', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const facts of points) expect(imbalances(facts.work, rate(facts).items)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('L1: by ticket too, and money is the sum of its dispositions to the cent', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const facts of points) {
          const { items } = rate(facts);
          for (const ticketId of facts.tickets.keys()) {
            const work = facts.work.filter((one) => one.ticketId === ticketId);
            expect(
              imbalances(
                work,
                items.filter((item) => item.ticketId === ticketId),
              ),
            ).toEqual([]);
          }
          const { byDisposition, total } = accountFor(items);
          const parts = Object.values(byDisposition).flatMap((holding) => holding.money);
          expect(
            Money.sum(
              parts.map((net) => Money.from(net)),
              'AUD',
            ).equals(
              Money.sum(
                total.money.map((net) => Money.from(net)),
                'AUD',
              ),
            ),
          ).toBe(true);
          expect(
            Money.sum(
              total.money.map((net) => Money.from(net)),
              'AUD',
            ).toMinor(),
          ).toBe(cents(items));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('L1: voiding all work gives back all that was invoiced of it, and asks for nothing that was written off', () => {
    fc.assert(
      fc.property(history, (points) => {
        const last = points.at(-1);
        if (last === undefined) return;
        const { items } = rate({ ...last, work: [] });
        const { byDisposition, total } = accountFor(items);
        expect(total.minutes).toBe(0);
        expect(total.materialQuantity).toBe('0');
        expect(total.expenses).toBe('0');
        expect(
          byDisposition.billable.minutes +
            byDisposition.invoiced.minutes +
            byDisposition.unpriced.minutes +
            byDisposition['written-off'].minutes,
        ).toBe(0);
        if (last.writtenOff.every((item) => item.net !== null)) expect(cents(items)).toBe(0n);
        expect(cents(items.filter((item) => item.disposition === 'billable'))).toBeLessThanOrEqual(0n);
      }),
      { numRuns: 100 },
    );
  });

  it('L3: no item twice, and every piece of work has at least one', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const facts of points) {
          const { items, gaps } = rate(facts);
          expect(new Set(items.map((item) => item.itemId)).size).toBe(items.length);
          expect(new Set(gaps.map(gapKey)).size).toBe(gaps.length);
          const rated = new Set(items.map((item) => item.workItemId));
          expect(facts.work.filter((one) => !rated.has(one.workItemId))).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('L5: nets sum to the document, and tax is taken once per category on the summed nets', () => {
    fc.assert(
      fc.property(clientPeriod, (facts) => {
        const lines = asInvoiced(draftableItems(rate(facts).items)).map(({ line }) => line);
        const taxed = taxesOf(
          lines.map((line) => [{ ...line, on: '2026-03-10' }]),
          'AUD',
          { rules: { taxRates: { GST: '10' } }, client: { taxExemption: null }, issueDate: '2026-04-01' },
        );
        const totals = 'totals' in taxed ? taxed.totals : taxed;
        if ('refused' in totals) throw new Error(totals.message);
        const net = lines.reduce((sum, line) => sum + Money.from(line.net).toMinor(), 0n);
        expect(Money.from(totals.net).toMinor()).toBe(net);
        // Half up on whole cents: (10 n + 50) / 100.
        expect(Money.from(totals.tax).toMinor()).toBe((net * 10n + 50n) / 100n);
        expect(Money.from(totals.total).toMinor()).toBe(net + Money.from(totals.tax).toMinor());
      }),
      { numRuns: 100 },
    );
  });

  it('L6: every item names its events and says why; every priced one names contract, version, rule, rate and rounding', () => {
    fc.assert(
      fc.property(history, (points) => {
        for (const item of points.flatMap((facts) => rate(facts).items)) {
          expect(item.sourceEventIds.length).toBeGreaterThan(0);
          expect(item.trace.length).toBeGreaterThan(0);
          if (item.disposition !== 'billable' || item.itemId !== item.workItemId) continue;
          const steps = item.trace.map((step) => step.step);
          expect(steps).toEqual(expect.arrayContaining(['work', 'contract', 'coverage', 'rate', 'amount']));
          expect(steps.includes('billable-time')).toBe(item.kind === 'time');
          expect(item.contractId).not.toBeNull();
          expect(item.contractVersion).not.toBeNull();
        }
      }),
      { numRuns: 100 },
    );
  });

  it('the same facts in any order give the same result', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (points, random) => {
        const facts = points.at(-1);
        if (facts === undefined) return;
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((value) => ({ value, at: random.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ value }) => value);
        const other: ClientPeriodFacts = {
          ...facts,
          work: shuffled(facts.work),
          contracts: shuffled(facts.contracts).map((one) => ({ ...one, versions: shuffled(one.versions) })),
          invoiced: shuffled(facts.invoiced),
          writtenOff: shuffled(facts.writtenOff),
          tickets: new Map(shuffled([...facts.tickets])),
        };
        expect(rate(other)).toEqual(rate(facts));
      }),
      { numRuns: 100 },
    );
  });

  it('work that is added changes nothing that is frozen', () => {
    fc.assert(
      fc.property(history, workItem(31), (points, added) => {
        for (const facts of points) {
          const frozen = (result: RatingResult<ExplainedItem>): readonly ExplainedItem[] =>
            result.items.filter(
              (item) => item.disposition === 'invoiced' || facts.writtenOff.some((one) => one.itemId === item.itemId),
            );
          const before = rate(facts);
          const after = rate({ ...facts, work: [...facts.work, added] });
          expect(frozen(after)).toEqual(frozen(before));
          expect(cents(frozen(after))).toBe(frozenCents(facts));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a contract version published later, also a back-dated one, changes nothing that is frozen and adds no adjustment', () => {
    fc.assert(
      fc.property(clientPeriod, fates, clientPeriod, (facts, fate, other) => {
        const frozen = freeze(facts, rate(facts), fate, 'inv-1');
        const contracts = frozen.contracts.map((one, index) => ({
          ...one,
          versions: [
            ...one.versions,
            ...(other.contracts[index]?.versions ?? []).map((version) => ({
              ...version,
              versionNumber: version.versionNumber + one.versions.length,
            })),
          ],
        }));
        const ids = new Set([
          ...frozen.invoiced.map(({ line }) => line.workItemId),
          ...frozen.writtenOff.map((one) => one.workItemId),
        ]);
        const ofFrozenWork = (result: RatingResult<ExplainedItem>): readonly ExplainedItem[] =>
          result.items.filter((item) => ids.has(item.workItemId));
        const after = ofFrozenWork(rate({ ...frozen, contracts }));
        expect(after).toEqual(ofFrozenWork(rate(frozen)));
        expect(after.filter((item) => item.itemId !== item.workItemId)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
