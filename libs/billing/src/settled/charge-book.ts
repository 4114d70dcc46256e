import { type LocalDate, Money, type MoneyJson, addDays, compareTexts } from '@billtrail/kernel';
import type { ChargeGap, ChargeItem, ChargeKind, FrozenCharge, InvoicedCharge } from '../item/charge-item.js';
import type { ClientPeriodFacts } from '../rating/facts.js';
import type { TraceStep } from '../item/trace.js';

/** A charge as it should be by the facts of now. */
export interface ExpectedCharge extends Omit<FrozenCharge, 'chargeItemId'> {
  readonly billableFrom: LocalDate;
}

/** What invoices of the account carry of one charge: the item itself first, then its adjustments. */
export interface FrozenOfCharge {
  readonly original: FrozenCharge;
  readonly charges: readonly InvoicedCharge[];
  readonly net: Money;
  /** What credit notes took back of that, never to be billed again. */
  readonly credited: Money;
}

/**
 * The charges of a client-period while they are worked out: what is on invoices stays as it is, and what should be instead follows as an
 * adjustment of the difference; the rest are items of their own.
 */
export class ChargeBook {
  private readonly frozen: ReadonlyMap<string, FrozenOfCharge>;
  private readonly settled = new Set<string>();
  private readonly charges: ChargeItem[] = [];
  private readonly gaps: ChargeGap[] = [];

  constructor(private readonly facts: ClientPeriodFacts) {
    this.frozen = frozenCharges(facts);
    for (const { charges } of this.frozen.values()) {
      for (const { charge, ...on } of charges)
        this.charges.push({ ...itemOf(charge, facts), disposition: 'invoiced', ...on, billableFrom: charge.from });
    }
  }

  /** What is frozen of charges of a kind. */
  frozenOfKind(kind: ChargeKind): readonly FrozenOfCharge[] {
    return [...this.frozen.values()].filter(({ original }) => original.kind === kind);
  }

  frozenOf(chargeId: string): FrozenOfCharge | null {
    return this.frozen.get(chargeId) ?? null;
  }

  /** States what a charge should be. Of a frozen one the difference is an item; none where it is what it should be. */
  expect(expected: ExpectedCharge): void {
    const { chargeId } = expected;
    const frozen = this.frozen.get(chargeId);
    this.settled.add(chargeId);
    if (frozen === undefined) this.add({ ...expected, chargeItemId: chargeId }, expected.billableFrom);
    else this.adjust(frozen, Money.from(expected.net), 'the charge is another now', expected);
  }

  /** States that a frozen charge should have another net, with all else as it was. */
  expectNet(frozen: FrozenOfCharge, net: Money, why: string): void {
    this.settled.add(frozen.original.chargeId);
    this.adjust(frozen, net, why, null);
  }

  /** A charge that can't be priced, or not in the client's currency. */
  lacks(
    charge: { readonly chargeId: string; readonly contractId: string },
    cause: string,
    value: MoneyJson | null,
    eventIds: readonly string[] = [],
  ): void {
    this.gaps.push(this.gapOf(charge.chargeId, charge.contractId, cause, value, eventIds, null));
  }

  /** Sum of all items of a kind and a contract, those on invoices too, in the client's currency. */
  netOf(kind: ChargeKind, contractId: string, chargeTermId: string): Money {
    const nets = this.charges
      .filter((one) => one.kind === kind && one.contractId === contractId && termOf(one) === chargeTermId)
      .map((one) => Money.from(one.net));
    return Money.sum(nets, this.facts.currency);
  }

  /** Takes back the frozen charges that nothing accounts for any more, and says what no issued invoice carries yet. */
  close(): { readonly charges: readonly ChargeItem[]; readonly gaps: readonly ChargeGap[] } {
    for (const frozen of this.frozen.values()) {
      if (this.settled.has(frozen.original.chargeId)) continue;
      this.adjust(frozen, Money.zero(frozen.net.currency), 'nothing is owed for it any more', null);
    }
    for (const charge of this.charges) {
      if (charge.disposition !== 'invoiced' && !Money.from(charge.net).isZero())
        this.gaps.push(this.notInvoiced(charge));
    }
    return {
      charges: [...this.charges].sort((a, b) => compareTexts(a.chargeItemId, b.chargeItemId)),
      gaps: [...this.gaps].sort((a, b) => compareTexts(a.chargeId, b.chargeId)),
    };
  }

  private adjust(frozen: FrozenOfCharge, net: Money, why: string, expected: ExpectedCharge | null): void {
    const difference = owedOf(frozen, net);
    if (difference.isZero()) return;
    const { original, charges } = frozen;
    const sign = difference.isNegative() ? '-1' : '1';
    const step: TraceStep = {
      step: 'adjustment',
      text: `${why} after ${original.chargeId} was invoiced at ${frozen.net.toString()}: now ${net.toString()}, difference ${difference.toString()}`,
      facts: {
        frozenItemIds: charges.map(({ charge }) => charge.chargeItemId),
        invoiceIds: charges.map(({ invoiceId }) => invoiceId),
        frozenNet: frozen.net.toJSON().amount,
        presentNet: net.toJSON().amount,
        difference: difference.toJSON().amount,
        currency: difference.currency,
      },
    };
    const events = new Set([...original.sourceEventIds, ...(expected?.sourceEventIds ?? [])]);
    this.add(
      {
        ...original,
        chargeItemId: `${original.chargeId}-a${nextAdjustment(charges)}`,
        quantity: sign,
        unit: 'adjustment',
        unitPrice: (difference.isNegative() ? difference.negated() : difference).toJSON(),
        net: difference.toJSON(),
        sourceEventIds: [...events],
        trace: [...(expected?.trace ?? original.trace), step],
      },
      expected?.billableFrom ?? original.from,
    );
  }

