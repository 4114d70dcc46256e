import {
  Decimal,
  BUSINESS_DATES,
  type Instant,
  type LocalDate,
  type Minutes,
  Money,
  type MoneyJson,
  type Refusal,
  addDays,
  epochMillis,
  isBusinessDate,
  isBusinessTime,
  isCurrency,
  isDecimalString,
  isInstant,
  isLocalDate,
  localDateIn,
} from '@billtrail/kernel';
import type { ExpenseFacts, MaterialFacts, TimeEntryFacts } from './events.js';
import { type TicketRefusalCode, blankField, no } from './refusals.js';

/** See TimeEntryFacts; absent is null. */
export interface TimeEntryInput {
  readonly engineerId: string;
  readonly engineerRole: string;
  readonly workType: string;
  readonly minutes: Minutes;
  readonly workDate: LocalDate;
  readonly startedAt?: Instant | null;
  readonly endedAt?: Instant | null;
  readonly statedBillableMinutes?: Minutes | null;
  readonly rateClass?: string | null;
  readonly description: string;
}

/** See MaterialFacts; absent is null, or false. */
export interface MaterialInput {
  readonly itemCode: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitCost?: MoneyJson | null;
  readonly taxIncluded?: MoneyJson | null;
  readonly listPrice?: MoneyJson | null;
  readonly serialNumber?: string | null;
  readonly underWarranty?: boolean;
  readonly warrantyClaim?: string | null;
  readonly workDate: LocalDate;
}

/** See ExpenseFacts; absent is null. */
export interface ExpenseInput {
  readonly description: string;
  readonly cost: MoneyJson;
  readonly taxIncluded?: MoneyJson | null;
  readonly quantity?: string | null;
  readonly unit?: string | null;
  readonly expenseType?: string | null;
  readonly receiptReference?: string | null;
  readonly workDate: LocalDate;
}

/** The longest time entry, in minutes: a day. Longer work is one entry per day. */
export const MAX_ENTRY_MINUTES = 1440;

/** The largest quantity of one material usage, and the largest amount of one price or cost, in its currency: anything above is a typing error. */
export const MAX_QUANTITY = 100_000;
export const MAX_AMOUNT = 100_000_000;

/** How far the clock of a caller may run ahead, in minutes. */
export const MAX_CLOCK_SKEW_MINUTES = 5;

type TicketRefusal = Refusal<TicketRefusalCode>;

const MINUTE_MILLIS = 60_000;

/** The zones in which a day begins first (UTC+14) and last (UTC-12): whatever the client's zone, its day lies between theirs. */
const EARLIEST_DAY_ZONE = 'Pacific/Kiritimati';
const LATEST_DAY_ZONE = 'Etc/GMT+12';

export function timeEntryFacts(input: TimeEntryInput): TimeEntryFacts {
  return {
    engineerId: input.engineerId,
    engineerRole: input.engineerRole,
    workType: input.workType,
    minutes: input.minutes,
    workDate: input.workDate,
    startedAt: input.startedAt ?? null,
    endedAt: input.endedAt ?? null,
    statedBillableMinutes: input.statedBillableMinutes ?? null,
    rateClass: input.rateClass ?? null,
    description: input.description,
  };
}

export function materialFacts(input: MaterialInput): MaterialFacts {
  return {
    itemCode: input.itemCode,
    description: input.description,
    quantity: input.quantity,
    unit: input.unit,
    unitCost: plainMoney(input.unitCost),
    ...taxOf(input),
    listPrice: plainMoney(input.listPrice),
    serialNumber: input.serialNumber ?? null,
    underWarranty: input.underWarranty ?? false,
    ...((input.warrantyClaim ?? null) === null ? {} : { warrantyClaim: input.warrantyClaim as string }),
    workDate: input.workDate,
  };
}

export function expenseFacts(input: ExpenseInput): ExpenseFacts {
  const { quantity = null, unit = null, expenseType = null } = input;
  return {
    description: input.description,
    cost: { amount: input.cost.amount, currency: input.cost.currency },
    ...taxOf(input),
    ...(quantity === null ? {} : { quantity }),
    ...(unit === null ? {} : { unit }),
    ...(expenseType === null ? {} : { expenseType }),
    receiptReference: input.receiptReference ?? null,
    workDate: input.workDate,
  };
}

function taxOf(input: Pick<ExpenseInput, 'taxIncluded'>): Pick<ExpenseFacts, 'taxIncluded'> {
  const taxIncluded = plainMoney(input.taxIncluded);
  return taxIncluded === null ? {} : { taxIncluded };
}

export function plainMoney(money: MoneyJson | null | undefined): MoneyJson | null {
  return money ? { amount: money.amount, currency: money.currency } : null;
}

/**
 * Business time is a time with an offset, and not in the future: at most {@link MAX_CLOCK_SKEW_MINUTES} ahead of the time of issue.
 * The past has no limit but the first business date: back-dated work is normal.
 */
