import { type Currency, Decimal, type Minutes, Money } from '@billtrail/kernel';
import type { AuditedLine, AuditedWork } from './facts.js';
import { priceOf } from './read-exports.js';

/** What of one piece of billable work is on no invoice. */
export interface Unbilled {
  readonly work: AuditedWork;
  /** null: all of it is billed. `money` is null where the work has no price, `minutes` where only an amount is open. */
  readonly rest: { readonly money: Money | null; readonly minutes: Minutes | null } | null;
  /** True where an invoice carries a part of it. */
  readonly partly: boolean;
}

export interface BilledTwice {
  readonly line: AuditedLine;
  readonly reason: string;
}

export interface SettledTicket {
  readonly works: readonly Unbilled[];
  readonly billedTwice: readonly BilledTwice[];
  /** Lines that bill time below the price of the work: what is missing. */
  readonly underpriced: readonly { readonly work: AuditedWork; readonly line: AuditedLine; readonly missing: Money }[];
}

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
const isBare = ({ minutes, amount }: AuditedLine): boolean => minutes === null && amount === null;

/** What lines of a ticket that name no work still have to give, in minutes and in money. */
class Pool {
  minutes: Minutes;
  money: Money;
  /** A line without minutes and amount bills the ticket as a whole. */
  readonly whole: boolean;

  constructor(lines: readonly AuditedLine[], currency: Currency) {
    this.whole = lines.some(isBare);
    this.minutes = sum(lines.map(({ minutes }) => minutes));
    this.money = Money.sum(
      lines.filter(({ minutes }) => minutes === null).flatMap(({ amount }) => amount ?? []),
      currency,
    );
  }

  takeMinutes(wanted: Minutes): Minutes {
    const taken = Math.max(0, Math.min(wanted, this.minutes));
    this.minutes -= taken;
    return taken;
  }

  takeMoney(wanted: Money): Money {
    const zero = Money.zero(wanted.currency);
    const available = this.money.isNegative() ? zero : this.money;
    const taken = available.compare(wanted) < 0 ? available : wanted;
    this.money = this.money.minus(taken);
    return taken;
  }
}

/**
 * Holds the billable work of one ticket against its invoice lines. Lines that name a piece of work bill that piece; the others bill the rest of
 * the ticket's work in the order given: minutes with minutes, money with money; a line with neither bills everything. Credits (negative lines)
 * count against. What is billed beyond the work is not carried to other tickets.
 */
export function settleTicket(
  works: readonly AuditedWork[],
  byWork: ReadonlyMap<AuditedWork, readonly AuditedLine[]>,
  ticketLines: readonly AuditedLine[],
  currency: Currency,
): SettledTicket {
  const pool = new Pool(ticketLines, currency);
  const settled = works.map((work) => settleOne(work, byWork.get(work) ?? [], pool));
  const twice = works.flatMap((work) => twiceOf(work, byWork.get(work) ?? []));
  const underpriced = works.flatMap((work) => (byWork.get(work) ?? []).flatMap((line) => underpricedBy(work, line)));
  return {
    works: settled,
    billedTwice: [...twice, ...repeatedLines(ticketLines, works.length === 0 ? null : pool)],
    underpriced,
  };
}

function settleOne(work: AuditedWork, lines: readonly AuditedLine[], pool: Pool): Unbilled {
  const done: Unbilled = { work, rest: null, partly: false };
  if (pool.whole || lines.some(isBare)) return done;
  if (work.kind === 'time' && work.minutes !== null && lines.some(({ minutes }) => minutes !== null)) {
    return settleMinutes(work, work.minutes, sum(lines.map(({ minutes }) => minutes)), pool);
  }
  const billed = lines.flatMap(({ amount }) => amount ?? []);
  if (billed.length > 0) {
    // Work without a price of its own is priced by the invoice that carries it.
    if (work.amount === null) return Money.sum(billed, pool.money.currency).isZero() ? open(work, false) : done;
    return settleMoney(work, work.amount, Money.sum(billed, work.amount.currency), pool);
  }
  if (work.kind === 'time' && work.minutes !== null) return settleMinutes(work, work.minutes, 0, pool);
  if (work.amount !== null) return settleMoney(work, work.amount, Money.zero(work.amount.currency), pool);
  return open(work, false);
}

