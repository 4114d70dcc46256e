import { type Minutes, Money, type MoneyJson } from '@billtrail/kernel';
import {
  type Allotment,
  type ContractTerms,
  type ContractVersion,
  type MinimumCommitment,
  type PrepaidBlock,
  type RecurringCharge,
  versionInForce,
} from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import { ALL_BILLABLE, contractFacts, facts, terms, ticketFacts, time } from './facts.js';
import type { Assessed } from '../rating/assessed.js';
import type { ChargeItem, FrozenCharge } from '../item/charge-item.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { capBasis, capStep } from '../rating/caps/room.js';
import type { PricedPart, Reprice } from '../rating/items/priced-part.js';
import { frozenChargeOf } from '../account/charges.js';
import { NO_BASIS } from '../item/made-item.js';
import { type Trace, type Step, type TraceStep, type TraceStepKind, told } from '../item/trace.js';
import { pricedFacts } from '../rating/items/work-facts.js';
import { HOURLY, type Price } from '../rating/price/price.js';

export const aud = (amount: string): MoneyJson => ({ amount, currency: 'AUD' });
export const minutes = (count: Minutes) => ({ unit: 'minutes', minutes: count }) as const;
export const money = (amount: string) => ({ unit: 'money', money: aud(amount) }) as const;

/** A contract from 1 January 2026 on with these terms beside a card at 150.00 an hour. */
export function contractWith(changes: Partial<ContractTerms>, rest: Partial<ContractFacts> = {}): ContractFacts {
  return contractFacts({ terms: { ...terms(), ...changes }, ...rest });
}

/** Versions of one contract, each from its day on until the next. */
export function versionsFrom(...list: readonly (readonly [from: string, changes: Partial<ContractTerms>])[]): {
  readonly versions: readonly ContractVersion[];
} {
  return {
    versions: list.map(([effectiveFrom, changes], index) => ({
      versionNumber: index + 1,
      effectiveFrom,
      effectiveTo: null,
      terms: { ...terms(), ...changes },
    })),
  };
}

export function block(
  blockId: string,
  amount: PrepaidBlock['amount'],
  changes: Partial<PrepaidBlock> = {},
): PrepaidBlock & { readonly eventId: string } {
  return {
    blockId,
    amount,
    purchasedOn: '2026-01-05',
    expiresOn: null,
    price: null,
    eventId: `ev-${blockId}`,
    ...changes,
  };
}

/** 600 minutes a month with one-month roll-over. */
export function allotment(changes: Partial<Allotment> = {}): Allotment {
  return { id: 'base', name: 'Monthly hours', base: minutes(600), rollOver: 'one-period', ...changes };
}

export function fee(changes: Partial<RecurringCharge> = {}): RecurringCharge {
  return {
    id: 'fee',
    name: 'Managed service',
    basis: 'fixed',
    price: '1000.00',
    billed: 'in-advance',
    taxCategory: 'GST',
    ...changes,
  };
}

export function minimumOf(amountPerPeriod: string, changes: Partial<MinimumCommitment> = {}): MinimumCommitment {
  return {
    id: 'min',
    name: 'Minimum commitment',
    amountPerPeriod,
    countsRecurring: false,
    taxCategory: 'GST',
    ...changes,
  };
}

const AT_THE_CARD = { basis: HOURLY, discount: null, unpriced: null, steps: [] } as const;

/** A price that is one whatever the minutes. */
export function flatPrice(exact: Money): Price {
  const whole = { amount: exact.plain(), currency: exact.currency };
  const basis = { mode: 'flat', scope: 'the visit', charged: true, flatPrice: whole } as const;
  return { ...AT_THE_CARD, basis, unitPrice: exact, exact, standard: exact };
}

/** The steps of a part as its item will tell them. */
export function stepsOfPart({ time: rounded, price, after, cap }: PricedPart): Trace {
  return told(rounded === null ? [] : [rounded.step], price.steps, after, cap === null ? [] : [() => capStep(cap)]);
}

/** A step that says nothing. */
export function said(step: TraceStepKind): Step {
  return () => ({ step, text: '', facts: {} });
}

export function lastStepOf(priced: PricedPart | undefined): TraceStep | undefined {
  return priced === undefined ? undefined : stepsOfPart(priced).at(-1);
}