export function occurredAtRule(occurredAt: Instant, at: Instant): TicketRefusal | null {
  if (!isInstant(occurredAt)) {
    return no(
      'OccurredAtInvalid',
      `${occurredAt} is not a time with an offset.`,
      'Use RFC 3339, for example 2026-03-31T09:30:00+11:00.',
    );
  }
  if (!isBusinessTime(occurredAt)) {
    return no(
      'OccurredAtInvalid',
      `${occurredAt} is not on a day ${BUSINESS_DATES}.`,
      'Send the time at which it happened.',
      { occurredAt },
    );
  }
  if (epochMillis(occurredAt) - epochMillis(at) <= MAX_CLOCK_SKEW_MINUTES * MINUTE_MILLIS) return null;
  return no('OccurredInFuture', `${occurredAt} is in the future.`, 'Send the time at which it happened.', {
    occurredAt,
    at,
  });
}

/** The rules of a time entry, in the order in which they refuse; null if none is broken. */
export function timeEntryRule(facts: TimeEntryFacts, at: Instant): TicketRefusal | null {
  const { engineerId, engineerRole, workType, description } = facts;
  return (
    blankField({ engineerId, engineerRole, workType, description }) ??
    minutesRule(facts) ??
    workDateRule(facts.workDate, at) ??
    timesRule(facts)
  );
}

export function materialRule(facts: MaterialFacts, at: Instant): TicketRefusal | null {
  const { itemCode, description, unit } = facts;
  return (
    blankField({ itemCode, description, unit }) ??
    quantityRule(facts.quantity) ??
    moneyRule('unitCost', facts.unitCost) ??
    taxRule('unitCost', facts.unitCost, facts.taxIncluded) ??
    moneyRule('listPrice', facts.listPrice) ??
    workDateRule(facts.workDate, at)
  );
}

export function expenseRule(facts: ExpenseFacts, at: Instant): TicketRefusal | null {
  return (
    blankField({
      description: facts.description,
      ...(facts.unit === undefined ? {} : { unit: facts.unit }),
      ...(facts.expenseType === undefined ? {} : { expenseType: facts.expenseType }),
    }) ??
    (facts.quantity === undefined ? unitRule(facts.unit) : quantityRule(facts.quantity)) ??
    moneyRule('cost', facts.cost) ??
    taxRule('cost', facts.cost, facts.taxIncluded) ??
    (facts.quantity === undefined ? wholeRule(facts) : null) ??
    workDateRule(facts.workDate, at)
  );
}

/** What was paid for one thing is whole minor units; the cost of a unit may be finer. */
function wholeRule({ cost, taxIncluded }: Pick<ExpenseFacts, 'cost' | 'taxIncluded'>): TicketRefusal | null {
  for (const [field, money] of [
    ['cost', cost],
    ['taxIncluded', taxIncluded],
  ] as const) {
    if (money === undefined) continue;
    const stated = Money.from(money);
    if (!stated.rounded().equals(stated)) return moneyRefusal(field, money);
  }
  return null;
}

/** The tax in a cost is in its currency, and less than it. */
function taxRule(field: string, cost: MoneyJson | null, tax: MoneyJson | undefined): TicketRefusal | null {
  if (tax === undefined) return null;
  const invalid = moneyRule('taxIncluded', tax);
  if (invalid !== null) return invalid;
  if (cost !== null && tax.currency === cost.currency && new Decimal(tax.amount).lt(cost.amount)) return null;
  const { amount, currency } = tax;
  return no(
    'MoneyInvalid',
    `taxIncluded can't be ${amount} ${currency}, where ${field} is ${cost === null ? 'not stated' : `${cost.amount} ${cost.currency}`}.`,
    `Send ${field} with its tax and taxIncluded as the part of it that is claimed back; leave taxIncluded out where ${field} is net.`,
    { field: 'taxIncluded', amount, currency, max: MAX_AMOUNT },
  );
}

/** A stated time of zero would make work disappear without a reason: what is not charged is declared so, or covered by a rule. */
function minutesRule({ minutes, statedBillableMinutes }: TimeEntryFacts): TicketRefusal | null {
  for (const [field, value] of [
    ['minutes', minutes] as const,
    ['statedBillableMinutes', statedBillableMinutes] as const,
  ]) {
    if (value === null || (Number.isInteger(value) && value >= 1 && value <= MAX_ENTRY_MINUTES)) continue;
    const remedy =
      value === 0 && field === 'statedBillableMinutes'
        ? 'Leave it out. Work that is not charged is declared free of charge, or covered by a rule of the contract.'
        : `Send whole minutes from 1 to ${MAX_ENTRY_MINUTES}, one entry per day.`;
    return no('MinutesInvalid', `${field} can't be ${value}.`, remedy, { field, max: MAX_ENTRY_MINUTES });
  }
  return null;
}

function workDateRule(workDate: LocalDate, at: Instant): TicketRefusal | null {
  if (!isLocalDate(workDate)) {
    return no(
      'WorkDateInvalid',
      `${workDate} is not a date.`,
      "Send the day of the work in the client's time zone, for example 2026-03-31.",
    );
  }
  if (!isBusinessDate(workDate)) {
    return no(
      'WorkDateInvalid',
      `${workDate} is not a day ${BUSINESS_DATES}.`,
      'Send the day on which the work was done.',
      { workDate },
    );
  }
  if (workDate <= localDateIn(EARLIEST_DAY_ZONE, at)) return null;
  return no(
    'WorkDateInFuture',
    `${workDate} is in the future everywhere.`,
    'Send the day on which the work was done.',
    {
      workDate,
    },
  );
}

