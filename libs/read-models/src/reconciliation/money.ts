import type { LocalDate, MoneyJson } from '@billtrail/kernel';
import type { Accounted } from '@billtrail/billing';
import { minorOf, moneyList } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import { APPROVALS } from '../approvals/tables.js';
import { WORK_SCOPE, whereOf, type ReconciliationScope } from './scope.js';

export interface ChargesHeld {
  readonly charges: number;
  /** Nets by currency. */
  readonly money: readonly MoneyJson[];
}

/**
 * The charges of the scope, each cent of them in exactly one place: `expected` is what the contracts make up to the month of the day, and `waiting`, `missing`,
 * `drafted`, `invoiced` and `credited` are its parts. A charge without a price is in none of them: it is one of `gapsOfCharges`.
 */
export interface ChargesAccounted {
  readonly expected: ChargesHeld;
  /** On no document, and not to be billed yet on the day that is asked for. */
  readonly waiting: ChargesHeld;
  /** On no document, although it might be. */
  readonly missing: ChargesHeld;
  readonly drafted: ChargesHeld;
  /** On issued invoices, less what credit notes took back. */
  readonly invoiced: ChargesHeld;
  /** What credit notes took back, never to be billed again; its charges are counted as invoiced. */
  readonly credited: ChargesHeld;
}

/** What the issued documents of the scope ask, credit notes of no invoice among what they credit, against the items and charges that stand on them. */
export interface DocumentsAccounted {
  readonly invoices: number;
  readonly invoiced: readonly MoneyJson[];
  readonly credited: readonly MoneyJson[];
  /** What is asked beyond, or short of, what invoiced items and charges come to. Empty: every cent is explained. */
  readonly unexplained: readonly MoneyJson[];
}

const PLACES = ['waiting', 'missing', 'drafted', 'invoiced'] as const;
type PlaceOfCharge = (typeof PLACES)[number];

interface ChargeSum {
  place: PlaceOfCharge;
  currency: string;
  charges: bigint;
  credits: bigint;
  net_minor: bigint;
  credited_minor: bigint;
}

class Held {
  private charges = 0;
  private readonly minor = new Map<string, bigint>();

  add(charges: bigint, currency: string, minor: bigint): void {
    this.charges += Number(charges);
    if (charges > 0n) this.minor.set(currency, (this.minor.get(currency) ?? 0n) + minor);
  }

  held(): ChargesHeld {
    return { charges: this.charges, money: moneyList(this.minor) };
  }
}

/**
 * Counted over the rows of charges, in one question. Of one ticket: its service credits. What is to be billed later than in the month of the day is
 * left out as long as no document has it: on that day nobody could say what it comes to.
 */
export function chargesAccounted(
  database: ReadDatabase,
  asOf: LocalDate,
  scope: ReconciliationScope,
): ChargesAccounted {
  const where = whereOf(scope, WORK_SCOPE);
  const rows = database
    .query<[object], ChargeSum>(
      `SELECT CASE WHEN disposition = 'invoiced' THEN 'invoiced' WHEN disposition = 'claimed' THEN 'drafted'
           WHEN billable_from <= :asOf THEN 'missing' ELSE 'waiting' END AS place,
         currency, count(*) AS charges, count(credited_minor) AS credits, sum(net_minor) AS net_minor,
         coalesce(sum(credited_minor), 0) AS credited_minor
       FROM charges
       WHERE NOT (disposition = 'billable' AND billable_from > :asOf AND period > substr(:asOf, 1, 7))${where.sql} GROUP BY 1, 2`,
    )
    .all({ ...where.parameters, asOf });
  const expected = new Held();
  const credited = new Held();
  const places = { waiting: new Held(), missing: new Held(), drafted: new Held(), invoiced: new Held() };
  for (const row of rows) {
    expected.add(row.charges, row.currency, row.net_minor);
    places[row.place].add(row.charges, row.currency, row.net_minor - row.credited_minor);
    credited.add(row.credits, row.currency, row.credited_minor);
  }
  return {
    expected: expected.held(),
    waiting: places.waiting.held(),
    missing: places.missing.held(),
    drafted: places.drafted.held(),
    invoiced: places.invoiced.held(),
    credited: credited.held(),
  };
}

