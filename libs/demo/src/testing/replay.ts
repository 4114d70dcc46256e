import { type Decider, type Issued, InvariantViolation, fold, isRefusal, localDateIn } from '@billtrail/kernel';
import type { ContractFacts, TicketFacts, WorkItem } from '@billtrail/billing';
import {
  type ClientState,
  type ContractState,
  client as clientDecider,
  contract as contractDecider,
} from '@billtrail/contracts';
import { type TicketCommand, type TicketEvent, type TicketState, ticketDecider } from '@billtrail/ticketing';
import type { DemoMonth, DemoStep } from '../demo-month.js';

/** A command that a decider would not take, and why. */
export interface RefusedStep {
  readonly streamId: string;
  readonly command: string;
  readonly code: string;
}

export interface NumberedEvent {
  readonly id: string;
  readonly position: number;
  readonly event: TicketEvent;
}

/** What the pure deciders made of a month, without any store. */
export interface Replayed {
  readonly refused: readonly RefusedStep[];
  /** Commands that led to no event. */
  readonly quiet: number;
  readonly clients: ReadonlyMap<string, ClientState>;
  readonly contracts: ReadonlyMap<string, ContractState>;
  readonly tickets: ReadonlyMap<string, readonly NumberedEvent[]>;
}

/** Carries a month out on the pure deciders; `late` false: as it stands when it is invoiced. */
export function replay(month: DemoMonth, late = true): Replayed {
  const player = new Player();
  const { setup, month: ofMonth, afterInvoicing } = month.phases;
  const clients = new Map(setup.clients.map(({ id, steps }) => [id, player.play(clientDecider, id, steps)]));
  const contracts = new Map(setup.contracts.map(({ id, steps }) => [id, player.play(contractDecider, id, steps)]));
  const ticket = ticketDecider();
  const states = new Map<string, TicketState>();
  const tickets = new Map<string, NumberedEvent[]>();
  for (const { ticketId, events } of ofMonth.history)
    tickets.set(
      ticketId,
      events.map((event) => player.number(event)),
    );
  for (const { id, steps } of [...ofMonth.tickets, ...(late ? afterInvoicing : [])]) {
    const events = tickets.get(id) ?? [];
    tickets.set(id, events);
    const take = (event: TicketEvent): void => void events.push(player.number(event));
    states.set(id, player.play<TicketCommand, TicketState, TicketEvent>(ticket, id, steps, states.get(id), take));
  }
  return { refused: player.refused, quiet: player.quiet, clients, contracts, tickets };
}

class Player {
  readonly refused: RefusedStep[] = [];
  quiet = 0;
  private position = 0;

  number(event: TicketEvent): NumberedEvent {
    this.position += 1;
    return { id: `ev-${this.position}`, position: this.position, event };
  }

  play<Command extends { readonly type: string }, State, Event>(
    decider: Decider<Command, State, Event>,
    streamId: string,
    steps: readonly DemoStep<Command>[],
    from: State = decider.initialState,
    take: (event: Event) => void = () => undefined,
  ): State {
    let state = from;
    for (const { command, at, by } of steps) {
      const issued: Command & Issued = { ...command, at, by };
      const decision = decider.decide(issued, state);
      if (isRefusal(decision)) {
        this.refused.push({ streamId, command: command.type, code: decision.code });
        continue;
      }
      if (decision.length === 0) this.quiet += 1;
      for (const event of decision) {
        state = decider.evolve(state, event);
        take(event);
      }
    }
    return state;
  }
}

export function contractFactsOf(replayed: Replayed): readonly ContractFacts[] {
  return [...replayed.contracts.values()].map((state) => {
    if (state.status === 'unknown') throw new InvariantViolation('a contract was never activated');
    const { contractId, clientId, name, priority, versions, blocks, counts } = state;
    return {
      contractId,
      clientId,
      name,
      priority,
      versions,
      blocks: blocks.map((block) => ({ ...block, eventId: `ev-${block.blockId}` })),
      counts: counts.map((count) => ({ ...count, eventId: `ev-${contractId}-${count.countOf}` })),
      lastDay: state.status === 'terminated' ? state.lastDay : null,
    };
  });
}

