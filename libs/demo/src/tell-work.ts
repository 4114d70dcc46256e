import { type Actor, localDateIn, unreachable } from '@billtrail/kernel';
import type { LogTimeEntry, TimeEntryInput } from '@billtrail/ticketing';
import { WORK_TYPES } from './agreements.js';
import { type WallMinutes, dayOf, isBusinessDay, wallAt } from './calendar.js';
import { CURRENCY } from './configuration.js';
import type { Goods } from './goods.js';
import { ACCOUNTS, asActor } from './people.js';
import type { EntryPlan } from './plan-work.js';
import { EXPENSES, PEND_ON_CLIENT, PEND_ON_THIRD_PARTY, filledIn } from './texts.js';
import type { Cast, DoneEntry, TicketScript } from './ticket-script.js';
import type { Engineer } from './workforce.js';

const HAND_OVER_SHARE = 0.08;
const NOTE_SHARE = 0.35;
const SAME_DAY_SHARE = 0.5;
const PEND_SHARE = 0.4;
/** Of the entries at the client's site. */
const EXPENSE_SHARE = 0.2;
const WRONG_FIRST_SHARE = 0.015;
const DOUBLE_SHARE = 0.008;
const WARRANTY_SHARE = 0.08;
/** Minutes after nine at which goods of the day before are approved, when the time sheets are done. */
const GOODS_MINUTE = 95;
/** Minutes after nine at which an engineer notices an entry that was logged twice, and at which the desk agrees that it is voided. */
const NOTICED_MINUTE = 5;
const AGREED_MINUTE = 120;

/** Tells the work on one ticket: when each entry was worked, what was noted and used, and what became of the time. */
export class WorkTeller {
  private readonly ticketId: string;
  /** Minutes by which the client's clock is behind the engineers'. */
  private readonly behind: number;
  private notes = 0;

  constructor(
    private readonly cast: Cast,
    private readonly script: TicketScript,
  ) {
    this.ticketId = cast.plan.ticketId;
    this.behind = cast.frame.calendar.minutesBehind(cast.plan.client.timeZone, cast.plan.arrival);
  }

  /** These entries, one after the other, from the assignment to `assignee` on. */
  tell(entries: readonly EntryPlan[], assigned: WallMinutes, assignee: number): readonly DoneEntry[] {
    const { random, workforce } = this.cast;
    const done: DoneEntry[] = [];
    let from = assigned + random.whole(1, 5);
    let index = assignee;
    for (const [number, entry] of entries.entries()) {
      if (number > 0 && random.chance(HAND_OVER_SHARE)) index = this.handOver(index, from);
      const start = this.book(index, from, entry.minutes, number === 0);
      const engineer = workforce.engineer(index);
      const end = start + entry.minutes;
      if (number === 0) this.script.add(start, asActor(engineer), { type: 'StartWork', ticketId: this.ticketId });
      this.log(entry, number + 1, engineer, start);
      this.maybeNote(engineer, end + 2);
      if (entry.workType === WORK_TYPES.onsite && this.cast.plan.leak === null)
        this.maybeExpense(number + 1, engineer, end);
      done.push({ workType: entry.workType, minutes: entry.minutes, engineer, end });
      if (number + 1 < entries.length) from = this.nextStart(end, engineer);
    }
    this.tellGoods(done.at(-1));
    return done;
  }

  private book(index: number, from: WallMinutes, minutes: number, isFirst: boolean): WallMinutes {
    const { workforce, plan } = this.cast;
    const isOnTheSpot = isFirst && (plan.isAfterHours || plan.leak === 'before-the-contract');
    return isOnTheSpot ? workforce.bookAtOnce(index, from, minutes) : workforce.book(index, from, minutes, this.behind);
  }

  private handOver(from: number, at: WallMinutes): number {
    const { workforce, random, desk } = this.cast;
    const to = workforce.choose(at, random);
    const { id } = workforce.engineer(to);
    if (to !== from) {
      this.script.add(at, desk, { type: 'AssignTicket', ticketId: this.ticketId, engineerId: id, team: 'second-line' });
    }
    return to;
  }