/** All that the scope is worth: work that has a price, whatever became of it, and charges. */
export function totalMoney(accounted: Accounted, { expected }: ChargesAccounted): readonly MoneyJson[] {
  return moneyList(addUp([...accounted.total.money, ...expected.money]));
}

/** What accounts gave of work as a courtesy, by currency: it is in no net. */
export function courtesiesOf(database: ReadDatabase, scope: ReconciliationScope): readonly MoneyJson[] {
  const where = whereOf(scope, WORK_SCOPE);
  const rows = database
    .query<[object], { currency: string; minor: bigint }>(
      `SELECT currency, sum(courtesy_minor) AS minor FROM billable_items
       WHERE (courtesy_minor > 0 OR courtesy_minor < 0)${where.sql} GROUP BY currency`,
    )
    .all(where.parameters);
  return moneyList(new Map(rows.map(({ currency, minor }) => [currency, minor])));
}

/** What somebody asked to forgo and has no effect, because a second person must agree. */
export interface WaitingToForgo {
  readonly requests: number;
  /** By currency, as far as it can be stated: it is in the other figures as what it is, billable or a gap. */
  readonly money: readonly MoneyJson[];
}

/** Absent: nothing waits. Of one ticket, with its part of what is asked of several at once. */
export function waitingToForgo(database: ReadDatabase, scope: ReconciliationScope): WaitingToForgo | undefined {
  const { ticketId, ...others } = scope;
  const where = whereOf(others, WORK_SCOPE);
  const waiting = database
    .rows(APPROVALS, `WHERE verdict = 'waits' AND ending IS NULL${where.sql}`)
    .all(where.parameters)
    .map(({ forgone }) => forgone.filter((part) => ticketId === undefined || part.ticketId === ticketId))
    .filter((parts) => parts.length > 0);
  if (waiting.length === 0) return undefined;
  const sums = new Map<string, bigint>();
  for (const { money } of waiting.flat())
    if (money !== null) sums.set(money.currency, (sums.get(money.currency) ?? 0n) + minorOf(money));
  return { requests: waiting.length, money: moneyList(sums) };
}

interface DocumentSum {
  currency: string;
  invoices: bigint;
  net_minor: bigint;
  credited_minor: bigint;
}

/** null where one ticket is asked for: a document is not of one ticket. */
export function documentsAccounted(
  database: ReadDatabase,
  scope: ReconciliationScope,
  accounted: Accounted,
  charges: ChargesAccounted,
): DocumentsAccounted | null {
  if (scope.ticketId !== undefined) return null;
  const where = whereOf(scope, WORK_SCOPE);
  const rows = database
    .query<[object], DocumentSum>(
      `SELECT currency, sum(invoices) AS invoices, sum(net_minor) AS net_minor, sum(credited_minor) AS credited_minor FROM (
         SELECT currency, 1 AS invoices, net_minor, credited_net_minor AS credited_minor
         FROM invoices WHERE status IN ('issuing', 'issued')${where.sql}
         UNION ALL
         SELECT currency, 0, 0, net_minor FROM credit_notes WHERE invoice_id IS NULL${where.sql}
       ) GROUP BY currency`,
    )
    .all(where.parameters);
  const of = (minor: (row: DocumentSum) => bigint): ReadonlyMap<string, bigint> =>
    new Map(rows.map((row) => [row.currency, minor(row)]));
  const explained = addUp([...accounted.byDisposition.invoiced.money, ...charges.invoiced.money]);
  const asked = of((row) => row.net_minor - row.credited_minor);
  const unexplained = new Map<string, bigint>();
  for (const currency of new Set([...asked.keys(), ...explained.keys()])) {
    const difference = (asked.get(currency) ?? 0n) - (explained.get(currency) ?? 0n);
    if (difference !== 0n) unexplained.set(currency, difference);
  }
  return {
    invoices: rows.reduce((sum, row) => sum + Number(row.invoices), 0),
    invoiced: moneyList(of((row) => row.net_minor)),
    credited: moneyList(new Map([...of((row) => row.credited_minor)].filter(([, minor]) => minor !== 0n))),
    unexplained: moneyList(unexplained),
  };
}

function addUp(list: readonly MoneyJson[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const money of list) sums.set(money.currency, (sums.get(money.currency) ?? 0n) + minorOf(money));
  return sums;
}
