import {
  type Decision,
  type Instant,
  type Issued,
  type LocalDate,
  type Minutes,
  type MoneyJson,
  type Refusal,
  epochMillis,
  isId,
} from '@billtrail/kernel';
import type { About, Decisions } from './decisions.js';
import type { TicketEvent } from './events.js';
import { routeOf, timelineOf } from './next-steps.js';
import { blankField, no } from './refusals.js';
import { sameData } from './same-data.js';
import { type Ticket, isInWork } from './state.js';
import { correctWork, recordWork, voidWork, voided, workItem } from './work-items.js';
import {
  MAX_ENTRY_MINUTES,
  type TimeEntryInput,
  plainMoney,
  pricePerHourRule,
  timeEntryFacts,
  timeEntryRule,
} from './work-rules.js';

/** The timer starts at the command's business time. */
export interface StartTimer extends About {
  readonly type: 'StartTimer';
  readonly timerId: string;
  readonly engineerId: string;
}
/**
 * Stops at the command's business time. With `timeEntryId` it logs a time entry for the engineer who ran it, from start to end, and
 * `engineerRole`, `workType`, `workDate` and `description` are required too; without, the time is discarded.
 */
export interface StopTimer extends About {
  readonly type: 'StopTimer';
  readonly timerId: string;
  readonly timeEntryId?: string | null;
  readonly engineerRole?: string | null;
  readonly workType?: string | null;
  readonly workDate?: LocalDate | null;
  readonly description?: string | null;
  readonly statedBillableMinutes?: Minutes | null;
  readonly rateClass?: string | null;
}
export interface LogTimeEntry extends About, TimeEntryInput {
  readonly type: 'LogTimeEntry';
  readonly timeEntryId: string;
}
/** All facts, corrected; what is left out becomes null. */
export interface CorrectTimeEntry extends About, TimeEntryInput {
  readonly type: 'CorrectTimeEntry';
  readonly timeEntryId: string;
  readonly reason: string;
}
/**
 * Sets an hourly price for one entry, with a reason; null removes it. Yields nothing if it is so already. Refuses, in this order:
 * WorkItemUnknown, WorkItemVoided, FieldInvalid, MoneyInvalid, OwnWork, and what `looked` says.
 */
export interface OverrideTimeEntryPrice extends About {
  readonly type: 'OverrideTimeEntryPrice';
  readonly timeEntryId: string;
  readonly pricePerHour: MoneyJson | null;
  readonly reason: string;
  /** Why the price can't be set by whoever sends it, who has looked at what it takes off; null: it can. */
  readonly looked?: Refusal | null;
}
export interface VoidTimeEntry extends About {
  readonly type: 'VoidTimeEntry';
  readonly timeEntryId: string;
  readonly reason: string;
}

export type TimeCommand =
  StartTimer | StopTimer | LogTimeEntry | CorrectTimeEntry | OverrideTimeEntryPrice | VoidTimeEntry;

/** Time entries and timers. */
export const TIME: Decisions<TimeCommand> = {
  StartTimer: startTimer,
  StopTimer: stopTimer,
  LogTimeEntry: logTimeEntry,
  CorrectTimeEntry(command, ticket, occurredAt) {
    const { timeEntryId, reason } = command;
    const facts = timeEntryFacts(command);
    return correctWork(ticket, 'time', timeEntryId, facts, blankField({ reason }) ?? timeEntryRule(facts, command.at), {
      type: 'TimeEntryCorrected',
      data: { ...facts, timeEntryId, reason, correctedBy: command.by.id },
      occurredAt,
    });
  },
  OverrideTimeEntryPrice: overridePrice,
  VoidTimeEntry(command, ticket, occurredAt) {
    const { timeEntryId, reason } = command;
    const data = { timeEntryId, reason };
    return voidWork(ticket, 'time', timeEntryId, reason, { type: 'TimeEntryVoided', data, occurredAt });
  },
};

function logTimeEntry(command: LogTimeEntry & Issued, ticket: Ticket, occurredAt: Instant): Decision<TicketEvent> {
  const { timeEntryId } = command;
  const facts = timeEntryFacts(command);
  return recordWork(ticket, 'time', timeEntryId, facts, timeEntryRule(facts, command.at), {
    type: 'TimeEntryLogged',
    data: { ...facts, timeEntryId, loggedBy: command.by.id },
    occurredAt,
  });
}