function timesRule({ startedAt, endedAt, minutes, workDate }: TimeEntryFacts): TicketRefusal | null {
  if (startedAt === null && endedAt === null) return null;
  if (startedAt === null || endedAt === null) {
    return no(
      'TimesIncomplete',
      'startedAt and endedAt go together, and one is missing.',
      'Send both, or only the minutes.',
    );
  }
  const times = { startedAt, endedAt };
  if (!isWholeMinute(startedAt) || !isWholeMinute(endedAt) || epochMillis(endedAt) <= epochMillis(startedAt)) {
    return no(
      'TimesInvalid',
      `${startedAt} to ${endedAt} is not a valid span of time.`,
      'Send times with an offset, in whole minutes, the end after the start.',
      times,
    );
  }
  const elapsed = (epochMillis(endedAt) - epochMillis(startedAt)) / MINUTE_MILLIS;
  if (elapsed !== minutes) {
    return no(
      'MinutesDisagree',
      `From startedAt to endedAt are ${elapsed} minutes, but minutes is ${minutes}.`,
      'Correct one of them. Log work with a break as one entry per part.',
      { ...times, minutes, elapsed },
    );
  }
  const first = localDateIn(LATEST_DAY_ZONE, startedAt);
  const last = localDateIn(EARLIEST_DAY_ZONE, startedAt);
  if (workDate >= first && workDate <= last) return null;
  return no(
    'WorkDateDisagrees',
    `${startedAt} is not on ${workDate} in any time zone.`,
    `Send the day on which the work began: ${addDays(first, 1) === last ? `${first} or ${last}` : `${first} to ${last}`}.`,
    { ...times, workDate },
  );
}

function isWholeMinute(instant: Instant): boolean {
  return isInstant(instant) && epochMillis(instant) % MINUTE_MILLIS === 0;
}

/** An hourly price set by a person. Zero would make work disappear without a reason: what is not charged is declared so, or written off. */
export function pricePerHourRule(pricePerHour: MoneyJson | null): TicketRefusal | null {
  if (pricePerHour === null) return null;
  const invalid = moneyRule('pricePerHour', pricePerHour);
  return invalid ?? (isAboveZero(pricePerHour.amount) ? null : moneyRefusal('pricePerHour', pricePerHour));
}

/** Above zero, in whole minor units: no rounding follows. null: all that the work comes to. */
export function courtesyRule(amount: MoneyJson | null): TicketRefusal | null {
  if (amount === null) return null;
  const invalid = moneyRule('amount', amount);
  if (invalid !== null) return invalid;
  const money = Money.from(amount);
  return isAboveZero(amount.amount) && money.rounded().equals(money) ? null : moneyRefusal('amount', amount);
}

/** A unit says that something is counted. */
function unitRule(unit: string | undefined): TicketRefusal | null {
  if (unit === undefined) return null;
  return no(
    'QuantityMissing',
    `The expense is in ${unit}, and nobody said how many there were.`,
    'Send the quantity, such as "120", or leave out the unit.',
    { unit },
  );
}

function quantityRule(quantity: string): TicketRefusal | null {
  if (isDecimalString(quantity) && isAboveZero(quantity) && isAtMost(quantity, MAX_QUANTITY)) return null;
  return no(
    'QuantityInvalid',
    `The quantity can't be ${quantity}.`,
    `Send a decimal number above zero, at most ${MAX_QUANTITY}: "2" or "0.5".`,
    { quantity, max: MAX_QUANTITY },
  );
}

function moneyRule(field: string, money: MoneyJson | null): TicketRefusal | null {
  if (money === null) return null;
  const { amount, currency } = money;
  const valid = isDecimalString(amount) && isAboveZero(amount) && isAtMost(amount, MAX_AMOUNT) && isCurrency(currency);
  return valid ? null : moneyRefusal(field, money);
}

function moneyRefusal(field: string, { amount, currency }: MoneyJson): TicketRefusal {
  return no(
    'MoneyInvalid',
    `${field} can't be ${amount} ${currency}.`,
    `Send an amount above zero, at most ${MAX_AMOUNT}, in whole minor units (the cost of a unit may be finer), and an ISO 4217 currency. Work that is not charged is under warranty, or declared free of charge.`,
    { field, amount, currency, max: MAX_AMOUNT },
  );
}

/** Compares a decimal string without a sign exactly: by its whole digits first, so that no float decides. */
function isAtMost(decimal: string, limit: number): boolean {
  const [whole = '', fraction = ''] = decimal.split('.');
  return Number(whole) < limit || (Number(whole) === limit && !/[1-9]/.test(fraction));
}

/** A decimal string without a minus sign and with a digit other than zero. */
function isAboveZero(decimal: string): boolean {
  return !decimal.startsWith('-') && /[1-9]/.test(decimal);
}
