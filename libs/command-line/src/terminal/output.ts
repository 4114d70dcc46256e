import Table from 'cli-table3';
import { asTyped, here, type Host } from './host.js';
import { readableMoney, withUnseenWritten, writtenOut, type MoneyJson } from '@billtrail/kernel';

/** Where a command writes: its result to stdout (text or, with `--json`, one JSON value), everything else to stderr. */
export interface Output {
  readonly json: boolean;
  /** The result. `text` is called only if it is shown. */
  answer(value: unknown, text: () => string): void;
  /** Progress, for a person; silent with `--json`. */
  say(line: string): void;
}

export function output(json: boolean, { stdout, stderr }: Pick<Host, 'stdout' | 'stderr'> = here()): Output {
  return {
    json,
    answer: (value, text) => void stdout.write(forTerminal(json ? JSON.stringify(value, null, 2) : text())),
    say: (line) => {
      if (!json) stderr.write(forTerminal(line));
    },
  };
}

/** Lines as a terminal may have them, with the last line's break: it obeys none of what names and texts of old logs or of other systems' files hold. */
export function forTerminal(lines: string): string {
  return `${withUnseenWritten(lines.replaceAll('\r\n', '\n')).replaceAll('\r', writtenOut)}\n`;
}

/** The width that a screen has for certain. */
export const WIDTH = 120;

/** A text in lines that a screen has room for, each with the indent. A word that is longer has a line of its own. */
export function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    const longer = line.trim() === '' ? `${indent}${word}` : `${line} ${word}`;
    if (longer.length <= WIDTH || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}

/** A command with its options that may be copied, as it has to be typed here: the last options on lines of their own where one is not enough. */
export function typed(command: string, ...options: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let left = `  ${asTyped([command, ...options].join(' '))}`;
  while (left.length > WIDTH) {
    const at = left.lastIndexOf(' --', WIDTH - ' \\'.length);
    if (left.slice(0, at).trim() === '') break;
    lines.push(`${left.slice(0, at)} \\`);
    left = `   ${left.slice(at)}`;
  }
  return [...lines, left];
}

/** In whose place a command was asked, as its option. */
export function inPlaceOption(inPlaceOf: string | null): readonly string[] {
  return inPlaceOf === null ? [] : [`--in-place-of ${inPlaceOf}`];
}

export type Cell = string | number | null;

/** A plain table: a header, thin rules, numbers right-aligned. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  rightAligned: readonly string[] = [],
): string {
  const drawn = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((name) => (rightAligned.includes(name) ? 'right' : 'left')),
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
      mid: '─',
      'mid-mid': '──',
    },
  });
  drawn.push(...rows.map((row) => row.map((cell) => (cell === null ? '–' : onOneLine(String(cell))))));
  const [header = '', ...body] = drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [
    header,
    '─'.repeat(Math.max(header.length, ...body.map((line) => line.length))),
    ...body.filter((line) => !/^─+$/.test(line)),
  ].join('\n');
}

/** A name with a line break would look like another row. */
function onOneLine(cell: string): string {
  return cell.replaceAll(/[\t\n\r]/g, writtenOut);
}

const GROUPS = /\B(?=(\d{3})+(?!\d))/g;

/** `1,487.40 AUD`; a dash for no amount. */
export function money(amount: MoneyJson | null): string {
  return amount === null ? '–' : readableMoney(amount);
}

export function count(value: number): string {
  return String(value).replaceAll(GROUPS, ',');
}

/** `1 ticket`, `2 tickets`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `2 h 05 min`. */
export function duration(minutes: number): string {
  const sign = minutes < 0 ? '-' : '';
  const absolute = Math.abs(minutes);
  const hours = Math.floor(absolute / 60);
  return hours === 0
    ? `${sign}${absolute} min`
    : `${sign}${count(hours)} h ${String(Number((absolute % 60).toFixed(4))).padStart(2, '0')} min`;
}
