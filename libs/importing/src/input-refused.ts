import { refuse, type Refusal } from '@billtrail/kernel';

/** Where in an input file something is wrong. Lines count from 1; `column` is a column's name (CSV) or its number (YAML). */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: string | number;
}

export type InputCode =
  | 'FileMissing'
  | 'FileIsDirectory'
  | 'FileUnreadable'
  | 'FileEmpty'
  | 'FileHasOnlyHeader'
  | 'GzipDamaged'
  | 'NotText'
  | 'EncodingInvalid'
  | 'LineTooLong'
  | 'RowTooLong'
  | 'QuoteUnbalanced'
  | 'ColumnsMissing'
  | 'ColumnsRepeated'
  | 'ColumnsTooMany'
  | 'FieldCountWrong'
  | 'MappingInvalid'
  | 'TimeZoneMissing'
  | 'TimeZoneDiffers'
  | 'RowBroken'
  | 'RowsTooMany'
  | 'FileUnwritable'
  | 'Cancelled';

/** `log.csv, line 17, column opened_at`. */
export function placeText(place: Place): string {
  const line = place.line === undefined ? '' : `, line ${place.line}`;
  const column = place.column === undefined ? '' : `, column ${place.column}`;
  return `${place.file}${line}${column}`;
}

/** A refusal that names its place first: `FILE, line N, column C: what is wrong`. The place is also in the details. */
export function refuseInput(
  code: InputCode,
  place: Place,
  message: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
): Refusal<InputCode> {
  return refuse(code, `${placeText(place)}: ${message}`, remedy, { ...place, ...details });
}

/**
 * Carries a refusal out of a stream that is being read: an async iteration has no other way to end early.
 * The importer's public functions catch it and return the refusal as a value.
 */
export class InputRefused extends Error {
  override readonly name = 'InputRefused';
  constructor(
    readonly refusal: Refusal<InputCode>,
    options?: { cause?: unknown },
  ) {
    super(`${refusal.message}. ${refusal.remedy}`, options);
  }
}

/** Runs `work`; a refusal thrown inside it is returned as a value, any other error is passed on. */
export async function answerRefusals<Result>(work: () => Promise<Result>): Promise<Result | Refusal<InputCode>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputRefused) return error.refusal;
    throw error;
  }
}
