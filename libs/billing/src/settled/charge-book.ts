import { Decimal, type LocalDate, Money, at, compareTexts, known, addTo } from '@billtrail/kernel';
import { amountOf } from '@billtrail/contracts';
import type { ChargeBasis, FeeBasis } from '../item/basis.js';
import { type Charge, type ChargeItem, type ChargeKind, type InvoicedCharge } from '../item/charge-item.js';
import { withoutDetails } from '../item/frozen-item.js';
import { chargeAdjustmentId, chargeItemKeyOf, invoiceOfHolder, invoicesOf } from '../item/item-key.js';
import type { TraceStep } from '../item/trace.js';
import type { ChargeLedger, EarlierCharge, ExpectedCharge, LackingCharge } from '../rating/charges/charge-ledger.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { PrepaidSource } from '../item/draw.js';
import { prepaidKey } from '../rating/prepaid/prepaid-amount.js';
import { frozenDraws } from './draws.js';
import { differenceOf } from './difference.js';
import { moneyAlone } from './holding.js';

/** What invoices of the account carry of one charge. */
interface SettledCharge extends EarlierCharge {
  /** The charge itself first, then its adjustments. */
  readonly original: Charge;
  readonly charges: readonly InvoicedCharge[];
}

/** All charges of a client-period: what is on invoices as it is, what should be instead as an adjustment, the rest as items of their own. */
export class ChargeBook implements ChargeLedger {
  private readonly settled: ReadonlyMap<string, SettledCharge>;
  private readonly accountedFor = new Set<string>();
  private readonly charges: ChargeItem[] = [];
  readonly lacking: LackingCharge[] = [];

  constructor(private readonly facts: ClientPeriodFacts) {
    this.settled = settledCharges(facts.invoicedCharges ?? []);
    const { clientId, period } = facts;
    for (const { charges } of this.settled.values()) {
      const given = creditsGiven(charges);
      for (const one of charges) {
        const { charge: frozen, invoiceId: holder, ...on } = one;
        const invoiceId = invoiceOfHolder(holder);
        const isOriginal = frozen.chargeItemId === frozen.chargeId;
        const charge = isOriginal ? withSteps(withoutDetails(frozen), given) : withoutDetails(frozen);
        const held = { disposition: 'invoiced', invoiceId, ...on } as const;
        this.charges.push({ ...charge, clientId, period, ...held, billableFrom: charge.from });
      }
    }
  }

  earlier(chargeId: string): EarlierCharge | null {
    return this.settled.get(chargeId) ?? null;
  }

  earlierOfKind(kind: ChargeKind): readonly EarlierCharge[] {
    return [...this.settled.values()].filter((one) => one.kind === kind);
  }

  expect(expected: ExpectedCharge): void {
    const { chargeId } = expected;
    this.accountedFor.add(chargeId);
    const settled = this.settled.get(chargeId);
    if (settled === undefined) this.add({ ...expected, chargeItemId: chargeId }, expected.billableFrom);
    else this.adjust(settled, Money.from(expected.net), 'recalculated', expected);
  }

  expectNet(chargeId: string, net: Money, why: string, fee?: readonly FeeBasis[]): void {
    this.accountedFor.add(chargeId);
    this.adjust(known(this.settled, chargeId, 'what is settled of charge'), net, why, null, fee);
  }

  lacks(charge: LackingCharge): void {
    this.lacking.push(charge);
  }

  frozenDraws(contractId: string, blockId: string): Decimal {
    const source: PrepaidSource = { from: 'block', contractId, blockId };
    const draws = [...frozenDraws(this.facts), ...(this.facts.laterDraws ?? [])];
    const own = draws.filter((draw) => prepaidKey(draw.source) === prepaidKey(source));
    return Decimal.sum(0, ...own.map(({ amount }) => amountOf(amount)));
  }

  netOf(kind: ChargeKind, contractId: string, termId: string): Money {
    const nets = this.charges
      .filter((one) => one.kind === kind && one.contractId === contractId && one.basis.termId === termId)
      .map((one) => Money.from(one.net));
    return Money.sum(nets, this.facts.currency);
  }

  /** Takes back the settled charges that nothing accounts for any more, and gives all charges in the order of their ids. */
  close(): readonly ChargeItem[] {
    for (const settled of this.settled.values()) {
      if (this.accountedFor.has(settled.chargeId)) continue;
      this.adjust(settled, Money.zero(settled.net.currency), 'no longer due', null);
    }
    return [...this.charges].sort((a, b) => compareTexts(a.chargeItemId, b.chargeItemId));
  }

