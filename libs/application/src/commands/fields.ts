import {
  Equals,
  IsIn,
  IsInt,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import {
  BUSINESS_DATES,
  BUSINESS_MONTHS,
  ID_PATTERN,
  ITEM_ID_PATTERN,
  MAX_ITEM_ID_LENGTH,
  isBusinessDate,
  isBusinessMonth,
  isBusinessTime,
  isCurrency,
  isDecimalString,
  isInstant,
  isLocalDate,
  isMonth,
  isTimeZone,
} from '@billtrail/kernel';

/** Longest one-line text: names, summaries, reasons. */
export const MAX_LINE = 500;
/** Longest free text: descriptions, notes, resolutions. */
export const MAX_TEXT = 20_000;
export const MAX_MINUTES_PER_ENTRY = 24 * 60;

function check(
  name: string,
  accepts: (value: string) => boolean,
  message: string,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value) => typeof value === 'string' && accepts(value),
        defaultMessage: () => `$property ${message}`,
      },
    },
    options,
  );
}

/** A day, month or time: whether it is one at all, and whether business can be dated so. Each has its message. */
function dated(
  name: string,
  exists: (value: string) => boolean,
  isInBounds: (value: string) => boolean,
  messages: { readonly malformed: string; readonly outOfBounds: string },
): PropertyDecorator {
  const problemOf = (value: unknown): string | null => {
    if (typeof value !== 'string' || !exists(value)) return messages.malformed;
    return isInBounds(value) ? null : messages.outOfBounds;
  };
  return ValidateBy({
    name,
    validator: {
      validate: (value) => problemOf(value) === null,
      defaultMessage: (asked) => `$property ${problemOf(asked?.value) ?? ''}`,
    },
  });
}

/** A field that is left out or has a value. `null` is refused where it would not be the same as leaving the field out: a filter that is null filters nothing. */
export const MayBeLeftOut = () => ValidateIf((_input: object, value: unknown) => value !== undefined);
/** The command's own name: a caller need not send it, and can't send another. */
export const CommandName = (name: string) => Equals(name);
export const IsAnId = (options: ValidationOptions = {}) =>
  Matches(ID_PATTERN, {
    message: '$property must be an id: letters, digits and . _ ~ : -, at most 100, starting with a letter or digit',
    ...options,
  });
/** Of an item of work or of a charge. */
export const IsAnItemId = (options: ValidationOptions = {}) =>
  Matches(ITEM_ID_PATTERN, {
    message: `$property must be an item id: letters, digits and . _ ~ : @ -, at most ${MAX_ITEM_ID_LENGTH}, starting with a letter or digit`,
    ...options,
  });
/** A list that names some ids, each once, and nothing else. It says what it names, so an empty one is refused: it names nothing. */
const areNames = (name: string, pattern: RegExp, one: string, max: number): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: (value) => problemOfNames(value, pattern, one, max) === null,
      defaultMessage: (asked) => `$property ${problemOfNames(asked?.value, pattern, one, max) ?? ''}`,
    },
  });
function problemOfNames(value: unknown, pattern: RegExp, one: string, max: number): string | null {
  if (!Array.isArray(value)) return `must be a list of ${one}s, or be left out`;
  if (value.length === 0) return `must name at least one ${one}, or be left out`;
  if (value.length > max) return `can name at most ${max} ${one}s`;
  const odd = value.findIndex((id: unknown) => typeof id !== 'string' || !pattern.test(id));
  if (odd >= 0) return `must be a list of ${one}s: number ${odd + 1} is none`;
  return new Set(value).size === value.length ? null : `must name each ${one} once`;
}
export const AreIds = (max: number) => areNames('areIds', ID_PATTERN, 'id', max);
export const AreItemIds = (max: number) => areNames('areItemIds', ITEM_ID_PATTERN, 'item id', max);
/** SHA-256, as documents show it. */
export const IsAHash = () => Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 hexadecimal digits' });
export const IsLine = (max = MAX_LINE) =>
  applyDecorators(IsString(), Length(1, max, { message: `$property must have 1 to ${max} characters` }));
export const IsText = (max = MAX_TEXT) =>
  applyDecorators(IsString(), MaxLength(max, { message: `$property can have at most ${max} characters` }));
export const IsAnInstant = () =>
  dated('isInstant', isInstant, isBusinessTime, {
    malformed: 'must be a time with offset (RFC 3339), like 2026-03-31T23:30:00+11:00',
    outOfBounds: `must be on a day ${BUSINESS_DATES}`,
  });
export const IsALocalDate = () =>
  dated('isLocalDate', isLocalDate, isBusinessDate, {
    malformed: 'must be a day that exists, like 2026-03-31',
    outOfBounds: `must be a day ${BUSINESS_DATES}`,
  });
/** The last day of something that may have no end. `without` says how to state that. */
export const IsALastDay = (without: string = 'leave it out') =>
  dated('isLocalDate', isLocalDate, isBusinessDate, {
    malformed: 'must be a day that exists, like 2026-03-31',
    outOfBounds: `must be a day ${BUSINESS_DATES}; where there is no end, ${without}`,
  });
export const IsAMonth = () =>
  dated('isMonth', isMonth, isBusinessMonth, {
    malformed: 'must be a month, like 2026-03',
    outOfBounds: `must be a month ${BUSINESS_MONTHS}`,
  });
export const IsACurrency = () => check('isCurrency', isCurrency, 'must be an ISO 4217 currency, like AUD');
export const IsATimeZone = () => check('isTimeZone', isTimeZone, 'must be an IANA time zone, like Australia/Sydney');
export const IsADecimal = () =>
  check('isDecimal', isDecimalString, 'must be a decimal number in a string, like "12.50"');
export const AreMinutes = (min = 1, max = MAX_MINUTES_PER_ENTRY) => applyDecorators(IsInt(), Min(min), Max(max));
export const IsOneOf = (values: readonly string[]) => IsIn([...values]);
