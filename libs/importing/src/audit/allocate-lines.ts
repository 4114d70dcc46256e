import { type Currency, Decimal, type Minutes, minorUnitDigits, Money } from '@billtrail/kernel';
import type { AuditedLine, AuditedWork } from './facts.js';
import { priceOf } from './read-exports.js';

/** The part of one piece of billable work that is on no invoice. */
export interface Unbilled {
  readonly work: AuditedWork;
  /** null: all of it is billed. `money` is null if the work has no price, `minutes` where only an amount is open. */
  readonly rest: { readonly money: Money | null; readonly minutes: Minutes | null } | null;
  /** True if an invoice carries a part of it. */
  readonly partly: boolean;
}

export interface BilledTwice {
  readonly line: AuditedLine;
  readonly reason: string;
}

export interface AllocatedTicket {
  readonly works: readonly Unbilled[];
  readonly billedTwice: readonly BilledTwice[];
  readonly underpriced: readonly Underpriced[];
}

/** Invoice lines that bill minutes of work for less than those minutes are worth. */
export interface Underpriced {
  /** null: the lines name the ticket, and bill several pieces of its work. */
  readonly work: AuditedWork | null;
  readonly lines: readonly AuditedLine[];
  readonly minutes: Minutes;
  readonly worth: Money;
  readonly missing: Money;
}

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
/** True for a line without minutes and without an amount. */
export const isBare = ({ minutes, amount }: AuditedLine): boolean => minutes === null && amount === null;
const states = (line: AuditedLine, what: 'minutes' | 'amount'): boolean => line[what] !== null;

/** What the lines of a ticket that name no work still have to allocate, in minutes and in money. */
class Pool {
  /** Minutes whose lines state no amount: what they charge is not shown, so they count at the price of the work. */
  private silent: Minutes;
  /** Minutes whose lines state an amount: it is compared with what they are worth. */
  private charged: Minutes;
  private readonly chargedLines: readonly AuditedLine[];
  private readonly charges: { readonly work: AuditedWork; readonly minutes: Minutes; readonly worth: Money }[] = [];
  money: Money;
  /** Lines without minutes and amount bill the ticket as a whole: there are none, unless the whole export has neither. */
  readonly whole: boolean;

  constructor(lines: readonly AuditedLine[], currency: Currency) {
    this.whole = lines.some(isBare);
    const timed = lines.filter((line) => states(line, 'minutes'));
    this.chargedLines = timed.filter((line) => states(line, 'amount'));
    this.charged = sum(this.chargedLines.map(({ minutes }) => minutes));
    this.silent = sum(timed.map(({ minutes }) => minutes)) - this.charged;
    this.money = Money.sum(
      lines.filter((line) => !states(line, 'minutes')).flatMap(({ amount }) => amount ?? []),
      currency,
    );
  }

  get minutes(): Minutes {
    return this.silent + this.charged;
  }

  takeMinutes(work: AuditedWork, wanted: Minutes): Minutes {
    const taken = Math.max(0, Math.min(wanted, this.minutes));
    const fromSilent = Math.min(taken, Math.max(0, this.silent));
    const fromCharged = taken - fromSilent;
    this.silent -= fromSilent;
    this.charged -= fromCharged;
    const worth = fromCharged === 0 ? null : exactWorth(work, fromCharged);
    if (worth !== null) this.charges.push({ work, minutes: fromCharged, worth });
    return taken;
  }

  takeMoney(wanted: Money): Money {
    const zero = Money.zero(wanted.currency);
    const available = this.money.isNegative() ? zero : this.money;
    const taken = available.compare(wanted) < 0 ? available : wanted;
    this.money = this.money.minus(taken);
    return taken;
  }

  /** Compares the amounts of the lines with the worth of the minutes taken from them. */
  underpriced(): readonly Underpriced[] {
    const { currency } = this.money;
    const lines = this.chargedLines;
    const worth = Money.sum(
      this.charges.map((entry) => entry.worth),
      currency,
    );
    // A credit in money that no line in money answers for lowers what the minutes bring.
    const credit = this.money.isNegative() ? this.money : Money.zero(currency);
    const paid = Money.sum(
      lines.flatMap(({ amount }) => amount ?? []),
      currency,
    ).plus(credit);
    const works = [...new Set(this.charges.map(({ work }) => work))];
    const minutes = sum(this.charges.map((entry) => entry.minutes));
    return shortfall(
      { work: works.length === 1 ? (works[0] ?? null) : null, lines, minutes, worth },
      paid,
      works,
      this,
    );
  }
}

/** What minutes of a piece of work should bring, not rounded; null: the work has no price. */
function exactWorth({ amount, minutes: worked, pricePerHour }: AuditedWork, minutes: Minutes): Money | null {
  if (amount !== null && worked !== null && worked > 0) return amount.times(new Decimal(minutes).div(worked));
  return pricePerHour === null ? null : pricePerHour.times(new Decimal(minutes).div(60));
}

