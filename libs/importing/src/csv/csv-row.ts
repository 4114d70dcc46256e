import type { Encoding } from './text-guard.js';

/** How a file is written. */
export interface CsvDialect {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** The character that encloses fields; doubled inside one it stands for itself. */
  readonly quote: string;
}

/** One row below the header. `line` is the line of the file on which it starts. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}