  private adjust(
    settled: SettledCharge,
    net: Money,
    why: string,
    expected: ExpectedCharge | null,
    fee: readonly FeeBasis[] | undefined = expected?.basis.fee,
  ): void {
    const { original, charges, chargeId } = settled;
    const difference = owedOf(settled, net);
    if (difference.isZero()) return;
    const step: TraceStep = {
      step: 'adjustment',
      text: `${why} after ${chargeId} was invoiced at ${settled.net.toString()}: now ${net.toString()}, difference ${difference.toString()}`,
      facts: {
        frozenItemIds: charges.map(({ charge }) => charge.chargeItemId),
        invoiceIds: charges.map(({ invoiceId }) => invoiceId),
        frozenNet: settled.net.toJSON().amount,
        presentNet: net.toJSON().amount,
        difference: difference.toJSON().amount,
        currency: difference.currency,
      },
    };
    const events = new Set([...original.sourceEventIds, ...(expected?.sourceEventIds ?? [])]);
    this.add(
      {
        ...original,
        chargeItemId: chargeAdjustmentId(chargeId, nextAdjustment(charges)),
        quantity: difference.isNegative() ? '-1' : '1',
        unit: 'adjustment',
        unitPrice: (difference.isNegative() ? difference.negated() : difference).toJSON(),
        net: difference.toJSON(),
        sourceEventIds: [...events],
        basis: {
          ...withoutFigures(expected?.basis ?? original.basis),
          ...(fee === undefined ? {} : { fee }),
          before: {
            net: settled.net.toJSON().amount,
            now: net.toJSON().amount,
            documentIds: invoicesOf(charges.map(({ invoiceId }) => invoiceId)),
            why,
          },
        },
        trace: [...(expected?.trace ?? original.trace), step],
      },
      expected?.billableFrom ?? original.from,
    );
  }

  private add(charge: Charge, billableFrom: LocalDate): void {
    const { clientId, period, claimed } = this.facts;
    const invoiceId = claimed.get(charge.chargeItemId) ?? null;
    const disposition = invoiceId === null ? 'billable' : 'claimed';
    this.charges.push({ ...charge, clientId, period, disposition, invoiceId, billableFrom });
  }
}

/** What went back of a charge so far, each credit with its document: on credit notes, or as adjustments that invoices or notes carry. */
function creditsGiven(charges: readonly InvoicedCharge[]): readonly TraceStep[] {
  const given = charges.flatMap(({ charge, credited, creditNoteId, invoiceId }): readonly Credit[] => {
    const { chargeItemId } = charge;
    const net = Money.from(charge.net);
    const on = creditNoteId ?? invoiceId;
    if (net.isNegative()) return [{ money: net.negated(), chargeItemId, on }];
    return credited === undefined ? [] : [{ money: Money.from(credited), chargeItemId, on }];
  });
  const [first] = given;
  if (first === undefined) return [];
  const all = Money.sum(
    given.map(({ money }) => money),
    first.money.currency,
  );
  const each = given.map(({ money, chargeItemId, on }) => `${money.toString()} of ${chargeItemId} on ${on}`);
  return [
    {
      step: 'credit',
      text: `given back so far, ${all.toString()}: ${each.join('; ')}`,
      facts: {
        creditedItemIds: given.map(({ chargeItemId }) => chargeItemId),
        documentIds: given.map(({ on }) => on),
        credited: all.toJSON().amount,
        currency: all.currency,
      },
    },
  ];
}

interface Credit {
  readonly money: Money;
  readonly chargeItemId: string;
  readonly on: string;
}

function withSteps<Told extends { readonly trace: readonly TraceStep[] }>(
  charge: Told,
  steps: readonly TraceStep[],
): Told {
  return steps.length === 0 ? charge : { ...charge, trace: [...charge.trace, ...steps] };
}

/** What is said of the charge itself, and not of its adjustment. */
function withoutFigures(whole: ChargeBasis): ChargeBasis {
  const { fee: _fee, before: _before, minimum: _minimum, travel: _travel, ...basis } = whole;
  return basis;
}

/** What is still asked of the client, or owed to it, where a settled charge should have another net. */
function owedOf({ net, credited }: SettledCharge, now: Money): Money {
  const forgone = credited.isZero() ? null : moneyAlone(credited);
  const { owed } = differenceOf({ invoiced: moneyAlone(net.minus(credited)), forgone }, moneyAlone(now));
  return owed === null ? Money.zero(net.currency) : Money.of(owed.net, net.currency);
}

function adjustmentNumber({ charge }: InvoicedCharge): number {
  return chargeItemKeyOf(charge.chargeItemId).adjustment;
}

/** The number of what is frozen of the charge, and never one that is given. */
function nextAdjustment(charges: readonly InvoicedCharge[]): number {
  return Math.max(charges.length, ...charges.map((one) => adjustmentNumber(one) + 1));
}

function settledCharges(invoiced: readonly InvoicedCharge[]): ReadonlyMap<string, SettledCharge> {
  const byId = new Map<string, InvoicedCharge[]>();
  for (const one of invoiced) addTo(byId, one.charge.chargeId, one);
  const settled = new Map<string, SettledCharge>();
  for (const [chargeId, unordered] of byId) {
    const charges = [...unordered].sort((a, b) => adjustmentNumber(a) - adjustmentNumber(b));
    const original: Charge = withoutDetails(at(charges, 0, `what is settled of charge ${chargeId}`).charge);
    const { currency } = original.net;
    const net = Money.sum(
      charges.map(({ charge }) => Money.from(charge.net)),
      currency,
    );
    const credited = Money.sum(
      charges.flatMap((one) => (one.credited === undefined ? [] : [Money.from(one.credited)])),
      currency,
    );
    settled.set(chargeId, { ...original, net, original, charges, credited });
  }
  return settled;
}
