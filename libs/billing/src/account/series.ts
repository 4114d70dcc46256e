import type { DocumentSeries } from '../events.js';

/** What a number of a series looks like on a document. */
export function printedNumber({ prefix, digits }: Pick<DocumentSeries, 'prefix' | 'digits'>, number: number): string {
  return `${prefix}${String(number).padStart(digits, '0')}`;
}

/** As people read a number: `inv-1` and `INV- 1` are `INV-1` to them. */
function asRead(prefix: string): string {
  return prefix.normalize('NFKC').toUpperCase().replaceAll(/\s/g, '');
}

/**
 * A number that two series would both print, or that people would take for the same, whatever its case and spaces; null: they never can. The same
 * series under the same prefix counts on, whatever its digits, so it never prints a number twice.
 */
export function numberOfBoth(one: DocumentSeries, other: DocumentSeries): string | null {
  if (one.series === other.series && one.prefix === other.prefix) return null;
  const [short, long] = asRead(one.prefix).length <= asRead(other.prefix).length ? [one, other] : [other, one];
  if (!asRead(long.prefix).startsWith(asRead(short.prefix))) return null;
  const more = asRead(long.prefix).slice(asRead(short.prefix).length);
  if (!/^\d*$/.test(more)) return null;
  // A number with more digits than its padding begins with no zero. So `more` may begin with one only where the padding takes in all of it.
  const digits = more.startsWith('0') ? short.digits - more.length : Math.max(long.digits, short.digits - more.length);
  if (digits < long.digits) return null;
  const isPadded = digits === long.digits && (more !== '' || digits === short.digits);
  return printedNumber(long, isPadded ? 1 : 10 ** (digits - 1));
}
