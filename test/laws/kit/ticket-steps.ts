import type { Actor } from '@billtrail/kernel';
import { ticketCommands as commands } from '@billtrail/application';
import { PRIORITIES, SCOPES } from '@billtrail/ticketing';
import { chosen, type History, type TicketNote } from './history.js';
import { ENGINEER, OPERATOR } from './house.js';
import { CLIENT_IDS, PARTIES } from './parties.js';
import { CATEGORIES } from './time-and-materials.js';
import type { Step } from './steps.js';
import { logTime, startOrStopTimer } from './work-steps.js';

const TICKET_TYPES = ['incident', 'incident', 'quick-question'] as const;
const TEXTS = ['All fine', 'Took a new SSD along', 'The toner was empty', 'Called back'] as const;

/** A contact of the ticket's client. */
function contactOf(ticket: TicketNote): { readonly actor: Actor; readonly clientId: string } {
  const clientId = ticket.clientId ?? 'nobody';
  return { actor: { id: `contact-of-${clientId}`, role: 'client' }, clientId };
}

export async function requestTicket(history: History, { pick: [client, type, category, text] }: Step): Promise<void> {
  const ticketId = history.nextId('T-');
  const clientId = client % 9 === 8 ? null : (chosen(CLIENT_IDS, client) ?? null);
  const accepted = await history.send(
    commands.RequestTicket,
    {
      ticketId,
      clientId,
      summary: `Please help with ${ticketId}`,
      description: chosen(TEXTS, text),
      ticketType: chosen(TICKET_TYPES, type),
      category: category % 3 === 0 ? null : chosen(CATEGORIES, category),
    },
    OPERATOR,
  );
  if (accepted)
    history.tickets.push({ ticketId, clientId, stage: 'request', svrApproved: false, timer: null, works: [] });
}

/** Takes a ticket the plain next step of its life. */
export async function advance(history: History, step: Step): Promise<void> {
  const [which, one, other] = step.pick;
  const ticket = chosen(history.tickets, which);
  if (!ticket) return requestTicket(history, step);
  const { ticketId } = ticket;
  switch (ticket.stage) {
    case 'request': {
      const clientId = ticket.clientId ?? chosen(CLIENT_IDS, one) ?? null;
      const input = { ticketId, clientId, category: chosen(CATEGORIES, other), priority: chosen(PRIORITIES, one) };
      if (!(await history.send(commands.TriageTicket, input, OPERATOR))) return;
      ticket.clientId = clientId;
      ticket.stage = 'triage';
      return;
    }
    case 'triage':
      if (await history.send(commands.AssignTicket, { ticketId, engineerId: engineer(one) }, OPERATOR))
        ticket.stage = 'assigned';
      return;
    case 'assigned':
      if (await history.send(commands.StartWork, { ticketId }, ENGINEER)) ticket.stage = 'in-progress';
      return;
    case 'in-progress':
      return resolve(history, ticket, step);
    case 'pending-client':
    case 'pending-third-party':
      if (await history.send(commands.ResumeTicket, { ticketId }, ENGINEER)) ticket.stage = 'in-progress';
      return;
    case 'resolved':
      if (await history.send(commands.RequestServiceVerification, { ticketId }, ENGINEER)) ticket.stage = 'svr-pending';
      return;
    case 'svr-pending':
      return verify(history, ticket);
    case 'closed':
      return reopen(history, ticket);
  }
}

function engineer(number: number): string {
  return number % 2 === 0 ? 'eng-1' : 'eng-2';
}

async function resolve(history: History, ticket: TicketNote, step: Step): Promise<void> {
  const { ticketId } = ticket;
  if (ticket.timer !== null) return startOrStopTimer(history, ticket, step);
  const live = ticket.works.filter((work) => !work.voided);
  if (live.length === 0 && step.pick[3] % 4 !== 0) return logTime(history, ticket, step);
  const materials = live.some((work) => work.kind === 'material') ? 'listed' : 'none-used';
  const scope = step.pick[2] % 5 === 4 ? 'out-of-scope' : 'in-contract';
  const input = { ticketId, resolution: chosen(TEXTS, step.pick[3]), materials, scope };
  if (!(await history.send(commands.ResolveTicket, input, ENGINEER, { agreed: true }))) return;
  ticket.stage = 'resolved';
  ticket.svrApproved = false;
}

async function verify(history: History, ticket: TicketNote): Promise<void> {
  const { ticketId } = ticket;
  if (!ticket.svrApproved) {
    const { actor, clientId } = contactOf(ticket);
    ticket.svrApproved = await history.send(commands.ApproveServiceVerification, { ticketId }, actor, { clientId });
    return;
  }
  if (await history.send(commands.CloseTicket, { ticketId }, OPERATOR)) ticket.stage = 'closed';
}

async function reopen(history: History, ticket: TicketNote): Promise<void> {
  const { actor, clientId } = contactOf(ticket);
  const input = { ticketId: ticket.ticketId, reason: 'not yet' };
  if (await history.send(commands.ReopenTicket, input, actor, { clientId })) ticket.stage = 'in-progress';
}

