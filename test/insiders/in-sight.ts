import type { BillableItem } from '@billtrail/billing';
import type { KeyedGap } from '@billtrail/read-models';
import type { RecordedEvent } from '@billtrail/event-store';
import { ownId } from '../laws/kit/model.js';
import { minorOf, sumOf } from '../laws/kit/integers.js';
import { PersonsOfForgoing } from '../laws/kit/persons.js';
import type { Findings } from '../laws/kit/findings.js';

const KINDS = { timeEntryId: 'time', materialUsageId: 'material', expenseId: 'expense' } as const;

/**
 * L11 while a story is told, step by step: what was asked, or will be, of work that was approved or resolved is less only by as much as acts have given up whose
 * persons are as many as the limits ask.
 */
export class InSight {
  readonly works = new Map<string, Map<string, 'time' | 'material' | 'expense'>>();
  private readonly persons = new PersonsOfForgoing();
  /** Work that was approved once. */
  private readonly approved = new Set<string>();
  private readonly resolved = new Set<string>();
  /** Goods of which their supplier has paid something. */
  private readonly creditedBySupplier = new Set<string>();
  /** In minor units; what has no price now is worth what it was: a gap tells it. */
  private values = new Map<string, bigint>();
  private unpriced: ReadonlySet<string> = new Set();

  /** What the events since, and the items as they are now, break. */
  after(events: readonly RecordedEvent[], items: readonly BillableItem[], gaps: readonly KeyedGap[]): Findings {
    const wasHeld = new Set([...this.values.keys()].filter((key) => this.isHeld(key)));
    const findings = events.flatMap((event) => this.persons.next(event));
    for (const event of events) this.learn(event);
    const { values: before, unpriced: wasUnpriced } = this;
    this.values = this.valuesOf(items, gaps);
    const forgone = this.persons.forgoneBy(events);
    const lost = new Map<string, bigint>();
    for (const key of wasHeld) {
      const [ticketId = ''] = key.split(' ');
      // Nobody can say of how much: an act it must be.
      if (wasUnpriced.has(key) && forgone.has(ticketId)) continue;
      const less = (before.get(key) ?? 0n) - (this.values.get(key) ?? 0n);
      lost.set(ticketId, (lost.get(ticketId) ?? 0n) + less);
    }
    for (const [ticketId, less] of lost) {
      const given = forgone.has(ticketId) ? (forgone.get(ticketId) ?? null) : 0n;
      if (given !== null && less > given)
        findings.push(`${less} of ${ticketId} went out of sight, and acts gave up ${given}`);
    }
    return findings;
  }

  private isHeld(key: string): boolean {
    return this.approved.has(key) || this.resolved.has(key.split(' ')[0] ?? '');
  }

  private learn({ stream, type, data }: RecordedEvent): void {
    if (!stream.startsWith('ticket-')) return;
    const ticketId = stream.slice('ticket-'.length);
    const works = this.works.get(ticketId) ?? new Map<string, 'time' | 'material' | 'expense'>();
    this.works.set(ticketId, works);
    if (type === 'TicketResolved') this.resolved.add(ticketId);
    for (const [field, kind] of Object.entries(KINDS)) {
      const id = (data as Readonly<Record<string, unknown>>)[field];
      if (typeof id !== 'string') continue;
      if ('workDate' in data) works.set(id, kind);
      if (type.endsWith('Voided')) works.delete(id);
      if (type.startsWith('SupplierCredit')) this.creditedBySupplier.add(`${ticketId} ${id}`);
      if (type.endsWith('Approved')) this.approved.add(`${ticketId} ${id}`);
    }
  }

  /** What of each piece of work is asked, or will be, or is told by a gap: of goods under warranty what their maker owes. */
  private valuesOf(items: readonly BillableItem[], gaps: readonly KeyedGap[]): Map<string, bigint> {
    const values = new Map<string, bigint>();
    const kept = new Set<string>();
    for (const item of items) {
      const key = `${item.ticketId} ${ownId(item)}`;
      // Who rejects work gives it up, though it stays to be seen.
      const isForgone = item.disposition === 'written-off' || item.approval === 'rejected';
      const claims = gaps.filter(
        (gap) =>
          item.disposition === 'covered' &&
          gap.kind === 'unbilled' &&
          gap.ticketId === item.ticketId &&
          gap.workItemId === item.workItemId &&
          gap.period === item.period,
      );
      const worth = sumOf(
        [...(isForgone ? [] : [item.net]), ...claims.map(({ valueAtRisk }) => valueAtRisk.money)].map((money) =>
          money === null ? 0n : minorOf(money),
        ),
      );
      values.set(key, (values.get(key) ?? 0n) + worth);
      if ((item.net === null && !isForgone) || this.creditedBySupplier.has(key)) kept.add(key);
    }
    this.unpriced = kept;
    for (const key of kept) {
      const was = this.values.get(key) ?? 0n;
      if (was > (values.get(key) ?? 0n)) values.set(key, was);
    }
    return values;
  }
}
