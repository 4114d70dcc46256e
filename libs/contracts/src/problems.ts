import {
  BUSINESS_DATES,
  Decimal,
  type Currency,
  type TimeZone,
  isBusinessDate,
  isCurrency,
  isDecimalString,
  isId,
  isLocalDate,
  isTimeZone,
} from '@billtrail/kernel';

/** Largest price, rate or percentage: anything above is a typing error, and sums would leave the range of a database. */
export const MAX_PRICE = 100_000_000;

const CLOCK_TIME = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** One problem in the input, and where: `terms.rateCard.labour[2].pricePerHour`. */
export interface Problem {
  readonly path: string;
  readonly problem: string;
}

/** Longest accepted name, code or label. */
export const MAX_NAME_LENGTH = 200;
/** Longest accepted free text. */
export const MAX_TEXT_LENGTH = 2_000;

/** The properties of an object whose values are not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Collects every problem of a document instead of stopping at the first, so that its author gets them all at once.
 * It trusts no type: its input comes from outside.
 */
export class Inspection {
  readonly problems: Problem[] = [];

  note(path: string, problem: string): void {
    this.problems.push({ path, problem });
  }

  /** False, and noted, where the value was left out: that is another mistake than a wrong one. */
  private isThere(path: string, value: unknown): boolean {
    if (value !== undefined) return true;
    this.note(path, 'is required');
    return false;
  }

  /** The fields of an object, or null (noted). An unknown property is a problem: a misspelt criterion would match everything. */
  fields(path: string, value: unknown, known: readonly string[]): Fields | null {
    if (!this.isThere(path, value)) return null;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.note(path, 'must be an object');
      return null;
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.note(`${path}.${key}`, `is unknown; allowed here: ${known.join(', ')}`);
    }
    return Object.fromEntries(Object.entries(value));
  }

  list(path: string, value: unknown, limit: number): readonly unknown[] {
    if (!this.isThere(path, value)) return [];
    if (!Array.isArray(value)) {
      this.note(path, 'must be a list');
      return [];
    }
    if (value.length > limit) this.note(path, `has ${value.length} members, at most ${limit} are allowed`);
    return value.slice(0, limit) as unknown[];
  }

  text(path: string, value: unknown, limit: number = MAX_NAME_LENGTH): value is string {
    if (!this.isThere(path, value)) return false;
    if (typeof value !== 'string' || value.trim() === '') {
      this.note(path, 'must be a text, and not empty');
      return false;
    }
    if (value.length > limit) {
      this.note(path, `is longer than ${limit} characters`);
      return false;
    }
    return true;
  }

  textOrNull(path: string, value: unknown, limit: number = MAX_NAME_LENGTH): void {
    if (value !== null) this.text(path, value, limit);
  }

  id(path: string, value: unknown): value is string {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'string' && isId(value)) return true;
    this.note(
      path,
      'must be an id: letters, digits and . _ ~ : -, starting with a letter or digit, at most 100 characters',
    );
    return false;
  }

  date(path: string, value: unknown): value is string {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'string' && isBusinessDate(value)) return true;
    const exists = typeof value === 'string' && isLocalDate(value);
    this.note(path, exists ? `must be a date ${BUSINESS_DATES}` : 'must be a date that exists, as YYYY-MM-DD');
    return false;
  }

  /** The last day of something that may have no end. */
  lastDay(path: string, value: unknown): value is string {
    if (typeof value !== 'string' || !isLocalDate(value) || isBusinessDate(value)) return this.date(path, value);
    this.note(path, `must be a date ${BUSINESS_DATES}; leave it out where there is no end`);
    return false;
  }

  wholeNumber(path: string, value: unknown, least: number, most: number): value is number {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return true;
    this.note(path, `must be a whole number from ${least} to ${most}`);
    return false;
  }

  /** A decimal string that is zero or more. */
  decimal(path: string, value: unknown): value is string {
    if (!this.isThere(path, value)) return false;
    if (typeof value !== 'string' || !isDecimalString(value)) {
      this.note(path, 'must be a decimal number in a string, such as "150.00"');
      return false;
    }
    if (/^-.*[1-9]/.test(value)) {
      this.note(path, 'must not be negative');
      return false;
    }
    if (Number(value) > MAX_PRICE) {
      this.note(path, `must be at most ${MAX_PRICE}`);
      return false;
    }
    return true;
  }

  /** A decimal string above zero, and at most `most` if given. */
  positive(path: string, value: unknown, most?: number): value is string {
    if (!this.decimal(path, value)) return false;
    if (!/[1-9]/.test(value)) {
      this.note(path, 'must be more than zero');
      return false;
    }
    if (most !== undefined && new Decimal(value).greaterThan(most)) {
      this.note(path, `must be at most ${most}`);
      return false;
    }
    return true;
  }

  truth(path: string, value: unknown): value is boolean {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'boolean') return true;
    this.note(path, 'must be true or false');
    return false;
  }

  /** A list of texts, not empty and without repeats. An empty list would match nothing. */
  texts(path: string, value: unknown, limit: number, allowed?: readonly string[]): void {
    const members = this.list(path, value, limit);
    if (Array.isArray(value) && value.length === 0)
      this.note(path, 'is empty: it would match nothing; leave it out to match all');
    const seen = new Map<unknown, number>();
    members.forEach((member, index) => {
      const at = `${path}[${index}]`;
      const sound = allowed === undefined ? this.text(at, member) : this.oneOf(at, member, allowed);
      if (!sound) return;
      const first = seen.get(member);
      if (first === undefined) seen.set(member, index);
      else this.note(at, `repeats ${path}[${first}]`);
    });
  }

  currency(path: string, value: unknown): value is Currency {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'string' && isCurrency(value)) return true;
    this.note(path, 'must be an ISO 4217 code, such as AUD');
    return false;
  }

  timeZone(path: string, value: unknown): value is TimeZone {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'string' && isTimeZone(value)) return true;
    this.note(path, 'must be an IANA time zone, such as Australia/Sydney');
    return false;
  }

  /** A time of day from 00:00 to 24:00. */
  clockTime(path: string, value: unknown): value is string {
    if (!this.isThere(path, value)) return false;
    if (typeof value === 'string' && CLOCK_TIME.test(value)) return true;
    this.note(path, 'must be a time of day from 00:00 to 24:00, in quotes, such as "08:30"');
    return false;
  }

  oneOf(path: string, value: unknown, allowed: readonly string[]): value is string {
    if (typeof value === 'string' && allowed.includes(value)) return true;
    this.note(path, `${value === undefined ? 'is required,' : 'must be'} one of: ${allowed.join(', ')}`);
    return false;
  }
}
