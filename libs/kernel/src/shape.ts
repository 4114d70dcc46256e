import { BUSINESS_DATES, BUSINESS_MONTHS } from './business-dates.js';
import { ID_PATTERN, ITEM_ID_PATTERN, MAX_ID_LENGTH, MAX_ITEM_ID_LENGTH } from './ids.js';
import { INHERITED_NAMES } from './names.js';
import type { Currency, MoneyJson } from './money.js';
import type { Instant, LocalDate, Month, TimeZone } from './time.js';

declare const described: unique symbol;

/**
 * The shape of input of type T, said once: a JSON Schema (2020-12) as plain data. `errorMessage` says what to write where a value has another shape, as
 * refusals and editors tell it. What one value says about another is no shape: that is decided in the domain (ADR 14).
 */
export interface Shape<T> {
  readonly [described]?: T;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly errorMessage?: string;
  readonly [keyword: string]: unknown;
}
/** A member of an object that may be left out. */
export interface LeftOut<T> {
  readonly mayBeLeftOut: Shape<T>;
}
/** A member that may be left out where it is written, and is filled before anything is decided: its type has it always. */
export interface Filled<T> {
  readonly isFilled: Shape<T>;
}
/** The type of what has a shape. */
export type Of<S> =
  S extends LeftOut<infer T> ? T : S extends Filled<infer T> ? T : S extends Shape<infer T> ? T : never;

/** What could be read of a T: a value without its shape is left out, wherever it stands. */
export type Partly<T> = T extends readonly (infer Member)[]
  ? readonly (Partly<Member> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
    : T;

/** One problem in the input, and where: `terms.rateCard.labour[2].pricePerHour`. */
export interface Problem {
  readonly path: string;
  readonly problem: string;
}

type Members = Readonly<Record<string, Shape<unknown> | LeftOut<unknown> | Filled<unknown>>>;
type NeedNot<P> = { [K in keyof P]: P[K] extends LeftOut<unknown> ? K : never }[keyof P];
type Flat<T> = { readonly [K in keyof T]: T[K] };
type ObjectOf<P> = Flat<{ [K in Exclude<keyof P, NeedNot<P>>]: Of<P[K]> } & { [K in NeedNot<P>]?: Of<P[K]> }>;

/** Longest name, code or label. */
export const MAX_NAME = 200;
/** Longest short text: summaries, comments. */
export const MAX_LINE = 500;
/** Longest reason or address. */
export const MAX_REASON = 2_000;
/** Longest free text: descriptions, notes, resolutions. */
export const MAX_TEXT = 20_000;
/** Largest price, rate or percentage: anything above is a typing error, and sums would leave the range of a database. */
export const MAX_PRICE = 100_000_000;

export function about<S extends Shape<unknown>>(description: string, shape: S): S {
  return { ...shape, description };
}

export function optional<T>(mayBeLeftOut: Shape<T>): LeftOut<T> {
  return { mayBeLeftOut };
}

export function filled<T>(isFilled: Shape<T>): Filled<T> {
  return { isFilled };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  const { type, enum: values, errorMessage } = shape;
  return {
    ...shape,
    type: [...[type ?? []].flat(), 'null'],
    ...(values === undefined ? {} : { enum: [...values, null] }),
    ...(errorMessage === undefined
      ? {}
      : { errorMessage: errorMessage.includes('null') ? errorMessage : `${errorMessage}, or null` }),
  };
}

/**
 * An object with these members and no others: a misspelt criterion would match everything. `insteadOf` says of a member that people look for under
 * another name what to write.
 */
export function object<const P extends Members>(
  members: P,
  insteadOf?: Readonly<Record<string, string>>,
): Shape<ObjectOf<P>> {
  const entries = Object.entries(members);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, one]) => [name, shapeOf(one)])),
    required: entries.filter(([, one]) => shapeOf(one) === one).map(([name]) => name),
    additionalProperties: false,
    ...(insteadOf === undefined ? {} : { insteadOf }),
  };
}

function shapeOf(member: Members[string]): Shape<unknown> {
  if ('mayBeLeftOut' in member) return member.mayBeLeftOut as Shape<unknown>;
  return 'isFilled' in member ? (member.isFilled as Shape<unknown>) : member;
}

