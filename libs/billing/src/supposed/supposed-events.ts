import { monthOf, unreachable, type Month } from '@billtrail/kernel';
import type { Classification, TicketEvent } from '@billtrail/ticketing';
import type { ClientPeriodFacts } from '../client-period.js';
import { isNameOfWork } from '../item/item-key.js';
import type { ScopeStatement, TicketFacts, WorkItem } from '../rating/facts.js';
import { merged } from './merged.js';
import { countsIncidents } from '../rating/charges/incidents.js';
import { otherMonthsOf } from './months-of-work.js';
import { countedApart, withTicketsApart, type TicketsSplitOff } from './split.js';

/** In `ClientPeriodFacts.clientId`, and of the tickets in it: nobody knows the client yet. */
export const OF_NO_CLIENT = '';

/** The id of an event that is only supposed. */
const SUPPOSED = 'supposed';
/** After all that is recorded. */
const LAST_POSITION = Number.MAX_SAFE_INTEGER;

/** Events that were decided on a ticket and are not recorded. */
export interface Supposing {
  readonly ticketId: string;
  readonly events: readonly TicketEvent[];
  /** The ticket, and what was merged into it, by itself. Absent: it is not split off. */
  readonly apart?: TicketsSplitOff;
  /** The ticket that it is merged into, as it is. Absent: as its work tells, and without any nothing is counted for both. */
  readonly into?: TicketFacts;
  /** All tickets that are one with it, by their own ids, where its own facts are changed. Absent: what was merged into it is changed alike. */
  readonly asOne?: (change: ChangeOfTicket) => ReadonlyMap<string, TicketFacts>;
}

/** Of what a ticket says itself, whatever it is part of. */
export type ChangeOfTicket = (own: TicketFacts) => TicketFacts;

type EventNamed<Name extends TicketEvent['type']> = Extract<TicketEvent, { type: Name }>;
type CorrectingEvent = EventNamed<'TimeEntryCorrected' | 'MaterialUsageCorrected' | 'ExpenseCorrected'>;

/**
 * The client-periods as they would be if the events were recorded: work is corrected, gone, priced or given otherwise, free of charge, out of scope, of another
 * class, part of another ticket or by itself again, in another month, of another client. `periods`: all that have some of the ticket's work, or of what it is one with, and those of {@link placesAfter}. A rejected entry is as good as
 * gone: nobody may ask for it. What says nothing of money changes nothing.
 */
export function supposedPeriods(
  periods: readonly ClientPeriodFacts[],
  supposing: Supposing,
): readonly ClientPeriodFacts[] {
  const { events, asOne } = supposing;
  const changes: ChangeOfTicket[] = [];
  const each: Supposing['asOne'] =
    asOne &&
    ((change) => {
      changes.push(change);
      return asOne((own) => changes.reduce((ticket, one) => one(ticket), own));
    });
  return events.reduce((now, event) => after(now, event, { ...supposing, ...(each && { asOne: each }) }), periods);
}

/** The tickets that become one with this one by the events, or were until then. */
export function ticketsJoined({ events }: Supposing): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'TicketMerged' ? [event.data.into] : event.type === 'TicketSplit' ? [event.data.from] : [],
  );
}

/** Where work of the ticket may lie after the events, beside where it is now: clients and months. */
export function placesAfter(
  periods: readonly Pick<ClientPeriodFacts, 'clientId' | 'period'>[],
  { events, apart }: Supposing,
): readonly { readonly clientId: string; readonly period: Month }[] {
  const clients = new Set(periods.map(({ clientId }) => clientId));
  const months = new Set(periods.map(({ period }) => period));
  for (const { clientId } of apart?.values() ?? []) clients.add(clientId ?? OF_NO_CLIENT);
  for (const event of events) {
    if (isClassifying(event)) clients.add(event.data.clientId ?? OF_NO_CLIENT);
    if (isCorrecting(event)) for (const month of monthsOf(event.data)) months.add(month);
  }
  return [...clients].flatMap((clientId) => [...months].map((period) => ({ clientId, period })));
}

