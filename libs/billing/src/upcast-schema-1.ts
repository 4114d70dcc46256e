import {
  InvariantViolation,
  type LocalDate,
  type Minutes,
  type MoneyJson,
  invariant,
  isDecimalString,
  unreachable,
} from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import {
  type AdjustmentBasis,
  type Basis,
  type CapBasis,
  type ChargeBasis,
  type DiscountBasis,
  type PricedFacts,
  type PriceBasis,
  type RoundingBasis,
  UNPRICED_REASONS,
  type UnpricedReason,
} from './item/basis.js';
import type { Segment } from './item/billable-item.js';
import type { ChargeKind, FrozenCharge } from './item/charge-item.js';
import type { Draw } from './item/draw.js';
import { type FrozenItem, type InvoiceLine, NO_DETAILS } from './item/frozen-item.js';
import {
  type ChargeKey,
  adjustmentOfSchema1,
  chargeAdjustmentId,
  chargeIdOf,
  inSchema1,
  itemIdOfSchema1,
  runOfSchema1,
} from './item/item-key.js';
import type { Trace, TraceStep } from './item/trace.js';

/**
 * Lifts items and charges of schema version 1 to version 2. Version 1 had no basis: what priced a line stood in its trace, and rating read it
 * there. This is the only file that still may. What a trace doesn't say is null, as rating took it; what it says in a form that version 1 never
 * wrote is no fact, and throws.
 *
 * Names of work (`workItemId`, causes, the scopes of prices) and sentences stay as the document has them.
 */

/** An item as version 1 froze it. */
export interface ItemOfSchema1 {
  readonly itemId: string;
  readonly workItemId: string;
  readonly ticketId: string;
  readonly kind: WorkKind;
  readonly description: string;
  readonly workDate: LocalDate;
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: MoneyJson | null;
  readonly net: MoneyJson | null;
  readonly taxCategory: string | null;
  readonly sourceEventIds: readonly string[];
  readonly contractId: string | null;
  readonly contractVersion: number | null;
  readonly trace: Trace;
  readonly segment?: Segment;
  readonly draw?: Draw;
}
export interface LineOfSchema1 extends ItemOfSchema1 {
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly taxCategory: string;
  readonly contractId: string;
  readonly contractVersion: number;
}
export interface ChargeOfSchema1 {
  readonly chargeItemId: string;
  readonly chargeId: string;
  readonly kind: ChargeKind;
  readonly description: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly taxCategory: string;
  readonly contractId: string;
  readonly contractVersion: number;
  readonly ticketId: string | null;
  readonly sourceEventIds: readonly string[];
  readonly trace: Trace;
}
type Facts = TraceStep['facts'];
type Fact = Facts[string] | undefined;

export function lineOf(line: LineOfSchema1): InvoiceLine {
  return { ...itemOf(line), ...NO_DETAILS };
}

export function itemOf<Item extends ItemOfSchema1>(item: Item): Item & FrozenItem {
  const { workItemId, draw } = item;
  return {
    ...item,
    itemId: itemIdOfSchema1(item.itemId, workItemId),
    ...(draw === undefined ? {} : { draw: { ...draw, itemId: itemIdOfSchema1(draw.itemId, workItemId) } }),
    standardValue: null,
    cost: null,
    basis: basisOf(item),
  };
}

function basisOf(item: ItemOfSchema1): Basis {
  const { trace, net } = item;
  const work = workOf(factsOf(trace, 'work'));
  return {
    work,
    ruleId: text(trace.findLast(({ step }) => step === 'coverage')?.facts['ruleId']),
    rateClass: rateClassOf(trace),
    rounding: roundingOf(item, work),
    price: priceOf(item),
    discount: discountOf(factsOf(trace, 'discount')),
    prepaid: prepaidOf(trace),
    cap: capOf(item),
    unpriced: net === null ? unpricedOf(trace) : null,
    adjustment: adjustmentOf(trace),
  };
}

function factsOf(trace: Trace, kind: TraceStep['step']): Facts | undefined {
  return trace.find(({ step }) => step === kind)?.facts;
}

/** null: the trace doesn't say. */
function text(fact: Fact): string | null {
  invariant(typeof fact !== 'number' && typeof fact !== 'boolean' && !Array.isArray(fact), () => noFact(fact, 'text'));
  return typeof fact === 'string' ? fact : null;
}

function noFact(fact: Fact, form: string): string {
  return `${JSON.stringify(fact)} in a trace of schema version 1 is no ${form}`;
}

/** A fact that every step of its kind states. Throws where it doesn't. */
function stated(facts: Facts, name: string): string {
  return told(text(facts[name]), facts, name);
}

function told<Value>(value: Value | null, facts: Facts, name: string): Value {
  if (value === null)
    throw new InvariantViolation(`a trace of schema version 1 lacks ${name}: ${JSON.stringify(facts)}`);
  return value;
}

