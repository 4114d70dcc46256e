import { InvariantViolation, type LocalDate, type Minutes, type MoneyJson } from '@billtrail/kernel';
import type { RoundingScope, WorkKind } from '@billtrail/contracts';
import type {
  AdjustmentBasis,
  Basis,
  CapBasis,
  ChargeBasis,
  DiscountBasis,
  PricedFacts,
  PriceBasis,
  RoundingBasis,
  UnpricedReason,
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
  itemIdOfSchema1,
  runOfSchema1,
} from './item/item-key.js';
import type { Trace, TraceStep } from './item/trace.js';

/**
 * Lifts items and charges of schema version 1 to version 2. Version 1 had no basis: what priced a line stood in its trace, and rating read it
 * there. This is the only file that still may. What a trace doesn't say is null, as rating took it.
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

function text(fact: Fact): string | null {
  return typeof fact === 'string' ? fact : null;
}

/** A fact that every step of its kind states. Throws where it doesn't. */
function stated(facts: Facts, name: string): string {
  const fact = text(facts[name]);
  if (fact === null)
    throw new InvariantViolation(`a trace of schema version 1 lacks ${name}: ${JSON.stringify(facts)}`);
  return fact;
}

/** `150.00 AUD`. */
function money(fact: Fact): MoneyJson | null {
  const match = /^(\S+) ([A-Z]{3})$/.exec(text(fact) ?? '');
  return match === null ? null : { amount: match[1] ?? '', currency: match[2] ?? '' };
}

function moneyStated(facts: Facts, name: string): MoneyJson {
  const amount = money(stated(facts, name));
  if (amount === null) throw new InvariantViolation(`${name} of a trace of schema version 1 is no money`);
  return amount;
}

function workOf(facts: Facts | undefined): PricedFacts | null {
  if (facts === undefined) return null;
  const workDate = stated(facts, 'workDate');
  switch (stated(facts, 'kind')) {
    case 'time':
      return {
        kind: 'time',
        workDate,
        actualMinutes: Number(facts['actualMinutes']),
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
        kind: 'material',
        workDate,
        itemCode: stated(facts, 'itemCode'),
        quantity: stated(facts, 'quantity'),
        unitCost: money(facts['unitCost']),
        listPrice: money(facts['listPrice']),
        underWarranty: facts['underWarranty'] === true,
      };
    default:
      return { kind: 'expense', workDate, cost: moneyStated(facts, 'cost') };
  }
}

function minutes(fact: Fact): Minutes | null {
  return typeof fact === 'number' ? fact : null;
}

function rateClassOf(trace: Trace): string | null {
  return text((factsOf(trace, 'segment') ?? factsOf(trace, 'work'))?.['rateClass']);
}

/** A part brings to its scope what lies in its stretch, by running total over the entry; all else brings the whole of the work. */
function roundingOf({ trace, segment }: ItemOfSchema1, work: PricedFacts | null): RoundingBasis | null {
  const facts = factsOf(trace, 'billable-time');
  if (facts === undefined) return null;
  const scope = stated(facts, 'roundingScope') as RoundingScope;
  const { actualMinutes, statedBillableMinutes } =
    work?.kind === 'time'
      ? work
      : {
          actualMinutes: Number(facts['actualMinutes']),
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
  const charged = facts['charged'] === true;
  const [flatPrice, currency] = [text(facts['flatPrice']), text(facts['currency'])];
  return {
    mode: stated(facts, 'mode') as PriceBasis['mode'],
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
  return text(trace.findLast(({ facts }) => 'unpriced' in facts)?.facts['unpriced']) as UnpricedReason | null;
}

function adjustmentOf(trace: Trace): AdjustmentBasis | null {
  const facts = factsOf(trace, 'adjustment');
  if (facts === undefined) return null;
  const { causedBy } = facts;
  return {
    causedBy: Array.isArray(causedBy) ? (causedBy as readonly string[]) : null,
    writeOffTakenBack: text(facts['writeOffTakenBack']),
  };
}

export function chargeOf(charge: ChargeOfSchema1): FrozenCharge {
  const facts = factsOf(charge.trace, 'charge') ?? {};
  const basis = chargeBasisOf(facts);
  const chargeId = chargeIdOf(keyOf(charge, basis.termId, facts));
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
    coveredDays: coveredDays === null ? null : Number(coveredDays),
  };
}

const KEYS = {
  recurring: 'fee',
  'prepaid-block': 'block',
  minimum: 'minimum',
  discount: 'discount',
} as const satisfies Record<Exclude<ChargeKind, 'service-credit'>, ChargeKey['of']>;

/** The key of a charge. Its old id must be what version 1 made of the key: else the charge would be lifted to another one's id. */
function keyOf(
  { chargeId, kind, contractId, from, ticketId }: ChargeOfSchema1,
  termId: string,
  facts: Facts,
): ChargeKey {
  if (kind !== 'service-credit') {
    if (chargeId !== `${contractId}:${termId}:${from}`) throw otherCharge(chargeId, termId);
    return { contractId, of: KEYS[kind], termId, from };
  }
  const target = stated(facts, 'target');
  const first = `${contractId}:${termId}:${ticketId}:${target}`;
  const run = runOfSchema1(chargeId, target);
  if (ticketId === null || chargeId !== (run === 1 ? first : `${first}:${run}`)) throw otherCharge(chargeId, termId);
  return { contractId, of: 'credit', termId, ticketId, target, run };
}

function otherCharge(chargeId: string, termId: string): InvariantViolation {
  return new InvariantViolation(`${chargeId} is no id of a charge of ${termId} that schema version 1 wrote`);
}
