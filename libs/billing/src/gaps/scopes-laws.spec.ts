import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money, addTo, billableMinutes } from '@billtrail/kernel';
import type { RoundingScope } from '@billtrail/contracts';
import type { ClientPeriodFacts, FrozenLine, WrittenOff } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const TICKETS = ['T-1', 'T-2', 'T-3'];
const WORK = 5;

/** What befalls a month of work on three tickets that may be merged. `of`: a number of a piece of work, or of a ticket. */
const step = fc.record({
  does: fc.oneof(
    // What is too much comes of tickets that were invoiced and then merged.
    fc.constantFrom('invoice', 'merge'),
    fc.constantFrom('invoice', 'write-off', 'again', 'void', 'reject', 'approve', 'merge', 'split', 'correct'),
  ),
  of: fc.nat(WORK - 1),
  into: fc.nat(TICKETS.length - 1),
  minutes: fc.integer({ min: 1, max: 90 }),
});
const start = fc.record({
  minimum: fc.constantFrom(0, 60, 120),
  increment: fc.constantFrom(1, 15, 30),
  scope: fc.constantFrom<RoundingScope>('ticket', 'visit'),
  minutes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: WORK, maxLength: WORK }),
  tickets: fc.array(fc.nat(TICKETS.length - 1), { minLength: WORK, maxLength: WORK }),
  steps: fc.array(step, { minLength: 3, maxLength: 9 }),
});
type Start = typeof start extends fc.Arbitrary<infer T> ? T : never;

/** At 60.00 an hour a minute is 1.00. */
class Month {
  private readonly work = new Map<string, Time>();
  private readonly roots = new Map<string, string>();
  private invoiced: readonly FrozenLine[] = [];
  private writtenOff: readonly WrittenOff[] = [];

  constructor(private readonly of: Start) {
    of.minutes.forEach((minutes, index) => {
      const workItemId = `w-${index + 1}`;
      const ticketId = TICKETS[of.tickets[index] ?? 0] ?? 'T-1';
      this.work.set(workItemId, time({ workItemId, ticketId, position: index + 1, minutes }));
    });
  }

  get facts(): ClientPeriodFacts {
    const { minimum, increment, scope } = this.of;
    const card = terms({
      labour: [{ workType: null, engineerRole: null, pricePerHour: '60.00' }],
      minimumMinutes: minimum,
      incrementMinutes: increment,
      roundingScope: scope,
    });
    const tickets = new Map(TICKETS.map((id) => [id, ticketFacts({ ticketId: this.roots.get(id) ?? id })]));
    const { invoiced, writtenOff } = this;
    const contracts = [contractFacts({ terms: card })];
    return facts([...this.work.values()], { contracts, tickets, invoiced, writtenOff });
  }

  take({ does, of, into, minutes }: Start['steps'][number]): void {
    const workItemId = `w-${of + 1}`;
    const work = this.work.get(workItemId);
    const ticketId = TICKETS[of % TICKETS.length] ?? 'T-1';
    const target = TICKETS[into] ?? 'T-1';
    const open = rate(this.facts).items.filter(
      (item) => item.workItemId === workItemId && item.disposition === 'billable' && item.approval === 'approved',
    );
    switch (does) {
      case 'invoice':
        this.invoiced = [...this.invoiced, ...asInvoiced(open)];
        return;
      case 'write-off':
        if (open.every(({ net }) => !(net?.amount ?? '').startsWith('-')))
          this.writtenOff = [...this.writtenOff, ...asWrittenOff(open)];
        return;
      case 'again':
        // All of a line that nothing adjusts goes back.
        if (this.invoiced.filter(({ line }) => line.workItemId === workItemId).length === 1)
          this.invoiced = this.invoiced.filter(({ line }) => line.workItemId !== workItemId);
        return;
      case 'void':
        this.work.delete(workItemId);
        return;
      case 'merge':
        if (![...this.roots.values()].includes(ticketId) && !this.roots.has(target) && target !== ticketId)
          this.roots.set(ticketId, target);
        return;
      case 'split':
        this.roots.delete(ticketId);
        return;
      default:
        if (work === undefined) return;
        if (does === 'correct') this.work.set(workItemId, { ...work, minutes });
        else this.work.set(workItemId, { ...work, approval: does === 'reject' ? 'rejected' : 'approved' });
    }
  }

  /** What of the law is no matter of course. */
  reached(): readonly string[] {
    const told = rate(this.facts).gaps.flatMap(({ kind, valueAtRisk }) =>
      kind === 'contract-mismatch' && valueAtRisk.money !== null ? [Money.from(valueAtRisk.money)] : [],
    );
    return [
      ...(told.some((money) => !money.isNegative() && !money.isZero()) ? ['a gap above zero'] : []),
      ...(told.some((money) => money.isNegative()) ? ['a gap below zero'] : []),
      ...(this.roots.size > 0 && this.writtenOff.length > 0 ? ['a merge with a write-off'] : []),
    ];
  }

  /** What each scope comes to, and what stands in it: in minutes, each 1.00. Nothing of scopes in which a correction was rejected. */
  scopes(): readonly {
    readonly scope: string;
    readonly worth: number;
    readonly stands: number;
    readonly forgone: number;
  }[] {
    const { items, gaps } = rate(this.facts);
    const settled = new Set(
      [...this.invoiced.map(({ line }) => line), ...this.writtenOff].map((one) => one.workItemId),
    );
    const scopeOf = (ticketId: string): string =>
      this.of.scope === 'visit' ? 'visit' : (this.roots.get(ticketId) ?? ticketId);
    const members = new Map<string, Time[]>();
    for (const one of this.work.values())
      if (one.approval === 'approved' || settled.has(one.workItemId)) addTo(members, scopeOf(one.ticketId), one);
    const { minimum, increment } = this.of;
    return [...members].flatMap(([scope, works]) => {
      if (works.some(({ approval }) => approval === 'rejected')) return [];
      const ids = new Set(works.map(({ workItemId }) => workItemId));
      const own = items.filter(({ workItemId }) => ids.has(workItemId));
      const told = gaps.filter(({ kind, workItemId }) => kind === 'contract-mismatch' && ids.has(workItemId ?? ''));
      const sum = (list: readonly ({ readonly amount: string; readonly currency: string } | null)[]): number =>
        list.reduce((total, one) => total + (one === null ? 0 : Money.from(one).value.toNumber()), 0);
      const worked = works.reduce((total, { minutes }) => total + minutes, 0);
      return [
        {
          scope,
          worth: billableMinutes(worked, minimum, increment, 'up'),
          stands: sum(own.map(({ net }) => net)) + sum(told.map(({ valueAtRisk }) => valueAtRisk.money)),
          forgone: sum(own.filter(({ disposition }) => disposition === 'written-off').map(({ net }) => net)),
        },
      ];
    });
  }
}

it('what is settled, what is to be billed and what gaps tell of a scope is what it comes to, whatever befell its work', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(start, (of) => {
      const month = new Month(of);
      for (const one of of.steps) {
        month.take(one);
        for (const what of month.reached()) reached.add(what);
        for (const { scope, worth, stands, forgone } of month.scopes()) {
          // What was forgone may be more than it is worth by now: nobody was asked for that.
          const isRight = stands >= worth && stands <= worth + forgone;
          expect([scope, worth, stands, isRight]).toEqual([scope, worth, stands, true]);
        }
      }
    }),
    { numRuns: 300 },
  );
  expect([...reached].sort()).toEqual(['a gap above zero', 'a gap below zero', 'a merge with a write-off']);
});
