import { isTimeZone } from '@billtrail/kernel';
import type { CsvDialect } from '../csv/csv-row.js';
import { CLOCK_CHANGE_CHOICES, type ClockChangeChoice, compileTimeFormat } from '../csv/local-time.js';
import type { YamlSection } from './yaml-section.js';

/** How the file is written, and which values in it mean "nothing". */
export interface FileMapping extends CsvDialect {
  readonly nulls: ReadonlySet<string>;
}

export interface TimesMapping {
  readonly format: string;
  /** null: it must be stated when the import is run. */
  readonly zone: string | null;
  readonly ambiguous: ClockChangeChoice;
  readonly nonexistent: ClockChangeChoice;
}

export function readFileSection(root: YamlSection): FileMapping {
  const section = root.optionalSection('file');
  if (section === null) return { encoding: 'utf-8', delimiter: ',', quote: '"', nulls: new Set(['']) };
  const encoding = section.oneOf('encoding', ['utf-8', 'latin1'], 'utf-8');
  const delimiter = oneCharacter(section, 'delimiter', ',');
  const quote = oneCharacter(section, 'quote', '"');
  if (quote === delimiter) section.wrong('quote', 'is the same as the delimiter', 'Use two different characters');
  const nulls = new Set(['', ...section.texts('nulls')]);
  section.finish();
  return { encoding, delimiter, quote, nulls };
}

function oneCharacter(section: YamlSection, key: string, fallback: string): string {
  const text = section.optionalText(key);
  if (text === null) return fallback;
  if (!/^[\t\x20-\x7e]$/.test(text))
    section.wrong(key, 'must be one character', `Write it in quotes, for example \`${key}: ";"\`, or "\\t" for a tab`);
  return text;
}

export function readTimesSection(root: YamlSection): TimesMapping {
  const section = root.section('times', '{ format: d/M/yyyy HH:mm, zone: Australia/Sydney }');
  const format = section.text('format', 'd/M/yyyy HH:mm');
  if (format !== '' && compileTimeFormat(format) === null) {
    section.wrong(
      'format',
      `is no time format: ${format}`,
      'Build it of yyyy MM M MMM dd d HH H hh h mm ss SSS a XXX with day, month and year, or write iso',
    );
  }
  const zone = section.optionalText('zone');
  if (zone !== null && !isTimeZone(zone))
    section.wrong('zone', `is no time zone: ${zone}`, 'Write an IANA name such as Australia/Sydney or UTC');
  const ambiguous = section.oneOf('ambiguous', CLOCK_CHANGE_CHOICES, 'earlier');
  const nonexistent = section.oneOf('nonexistent', CLOCK_CHANGE_CHOICES, 'later');
  section.finish();
  return { format, zone, ambiguous, nonexistent };
}