function open(work: AuditedWork, partly: boolean): Unbilled {
  return { work, rest: { money: work.amount, minutes: work.minutes }, partly };
}

function settleMinutes(work: AuditedWork, worked: Minutes, direct: Minutes, pool: Pool): Unbilled {
  const wanted = Math.max(0, worked - Math.max(0, direct));
  const rest = wanted - pool.takeMinutes(wanted);
  const partly = rest < worked;
  if (rest === 0) return { work, rest: null, partly: false };
  if (work.pricePerHour === null) {
    const money = work.amount === null ? null : work.amount.times(new Decimal(rest).div(worked)).rounded();
    if (money === null) return { work, rest: { money: null, minutes: rest }, partly };
    const left = money.minus(pool.takeMoney(money));
    return {
      work,
      rest: left.isZero() ? null : { money: left, minutes: left.equals(money) ? rest : null },
      partly: partly || !left.equals(money),
    };
  }
  const price = rest === worked && work.amount !== null ? work.amount : priceOf(rest, work.pricePerHour);
  const left = price.minus(pool.takeMoney(price));
  if (left.isZero() && !price.isZero()) return { work, rest: null, partly: false };
  return {
    work,
    rest: { money: left, minutes: left.equals(price) ? rest : null },
    partly: partly || !left.equals(price),
  };
}

function settleMoney(work: AuditedWork, price: Money, direct: Money, pool: Pool): Unbilled {
  const wanted = price.minus(direct);
  if (wanted.isZero() || wanted.isNegative()) return { work, rest: null, partly: false };
  const left = wanted.minus(pool.takeMoney(wanted));
  if (left.isZero()) return { work, rest: null, partly: false };
  const partly = !left.equals(price);
  return { work, rest: { money: left, minutes: partly ? null : work.minutes }, partly };
}

/** A line that could be taken away while the work stays billed in full bills it twice. */
function twiceOf(work: AuditedWork, lines: readonly AuditedLine[]): readonly BilledTwice[] {
  if (lines.length < 2) return [];
  const name = `work ${work.workId ?? `on line ${work.line}`}`;
  const last = lines.at(-1) as AuditedLine;
  if (lines.filter(isBare).length > 1) return [{ line: last, reason: `${name} is on ${lines.length} invoice lines` }];
  const byMinutes = work.minutes !== null && lines.every(({ minutes }) => minutes !== null);
  const measures = lines.map((line) =>
    byMinutes ? new Decimal(line.minutes ?? 0) : (line.amount?.value ?? new Decimal(0)),
  );
  const need = byMinutes ? new Decimal(work.minutes ?? 0) : work.amount?.value;
  if (need === undefined || need.isZero()) return [];
  const total = measures.reduce((all, measure) => all.plus(measure), new Decimal(0));
  const surplus = lines.findLastIndex((_, index) => {
    const measure = measures[index] as Decimal;
    return measure.greaterThan(0) && total.minus(measure).greaterThanOrEqualTo(need);
  });
  const line = lines[surplus];
  return line === undefined ? [] : [{ line, reason: `${name} is billed in full without this line` }];
}

/** The same line twice on one ticket, as far as the work does not ask for both. `pool` null: no work is known, any repeat is named. */
function repeatedLines(lines: readonly AuditedLine[], pool: Pool | null): readonly BilledTwice[] {
  const seen = new Map<string, AuditedLine>();
  const twice: BilledTwice[] = [];
  for (const line of lines) {
    const key = JSON.stringify([line.minutes, line.amount, line.description, line.ticketReference]);
    const first = seen.get(key);
    const left =
      pool === null ||
      (line.minutes !== null
        ? pool.minutes >= line.minutes
        : line.amount === null || pool.money.compare(line.amount) >= 0);
    const positive = (line.minutes ?? 1) > 0 && !(line.amount?.isNegative() ?? false);
    if (first === undefined) seen.set(key, line);
    else if (left && positive)
      twice.push({ line, reason: `the same as line ${first.line} (invoice ${first.invoice})` });
  }
  return twice;
}

function underpricedBy(work: AuditedWork, line: AuditedLine): SettledTicket['underpriced'] {
  if (work.pricePerHour === null || line.minutes === null || line.amount === null || line.minutes <= 0) return [];
  const missing = priceOf(line.minutes, work.pricePerHour).minus(line.amount);
  return missing.isNegative() || missing.isZero() ? [] : [{ work, line, missing }];
}
