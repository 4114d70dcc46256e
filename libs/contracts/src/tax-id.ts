import type { TimeZone } from '@billtrail/kernel';

const ABN_WEIGHTS = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19] as const;

/**
 * True for an Australian Business Number: eleven digits, spaces allowed, whose weighted sum (one taken from the first digit)
 * is divisible by 89. Source: the Australian Business Register's published check.
 */
export function isAustralianBusinessNumber(value: string): boolean {
  const digits = value.replaceAll(' ', '');
  if (!/^[1-9]\d{10}$/.test(digits)) return false;
  const sum = ABN_WEIGHTS.reduce(
    (total, weight, index) => total + weight * (Number(digits[index]) - (index === 0 ? 1 : 0)),
    0,
  );
  return sum % 89 === 0;
}

/** A party whose days are Australian days is taken to be an Australian one. */
export function isAustralianZone(zone: TimeZone): boolean {
  return zone.startsWith('Australia/');
}

/** Letters, digits and the separators that countries write into tax identities. */
export function looksLikeTaxId(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ./-]{2,38}[A-Za-z0-9]$/.test(value);
}

/**
 * What is wrong with a tax identity, or null. In an Australian zone eleven digits are an ABN and must pass its check;
 * other forms (a foreign VAT id) need only look like a tax id.
 */
export function taxIdProblem(value: string, zone: TimeZone): string | null {
  if (!looksLikeTaxId(value)) return 'is not a tax id: 4 to 40 letters, digits, spaces and . / -';
  const elevenDigits = /^\d{11}$/.test(value.replaceAll(' ', ''));
  if (isAustralianZone(zone) && elevenDigits && !isAustralianBusinessNumber(value))
    return 'fails the check digits of an ABN';
  return null;
}