function isClassifying(event: TicketEvent): event is EventNamed<'TicketTriaged' | 'TicketReclassified'> {
  return event.type === 'TicketTriaged' || event.type === 'TicketReclassified';
}

function isCorrecting(event: TicketEvent): event is CorrectingEvent {
  return (
    event.type === 'TimeEntryCorrected' || event.type === 'MaterialUsageCorrected' || event.type === 'ExpenseCorrected'
  );
}

type Stated = Pick<Extract<WorkItem, { kind: 'time' }>, 'workDate'> &
  Partial<Pick<Extract<WorkItem, { kind: 'time' }>, 'startedAt' | 'endedAt'>>;

function monthsOf({ workDate, startedAt = null, endedAt = null }: Stated): readonly Month[] {
  return [monthOf(workDate), ...(otherMonthsOf({ workDate, startedAt, endedAt }) ?? [])];
}

type Periods = readonly ClientPeriodFacts[];

function after(periods: Periods, event: TicketEvent, supposing: Supposing): Periods {
  const { ticketId, apart, into } = supposing;
  const changing = (id: string, change: (work: WorkItem) => WorkItem | null): Periods =>
    placed(periods, ticketId, (work) => (isOf(work, ticketId, id) ? change(work) : work));
  const onTicket = (change: ChangeOfTicket): Periods => withTicket(periods, supposing, change);
  switch (event.type) {
    case 'TimeEntryVoided':
    case 'TimeEntryRejected':
      return changing(event.data.timeEntryId, () => null);
    case 'MaterialUsageVoided':
    case 'MaterialUsageRejected':
      return changing(event.data.materialUsageId, () => null);
    case 'ExpenseVoided':
    case 'ExpenseRejected':
      return changing(event.data.expenseId, () => null);
    case 'TimeEntryCorrected': {
      const { timeEntryId, reason: _, correctedBy: __, secondPerson: ___, ...stated } = event.data;
      // The price was set for the facts before, and so was the approval: but the entry is asked for once it is approved again.
      return changing(timeEntryId, ({ override: _of, ...work }: WorkItem & { override?: unknown }) => {
        return { ...work, ...stated };
      });
    }
    case 'MaterialUsageCorrected': {
      const { materialUsageId, reason: _, correctedBy: __, secondPerson: ___, ...stated } = event.data;
      return changing(materialUsageId, (work) => restated(work, stated));
    }
    case 'ExpenseCorrected': {
      const { expenseId, reason: _, correctedBy: __, secondPerson: ___, ...stated } = event.data;
      return changing(expenseId, (work) => restated(work, stated));
    }
    case 'TimeEntryPriceOverridden': {
      const { timeEntryId, pricePerHour, reason, overriddenBy } = event.data;
      return changing(timeEntryId, (work) => {
        const { override: _, ...plain } = work as Extract<WorkItem, { kind: 'time' }>;
        if (pricePerHour === null) return plain;
        return { ...plain, override: { pricePerHour, reason, overriddenBy, eventId: SUPPOSED } };
      });
    }
    case 'CourtesyGranted': {
      const { workItemId, amount, isAll, reason, grantedBy } = event.data;
      const courtesy = { amount, isAll, reason, grantedBy, eventId: SUPPOSED };
      return changing(workItemId, (work) => ({ ...work, courtesy }));
    }
    case 'CourtesyWithdrawn':
      return changing(event.data.workItemId, (work) => {
        const { courtesy: _, ...rest } = work;
        return rest;
      });
    case 'NoChargeDeclared': {
      const { reasonCode, reason } = event.data;
      const noCharge = { reasonCode, reason, eventId: SUPPOSED, position: LAST_POSITION };
      return onTicket((ticket) => ({ ...ticket, noCharge }));
    }
    case 'TicketReopened':
      return onTicket((ticket) => (ticket.ticketId === ticketId ? { ...ticket, noCharge: null } : ticket));
    case 'ScopeClassified': {
      const { scope, reason } = event.data;
      return onTicket((ticket) => saying(ticket, { by: 'operations', scope, reason }));
    }
    case 'TicketResolved': {
      const { scope } = event.data;
      return scope === null ? periods : onTicket((ticket) => saying(ticket, { by: 'resolution', scope, reason: null }));
    }
    case 'TicketTriaged':
    case 'TicketReclassified':
      return placed(onTicket(classifiedAs(ticketId, event.data)), ticketId, (work) => work);
    case 'TicketReprioritised': {
      const { priority } = event.data;
      return onTicket((ticket) => (ticket.ticketId === ticketId ? { ...ticket, priority } : ticket));
    }
    case 'TicketMerged':
      return merged(periods, ticketId, event.data.into, into);
    case 'TicketSplit':
      return apart === undefined ? periods : splitOff(periods, ticketId, event, apart);
    case 'TimeEntryLogged':
    case 'MaterialUsed':
    case 'ExpenseIncurred':
    case 'TimeEntryApproved':
    case 'MaterialUsageApproved':
    case 'ExpenseApproved':
    case 'TicketRequested':
    case 'TicketReturned':
    case 'TicketAssigned':
    case 'TicketReassigned':
    case 'WorkStarted':
    case 'TicketPendedOnClient':
    case 'TicketPendedOnThirdParty':
    case 'TicketResumed':
    case 'ServiceVerificationRequested':
    case 'ServiceVerificationApproved':
    case 'ServiceVerificationRejected':
    case 'TicketClosed':
    case 'TicketCancelled':
    case 'SupplierCreditRecorded':
    case 'SupplierCreditWithdrawn':
    case 'NoteAdded':
    case 'TimerStarted':
    case 'TimerStopped':
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaBreachWithdrawn':
    case 'ForgoingRequested':
    case 'ForgoingWithdrawn':
    case 'ForgoingApproved':
    case 'ForgoingRefused':
      return periods;
    default:
      return unreachable(event);
  }
}

