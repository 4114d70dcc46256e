import { type Decision, type Instant, type Issued, epochMillis, isId, unreachable } from '@billtrail/kernel';
import type { LogTimeEntry, OverrideTimeEntryPrice, StartTimer, StopTimer, TimeCommand } from './commands.js';
import { correctWork, recordWork, voidWork, voided, workItem } from './decide-work.js';
import { isInWork } from './decide-moves.js';
import type { TicketEvent } from './events.js';
import { blankField, no } from './refusals.js';
import { sameData } from './same-data.js';
import type { Ticket } from './state.js';
import { MAX_ENTRY_MINUTES, plainMoney, pricePerHourRule, timeEntryFacts, timeEntryRule } from './work-rules.js';

/** Time entries and timers. */
export function decideTime(command: TimeCommand & Issued, ticket: Ticket): Decision<TicketEvent> {
  const occurredAt = command.occurredAt ?? command.at;
  switch (command.type) {
    case 'StartTimer':
      return startTimer(command, ticket, occurredAt);
    case 'StopTimer':
      return stopTimer(command, ticket, occurredAt);
    case 'LogTimeEntry':
      return logTimeEntry(command, ticket, occurredAt);
    case 'CorrectTimeEntry': {
      const { timeEntryId, reason } = command;
      const facts = timeEntryFacts(command);
      return correctWork(
        ticket,
        'time',
        timeEntryId,
        facts,
        blankField({ reason }) ?? timeEntryRule(facts, command.at),
        {
          type: 'TimeEntryCorrected',
          data: { ...facts, timeEntryId, reason, correctedBy: command.by.id },
          occurredAt,
        },
      );
    }
    case 'ApproveTimeEntry':
      return approveTimeEntry(command, ticket, occurredAt);
    case 'RejectTimeEntry': {
      const { timeEntryId, reason } = command;
      const item = workItem(ticket, 'time', timeEntryId);
      if ('refused' in item) return item;
      if (item.voided) return voided(timeEntryId);
      if (item.approval === 'rejected') return [];
      const data = { timeEntryId, rejectedBy: command.by.id, reason };
      return blankField({ reason }) ?? [{ type: 'TimeEntryRejected', data, occurredAt }];
    }
    case 'OverrideTimeEntryPrice':
      return overridePrice(command, ticket, occurredAt);
    case 'VoidTimeEntry': {
      const { timeEntryId, reason } = command;
      const data = { timeEntryId, reason };
      return voidWork(ticket, 'time', timeEntryId, reason, { type: 'TimeEntryVoided', data, occurredAt });
    }
    default:
      return unreachable(command);
  }
}

function logTimeEntry(command: LogTimeEntry & Issued, ticket: Ticket, occurredAt: Instant): Decision<TicketEvent> {
  const { timeEntryId } = command;
  const facts = timeEntryFacts(command);
  return recordWork(ticket, 'time', timeEntryId, facts, timeEntryRule(facts, command.at), {
    type: 'TimeEntryLogged',
    data: { ...facts, timeEntryId, loggedBy: command.by.id },
    occurredAt,
  });
}

/**
 * Nobody approves their own work (domain.md, Roles): not the engineer whose work it is, and not who typed it in or corrected it.
 * A policy or import (role `system`) types in for others and may approve what it typed in.
 */
function approveTimeEntry(
  { timeEntryId, by }: Extract<TimeCommand, { type: 'ApproveTimeEntry' }> & Issued,
  ticket: Ticket,
  occurredAt: Instant,
): Decision<TicketEvent> {
  const item = workItem(ticket, 'time', timeEntryId);
  if ('refused' in item) return item;
  if (item.voided) return voided(timeEntryId);
  if (item.approval === 'approved') return [];
  const own = item.facts.engineerId === by.id || (by.role !== 'system' && item.writtenBy.includes(by.id));
  if (own) {
    return no('OwnWork', 'Nobody approves their own work.', 'Ask somebody who neither did nor entered it.', {
      timeEntryId,
    });
  }
  return [{ type: 'TimeEntryApproved', data: { timeEntryId, approvedBy: by.id }, occurredAt }];
}