  /** When work goes on: soon, or on another day; then the ticket may wait for somebody meanwhile. */
  private nextStart(end: WallMinutes, engineer: Engineer): WallMinutes {
    const { random, frame } = this.cast;
    const { calendar } = frame;
    const today = dayOf(end);
    if (today >= (calendar.businessDays.at(-1) ?? calendar.lastDay)) return end + 5;
    if (isBusinessDay(today) && random.chance(SAME_DAY_SHARE)) return end + random.whole(10, 50);
    const nextDay = wallAt(calendar.businessDayAfter(today), 8 * 60 + 30);
    if (!random.chance(PEND_SHARE)) return nextDay;
    const onClient = random.chance(0.75);
    const by = asActor(engineer);
    this.script.add(end + 10, by, {
      type: onClient ? 'PendTicketOnClient' : 'PendTicketOnThirdParty',
      ticketId: this.ticketId,
      reason: random.pick(onClient ? PEND_ON_CLIENT : PEND_ON_THIRD_PARTY),
    });
    this.script.add(nextDay, by, { type: 'ResumeTicket', ticketId: this.ticketId });
    return nextDay;
  }

  private log(entry: EntryPlan, number: number, engineer: Engineer, start: WallMinutes): void {
    const { random, frame, desk } = this.cast;
    const by = asActor(engineer);
    const timeEntryId = `${this.ticketId}-E${number}`;
    const right: LogTimeEntry = {
      type: 'LogTimeEntry',
      ticketId: this.ticketId,
      timeEntryId,
      ...this.factsOf(entry, number, engineer, start),
    };
    if (entry.fate === 'logged-late') {
      this.script.addLate(frame.lateWork + random.whole(0, 200), by, right);
      this.script.addLate(frame.lateWork + random.whole(260, 400), desk, {
        type: 'ApproveTimeEntry',
        ticketId: this.ticketId,
        timeEntryId,
      });
      return;
    }
    const logged = start + entry.minutes + random.whole(0, 8);
    const isWrongFirst = this.cast.plan.leak === null && random.chance(WRONG_FIRST_SHARE);
    if (isWrongFirst) this.wrongFirst(right, by, logged);
    else this.script.add(logged, by, right);
    if (this.cast.plan.leak === null && random.chance(DOUBLE_SHARE)) this.double(right, by, logged);
    const version = isWrongFirst ? 2 : 1;
    this.judge(entry, { timeEntryId, version }, this.script.nextMorning(logged, random.whole(0, 90)));
  }

  private factsOf(entry: EntryPlan, number: number, engineer: Engineer, start: WallMinutes): TimeEntryInput {
    const { random, frame, plan, topic } = this.cast;
    const startedAt = frame.calendar.instantOf(start);
    const dayClass = isBusinessDay(dayOf(start)) ? 'after-hours' : 'weekend';
    return {
      engineerId: engineer.id,
      engineerRole: engineer.role,
      workType: entry.workType,
      minutes: entry.minutes,
      workDate: localDateIn(plan.client.timeZone, startedAt),
      startedAt,
      endedAt: frame.calendar.instantOf(start + entry.minutes),
      rateClass: entry.workType === WORK_TYPES.afterHours ? dayClass : null,
      description: filledIn(topic.work[number - 1] ?? topic.work.at(-1) ?? topic.summary, random),
    };
  }

  /** Logged without its times, and put right soon after. */
  private wrongFirst(right: LogTimeEntry, by: Actor, at: WallMinutes): void {
    this.script.add(at, by, { ...right, minutes: right.minutes + 60, startedAt: null, endedAt: null });
    this.script.add(at + 2, by, { ...right, type: 'CorrectTimeEntry', reason: 'an hour too much' });
  }

  /** Logged twice, and voided when the engineer notices the next morning. Where the ticket is resolved by then, the desk has to agree. */
  private double(right: LogTimeEntry, by: Actor, at: WallMinutes): void {
    const timeEntryId = `${right.timeEntryId}D`;
    this.script.add(at + 1, by, { ...right, timeEntryId });
    const voided = { type: 'VoidTimeEntry', ticketId: this.ticketId, timeEntryId, reason: 'logged twice' } as const;
    const agreed = { by: this.cast.desk, at: this.script.nextMorning(at, AGREED_MINUTE) };
    this.script.add(this.script.nextMorning(at, NOTICED_MINUTE), by, voided, agreed);
  }

  private judge(entry: EntryPlan, seen: { timeEntryId: string; version: number }, at: WallMinutes): void {
    const { desk, frame, random } = this.cast;
    const approve = { type: 'ApproveTimeEntry', ticketId: this.ticketId, ...seen } as const;
    switch (entry.fate) {
      case 'approved':
        return this.script.add(at, desk, approve);
      case 'approved-late':
        return this.script.addLate(frame.lateWork + random.whole(0, 300), desk, approve);
      case 'rejected': {
        const reason = 'the description does not say what was done';
        return this.script.add(at, desk, { type: 'RejectTimeEntry', ticketId: this.ticketId, ...seen, reason });
      }
      case 'never-approved':
      case 'logged-late':
        return;
      default:
        return unreachable(entry.fate);
    }
  }