function oneOf<Value extends string>(values: readonly Value[], fact: string): Value {
  const value = values.find((one) => one === fact);
  if (value === undefined) throw new InvariantViolation(noFact(fact, values.join(' or ')));
  return value;
}

/** `150.00 AUD`. null: the trace doesn't say. */
function money(fact: Fact): MoneyJson | null {
  const amountAndCurrency = text(fact);
  if (amountAndCurrency === null) return null;
  const [amount = '', currency = '', ...rest] = amountAndCurrency.split(' ');
  invariant(isDecimalString(amount) && /^[A-Z]{3}$/.test(currency) && rest.length === 0, () => noFact(fact, 'money'));
  return { amount, currency };
}

function workOf(facts: Facts | undefined): PricedFacts | null {
  if (facts === undefined) return null;
  const workDate = stated(facts, 'workDate');
  const kind = oneOf(['time', 'material', 'expense'], stated(facts, 'kind'));
  switch (kind) {
    case 'time':
      return {
        kind,
        workDate,
        actualMinutes: minutesStated(facts, 'actualMinutes'),
        statedBillableMinutes: minutes(facts['statedBillableMinutes']),
        workType: stated(facts, 'workType'),
        engineerRole: stated(facts, 'engineerRole'),
        rateClass: text(facts['rateClass']),
        startedAt: text(facts['startedAt']),
        endedAt: text(facts['endedAt']),
        override: money(facts['override']),
      };
    case 'material':
      return {
        kind,
        workDate,
        itemCode: stated(facts, 'itemCode'),
        quantity: stated(facts, 'quantity'),
        unitCost: money(facts['unitCost']),
        listPrice: money(facts['listPrice']),
        underWarranty: flag(facts, 'underWarranty'),
      };
    case 'expense':
      return { kind, workDate, cost: told(money(facts['cost']), facts, 'cost') };
    default:
      return unreachable(kind);
  }
}

/** null: the trace doesn't say. */
function minutes(fact: Fact): Minutes | null {
  if (fact === undefined || fact === null) return null;
  invariant(typeof fact === 'number', () => noFact(fact, 'number of minutes'));
  return fact;
}

function minutesStated(facts: Facts, name: string): Minutes {
  return told(minutes(facts[name]), facts, name);
}

function flag(facts: Facts, name: string): boolean {
  const fact = facts[name];
  invariant(typeof fact === 'boolean', () => noFact(fact, `yes or no for ${name}`));
  return fact;
}

function rateClassOf(trace: Trace): string | null {
  return text((factsOf(trace, 'segment') ?? factsOf(trace, 'work'))?.['rateClass']);
}

/** A part brings to its scope what lies in its stretch, by running total over the entry; all else brings the whole of the work. */
function roundingOf({ trace, segment }: ItemOfSchema1, work: PricedFacts | null): RoundingBasis | null {
  const facts = factsOf(trace, 'billable-time');
  if (facts === undefined) return null;
  const scope = oneOf(['entry', 'ticket-day', 'ticket'], stated(facts, 'roundingScope'));
  const { actualMinutes, statedBillableMinutes } =
    work?.kind === 'time'
      ? work
      : {
          actualMinutes: minutesStated(facts, 'actualMinutes'),
          statedBillableMinutes: minutes(facts['statedBillableMinutes']),
        };
  if (segment === undefined) return { scope, basisMinutes: statedBillableMinutes ?? actualMinutes };
  const { fromMinute, toMinute } = segment;
  if (statedBillableMinutes === null) return { scope, basisMinutes: toMinute - fromMinute };
  if (actualMinutes === 0) return { scope, basisMinutes: statedBillableMinutes };
  const upTo = (minute: Minutes): Minutes => Math.round((statedBillableMinutes * minute) / actualMinutes);
  return { scope, basisMinutes: upTo(toMinute) - upTo(fromMinute) };
}

function priceOf({ trace, kind }: ItemOfSchema1): PriceBasis | null {
  const rates = trace.flatMap(({ step, facts }) => (step === 'rate' || step === 'override' ? [facts] : []));
  if (rates.length === 0 || rates.some((facts) => 'unpriced' in facts)) return null;
  // An amount on top of each hour is no price of a scope: it states none.
  const facts = rates.find(({ pricedOver }) => typeof pricedOver === 'string');
  if (facts === undefined)
    return { mode: kind === 'time' ? 'hourly' : 'quantity', scope: null, charged: false, flatPrice: null };
  const charged = flag(facts, 'charged');
  const [flatPrice, currency] = [text(facts['flatPrice']), text(facts['currency'])];
  return {
    mode: oneOf(['tiers', 'flat', 'amount-on-top'], stated(facts, 'mode')),
    scope: text(facts['pricedOver']),
    charged,
    flatPrice: charged && flatPrice !== null && currency !== null ? { amount: flatPrice, currency } : null,
  };
}

