import { Money, addTo } from '@billtrail/kernel';
import type { CreditedCharge, CreditedLine } from '../events.js';
import type { CreditNote, Invoice } from './state.js';

/** What can be credited on an invoice: a line of work, or a charge. */
export interface OnInvoice {
  readonly itemId: string;
  /** What adjustments of it share: the work, or the charge. */
  readonly subject: string;
  readonly net: Money;
}

/** Work and charges have ids of their own, which may be equal. */
export function subjectOfLine({ line }: Pick<CreditedLine, 'line'>): string {
  return `work ${line.workItemId}`;
}
export function subjectOfCharge({ charge }: { readonly charge: Pick<CreditedCharge['charge'], 'chargeId'> }): string {
  return `charge ${charge.chargeId}`;
}

/** What credit notes took back of one invoice so far: those in the account, and the items of the one in the making. */
export class CreditLedger {
  private readonly whole = new Set<string>();
  private readonly parts = new Map<string, Money>();
  private readonly corrections = new Map<string, Money>();
  private readonly bySubject = new Map<string, OnInvoice[]>();

  constructor(
    private readonly invoice: Invoice,
    notes: readonly CreditNote[],
  ) {
    for (const line of invoice.lines) this.carries(line.itemId, subjectOfLine({ line }), Money.from(line.net));
    for (const charge of invoice.charges)
      this.carries(charge.chargeItemId, subjectOfCharge({ charge }), Money.from(charge.net));
    for (const { lines, charges } of notes) {
      for (const one of lines) this.add(one.line.itemId, subjectOfLine(one), one);
      for (const one of charges) this.add(one.charge.chargeItemId, subjectOfCharge(one), one);
    }
  }

  private carries(itemId: string, subject: string, net: Money): void {
    const one = { itemId, subject, net };
    addTo(this.bySubject, subject, one);
  }

  add(itemId: string, subject: string, { outcome, net, isWhole }: Pick<CreditedLine, 'outcome' | 'net' | 'isWhole'>) {
    const into = outcome === 'corrected' ? this.corrections : this.parts;
    const key = outcome === 'corrected' ? subject : `${subject}\u0000${itemId}`;
    into.set(key, (into.get(key) ?? this.zero()).plus(Money.from(net)));
    if (outcome !== 'corrected' && isWhole) this.whole.add(`${subject}\u0000${itemId}`);
  }

  /** True where nothing is left of a line to credit: it was credited whole, or all its money in parts. */
  isUsedUp({ itemId, subject, net }: OnInvoice): boolean {
    const key = `${subject}\u0000${itemId}`;
    return this.whole.has(key) || this.parts.get(key)?.equals(net) === true;
  }

  /** True where a note settled an adjustment of the line's work or charge. */
  isAdjusted({ subject }: Pick<OnInvoice, 'subject'>): boolean {
    return this.corrections.has(subject);
  }

  /** What is left of a line. */
  leftOf({ itemId, subject, net }: OnInvoice): Money {
    return net.minus(this.parts.get(`${subject}\u0000${itemId}`) ?? this.zero());
  }

  /** What is left on the invoice of a piece of work or a charge; null: it is not on it, or was credited whole. */
  leftOfSubject(subject: string): Money | null {
    const live = (this.bySubject.get(subject) ?? []).filter((one) => !this.whole.has(`${subject}\u0000${one.itemId}`));
    if (live.length === 0) return null;
    const left = Money.sum(
      live.map((one) => this.leftOf(one)),
      this.invoice.currency,
    );
    return left.minus(this.corrections.get(subject) ?? this.zero());
  }

  private zero(): Money {
    return Money.zero(this.invoice.currency);
  }
}
