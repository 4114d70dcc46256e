import { InvalidArgumentError, Option } from 'commander';
import {
  BUSINESS_DATES,
  BUSINESS_MONTHS,
  ITEM_ID_PATTERN,
  isBusinessDate,
  isBusinessMonth,
  isId,
  isInstant,
  isTimeZone,
  type Instant,
  type LocalDate,
  type Month,
} from '@billtrail/kernel';

/** Command line values, checked before anything is opened. */
export function monthArgument(value: string): Month {
  if (!isBusinessMonth(value)) throw new InvalidArgumentError(`Use a month like 2026-03, ${BUSINESS_MONTHS}.`);
  return value;
}

export function dayArgument(value: string): LocalDate {
  if (!isBusinessDate(value))
    throw new InvalidArgumentError(`Use a date that exists, like 2026-03-31, ${BUSINESS_DATES}.`);
  return value;
}

export function zoneArgument(value: string): string {
  if (!isTimeZone(value)) throw new InvalidArgumentError('Use an IANA time zone like Australia/Sydney.');
  return value;
}

export function hashArgument(value: string): string {
  if (!/^[0-9a-f]{64}$/.test(value))
    throw new InvalidArgumentError('Use the head hash printed by billtrail verify: 64 hexadecimal digits.');
  return value;
}

export function draftHashArgument(value: string): string {
  if (!/^[0-9a-f]{64}$/.test(value))
    throw new InvalidArgumentError('Use the hash that is shown of the draft: 64 hexadecimal digits.');
  return value;
}

export function idArgument(value: string): string {
  if (!isId(value)) throw new InvalidArgumentError('Use letters, digits and . _ ~ : -, at most 100.');
  return value;
}

export function instantArgument(value: string): Instant {
  if (!isInstant(value)) throw new InvalidArgumentError('Use a time with offset, like 2026-03-02T09:00:00Z.');
  return value;
}

export function wholeArgument(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Use a whole number.');
  return Number(value);
}

/** An option that may be given several times. */
export function idsArgument(value: string, before: readonly string[]): readonly string[] {
  return [...before, idArgument(value)];
}

/** The same for ids of items and charges. */
export function itemIdsArgument(value: string, before: readonly string[]): readonly string[] {
  if (!ITEM_ID_PATTERN.test(value))
    throw new InvalidArgumentError('The id of an item or charge, as Billtrail shows it.');
  return [...before, value];
}

export const clientOption = () => new Option('--client <id>', 'only this client');
export const periodOption = () =>
  new Option('--period <month>', 'only this month, like 2026-03').argParser(monthArgument);
export const asOfOption = () =>
  new Option(
    '--as-of <day>',
    "count what is due by this day (default: today in the organisation's time zone)",
  ).argParser(dayArgument);
export const inPlaceOfOption = () =>
  new Option('--in-place-of <person>', 'who named you to approve in their place for these days').argParser(idArgument);