/** What is missing between worth and paid, after what the lines in money still have to allocate. Roundings of lines and work are no shortfall. */
function shortfall(
  billed: Omit<Underpriced, 'missing'>,
  paid: Money,
  works: readonly AuditedWork[],
  pool: Pool,
): readonly Underpriced[] {
  const short = billed.worth.minus(paid);
  const halfUnit = new Decimal(10).pow(-minorUnitDigits(paid.currency)).div(2);
  if (short.value.lessThanOrEqualTo(halfUnit.times(billed.lines.length + works.length))) return [];
  // Lines that bring less than nothing can't make more of the work missing than it is worth.
  const wanted = (short.compare(billed.worth) > 0 ? billed.worth : short).rounded();
  const missing = wanted.minus(pool.takeMoney(wanted));
  return missing.isZero() ? [] : [{ ...billed, worth: billed.worth.rounded(), missing }];
}

/**
 * Allocates the invoice lines of one ticket to its billable work. Lines that name a piece of work bill that piece; the others bill the rest of
 * the ticket's work in the order given: minutes with minutes, money with money. Where a line states both, its amount is compared with what its
 * minutes are worth. Lines with neither occur only if the whole export has neither: then a line bills everything. Credits (negative
 * lines) count against. What is billed beyond the work is not carried to other tickets.
 */
export function allocateLines(
  works: readonly AuditedWork[],
  byWork: ReadonlyMap<AuditedWork, readonly AuditedLine[]>,
  ticketLines: readonly AuditedLine[],
  currency: Currency,
): AllocatedTicket {
  const pool = new Pool(ticketLines, currency);
  const allocated = works.map((work) => allocateTo(work, byWork.get(work) ?? [], pool));
  const twice = works.flatMap((work) => twiceOf(work, byWork.get(work) ?? []));
  const underpriced = [
    ...works.flatMap((work) => underpricedWork(work, byWork.get(work) ?? [], pool)),
    ...pool.underpriced(),
  ];
  return {
    works: allocated,
    billedTwice: [...twice, ...repeatedLines(ticketLines, works.length === 0 ? null : pool)],
    underpriced,
  };
}

function allocateTo(work: AuditedWork, lines: readonly AuditedLine[], pool: Pool): Unbilled {
  const done: Unbilled = { work, rest: null, partly: false };
  if (pool.whole || lines.some(isBare)) return done;
  if (work.kind === 'time' && work.minutes !== null && lines.some(({ minutes }) => minutes !== null)) {
    return allocateMinutes(work, work.minutes, sum(lines.map(({ minutes }) => minutes)), pool);
  }
  const billed = lines.flatMap(({ amount }) => amount ?? []);
  if (billed.length > 0) {
    // Work without a price of its own is priced by the invoice that carries it.
    if (work.amount === null) return Money.sum(billed, pool.money.currency).isZero() ? open(work, false) : done;
    return allocateMoney(work, work.amount, Money.sum(billed, work.amount.currency), pool);
  }
  if (work.kind === 'time' && work.minutes !== null) return allocateMinutes(work, work.minutes, 0, pool);
  if (work.amount !== null) return allocateMoney(work, work.amount, Money.zero(work.amount.currency), pool);
  return open(work, false);
}

function open(work: AuditedWork, partly: boolean): Unbilled {
  return { work, rest: { money: work.amount, minutes: work.minutes }, partly };
}

function allocateMinutes(work: AuditedWork, worked: Minutes, direct: Minutes, pool: Pool): Unbilled {
  const wanted = Math.max(0, worked - Math.max(0, direct));
  const rest = wanted - pool.takeMinutes(work, wanted);
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

function allocateMoney(work: AuditedWork, price: Money, direct: Money, pool: Pool): Unbilled {
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

/** The lines that name a piece of work, their amounts against the worth of the minutes that they bill. */
function underpricedWork(work: AuditedWork, lines: readonly AuditedLine[], pool: Pool): readonly Underpriced[] {
  const timed = lines.filter((line) => states(line, 'minutes'));
  if (work.minutes === null || timed.length === 0) return [];
  const silent = sum(timed.filter((line) => !states(line, 'amount')).map(({ minutes }) => minutes));
  const minutes = Math.min(work.minutes, sum(timed.map((line) => line.minutes))) - Math.max(0, silent);
  const worth = minutes > 0 ? exactWorth(work, minutes) : null;
  if (worth === null) return [];
  const paid = Money.sum(
    lines.flatMap(({ amount }) => amount ?? []),
    worth.currency,
  );
  const charging = lines.filter((line) => states(line, 'amount'));
  return shortfall({ work, lines: charging, minutes, worth }, paid, [work], pool);
}
