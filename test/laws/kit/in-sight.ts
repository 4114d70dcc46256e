import type { DomainEvent } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Findings } from './findings.js';
import { Model, ownId, type ModelTicket, type ModelWork } from './model.js';
import type { Observed } from './observed.js';
import { withoutEnoughPersons } from './persons.js';
import { versionOn } from './model-contracts.js';
import { costOf, priceOf } from './price.js';
import { pricesOf } from './shared-card.js';

const LEAVES = /^(?:TimeEntry|MaterialUsage|Expense)(?:Voided|Corrected)$/u;
const APPROVES = /^(?:TimeEntry|MaterialUsage|Expense)Approved$/u;

/**
 * L11: work that was approved, or whose ticket was resolved, is an item for as long as it is there; what takes it away, or makes it smaller, was asked for as an act that
 * forgoes money; and such acts have as many persons as the limits ask.
 */
export function outOfSight(
  model: Model,
  events: readonly RecordedEvent[],
  { items }: Pick<Observed, 'items'>,
): Findings {
  const shown = new Set(items.map((item) => `${item.ticketId} ${ownId(item)}`));
  return [
    ...withoutEnoughPersons(events),
    ...goneUnasked(events),
    ...[...model.tickets.values()].flatMap(({ ticketId, resolvedAt, works }) =>
      [...works.values()]
        .filter(
          ({ id, approval }) => (approval === 'approved' || resolvedAt !== null) && !shown.has(`${ticketId} ${id}`),
        )
        .map(({ id }) => `${ticketId} ${id} was approved or resolved, and is no item`),
    ),
  ];
}

/** Voids and corrections of such work that nobody asked for, though it is worth less by them under all terms that its client has. */
function goneUnasked(events: readonly RecordedEvent[]): Findings {
  const requests = new Set(events.flatMap(({ id, type }) => (type === 'ForgoingRequested' ? [id] : [])));
  const model = new Model();
  const approved = new Set<string>();
  const findings: string[] = [];
  for (const event of events) {
    const id = workIn(event);
    const ticketId = event.stream.slice('ticket-'.length);
    const ticket = model.tickets.get(ticketId);
    const isHeld = ticket !== undefined && (wasResolvedWith(ticket, id) || approved.has(`${ticketId} ${id}`));
    const isLeft = LEAVES.test(event.type) && isHeld && !requests.has(event.causationId ?? '');
    const work = isLeft && id !== null ? ticket.works.get(id) : undefined;
    // What was free until then is asked once it is corrected.
    const before = work !== undefined && ticket !== undefined && isAskedAlone(model, ticket, work) ? work : undefined;
    model.apply(event);
    if (APPROVES.test(event.type)) approved.add(`${ticketId} ${id}`);
    if (before === undefined || ticket === undefined) continue;
    const after = ticket.works.get(before.id);
    if (isLess(model, ticket, before, after))
      findings.push(
        `at ${event.position} ${event.type} takes value of ${ticketId} ${before.id}, and nobody asked for it`,
      );
  }
  return findings;
}

/** What was recorded since a ticket was opened again is its own to change until the ticket is resolved again. */
function wasResolvedWith({ resolvedAt, reopened, works }: ModelTicket, id: string | null): boolean {
  const { recordedAt = 0 } = works.get(id ?? '') ?? {};
  return resolvedAt !== null && (reopened === null || recordedAt < reopened);
}

function workIn({ stream, data }: RecordedEvent): string | null {
  if (!stream.startsWith('ticket-')) return null;
  const { timeEntryId, materialUsageId, expenseId } = data as DomainEvent['data'] & Readonly<Record<string, string>>;
  return timeEntryId ?? materialUsageId ?? expenseId ?? null;
}

/** True where its price is that of the card alone: nothing of it is frozen, set, given or free. */
function isAskedAlone(model: Model, ticket: ModelTicket, work: ModelWork): boolean {
  return (
    ticket.merged === null &&
    model.treeOf(ticket).length === 1 &&
    !model.frozen.some(({ item }) => item.ticketId === ticket.ticketId && ownId(item) === work.id) &&
    !ticket.courtesies.has(work.id) &&
    (work.kind !== 'time' || work.override === null) &&
    work.approval !== 'rejected' &&
    !model.isFree(ticket, work.id)
  );
}

/** What goods under warranty would be asked for is in sight all the same: a gap tells it until their maker has credited them. */
function owedByMaker(work: ModelWork | undefined): ModelWork | undefined {
  return work?.kind === 'material' ? { ...work, facts: { ...work.facts, underWarranty: false } } : work;
}

/** By its price under all terms that its client has; where no contract may hold on its day, by its cost too: that is what it is worth without a price. */
function isLess(model: Model, ticket: ModelTicket, before: ModelWork, after: ModelWork | undefined): boolean {
  const isInForce = [...model.contracts.byId.values()]
    .filter(({ clientId }) => clientId === ticket.clientId)
    .every((contract) =>
      [before, after].every((work) => work === undefined || versionOn(contract, work.facts.workDate)),
    );
  const atCost = isInForce || before.kind === 'time' ? 1n : costOf(before) - (after === undefined ? 0n : costOf(after));
  const stated = [...model.terms].filter(([key]) => {
    const contractId = key.slice(0, key.lastIndexOf(' '));
    return model.contracts.byId.get(contractId)?.clientId === ticket.clientId;
  });
  const differences = stated.map(([, terms]) => {
    const [was, is] = [before, owedByMaker(after)].map((work) => {
      if (work === undefined) return 0n;
      const prices = pricesOf(terms, model.configuration, work);
      return prices && priceOf(work, ticket, prices, true);
    });
    return typeof was === 'bigint' && typeof is === 'bigint' ? was - is : 0n;
  });
  return differences.length > 0 && [...differences, atCost].every((less) => less > 0n);
}
