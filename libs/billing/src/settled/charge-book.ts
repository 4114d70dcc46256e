import { Decimal, type LocalDate, Money, compareTexts, invariant, known } from '@billtrail/kernel';
import { amountOf } from '@billtrail/contracts';
import { type Charge, type ChargeItem, type ChargeKind, type InvoicedCharge } from '../item/charge-item.js';
import { withoutDetails } from '../item/frozen-item.js';
import { invoiceOfHolder } from '../item/item-key.js';
import type { TraceStep } from '../item/trace.js';
import type {
  CategoryNet,
  ChargeLedger,
  EarlierCharge,
  ExpectedCharge,
  LackingCharge,
} from '../rating/charges/charge-ledger.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { PrepaidSource } from '../item/draw.js';
import { type PricedAtSite, billToOf } from '../rating/bill-to.js';
import { prepaidKey } from '../rating/prepaid/prepaid-amount.js';
import { adjustmentsOfCharge } from './charge-adjustments.js';
import { frozenDraws } from './draws.js';
import { type SettledCharge, settledCharges } from './settled-charges.js';

/** All charges of a client-period: what is on invoices as it is, what should be instead as an adjustment, the rest as items of their own. */
export class ChargeBook implements ChargeLedger {
  private readonly settled: ReadonlyMap<string, SettledCharge>;
  private readonly accountedFor = new Set<string>();
  private readonly charges: ChargeItem[] = [];
  readonly lacking: LackingCharge[] = [];
  /** By the id of a document. */
  private readonly recipients: ReadonlyMap<string, string>;
  /** Of settled charges, by `chargeItemId`: who was asked, or was given it by a credit note of no invoice. */
  private readonly recipientsOfCharges: ReadonlyMap<string, string>;

  constructor(private readonly facts: ClientPeriodFacts) {
    const { invoiced, invoicedCharges = [] } = facts;
    this.settled = settledCharges(invoicedCharges);
    this.recipients = new Map(
      [
        ...invoiced.map(({ line, invoiceId }) => [invoiceId, line] as const),
        ...invoicedCharges.map(({ charge, invoiceId }) => [invoiceId, charge] as const),
      ].map(([invoiceId, { billTo }]) => [invoiceId, billTo ?? facts.clientId]),
    );
    this.recipientsOfCharges = recipientsOf(facts);
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
    else {
      const { taxCategory, basis, net } = expected;
      const fee = basis.fee === undefined ? {} : { fee: basis.fee };
      this.adjust(settled, [{ taxCategory, net: Money.from(net), ...fee }], whyRecalculated(settled, basis), expected);
    }
  }

  expectNets(chargeId: string, nets: readonly CategoryNet[], why: string): void {
    this.accountedFor.add(chargeId);
    this.adjust(known(this.settled, chargeId, 'what is settled of charge'), nets, why, null);
  }