function splitOff(
  periods: Periods,
  ticketId: string,
  { data }: EventNamed<'TicketSplit'>,
  apart: TicketsSplitOff,
): Periods {
  // What was resolved as part of the other stays held.
  const held = (ticket: TicketFacts): TicketFacts =>
    data.wasResolved === true ? { ...ticket, alsoHeldBefore: LAST_POSITION } : ticket;
  const own = new Map([...apart].map(([id, ticket]) => [id, held(ticket)]));
  const there = placed(withTicketsApart(periods, own), ticketId, (work) => work);
  return countedApart(there, periods, own);
}

/** Work of the ticket, or of one that was merged into it. */
export function isOfTicket(
  work: Pick<WorkItem, 'ticketId'>,
  ticketId: string,
  tickets: ClientPeriodFacts['tickets'],
): boolean {
  return work.ticketId === ticketId || tickets.get(work.ticketId)?.ticketId === ticketId;
}

function isOf({ workItemId, ticketId }: WorkItem, ofTicket: string, id: string): boolean {
  return ticketId === ofTicket && isNameOfWork(workItemId, ticketId, id);
}

/** A correction states all facts: what it leaves out is not there. As with time, it is asked for once it is approved again. */
function restated(work: WorkItem, stated: object): WorkItem {
  const { workItemId, ticketId, position, sourceEventIds, courtesy, kind, approval, wasApproved } = work;
  const own = { workItemId, ticketId, position, sourceEventIds, kind };
  const kept = {
    ...own,
    ...(approval && { approval }),
    ...(wasApproved && { wasApproved }),
    ...(courtesy && { courtesy }),
  };
  return { ...kept, ...stated } as unknown as WorkItem;
}

function saying(ticket: TicketFacts, said: Pick<ScopeStatement, 'by' | 'scope' | 'reason'>): TicketFacts {
  const statement = { ...said, position: LAST_POSITION, eventId: SUPPOSED };
  return { ...ticket, scope: [...(ticket.scope ?? []), statement] };
}