  /** The next of the topic's notes, while there are any. */
  private maybeNote(engineer: Engineer, at: WallMinutes): void {
    const { random, topic } = this.cast;
    const text = topic.notes[this.notes];
    if (text !== undefined && random.chance(NOTE_SHARE)) this.note(engineer, at, filledIn(text, random));
  }

  private note(engineer: Engineer, at: WallMinutes, text: string): void {
    this.notes += 1;
    this.script.add(at, asActor(engineer), {
      type: 'AddNote',
      ticketId: this.ticketId,
      noteId: `${this.ticketId}-N${this.notes}`,
      text,
      visibility: this.cast.random.chance(0.4) ? 'client' : 'internal',
    });
  }

  private maybeExpense(number: number, engineer: Engineer, at: WallMinutes): void {
    const { random } = this.cast;
    if (!random.chance(EXPENSE_SHARE)) return;
    const [description, amount] = random.pick(EXPENSES);
    this.script.add(at + 3, asActor(engineer), {
      type: 'RecordExpense',
      ticketId: this.ticketId,
      expenseId: `${this.ticketId}-X${number}`,
      description,
      cost: { amount, currency: CURRENCY },
      receiptReference: random.chance(0.8) ? `R-${random.whole(1_000, 9_999)}` : null,
      workDate: this.dateAt(at),
    });
    this.script.add(this.script.nextMorning(at + 3, GOODS_MINUTE), this.cast.desk, {
      type: 'ApproveExpense',
      ticketId: this.ticketId,
      expenseId: `${this.ticketId}-X${number}`,
    });
  }

  /** The part or licence that the ticket is about: used and recorded, or, where that is the planted leak, only mentioned. */
  private tellGoods(last: DoneEntry | undefined): void {
    const { goods, plan, random } = this.cast;
    if (goods === null || last === undefined) return;
    const isMentioned = plan.leak === 'part-in-note' || (plan.leak === null && random.chance(0.7));
    if (isMentioned) this.note(last.engineer, last.end + 4, filledIn(goods.note, random));
    if (plan.leak === null) this.useGoods(goods, last);
  }

  private useGoods(goods: Goods, { engineer, end }: DoneEntry): void {
    const { random } = this.cast;
    const claim = `RMA-${this.ticketId}`;
    const stated = {
      quantity: goods.isSerialised ? '1' : String(random.whole(1, 3)),
      serialNumber: goods.isSerialised ? `SN-${random.whole(100_000, 999_999)}` : null,
    };
    const isReplaced = goods.isSerialised && random.chance(WARRANTY_SHARE);
    const warranty = isReplaced ? { underWarranty: true, warrantyClaim: claim } : { underWarranty: false };
    this.script.add(end + 6, asActor(engineer), {
      type: 'RecordMaterialUsage',
      ticketId: this.ticketId,
      materialUsageId: `${this.ticketId}-M1`,
      itemCode: goods.itemCode,
      description: goods.description,
      unit: goods.unit,
      unitCost: { amount: goods.unitCost, currency: CURRENCY },
      listPrice: { amount: goods.listPrice, currency: CURRENCY },
      ...stated,
      ...warranty,
      workDate: this.dateAt(end),
    });
    this.script.add(this.script.nextMorning(end + 6, GOODS_MINUTE), this.cast.desk, {
      type: 'ApproveMaterialUsage',
      ticketId: this.ticketId,
      materialUsageId: `${this.ticketId}-M1`,
    });
    if (!isReplaced) return;
    const creditedAt = this.script.nextMorning(this.script.nextMorning(end + 6, GOODS_MINUTE), GOODS_MINUTE);
    this.script.add(creditedAt, ACCOUNTS, {
      type: 'RecordSupplierCredit',
      ticketId: this.ticketId,
      materialUsageId: `${this.ticketId}-M1`,
      amount: { amount: goods.unitCost, currency: CURRENCY },
      reference: `CN-${claim}`,
      creditedOn: this.dateAt(creditedAt),
    });
  }

  private dateAt(at: WallMinutes): string {
    return localDateIn(this.cast.plan.client.timeZone, this.cast.frame.calendar.instantOf(at));
  }
}
