import { type MoneyJson, invariant, unreachable } from '@billtrail/kernel';
import { partsOfCharge, partsOfWork } from './account/line-parts.js';
import { type ExplainedItem, isPriced } from './item/billable-item.js';
import type { ChargeItem, FrozenCharge } from './item/charge-item.js';
import type { FrozenItem, LinePart } from './item/frozen-item.js';
import { itemKeyOf } from './item/item-key.js';
import type { TraceStep, TraceStepKind } from './item/trace.js';

/** What can be explained: an item or a charge as it is, or as it was frozen on a line. */
export type Explained = ExplainedItem | FrozenItem | ChargeItem | FrozenCharge;

/** One line of the story of a price: `Net`, `9 h x 100.00 = 900.00, less 10 % 90.00: 810.00 AUD`. */
export interface StoryLine {
  readonly label: string;
  readonly text: string;
}

const LABELS: Readonly<Record<TraceStepKind, string>> = {
  work: 'Worked',
  charge: 'Charge',
  ticket: 'Ticket',
  'no-charge': 'No charge',
  segment: 'Rate class',
  contract: 'Contract',
  coverage: 'Rule',
  warranty: 'Warranty',
  'billable-time': 'Billed',
  override: 'Price set',
  rate: 'Rate',
  multiplier: 'Multiplier',
  prepaid: 'Prepaid',
  discount: 'Discount',
  proration: 'Days',
  cap: 'Cap',
  amount: 'Net',
  courtesy: 'Courtesy',
  adjustment: 'Adjustment',
  credit: 'Credit',
};

/** As somebody from finance would tell it: what was done, under which contract and rule, the time that is billed, its rate. All else follows as it came. */
const FIRST: readonly TraceStepKind[] = [
  'charge',
  'work',
  'ticket',
  'no-charge',
  'contract',
  'coverage',
  'segment',
  'proration',
];

/** Printed numbers of documents by their ids. One without a number yet goes by its id. */
export type DocumentNumbers = ReadonlyMap<string, string>;

/** Ids of the documents that the story of an item names. */
export function documentsTold({ trace }: Explained): readonly string[] {
  return trace.filter(({ step }) => step === 'credit').flatMap(documentIdsOf);
}

function documentIdsOf({ facts: { creditNoteId, documentIds } }: TraceStep): readonly string[] {
  return typeof creditNoteId === 'string' ? [creditNoteId] : listOf(documentIds);
}

/**
 * How the price of an item or a charge came to be, in the order in which it is told, and last what was looked at and not applied. `numbers`: of the
 * documents that it names ({@link documentsTold}).
 */
export function storyOf(item: Explained, numbers: DocumentNumbers = new Map()): readonly StoryLine[] {
  // Each of several days has an amount of its own; told is the sum of all, once.
  const sum = item.trace.findLast(({ step }) => step === 'amount');
  const trace = item.trace.filter((one) => one.step !== 'amount' || one === sum);
  const told = [
    ...FIRST.flatMap((kind) => trace.filter(({ step }) => step === kind)),
    ...trace.filter(({ step }) => !FIRST.includes(step)),
  ];
  const lines = told.map((step) => ({ label: LABELS[step.step], text: textOf(step, item, numbers) }));
  const not = trace.flatMap((step) => notApplied(step));
  return [...lines, ...not.map((text) => ({ label: 'Not applied', text }))];
}

function textOf(step: TraceStep, item: Explained, numbers: DocumentNumbers): string {
  const { text, facts } = step;
  switch (step.step) {
    case 'contract':
      return contractText(step);
    case 'coverage':
      return ruleText(step);
    case 'billable-time':
      return text.replaceAll(' -> ', ': ');
    case 'charge':
      return termsText(step);
    case 'proration':
      return countText(step);
    case 'amount': {
      const whole = asFrozen(item);
      const parts = whole === null ? null : partsOf(whole);
      return whole === null || parts === null || facts['net'] === undefined ? text : netText(parts, whole);
    }
    case 'credit':
      return documentIdsOf(step).reduce((all, id) => all.replaceAll(id, numbers.get(id) ?? id), text);
    default:
      return text;
  }
}

/** `Support (K-1), version 2 in force on 2026-03-10`, and how it was chosen where the ticket says so. Steps of older documents name no name. */
function contractText({ text, facts }: TraceStep): string {
  const { contractName, contractId, contractVersion, workDate, chosenBy } = facts;
  if (typeof contractName !== 'string') return text;
  const version = `${contractName} (${String(contractId)}), version ${String(contractVersion)} in force on ${String(workDate)}`;
  return chosenBy === 'ticket' ? `${version}: named on the ticket` : version;
}

function ruleText({ text, facts: { ruleId, ruleName, outcome } }: TraceStep): string {
  return typeof ruleName === 'string' ? `${ruleName} (${String(ruleId)}): ${String(outcome)}` : text;
}

/** `39.50 a workstation, Managed service (fee) ...`: of a fee its price first, then whose it is. */
function termsText({ text, facts }: TraceStep): string {
  const { price, currency, countOf } = facts;
  if (typeof price !== 'string' || typeof currency !== 'string') return text;
  const each = typeof countOf === 'string' ? ` a ${countOf}` : '';
  return `${price} ${currency}${each}, ${text}`;
}