  stands(chargeId: string): void {
    invariant(this.settled.has(chargeId), () => `nothing is settled of charge ${chargeId} that could stand`);
    this.accountedFor.add(chargeId);
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

  netsOf({ kind, contractId, termId, taxCategory }: Parameters<ChargeLedger['netsOf']>[0]): ReadonlyMap<string, Money> {
    const nets = new Map<string, Money>();
    for (const one of this.charges) {
      if (one.kind !== kind || one.contractId !== contractId || one.basis.termId !== termId) continue;
      if (one.taxCategory !== taxCategory) continue;
      const recipientId =
        one.disposition === 'invoiced'
          ? known(this.recipientsOfCharges, one.chargeItemId, 'the recipient of charge')
          : this.recipientOf({ ...one, siteId: null, on: one.from }, one.basis.before?.documentIds ?? []);
      const net = Money.from(one.net);
      nets.set(recipientId, nets.get(recipientId)?.plus(net) ?? net);
    }
    return nets;
  }

  recipientOf(priced: PricedAtSite, documentIds: readonly (string | null)[]): string {
    const documentId = documentIds.findLast((id) => id !== null && this.recipients.has(id)) ?? null;
    const { clientId, contracts, billTo = null, places } = this.facts;
    const received = documentId === null ? undefined : this.recipients.get(documentId);
    return received ?? billToOf({ clientId, billTo, contracts, sites: places?.sites ?? [] }, priced);
  }

  /** Takes back the settled charges that nothing accounts for any more, and gives all charges in the order of their ids. */
  close(): readonly ChargeItem[] {
    for (const settled of this.settled.values()) {
      if (this.accountedFor.has(settled.chargeId)) continue;
      this.adjust(settled, [], 'no longer due', null);
    }
    return [...this.charges].sort((a, b) => compareTexts(a.chargeItemId, b.chargeItemId));
  }

  private adjust(
    settled: SettledCharge,
    nets: readonly CategoryNet[],
    why: string,
    expected: ExpectedCharge | null,
  ): void {
    for (const adjustment of adjustmentsOfCharge(settled, nets, why, expected)) {
      const charge = this.ofWhoWasGiven(adjustment, settled);
      const sourceEventIds = [...new Set([...charge.sourceEventIds, ...this.daysEventsOf(charge)])];
      this.add({ ...charge, sourceEventIds }, expected?.billableFrom ?? settled.original.from);
    }
  }

  /** What adjusts a credit that no invoice carries is of who was given that; else its invoices say whose it is. */
  private ofWhoWasGiven(adjustment: Charge, { billTo }: SettledCharge): Charge {
    const { basis } = adjustment;
    if (basis.before === undefined || basis.before.documentIds.length > 0) return adjustment;
    return { ...adjustment, basis: { ...basis, billTo: billTo ?? this.facts.clientId } };
  }

  /** What took days of a recurring charge away, or gave them back (law L6). */
  private daysEventsOf({ kind, contractId, from, to }: Charge): readonly string[] {
    if (kind !== 'recurring' && kind !== 'minimum' && kind !== 'discount') return [];
    const contract = this.facts.contracts.find((one) => one.contractId === contractId);
    return (contract?.daysEvents ?? []).flatMap((one) =>
      one.from <= to && (one.to === null || one.to >= from) ? [one.eventId] : [],
    );
  }

  private add(charge: Charge, billableFrom: LocalDate): void {
    const { clientId, period, claimed } = this.facts;
    const invoiceId = claimed.get(charge.chargeItemId) ?? null;
    const disposition = invoiceId === null ? 'billable' : 'claimed';
    this.charges.push({ ...charge, clientId, period, disposition, invoiceId, billableFrom });
  }
}

/** Who was asked for each settled charge, or was given it. One charge is on one document: of two of one id nobody could say whose it is. */
function recipientsOf({ clientId, invoicedCharges = [] }: ClientPeriodFacts): ReadonlyMap<string, string> {
  const recipients = new Map<string, string>();
  for (const { charge, invoiceId } of invoicedCharges) {
    const { chargeItemId, billTo } = charge;
    invariant(
      !recipients.has(chargeItemId),
      () => `charge ${chargeItemId} is settled twice, the second time on ${invoiceId}`,
    );
    recipients.set(chargeItemId, billTo ?? clientId);
  }
  return recipients;
}

/** Of a minimum what was reached, then and now, where that differs; of a credit by number of breaches how many there are. */
function whyRecalculated(
  { net: { currency }, basis: { minimum: then } }: SettledCharge,
  { minimum: now, breaches }: Charge['basis'],
): string {
  if (breaches !== undefined) return `recalculated: ${breaches.counted} breaches in the month`;
  if (then === undefined || now === undefined || then.reached === now.reached) return 'recalculated';
  const [before, reached] = [then.reached, now.reached].map((one) => Money.of(one, currency).rounded().toString());
  return `recalculated: ${reached} reached instead of ${before}`;
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
