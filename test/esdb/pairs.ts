import { isRefusal, type Actor } from '@billtrail/kernel';
import { ticketCommands as tickets, type CommandClass } from '@billtrail/application';
import type { AppendRequest } from '@billtrail/event-store';
import type { House } from '../laws/kit/house.js';
import type { Msp } from '../scenarios/msp.js';
import { OMAR, PRIYA } from '../scenarios/people.js';

const STORY = 'T0';
const DAY = '2026-03-10';
const ENTRY = {
  engineerId: PRIYA.id,
  engineerRole: 'engineer',
  workType: 'remote',
  workDate: DAY,
  description: 'Worked',
  minutes: 45,
};

/** A command on a ticket that is worked on, with an hour that waits to be approved. */
interface Act {
  readonly type: CommandClass;
  readonly more: object;
  readonly actor: Actor;
}

const act = (type: CommandClass, more: object = {}, actor: Actor = OMAR): Act => ({ type, more, actor });

/** What two may do at once to one ticket. Each changes what some other may do. */
const ACTS: readonly Act[] = [
  act(tickets.AddNote, { noteId: 'N1', text: 'rang', visibility: 'internal' }, PRIYA),
  act(tickets.LogTimeEntry, { timeEntryId: `${STORY}-W2`, ...ENTRY }, PRIYA),
  act(tickets.CorrectTimeEntry, { timeEntryId: `${STORY}-W1`, ...ENTRY, reason: 'mistyped' }, PRIYA),
  act(tickets.ApproveTimeEntry, { timeEntryId: `${STORY}-W1`, version: 1 }),
  act(tickets.VoidTimeEntry, { timeEntryId: `${STORY}-W1`, reason: 'was not done' }, PRIYA),
  act(tickets.PendTicketOnClient, { reason: 'waits for a call' }, PRIYA),
  act(tickets.ResolveTicket, { resolution: 'Done', materials: 'none-used', scope: 'in-contract' }, PRIYA),
  act(tickets.CancelTicket, { reason: 'asked twice' }),
  act(tickets.AssignTicket, { engineerId: 'eng-2' }),
  act(tickets.ReclassifyTicket, { clientId: 'wattle', reason: 'a wrong client' }),
];

/** Each with each, one after the other. */
export const PAIRS: readonly (readonly [Act, Act])[] = ACTS.flatMap((first) =>
  ACTS.map((second) => [first, second] as const),
);

/** What came of two commands: how they were answered, and what stands on the ticket after them. */
export interface Outcome {
  readonly answers: readonly string[];
  readonly events: readonly string[];
}

/** Leaves a ticket like any other: its events, to be recorded under other names. */
export async function storyOfTicket(msp: Msp): Promise<Pick<AppendRequest, 'events' | 'actor'>> {
  for (const clientId of ['bluegum', 'wattle']) await msp.signs(clientId);
  const ticket = await msp.ticket(STORY, 'bluegum');
  await ticket.time(`${STORY}-W1`, 60, DAY, { approved: false });
  const { events } = await msp.house.billtrail.store.readStream(`ticket-${STORY}`);
  return { events: events.map(({ type, data, occurredAt }) => ({ type, data, occurredAt })), actor: OMAR };
}

/** Another ticket of the same story. */
export async function retold(
  { billtrail: { store } }: House,
  story: Pick<AppendRequest, 'events' | 'actor'>,
  ticketId: string,
): Promise<void> {
  const ids = { commandId: ticketId, correlationId: ticketId, causationId: null, fingerprint: ticketId };
  const stream = `ticket-${ticketId}`;
  await store.append({ stream, expected: 'none', actor: story.actor, ...ids, events: named(story.events, ticketId) });
}

/** One after the other. */
export async function inTurn(ticketId: string, ...acts: readonly (readonly [House, Act])[]): Promise<Outcome> {
  const answers: string[] = [];
  for (const [house, one] of acts) answers.push(await does(house, one, ticketId));
  return { answers, events: await eventsOf(acts, ticketId) };
}

export async function atOnce(ticketId: string, ...acts: readonly (readonly [House, Act])[]): Promise<Outcome> {
  const answers = await Promise.all(acts.map(([house, one]) => does(house, one, ticketId)));
  return { answers, events: await eventsOf(acts, ticketId) };
}

/** Answers the code of a refusal, or `accepted`. */
async function does(house: House, { type, more, actor }: Act, ticketId: string): Promise<string> {
  const answer = await house.send(type, named({ ticketId: STORY, ...more }, ticketId), { actor });
  return isRefusal(answer) ? answer.code : 'accepted';
}

async function eventsOf([first]: readonly (readonly [House, Act])[], ticketId: string): Promise<readonly string[]> {
  if (first === undefined) return [];
  const { events } = await first[0].billtrail.store.readStream(`ticket-${ticketId}`);
  return events.map(({ version, type, data }) =>
    `${version} ${type} ${JSON.stringify(data)}`.replaceAll(ticketId, STORY),
  );
}

function named<Told>(told: Told, ticketId: string): Told {
  return JSON.parse(JSON.stringify(told).replaceAll(STORY, ticketId)) as Told;
}