/** All days of the cycle, or some. */
function countText({ text, facts }: TraceStep): string {
  const { coveredDays, cycleDays, cycleFrom, cycleTo, counted } = facts;
  if (typeof coveredDays !== 'number' || typeof cycleDays !== 'number' || counted !== undefined) return text;
  if (typeof cycleFrom !== 'string' || typeof cycleTo !== 'string') return text;
  const cycle = `${cycleDays} days of ${cycleFrom} to ${cycleTo}`;
  return coveredDays === cycleDays ? `all ${cycle}` : `${coveredDays} of the ${cycle}`;
}

/**
 * With the net at which it was frozen: what credit notes took back of work since then is told after it, and is no part of its sum. null: it is what
 * they took back, which has no sum of its own.
 */
function asFrozen(item: Explained): Explained | null {
  if (!('workItemId' in item) || item.net === null) return item;
  const invoiced = item.trace.findLast(({ step }) => step === 'credit')?.facts['invoiced'];
  if (typeof invoiced !== 'string') return item;
  return itemKeyOf(item.itemId).role === 'credit' ? null : { ...item, net: { ...item.net, amount: invoiced } };
}

/** As the line of a document states it. null: it has no price. */
function partsOf(item: Explained): readonly LinePart[] | null {
  if ('parts' in item) return item.parts;
  if ('chargeItemId' in item) return partsOfCharge(item);
  return 'disposition' in item && isPriced(item) ? partsOfWork(item) : null;
}

function netText(parts: readonly LinePart[], { net, unit }: Pick<Explained, 'net' | 'unit'>): string {
  const sum = parts.map((part) => partText(part, unit)).join(', ');
  return net === null ? sum : parts.length === 1 ? `${sum} ${net.currency}` : `${sum}: ${moneyText(net)}`;
}

function partText(part: LinePart, unit: string): string {
  const { label, quantity, unitPrice, amount, minutes, perMinutes = 60, percent, days, ofDays } = part;
  const off = amount.amount.replace(/^-/, 'less ');
  switch (label) {
    case 'price':
    case 'tier': {
      const each = unitPrice?.amount ?? '';
      // Money that is taken off or given back is no quantity of anything.
      if (quantity === '-1' && minutes === undefined) return amount.amount;
      const hours = perMinutes === 60 ? ' an hour' : ` for ${perMinutes} min`;
      const many =
        minutes === undefined
          ? `${quantity ?? ''} ${part.unit ?? unit} x ${each}`
          : `${minutes} min at ${each}${hours}`;
      return `${many} = ${amount.amount}`;
    }
    case 'proration':
      return days === undefined ? `prorated, ${off}` : `for ${days} of ${ofDays} days ${off}`;
    case 'discount':
      return percent === undefined ? `discount ${off}` : `${percent} % off ${off}`;
    case 'cap':
      return `above the cap ${off}`;
    case 'courtesy':
      return `courtesy ${off}`;
    case 'limit':
      return `above the limit ${off}`;
    case 'elsewhere':
      return `in its other shares ${off}`;
    case 'left-over':
      return `not used, for nothing is left to take it off, ${off}`;
    case 'on-top':
      return `on top ${off}`;
    case 'tiers':
      return `by tiers ${off}`;
    case 'counted':
      return `counted towards it ${off}`;
    case 'paid-before':
      return `paid from the block ${off}`;
    case 'billed-before':
      return `billed before ${off}`;
    case 'adjustment':
      return `correction ${off}`;
    case 'rounding':
      return `rounding ${off}`;
    default:
      return unreachable(label);
  }
}

function moneyText({ amount, currency }: MoneyJson): string {
  return `${amount} ${currency}`;
}

/** What each criterion of a rule is called where it did not fit. */
const CRITERIA: Readonly<Record<string, string>> = {
  kinds: 'kind of work',
  workTypes: 'work type',
  engineerRoles: 'role',
  rateClasses: 'rate class',
  categories: 'category',
  ticketTypes: 'ticket type',
  priorities: 'priority',
  sites: 'site',
};

/** What was looked at in a step and had no part in the price. */
function notApplied({ step, facts }: TraceStep): readonly string[] {
  // What documents of before say of a rule that was passed over is a sentence.
  if (step === 'coverage' && facts['passedOver'] !== undefined) {
    const failedOn = listOf(facts['failedOn']);
    return listOf(facts['passedOver']).map((rule, index) => `rule ${rule}: another ${criterion(failedOn[index])}`);
  }
  const tried = listOf(facts['tried']).filter((one) => !/: (taken|drawn .*)$/.test(one));
  if (step !== 'contract') return tried;
  const own = `${String(facts['contractId'])} version ${String(facts['contractVersion'])} `;
  const others = facts['unpriced'] === undefined ? listOf(facts['inForce']).filter((one) => !one.startsWith(own)) : [];
  return others.map((one) => `contract ${one.replace(/ priority (\d+)$/, ', which comes at priority $1')}`);
}

function criterion(failedOn: string | undefined): string {
  const name = failedOn === undefined ? undefined : CRITERIA[failedOn];
  invariant(name !== undefined, `${failedOn} is no criterion of a rule`);
  return name;
}

function listOf(fact: TraceStep['facts'][string] | undefined): readonly string[] {
  return typeof fact === 'object' && fact !== null ? fact : [];
}