  private add(charge: FrozenCharge, billableFrom: LocalDate): void {
    const invoiceId = this.facts.claimed.get(charge.chargeItemId) ?? null;
    this.charges.push({
      ...itemOf(charge, this.facts),
      disposition: invoiceId === null ? 'billable' : 'claimed',
      invoiceId,
      billableFrom,
    });
  }

  /** A document of the account that lacks the charge is wrong at once; without one the charge has the delay that work has. */
  private notInvoiced(charge: ChargeItem): ChargeGap {
    const { invoiced, claimed, invoicedCharges = [], configuration } = this.facts;
    const hasDocument = invoiced.length > 0 || claimed.size > 0 || invoicedCharges.length > 0;
    const isMissed = hasDocument && charge.disposition === 'billable';
    const dueOn = isMissed ? charge.billableFrom : addDays(charge.billableFrom, configuration.unbilledAfterDays);
    const cause = isMissed
      ? `${charge.description} (${charge.chargeItemId}) is on no draft or invoice of the period`
      : `${charge.description} (${charge.chargeItemId}) is on no issued invoice`;
    return this.gapOf(charge.chargeItemId, charge.contractId, cause, charge.net, charge.sourceEventIds, dueOn);
  }

  private gapOf(
    chargeId: string,
    contractId: string,
    cause: string,
    valueAtRisk: MoneyJson | null,
    sourceEventIds: readonly string[],
    dueOn: LocalDate | null,
  ): ChargeGap {
    const { clientId, period } = this.facts;
    return {
      kind: 'contract-mismatch',
      clientId,
      period,
      chargeId,
      contractId,
      valueAtRisk,
      cause,
      sourceEventIds,
      dueOn,
    };
  }
}

/** The id of the term that a charge comes from: the first step of its trace names it. */
export function termOf(charge: Pick<FrozenCharge, 'trace'>): string | null {
  const id = charge.trace.find((step) => step.step === 'charge')?.facts['chargeTermId'];
  return typeof id === 'string' ? id : null;
}

/** A figure that the trace of a frozen charge states. */
export function frozenFigure(charge: Pick<FrozenCharge, 'trace'>, name: string): string | null {
  const value = charge.trace.find((step) => step.step === 'charge')?.facts[name];
  return typeof value === 'string' ? value : null;
}

function itemOf(
  charge: FrozenCharge,
  facts: ClientPeriodFacts,
): FrozenCharge & Pick<ChargeItem, 'clientId' | 'period'> {
  return { ...charge, clientId: facts.clientId, period: facts.period };
}

/**
 * What is still asked of the client, or owed to it, where a frozen charge should have another net. What credit notes wrote off was given back
 * already: a decrease makes that smaller first, as it does for work (`adjustmentsOf`).
 */
function owedOf(frozen: FrozenOfCharge, net: Money): Money {
  const asked = frozen.net.minus(frozen.credited);
  if (frozen.credited.isZero() || net.compare(frozen.net) > 0) return net.minus(frozen.net);
  return net.compare(asked) < 0 ? net.minus(asked) : Money.zero(net.currency);
}

/** The number of what is frozen of the charge, and never one that is frozen. */
function nextAdjustment(charges: readonly InvoicedCharge[]): number {
  return Math.max(charges.length, ...charges.map(({ charge }) => ordinal(charge) + 1));
}

/** The number of an adjustment, 0 for the charge itself. */
function ordinal(charge: FrozenCharge): number {
  return charge.chargeItemId === charge.chargeId ? 0 : Number(charge.chargeItemId.slice(charge.chargeId.length + 2));
}

function frozenCharges(facts: ClientPeriodFacts): ReadonlyMap<string, FrozenOfCharge> {
  const byId = new Map<string, InvoicedCharge[]>();
  for (const one of facts.invoicedCharges ?? []) {
    const known = byId.get(one.charge.chargeId);
    if (known === undefined) byId.set(one.charge.chargeId, [one]);
    else known.push(one);
  }
  const frozen = new Map<string, FrozenOfCharge>();
  for (const [chargeId, unordered] of byId) {
    const charges = [...unordered].sort((a, b) => ordinal(a.charge) - ordinal(b.charge));
    const [first] = charges;
    if (first === undefined) continue;
    const { currency } = first.charge.net;
    const net = Money.sum(
      charges.map(({ charge }) => Money.from(charge.net)),
      currency,
    );
    const credited = Money.sum(
      charges.flatMap((one) => (one.credited === undefined ? [] : [Money.from(one.credited)])),
      currency,
    );
    frozen.set(chargeId, { original: first.charge, charges, net, credited });
  }
  return frozen;
}
