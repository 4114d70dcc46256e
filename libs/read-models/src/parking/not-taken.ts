import type { PositionNumber } from '@billtrail/event-store';
import { RowUnreadable } from '../database/row-unreadable.js';
import type { WhyParked } from './parked-streams.js';

/** What a fact can do to whoever works with it: numbers, days, zones and amounts that are none, and what is missing. */
const OF_FACTS: ReadonlySet<string> = new Set(['InvariantViolation', 'RangeError', 'TypeError', 'SyntaxError']);
/** Rows that break a rule of their table, or hold what no column can. */
const OF_ROWS = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/;
/** Decimal numbers have no class of their own. */
const OF_DECIMALS = '[DecimalError]';
/** Of the same classes, and of the machine: a connection that is closed or at work, memory that is used up. */
const OF_THE_MACHINE = /database connection|allocation failed|out of memory/i;
/** What an error quotes of a fact may be anything: what looks like data is cut off. */
const QUOTED = /[{["'`].*$/s;
const MAX_CAUSE_LENGTH = 200;

/** Of JSON that a question of SQL looks into. */
const OF_JSON_IN_SQL = 'malformed JSON';

/** Why something is parked that could be read. */
export interface WhyNotTaken {
  readonly why: Extract<WhyParked, 'not-taken' | 'row'>;
  readonly cause: string;
}

/**
 * Why a fact can't be taken, as name and message of the error, without what it quotes; null: the error says nothing of a fact, so it is none that parks. Only what is
 * listed here does: whatever else goes wrong, a disk, a lock, a fence, an unknown error, stops the work.
 */
export function whyNotTaken(error: unknown): WhyNotTaken | null {
  if (error instanceof FactNotTaken) return { why: error.why, cause: error.cause };
  if (error instanceof RowUnreadable) return { why: 'row', cause: error.what };
  if (typeof error !== 'object' || error === null) return null;
  const { name, message = '', code } = error as { name?: string; message?: string; code?: unknown };
  if (code === 'SQLITE_ERROR' && message === OF_JSON_IN_SQL) return { why: 'row', cause: message };
  const isListed =
    typeof code === 'string' ? OF_ROWS.test(code) : OF_FACTS.has(name ?? '') || message.startsWith(OF_DECIMALS);
  if (!isListed || OF_THE_MACHINE.test(message)) return null;
  const told = message.startsWith(OF_DECIMALS) ? message.slice(OF_DECIMALS.length).trim() : message;
  return { why: 'not-taken', cause: `${name}: ${told.replace(QUOTED, '...')}`.slice(0, MAX_CAUSE_LENGTH) };
}

/** A fact that was folded, and that rating can't take: which event told it, and why. */
export class FactNotTaken extends Error {
  override readonly name = 'FactNotTaken';
  constructor(
    override readonly cause: string,
    readonly told: ToldBy,
    readonly why: WhyNotTaken['why'] = 'not-taken',
  ) {
    super(cause);
  }
}

/** The event by which something became known. */
export interface ToldBy {
  readonly stream: string;
  readonly eventId: string;
  readonly position: PositionNumber;
}
