import { fold } from '@billtrail/kernel';
import { type HistoricMove, type TicketEvent, recordMove, ticketDecider } from '@billtrail/ticketing';
import { wallAt } from './calendar.js';
import type { DemoHistory } from './demo-month.js';
import { IMPORT, contactOf } from './people.js';
import type { TicketPlan } from './plan-tickets.js';
import type { Random } from './random.js';
import { TOPICS, filledIn } from './texts.js';
import type { Frame } from './ticket-script.js';
import type { Workforce } from './workforce.js';

const FORMER_SYSTEM = 'former-ticket-system';

/** A ticket that another system resolved without any record of the work: the live gate would have refused that. */
export function tellHistory(plan: TicketPlan, frame: Frame, workforce: Workforce, random: Random): DemoHistory {
  const { ticketId, client, arrival } = plan;
  const topic = random.pick(TOPICS);
  let at = arrival;
  const next = (least: number, most: number): string => frame.calendar.instantOf((at += random.whole(least, most)));
  const { id: engineerId } = workforce.engineer(workforce.choose(arrival, random));
  const moves: HistoricMove[] = [
    {
      ticketId,
      to: 'request',
      occurredAt: next(0, 0),
      requested: {
        reference: `OLD-${random.whole(10_000, 99_999)}`,
        summary: filledIn(topic.summary, random),
        requestedBy: contactOf(client, random).id,
        source: FORMER_SYSTEM,
      },
      classification: {
        clientId: client.clientId,
        category: topic.category,
        ticketType: 'incident',
        priority: 'moderate',
      },
    },
    { ticketId, to: 'triage', occurredAt: next(5, 30), classification: { contractId: client.current.contractId } },
    { ticketId, to: 'assigned', occurredAt: next(1, 20), engineerId, team: 'service-desk' },
    { ticketId, to: 'in-progress', occurredAt: next(5, 60) },
    {
      ticketId,
      to: 'resolved',
      occurredAt: next(20, 150),
      resolution: topic.resolution,
      materials: 'none-used',
      scope: 'in-contract',
    },
    { ticketId, to: 'closed', occurredAt: next(10, 60) },
  ];
  return {
    ticketId,
    clientId: client.clientId,
    importedAt: frame.calendar.instantOf(wallAt(frame.calendar.businessDayAfter(frame.calendar.lastDay), 7 * 60)),
    by: IMPORT,
    events: eventsOf(moves),
  };
}

function eventsOf(moves: readonly HistoricMove[]): readonly TicketEvent[] {
  const ticket = ticketDecider();
  const events: TicketEvent[] = [];
  for (const move of moves) events.push(...recordMove(fold(ticket, events), move));
  return events;
}