function discountOf(facts: Facts | undefined): DiscountBasis | null {
  if (facts === undefined) return null;
  return {
    exactBefore: stated(facts, 'exactBefore'),
    exact: stated(facts, 'exact'),
    beforeMinimumPercent: text(facts['beforeMinimumPercent']) ?? '0',
    afterMinimumPercent: text(facts['afterMinimumPercent']) ?? '0',
  };
}

function prepaidOf(trace: Trace): Basis['prepaid'] {
  const outcomes = new Set(trace.flatMap(({ step, facts }) => (step === 'prepaid' ? [facts['outcome']] : [])));
  if (outcomes.has('overage')) return 'overage';
  return outcomes.has('covered') ? 'covered' : null;
}

/** What was held back of a correction was said without its currency: it is that of the item. */
function capOf({ trace, net, unitPrice }: ItemOfSchema1): CapBasis | null {
  const caps = trace.flatMap(({ step, facts }) => (step === 'cap' ? [facts] : []));
  const last = caps.at(-1);
  if (last === undefined) return null;
  const currency = text(last['currency']) ?? (net ?? unitPrice)?.currency;
  if (currency === undefined) throw new InvariantViolation(`a cap of schema version 1 lacks its currency`);
  return {
    contractId: stated(last, 'contractId'),
    capId: stated(last, 'capId'),
    currency,
    above: text(last['above']),
    heldBack: text(caps.find((facts) => 'heldBack' in facts)?.['heldBack']),
  };
}

function unpricedOf(trace: Trace): UnpricedReason | null {
  const reason = text(trace.findLast(({ facts }) => 'unpriced' in facts)?.facts['unpriced']);
  return reason === null ? null : oneOf(UNPRICED_REASONS, reason);
}

function adjustmentOf(trace: Trace): AdjustmentBasis | null {
  const facts = factsOf(trace, 'adjustment');
  if (facts === undefined) return null;
  const { causedBy } = facts;
  return {
    causedBy: causedBy === undefined ? null : texts(causedBy),
    writeOffTakenBack: text(facts['writeOffTakenBack']),
  };
}

function texts(fact: Fact): readonly string[] {
  invariant(typeof fact === 'object' && fact !== null, () => noFact(fact, 'list'));
  return fact;
}

export function chargeOf(charge: ChargeOfSchema1): FrozenCharge {
  const facts = factsOf(charge.trace, 'charge') ?? {};
  const basis = chargeBasisOf(facts);
  const chargeId = chargeIdNow(charge, basis.termId, facts);
  const adjustment = adjustmentOfSchema1(charge.chargeItemId, charge.chargeId);
  return {
    ...charge,
    chargeId,
    chargeItemId: adjustment === 0 ? chargeId : chargeAdjustmentId(chargeId, adjustment),
    ...NO_DETAILS,
    basis,
  };
}

function chargeBasisOf(facts: Facts): ChargeBasis {
  const coveredDays = text(facts['coveredDays']);
  return {
    termId: stated(facts, 'chargeTermId'),
    discountAmount: text(facts['discountAmount']),
    exactOfDaysBefore: text(facts['exactOfDaysBefore']),
    required: text(facts['required']),
    coveredDays: coveredDays === null ? null : days(coveredDays),
  };
}

function days(fact: string): number {
  invariant(/^\d+$/.test(fact), () => noFact(fact, 'number of days'));
  return Number(fact);
}

const KEYS = {
  recurring: 'fee',
  'prepaid-block': 'block',
  minimum: 'minimum',
  discount: 'discount',
} as const satisfies Partial<Record<ChargeKind, ChargeKey['of']>>;

/** null: a credit of no ticket, which there is not. */
function keyOf(
  { chargeId, kind, contractId, from, ticketId }: ChargeOfSchema1,
  termId: string,
  facts: Facts,
): ChargeKey | null {
  if (kind === 'travel' || kind === 'one-time' || kind === 'milestone' || kind === 'incident')
    throw new InvariantViolation(`schema version 1 knew no charge of kind ${kind}, and has ${chargeId}`);
  if (kind !== 'service-credit') return { contractId, of: KEYS[kind], termId, from };
  const target = stated(facts, 'target');
  const run = runOfSchema1(chargeId, target);
  return ticketId === null ? null : { contractId, of: 'credit', termId, ticketId, target, run };
}

/** The id of the charge now. Its old id must be what version 1 made of its key: else the charge would be lifted to another one's id. */
function chargeIdNow(charge: ChargeOfSchema1, termId: string, facts: Facts): string {
  const key = keyOf(charge, termId, facts);
  const chargeId = key === null ? null : chargeIdOf(key);
  if (chargeId === null || inSchema1(chargeId) !== charge.chargeId)
    throw new InvariantViolation(`${charge.chargeId} is no id of a charge of ${termId} that schema version 1 wrote`);
  return chargeId;
}