/** Off the plain way: waiting, reassigned, cancelled, reopened, rejected by the client. */
export async function detour(history: History, { pick: [which, one, early] }: Step): Promise<void> {
  const waiting = history.tickets.filter(({ stage }) => stage === 'request' || stage === 'triage');
  const ticket = chosen(early % 3 === 0 && waiting.length > 0 ? waiting : history.tickets, which);
  if (!ticket) return;
  const { ticketId } = ticket;
  switch (ticket.stage) {
    case 'request':
    case 'triage': {
      const input = {
        ticketId,
        as: one % 2 === 0 ? 'cancelled' : 'duplicate',
        duplicateOf: 'T-0',
        reason: 'not needed',
      };
      if (one % 3 !== 2 && (await history.send(commands.CancelTicket, input, OPERATOR))) ticket.stage = 'closed';
      return;
    }
    case 'in-progress': {
      const onClient = one % 2 === 0;
      const input = { ticketId, reason: 'waits' };
      const pended = onClient
        ? await history.send(commands.PendTicketOnClient, input, ENGINEER)
        : await history.send(commands.PendTicketOnThirdParty, input, ENGINEER);
      if (pended) ticket.stage = onClient ? 'pending-client' : 'pending-third-party';
      return;
    }
    case 'svr-pending': {
      const { actor, clientId } = contactOf(ticket);
      const input = { ticketId, reason: 'still broken' };
      if (await history.send(commands.RejectServiceVerification, input, actor, { clientId }))
        ticket.stage = 'in-progress';
      return;
    }
    case 'resolved':
    case 'closed':
      return reopen(history, ticket);
    case 'assigned':
    case 'pending-client':
    case 'pending-third-party':
      await history.send(commands.AssignTicket, { ticketId, engineerId: engineer(one) }, OPERATOR);
  }
}

/** Another client, contract, category or type, at any stage. */
export async function reclassify(history: History, { pick: [which, what, value] }: Step): Promise<void> {
  const ticket = chosen(history.tickets, which);
  if (!ticket) return;
  const { ticketId } = ticket;
  const parties = value % 7 === 0 ? PARTIES : PARTIES.filter(({ clientId }) => clientId === ticket.clientId);
  const contractIds = parties.flatMap(({ contracts }) => contracts.map(({ contractId }) => contractId));
  const changes: readonly {
    clientId?: string | undefined;
    contractId?: string | undefined;
    [other: string]: unknown;
  }[] = [
    { clientId: chosen(CLIENT_IDS, value) },
    { contractId: chosen(contractIds, value) },
    { category: chosen(CATEGORIES, value) },
    { ticketType: chosen(TICKET_TYPES, value) },
  ];
  const change = chosen(changes, what) ?? {};
  const accepted = await history.send(
    commands.ReclassifyTicket,
    { ticketId, ...change, reason: 'put right' },
    OPERATOR,
    { agreed: true },
  );
  if (accepted && change.clientId !== undefined) ticket.clientId = change.clientId;
}

export async function reprioritise(history: History, { pick: [which, value] }: Step): Promise<void> {
  const ticket = chosen(history.tickets, which);
  if (ticket)
    await history.send(
      commands.ReprioritiseTicket,
      { ticketId: ticket.ticketId, priority: chosen(PRIORITIES, value) },
      OPERATOR,
      { agreed: value % 3 > 0 },
    );
}

/** Two tickets of a client become one, of any stages; or one that was merged is taken out again. */
export async function mergeOrSplit(history: History, { pick: [which, other, how] }: Step): Promise<void> {
  const merged = history.tickets.filter(({ stageBefore }) => stageBefore !== undefined);
  const taken = how % 2 === 0 ? chosen(merged, which) : undefined;
  if (taken?.stageBefore !== undefined) {
    const input = { ticketId: taken.ticketId, reason: 'two' };
    const split = await history.send(commands.SplitTicket, input, OPERATOR, { agreed: other % 3 > 0 });
    if (!split) return;
    taken.stage = taken.stageBefore;
    delete taken.stageBefore;
    return;
  }
  const ticket = chosen(history.tickets, which);
  const ofClient = history.tickets.filter((one) => one !== ticket && one.clientId === ticket?.clientId);
  const into = chosen(how % 7 === 0 ? history.tickets : ofClient, other);
  if (!ticket || !into) return;
  const input = { ticketId: ticket.ticketId, into: into.ticketId, reason: 'one outage' };
  if (!(await history.send(commands.MergeTicket, input, OPERATOR, { agreed: how % 3 > 0 }))) return;
  ticket.stageBefore = ticket.stage;
  ticket.stage = 'closed';
}

/** Operations decides on the scope of a ticket, mostly of one that was resolved. */
export async function classifyScope(history: History, { pick: [which, scope, why] }: Step): Promise<void> {
  const resolved = history.tickets.filter(({ stage }) => stage === 'resolved' || stage === 'svr-pending');
  const ticket = chosen(why % 4 === 0 || resolved.length === 0 ? history.tickets : resolved, which);
  if (!ticket) return;
  const input = { ticketId: ticket.ticketId, scope: SCOPES[scope % 3 === 0 ? 0 : 1], reason: `read ${why % 3} times` };
  await history.send(commands.ClassifyScope, input, OPERATOR, { agreed: why % 3 > 0 });
}

export async function addNote(history: History, { pick: [which, text] }: Step): Promise<void> {
  const ticket = chosen(history.tickets, which);
  if (!ticket) return;
  const input = { ticketId: ticket.ticketId, noteId: history.nextId('N-'), text: chosen(TEXTS, text) };
  await history.send(commands.AddNote, input, ENGINEER);
}

export async function declareNoCharge(history: History, { pick: [which, people] }: Step): Promise<void> {
  const inWork = history.tickets.filter(({ stage }) => stage !== 'closed' && stage !== 'resolved');
  const ticket = chosen(inWork, which);
  if (ticket)
    await history.send(
      commands.DeclareNoCharge,
      { ticketId: ticket.ticketId, reasonCode: 'goodwill', reason: 'our mistake' },
      OPERATOR,
      { agreed: people % 3 > 0 },
    );
}