/** Nobody sets the price of their own work. At any stage: a price that is wrong is put right also after the resolution. */
function overridePrice(
  command: OverrideTimeEntryPrice & Issued,
  ticket: Ticket,
  occurredAt: Instant,
): Decision<TicketEvent> {
  const { timeEntryId, reason, by } = command;
  const item = workItem(ticket, 'time', timeEntryId);
  if ('refused' in item) return item;
  if (item.voided) return voided(timeEntryId);
  const pricePerHour = plainMoney(command.pricePerHour);
  const known = item.priceOverride;
  if (known === null ? pricePerHour === null : sameData(known, { pricePerHour, reason })) return [];
  const malformed = blankField({ reason }) ?? pricePerHourRule(pricePerHour);
  if (malformed !== null) return malformed;
  if (item.facts.engineerId === by.id) {
    return no('OwnWork', 'Nobody sets the price of their own work.', 'Ask somebody who did not do it.', {
      timeEntryId,
    });
  }
  const data = { timeEntryId, pricePerHour, reason, overriddenBy: by.id };
  return [{ type: 'TimeEntryPriceOverridden', data, occurredAt }];
}

function startTimer({ timerId, engineerId }: StartTimer, ticket: Ticket, startedAt: Instant): Decision<TicketEvent> {
  const timers = ticket.record.timers;
  const known = timers.get(timerId);
  if (known !== undefined) {
    if (known.engineerId === engineerId) return [];
    return no('TimerExists', `The ticket has another timer with the id ${timerId}.`, 'Use another id.', { timerId });
  }
  const blank = blankField({ engineerId });
  if (blank !== null) return blank;
  if (!isId(timerId)) {
    return no('FieldInvalid', `${timerId} can't be the id of a timer.`, 'Use letters, digits and . _ ~ : -', {
      field: 'timerId',
    });
  }
  if (!isInWork(ticket)) {
    return no(
      'TicketNotInWork',
      `Nobody works on a ticket in stage ${ticket.stage}.`,
      'Assign or reopen it first; work done already is logged as a time entry.',
      { stage: ticket.stage },
    );
  }
  const running = [...timers].find(([, timer]) => timer.running && timer.engineerId === engineerId);
  if (running !== undefined) {
    return no(
      'TimerAlreadyRunning',
      `A timer of ${engineerId} is running on this ticket.`,
      'Stop it first (StopTimer).',
      {
        timerId: running[0],
      },
    );
  }
  return [{ type: 'TimerStarted', data: { timerId, engineerId, startedAt }, occurredAt: startedAt }];
}

/**
 * Its time entry has the minutes that passed, to the nearest whole minute and at least one, from the minute in which the timer
 * was started.
 */
function stopTimer(command: StopTimer & Issued, ticket: Ticket, stoppedAt: Instant): Decision<TicketEvent> {
  const { timerId, timeEntryId } = command;
  const timer = ticket.record.timers.get(timerId);
  if (timer === undefined) {
    return no('TimerUnknown', `The ticket has no timer with the id ${timerId}.`, 'Look up the id on the ticket.', {
      timerId,
    });
  }
  if (!timer.running) return [];
  const elapsedMillis = epochMillis(stoppedAt) - epochMillis(timer.startedAt);
  if (elapsedMillis < 0) {
    const message = `The timer was started at ${timer.startedAt}, after ${stoppedAt}.`;
    return no('TimerStopsBeforeStart', message, 'Give a later time, or leave `occurredAt` out to stop it now.', {
      timerId,
    });
  }
  const stopped: TicketEvent = { type: 'TimerStopped', data: { timerId, stoppedAt }, occurredAt: stoppedAt };
  if (!timeEntryId) return [stopped];
  const { engineerRole, workType, workDate, description } = command;
  if (!engineerRole || !workType || !workDate || !description) {
    return no(
      'TimeEntryIncomplete',
      'The time entry that the timer leaves lacks a part.',
      'Give engineerRole, workType, workDate and description, or no timeEntryId to discard the time.',
      { timerId, timeEntryId },
    );
  }
  const minutes = Math.max(1, Math.round(elapsedMillis / 60_000));
  if (minutes > MAX_ENTRY_MINUTES) {
    return no(
      'TimerTooLong',
      `The timer ran for ${minutes} minutes, and a time entry holds at most ${MAX_ENTRY_MINUTES}.`,
      'Stop it without an entry, and log the time that was worked.',
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