/** An object that is one of several, told apart by what stands in one member: `{ mode: 'flat', price: '99.00' }`. */
export function variants<const Tag extends string, const V extends Readonly<Record<string, Members>>>(
  tag: Tag,
  each: V,
): Shape<{ [K in keyof V]: Flat<{ readonly [_ in Tag]: K } & ObjectOf<V[K]>> }[keyof V]> {
  const one = Object.entries(each).map(([name, members]) => object({ [tag]: constant(name), ...members }));
  return { type: 'object', discriminator: { propertyName: tag }, oneOf: one };
}

function constant<const T extends string>(value: T): Shape<T> {
  return { type: 'string', const: value };
}

/** An object with any of these members, each of one shape: hours by weekday, targets by priority. */
export function anyOfMembers<T>(names: readonly string[], of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  const properties = Object.fromEntries(names.map((name) => [name, of]));
  return { type: 'object', properties, additionalProperties: false };
}

/** Values by a name that people give: tax categories. */
export function record<T>(of: Shape<T>, least: number, most: number): Shape<Readonly<Record<string, T>>> {
  const pattern = `^(?!(?:${INHERITED_NAMES.join('|')})$)[^]*\\S`;
  const propertyNames = { format: 'plain-line', pattern, maxLength: MAX_NAME };
  return { type: 'object', additionalProperties: of, propertyNames, minProperties: least, maxProperties: most };
}

export function list<T>(items: Shape<T>, most: number, rules: JsonRules = {}): Shape<readonly T[]> {
  return { type: 'array', items, maxItems: most, ...rules };
}
interface JsonRules {
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  /** What an empty list means, where it is refused. */
  readonly errorMessage?: string;
}

/** A value of one of two types: a rate alone, or all that is to be said of it. `other` names the second. */
export function either<A, B>(one: Shape<A>, two: Shape<B>, other: string): Shape<A | B> {
  const errorMessage = `${one.errorMessage ?? 'must be'}, or ${other}`;
  return { ...one, ...two, type: [one.type ?? [], two.type ?? []].flat(), errorMessage };
}

/** Values to match any of, each once. */
export function anyOf<T>(items: Shape<T>, most: number): Shape<readonly T[]> {
  const errorMessage = 'is empty: it would match nothing; leave it out to match all';
  return list(items, most, { minItems: 1, uniqueItems: true, errorMessage });
}

/** What is as short as a name is one; longer texts may have line breaks. */
function formatOf(most: number): string {
  return most <= MAX_NAME ? 'plain-line' : 'plain-text';
}

/** A name, code or label; a reason, an address. */
export function text(most: number = MAX_NAME): Shape<string> {
  const errorMessage = `must be a text of 1 to ${most} characters, not blank`;
  return { type: 'string', format: formatOf(most), pattern: '\\S', maxLength: most, errorMessage };
}

/** A text that may be blank or empty. */
export function anyText(least: 0 | 1, most: number): Shape<string> {
  const errorMessage =
    least === 0 ? `must be a text of at most ${most} characters` : `must have 1 to ${most} characters`;
  return { type: 'string', format: formatOf(most), minLength: least, maxLength: most, errorMessage };
}

export function oneOf<const V extends readonly (string | number)[]>(values: V): Shape<V[number]> {
  const errorMessage = `must be one of: ${values.join(', ')}`;
  return { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values, errorMessage };
}

export function whole(least: number, most: number): Shape<number> {
  const errorMessage = `must be a whole number from ${least} to ${most}`;
  return { type: 'integer', minimum: least, maximum: most, errorMessage };
}

/** A number of minutes, whole or not. */
export function minutesUpTo(most: number): Shape<number> {
  return {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: most,
    errorMessage: `must be a number, more than 0 and at most ${most}`,
  };
}

export const truth: Shape<boolean> = { type: 'boolean', errorMessage: 'must be true or false' };

function like<T extends string>(pattern: string, must: string, rest: object = {}): Shape<T> {
  return { type: 'string', pattern, errorMessage: `must be ${must}`, ...rest };
}