/** Work of one contract as step 5 leaves it, at 150.00 an hour unless another price is given. */
export function part(
  contract: ContractFacts,
  work: WorkItem,
  changes: Partial<PricedPart> & { readonly date?: string } = {},
): PricedPart {
  const stated = contract.versions.findLast((one) => one.effectiveFrom <= (changes.date ?? work.workDate));
  if (stated === undefined) throw new Error(`no version of ${contract.contractId} on ${work.workDate}`);
  const { date = work.workDate, ...rest } = changes;
  const version = versionInForce(stated, date, {});
  const assessed: Assessed = {
    work,
    ticket: ticketFacts({ ticketId: work.ticketId }),
    earlier: null,
    placement: { as: changes.outcome ?? 'prepaid', inForce: { contract, version }, rule: ALL_BILLABLE, steps: [] },
    date,
    beganOn: date,
    contractDate: date,
    rateClass: work.kind === 'time' ? work.rateClass : null,
    segment: null,
    minutes: work.kind === 'time' ? work.minutes : 0,
    segmentStep: null,
    unitFrom: 0,
    unitTo: work.kind === 'time' ? work.minutes : 0,
    isRest: false,
  };
  const billable = work.kind === 'time' ? work.minutes : null;
  const unitPrice = Money.of('150.00', 'AUD');
  const exact = billable === null ? unitPrice : unitPrice.times(billable).dividedBy(60);
  return {
    assessed,
    inForce: { contract, version },
    outcome: 'prepaid',
    time: null,
    price: { ...AT_THE_CARD, unitPrice, exact, standard: exact },
    standard: exact,
    after: [],
    prepaid: null,
    cap: null,
    actualMinutes: billable,
    billableMinutes: billable,
    quantity: String(billable ?? 1),
    unitPrice,
    exact,
    draw: null,
    aboveCap: null,
    ...rest,
  };
}

/** Time on a day, with the log position that its number says. */
export function spent(count: Minutes, workDate: string, number = 1): WorkItem {
  return time({
    workItemId: `w-${number}`,
    position: number,
    minutes: count,
    workDate,
    sourceEventIds: [`ev-w-${number}`],
  });
}

/** Overage at a price of an hour. */
export function overageAt(pricePerHour: string): Reprice {
  return (priced, count) => {
    const unitPrice = Money.of(pricePerHour, priced.unitPrice.currency);
    const exact = unitPrice.times(count).dividedBy(60);
    return { unitPrice, exact, price: { ...AT_THE_CARD, unitPrice, exact, standard: null }, after: priced.after };
  };
}

/** The facts of a client's month under these contracts. */
export function monthOf(
  period: string,
  contracts: readonly ContractFacts[],
  changes: Partial<ClientPeriodFacts> = {},
): ClientPeriodFacts {
  return facts([], { period, contracts, ...changes });
}

/** A part of step 6 or 7 as its item: enough for charges and for freezing its draw. */
export function itemOf(priced: PricedPart, itemId: string, period: string): ExplainedItem {
  const { work } = priced.assessed;
  const { contract, version } = priced.inForce;
  return {
    itemId,
    workItemId: work.workItemId,
    ticketId: work.ticketId,
    clientId: contract.clientId,
    period,
    kind: work.kind,
    disposition: priced.draw !== null ? 'covered' : priced.aboveCap === null ? 'billable' : 'written-off',
    workDate: work.workDate,
    description: work.description,
    actualMinutes: priced.actualMinutes,
    billableMinutes: priced.billableMinutes,
    quantity: priced.quantity,
    unit: work.kind === 'time' ? 'h' : 'piece',
    unitPrice: priced.unitPrice.toJSON(),
    net: priced.exact.rounded().toJSON(),
    standardValue: priced.standard?.rounded().toJSON() ?? null,
    cost: null,
    taxCategory: 'GST',
    contractId: contract.contractId,
    contractVersion: version.versionNumber,
    approval: work.approval ?? null,
    invoiceId: null,
    sourceEventIds: work.sourceEventIds,
    basis: {
      ...NO_BASIS,
      work: pricedFacts(work),
      prepaid: priced.prepaid,
      cap: priced.cap === null ? null : capBasis(priced.cap),
    },
    trace: stepsOfPart(priced),
    ...(priced.draw === null ? {} : { draw: { ...priced.draw, itemId } }),
  };
}

/** Charges as they stand on an issued invoice. */
export function onInvoice(
  charges: readonly ChargeItem[],
  invoiceId = 'inv-1',
): readonly { readonly charge: FrozenCharge; readonly invoiceId: string }[] {
  return charges.map((charge) => ({ charge: frozenChargeOf(charge), invoiceId }));
}