/** A ticket and its live work, as rating takes them. */
export interface TicketWithWork {
  readonly ticket: TicketFacts;
  readonly work: readonly WorkItem[];
}

const RESOLVED_STAGES: ReadonlySet<string> = new Set(['resolved', 'svr-pending', 'closed']);

export function factsOfTicket(
  ticketId: string,
  events: readonly NumberedEvent[],
  zoneOf: (clientId: string | null) => string,
): TicketWithWork {
  const state = fold(
    ticketDecider(),
    events.map(({ event }) => event),
  );
  if (state.stage === 'not-requested') throw new InvariantViolation(`ticket ${ticketId} was never requested`);
  const { record } = state;
  const isResolved = RESOLVED_STAGES.has(state.stage) && !(state.stage === 'closed' && state.closedAs !== 'completed');
  const resolvedBy = isResolved ? events.findLast(({ event }) => event.type === 'TicketResolved') : undefined;
  const declared = events.findLast(({ event }) => event.type === 'NoChargeDeclared');
  return {
    ticket: {
      ticketId,
      ...record.classification,
      summary: record.requested?.summary ?? '',
      texts: events.flatMap(textsOf),
      materials: record.resolution?.materials ?? null,
      resolvedOn:
        resolvedBy === undefined
          ? null
          : localDateIn(zoneOf(record.classification.clientId), resolvedBy.event.occurredAt),
      resolvedEventId: resolvedBy?.id ?? null,
      noCharge:
        record.noCharge === null
          ? null
          : { reasonCode: record.noCharge.reasonCode, reason: record.noCharge.reason, eventId: declared?.id ?? '' },
    },
    work: workOf(ticketId, record.workItems, events),
  };
}

function textsOf({ id: eventId, event }: NumberedEvent): { text: string; eventId: string }[] {
  const texts =
    event.type === 'TicketRequested'
      ? [event.data.summary, event.data.description]
      : event.type === 'NoteAdded'
        ? [event.data.text]
        : event.type === 'TicketResolved'
          ? [event.data.resolution]
          : [];
  return texts.flatMap((text) => (text === null ? [] : [{ text, eventId }]));
}

type WorkItems = Extract<TicketState, { record: object }>['record']['workItems'];

function workOf(ticketId: string, items: WorkItems, events: readonly NumberedEvent[]): WorkItem[] {
  const work: WorkItem[] = [];
  for (const [workItemId, item] of items) {
    if (item.voided) continue;
    const first = events.find(({ event }) => idOfWork(event) === workItemId);
    if (first === undefined) throw new InvariantViolation(`nothing recorded ${workItemId}`);
    const common = { workItemId, ticketId, position: first.position, sourceEventIds: [first.id] };
    if (item.approval === null) throw new InvariantViolation(`${workItemId} needs no approval`);
    const judged = { ...common, approval: item.approval };
    if (item.kind === 'time') work.push({ ...judged, kind: 'time', ...item.facts });
    else if (item.kind === 'material') {
      const supplierCredits = item.supplierCredits?.map((credit) => ({ ...credit, eventId: first.id }));
      work.push({ ...judged, kind: 'material', ...item.facts, ...(supplierCredits && { supplierCredits }) });
    } else work.push({ ...judged, kind: 'expense', ...item.facts });
  }
  return work;
}

function idOfWork(event: TicketEvent): string | null {
  if (event.type === 'TimeEntryLogged') return event.data.timeEntryId;
  if (event.type === 'MaterialUsed') return event.data.materialUsageId;
  return event.type === 'ExpenseIncurred' ? event.data.expenseId : null;
}