/** The ticket, and what is one with it: under their own ids is what they are as part of it. */
function withTicket(periods: Periods, { ticketId, asOne }: Supposing, change: ChangeOfTicket): Periods {
  const changed = asOne?.(change);
  return periods.map((facts) => {
    const tickets = [...facts.tickets].map(([id, ticket]): [string, TicketFacts] => {
      const as = changed?.get(id);
      if (as !== undefined) return [id, { ...as, clientId: as.clientId ?? OF_NO_CLIENT }];
      const isChanged = changed === undefined && (id === ticketId || ticket.ticketId === ticketId);
      return [id, isChanged ? change(ticket) : ticket];
    });
    return { ...facts, tickets: new Map(tickets) };
  });
}

/** A merged ticket says how it is classified itself, and its client is that of the other. */
function classifiedAs(ticketId: string, data: Classification): ChangeOfTicket {
  const { contractId, siteId, category, ticketType, priority } = data;
  const own = { clientId: data.clientId ?? OF_NO_CLIENT, contractId, siteId, category, ticketType, priority };
  return (ticket) => (ticket.ticketId === ticketId ? { ...ticket, ...own } : ticket);
}

/** Changes the work of a ticket, and of what was merged into it, and puts each piece where it belongs by now. */
function placed(periods: Periods, ticketId: string, change: (work: WorkItem) => WorkItem | null): Periods {
  const isTheirs = ({ tickets: known }: ClientPeriodFacts, work: WorkItem): boolean =>
    isOfTicket(work, ticketId, known);
  const pieces = new Map<string, WorkItem>();
  const tickets = new Map<string, TicketFacts>();
  for (const facts of periods)
    // What a fixed price counts of other months stays counted: else it would be asked anew here, in place of what is taken away.
    for (const work of [...facts.work, ...(facts.incidents?.work ?? [])]) {
      if (!isTheirs(facts, work)) continue;
      const ticket = facts.tickets.get(work.ticketId);
      if (ticket !== undefined) tickets.set(work.ticketId, ticket);
      const changed = change(work);
      if (changed !== null) pieces.set(work.workItemId, changed);
    }
  return periods.map((facts) => {
    const ofClient = [...pieces.values()].filter(
      (work) => (tickets.get(work.ticketId)?.clientId ?? OF_NO_CLIENT) === facts.clientId,
    );
    const here = ofClient.filter((work) => monthsOf(work).includes(facts.period));
    const others = facts.work.filter((work) => !isTheirs(facts, work));
    const added = ofClient.flatMap((work): [string, TicketFacts][] => {
      const ticket = tickets.get(work.ticketId);
      return ticket === undefined || facts.tickets.has(work.ticketId) ? [] : [[work.ticketId, ticket]];
    });
    // What costs nothing is told by the other tickets of a month, which an account looks at that has none of their work.
    const isLookedAt = here.length > 0 || (facts.incidents !== undefined && facts.contracts.some(countsIncidents));
    const elsewhere = isLookedAt ? ofClient.filter((work) => !here.includes(work)) : [];
    const incidents = incidentsWith(facts.incidents, (work) => !isTheirs(facts, work), elsewhere);
    const known = isLookedAt ? added : [];
    return {
      ...facts,
      ...incidents,
      work: [...others, ...here],
      tickets: new Map([...facts.tickets, ...known]),
    };
  });
}

/** A fixed price of a ticket is asked once over all months of its client: what it has in other months is of the client that it has by now. */
function incidentsWith(
  incidents: ClientPeriodFacts['incidents'],
  stays: (work: WorkItem) => boolean,
  elsewhere: readonly WorkItem[],
): Pick<ClientPeriodFacts, 'incidents'> {
  if (incidents === undefined && elsewhere.length === 0) return {};
  const { work, settled, asked } = incidents ?? { work: [], settled: [], asked: [] };
  return { incidents: { work: [...work.filter(stays), ...elsewhere], settled, asked } };
}