/** Nobody sets the price of their own work. Allowed at any stage: a wrong price can be corrected after the resolution too. */
function overridePrice(
  command: OverrideTimeEntryPrice & Issued,
  ticket: Ticket,
  occurredAt: Instant,
): Decision<TicketEvent> {
  const { timeEntryId, reason, by, looked = null } = command;
  const item = workItem(ticket, 'time', timeEntryId);
  if ('refused' in item) return item;
  if (item.voided) return voided(timeEntryId);
  const pricePerHour = plainMoney(command.pricePerHour);
  const known = item.priceOverride;
  if (known === null ? pricePerHour === null : sameData(known, { pricePerHour, reason })) return [];
  const malformed = blankField({ reason }) ?? pricePerHourRule(pricePerHour);
  if (malformed !== null) return malformed;
  if (item.facts.engineerId === by.id) {
    return no('OwnWork', "You can't set the price of your own work.", 'Ask someone who did not do the work.', {
      timeEntryId,
    });
  }
  if (looked) return looked;
  const data = { timeEntryId, pricePerHour, reason, overriddenBy: by.id };
  return [{ type: 'TimeEntryPriceOverridden', data, occurredAt }];
}

function startTimer({ timerId, engineerId }: StartTimer, ticket: Ticket, startedAt: Instant): Decision<TicketEvent> {
  const timers = ticket.record.timers;
  const known = timers.get(timerId);
  if (known !== undefined) {
    if (known.engineerId === engineerId) return [];
    return no('TimerExists', `The ticket has another timer with id ${timerId}.`, 'Use another id.', { timerId });
  }
  const blank = blankField({ engineerId });
  if (blank !== null) return blank;
  if (!isId(timerId)) {
    return no('FieldInvalid', `${timerId} is not a valid timer id.`, 'Use letters, digits and . _ ~ : -', {
      field: 'timerId',
    });
  }
  if (!isInWork(ticket)) {
    return no(
      'TicketNotInWork',
      'A timer runs only on a ticket that is being worked on.',
      `${ticket.stage === 'request' || ticket.stage === 'triage' ? 'Assign it' : 'Reopen it'} first, or log finished work: ${routeOf(ticket, 'time-entries')}`,
      { stage: ticket.stage },
    );
  }
  const running = [...timers].find(([, timer]) => timer.running && timer.engineerId === engineerId);
  if (running !== undefined) {
    return no(
      'TimerAlreadyRunning',
      `A timer of ${engineerId} is already running on this ticket.`,
      `Stop it first: ${routeOf(ticket, `timers/${running[0]}/stop`)}`,
      {
        timerId: running[0],
      },
    );
  }
  return [{ type: 'TimerStarted', data: { timerId, engineerId, startedAt }, occurredAt: startedAt }];
}

/**
 * The time entry has the minutes that passed, rounded to whole minutes and at least one, from the minute in which the timer was
 * started.
 */
function stopTimer(command: StopTimer & Issued, ticket: Ticket, stoppedAt: Instant): Decision<TicketEvent> {
  const { timerId, timeEntryId } = command;
  const timer = ticket.record.timers.get(timerId);
  if (timer === undefined) {
    return no('TimerUnknown', `The ticket has no timer ${timerId}.`, `Check the id: ${timelineOf(ticket)}`, {
      timerId,
    });
  }
  if (!timer.running) return [];
  const elapsedMillis = epochMillis(stoppedAt) - epochMillis(timer.startedAt);
  if (elapsedMillis < 0) {
    const message = `The timer was started at ${timer.startedAt}, after ${stoppedAt}.`;
    return no('TimerStopsBeforeStart', message, 'Send a later `occurredAt`, or none to stop it now.', {
      timerId,
    });
  }
  const stopped: TicketEvent = { type: 'TimerStopped', data: { timerId, stoppedAt }, occurredAt: stoppedAt };
  if (!timeEntryId) return [stopped];
  const { engineerRole, workType, workDate, description } = command;
  if (!engineerRole || !workType || !workDate || !description) {
    return no(
      'TimeEntryIncomplete',
      'engineerRole, workType, workDate and description are required to log the time of the timer.',
      'Send them, or leave out timeEntryId to discard the time.',
      { timerId, timeEntryId },
    );
  }
  const minutes = Math.max(1, Math.round(elapsedMillis / 60_000));
  if (minutes > MAX_ENTRY_MINUTES) {
    return no(
      'TimerTooLong',
      `The timer ran for ${minutes} minutes; a time entry can have at most ${MAX_ENTRY_MINUTES}.`,
      `Stop it without timeEntryId, then log the time worked: ${routeOf(ticket, 'time-entries')}`,
      { timerId, minutes, max: MAX_ENTRY_MINUTES },
    );
  }
  const startMillis = Math.floor(epochMillis(timer.startedAt) / 60_000) * 60_000;
  const log: LogTimeEntry = {
    type: 'LogTimeEntry',
    ticketId: command.ticketId,
    timeEntryId,
    engineerId: timer.engineerId,
    engineerRole,
    workType,
    workDate,
    description,
    minutes,
    startedAt: new Date(startMillis).toISOString(),
    endedAt: new Date(startMillis + minutes * 60_000).toISOString(),
    statedBillableMinutes: command.statedBillableMinutes ?? null,
    rateClass: command.rateClass ?? null,
  };
  const logged = logTimeEntry({ ...log, at: command.at, by: command.by }, ticket, stoppedAt);
  return 'refused' in logged ? logged : [stopped, ...logged];
}