export const id = like(
  ID_PATTERN.source,
  `an id: letters, digits and . _ ~ : -, starting with a letter or digit, at most ${MAX_ID_LENGTH} characters`,
);
/** Of an item of work or of a charge. */
export const itemId = like(
  ITEM_ID_PATTERN.source,
  `an item id: letters, digits and . _ ~ : @ -, at most ${MAX_ITEM_ID_LENGTH}, starting with a letter or digit`,
);
export const hash = like('^[0-9a-f]{64}$', '64 hexadecimal digits');

/** A decimal number in a string, zero or more, up to a power of ten. */
function decimalUpTo(most: number, what: string, isPositive: boolean, digits = DIGITS): Shape<string> {
  const zeros = String(most).length - 1;
  const pattern = `(\\d{1,${zeros}}(\\.\\d{1,${digits}})?|${most}(\\.0{1,${digits}})?)`;
  const least = isPositive ? 'more than zero' : 'not negative';
  const finest = digits === DIGITS ? '' : `, with at most ${digits} decimals`;
  return like(`^${isPositive ? '(?=.*[1-9])' : ''}${pattern}$`, `${what}, ${least} and at most ${most}${finest}`);
}
/** Most decimals of a number. */
const DIGITS = 12;
const DECIMAL = 'a decimal number in a string, such as "150.00"';
const PERCENT = 'percent as a decimal number in a string, such as "10"';
/** A price, a rate. */
export const decimal = decimalUpTo(MAX_PRICE, DECIMAL, false);
export const positive = decimalUpTo(MAX_PRICE, DECIMAL, true);
export const percent = decimalUpTo(100, PERCENT, false);
export const positivePercent = decimalUpTo(100, PERCENT, true);
export const below100Percent = like('^\\d{1,2}(\\.\\d{1,12})?$', `${PERCENT}, below 100`);
/** More than zero and at most a power of ten: a factor, kilometres. */
export function positiveUpTo(most: number, digits?: number): Shape<string> {
  return decimalUpTo(most, DECIMAL, true, digits);
}
/** Any decimal number, as quantities and amounts travel. */
export const anyDecimal = like('^-?\\d{1,20}(\\.\\d{1,12})?$', 'a decimal number in a string, like "12.50"');

/** Days that exist, years and all, so that an editor knows 30 February too. */
const LEAP = '(19(9[26])|20([02468][048]|[13579][26]))';
const DAY =
  '((19(9\\d)|20\\d\\d|2100)-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))' +
  `|${LEAP}-02-29)`;
/** A day that business is dated on. */
export const date: Shape<LocalDate> = like(`^${DAY}$`, `a date that exists, as YYYY-MM-DD, ${BUSINESS_DATES}`);
/** The last day of something that may have no end. `without` says how to state that. */
export function lastDay(without = 'leave it out'): Shape<LocalDate> {
  const must = `a date that exists, as YYYY-MM-DD, ${BUSINESS_DATES}; where there is no end, ${without}`;
  return like(`^${DAY}$`, must);
}
export const month: Shape<Month> = like(
  '^(199\\d|20\\d\\d|2100)-(0[1-9]|1[0-2])$',
  `a month, like 2026-03, ${BUSINESS_MONTHS}`,
);
export const instant: Shape<Instant> = like(
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$',
  `a time with offset (RFC 3339), like 2026-03-31T23:30:00+11:00, on a day ${BUSINESS_DATES}`,
  { format: 'business-time' },
);
/** A time of day. */
export const clockTime = like(
  '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  'a time of day from 00:00 to 24:00, in quotes, such as "08:30"',
);
export const timeZone: Shape<TimeZone> = like(
  '^[A-Za-z][A-Za-z0-9_+/-]*$',
  'an IANA time zone, such as Australia/Sydney',
  {
    format: 'time-zone',
  },
);
export const currency: Shape<Currency> = like('^[A-Z]{3}$', 'an ISO 4217 code, such as AUD', { format: 'currency' });

/** Money as it travels. */
export function money(amount: Shape<string>): Shape<MoneyJson> {
  return object({ amount, currency });
}
