import type { Actor, Instant } from '@billtrail/kernel';
import type { TicketCommand } from '@billtrail/ticketing';
import { type DemoCalendar, type WallMinutes, dayOf, wallAt } from './calendar.js';
import type { DemoStep } from './demo-month.js';
import type { Goods } from './goods.js';
import type { TicketPlan } from './plan-tickets.js';
import type { WorkPlan } from './plan-work.js';
import type { Random } from './random.js';
import type { Topic } from './texts.js';
import type { Engineer, Workforce } from './workforce.js';

/** The points of time between which a month is told. */
export interface Frame {
  readonly calendar: DemoCalendar;
  /** The evening before the invoices: the commands of the month come before it. */
  readonly monthEnds: WallMinutes;
  readonly invoicing: WallMinutes;
  /** When late work is entered. */
  readonly lateWork: WallMinutes;
}

export function frameOf(calendar: DemoCalendar): Frame {
  const invoiceDay = calendar.businessDayAfter(calendar.lastDay, 2);
  return {
    calendar,
    monthEnds: wallAt(calendar.businessDayAfter(calendar.lastDay), 20 * 60),
    invoicing: wallAt(invoiceDay, 10 * 60),
    lateWork: wallAt(calendar.businessDayAfter(invoiceDay, 2), 10 * 60),
  };
}

/** All that the story of one ticket is told from. */
export interface Cast {
  readonly plan: TicketPlan;
  readonly work: WorkPlan;
  readonly topic: Topic;
  /** The part or licence that the ticket is about. */
  readonly goods: Goods | null;
  readonly contact: Actor;
  /** Who triages the ticket and approves its time. */
  readonly desk: Actor;
  readonly frame: Frame;
  readonly workforce: Workforce;
  readonly random: Random;
}

/** A time entry as it was worked. */
export interface DoneEntry {
  readonly workType: string;
  readonly minutes: number;
  readonly engineer: Engineer;
  readonly end: WallMinutes;
}

interface Line {
  readonly at: WallMinutes;
  readonly by: Actor;
  readonly command: TicketCommand;
  /** Who agrees where one person may not do it alone, and when. */
  readonly agreed?: { readonly by: Actor; readonly at: WallMinutes };
}

/** Collects the commands of one ticket in any order and hands them out by their time. */
export class TicketScript {
  private readonly lines: Line[] = [];
  private readonly lateLines: Line[] = [];

  constructor(private readonly frame: Frame) {}

  add(at: WallMinutes, by: Actor, command: TicketCommand, agreed?: Line['agreed']): void {
    this.lines.push({ at, by, command, ...(agreed && { agreed }) });
  }

  /** For after the invoice. */
  addLate(at: WallMinutes, by: Actor, command: TicketCommand): void {
    this.lateLines.push({ at, by, command });
  }

  steps(): readonly DemoStep<TicketCommand>[] {
    return this.inOrder(this.lines);
  }

  lateSteps(): readonly DemoStep<TicketCommand>[] {
    return this.inOrder(this.lateLines);
  }

  /** So many minutes after nine on the next business day: when time sheets are approved and reports are read. */
  nextMorning(after: WallMinutes, minute: number): WallMinutes {
    return wallAt(this.frame.calendar.businessDayAfter(dayOf(after)), 9 * 60 + minute);
  }

  private inOrder(lines: readonly Line[]): readonly DemoStep<TicketCommand>[] {
    // The sort is stable: commands of one minute stay in the order in which they were told.
    return [...lines]
      .sort((a, b) => a.at - b.at)
      .map(({ at, by, command, agreed }) => ({
        command,
        at: this.instantOf(at),
        by,
        ...(agreed && { agreed: { by: agreed.by, at: this.instantOf(agreed.at) } }),
      }));
  }

  private instantOf(at: WallMinutes): Instant {
    return this.frame.calendar.instantOf(at);
  }
}
