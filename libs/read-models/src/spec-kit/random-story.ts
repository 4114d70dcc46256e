import { unreachable } from '@billtrail/kernel';
import { frozenChargeOf, type BillableItem, type ExplainedItem } from '@billtrail/billing';
import type { ReadModels } from '../read-models.js';
import { credit } from './random-credits.js';
import { CLIENTS, TICKETS, type Step } from './random-steps.js';
import { askClocks, hoursLater, moveAt } from './sla-story.js';
import {
  approved,
  CLASSIFIED,
  CONFIGURATION,
  configured,
  contract,
  event,
  lineOf,
  MANAGED,
  purchased,
  timed,
  logged,
  registered,
  requested,
  resolved,
  TERMS,
  used,
  version,
  type AnyEvent,
  type Story,
  drafted,
  issueRequested,
} from './story.js';

const ticketEvents: Readonly<Record<'resolve' | 'reopen' | 'cancel' | 'close' | 'no-charge' | 'note', AnyEvent>> = {
  resolve: resolved(),
  reopen: event('TicketReopened', { reason: null }),
  cancel: event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: null }),
  close: event('TicketClosed', {}),
  'no-charge': event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours', declaredBy: 'ops-1' }),
  note: event('NoteAdded', {
    noteId: 'N',
    author: 'eng-1',
    text: 'took a router along',
    visibility: 'internal',
    materialWords: ['router'],
  }),
};

/** Where every random story starts: two clients under contracts with a block each, and approved work on a ticket of each and on one without a client. */
export async function beginning(story: Story): Promise<void> {
  for (const clientId of CLIENTS) {
    await story.house(clientId);
    const contractId = `${clientId}-1`;
    await story.tell(
      `contract-${contractId}`,
      version(contractId, 2, MANAGED, '2026-01-01'),
      purchased(contractId, 'B0', 120, '2026-03-01'),
    );
  }
  // So the horizon is May: the months after the work have their fees, and an allotment that rolls over into them.
  await story.tell(
    'contract-acme-1',
    event(
      'CountRecorded',
      { contractId: 'acme-1', countOf: 'server', count: 3, from: '2026-01-01' },
      '2026-05-04T09:00:00Z',
    ),
  );
  for (const [index, ticketId] of TICKETS.entries()) {
    const id = workId(ticketId, 0);
    await story.ticket(ticketId, requested(ticketId, { clientId: CLIENTS[index] ?? null }), logged(id), approved(id));
  }
}

/** A further client, whose work draws on a block. */
export async function drawsOnBlocks(story: Story, clientId: string): Promise<void> {
  const [contractId, ticketId] = [`${clientId}-1`, `T-${clientId}`];
  await story.house(clientId);
  await story.tell(
    `contract-${contractId}`,
    version(contractId, 2, MANAGED, '2026-01-01'),
    purchased(contractId, 'B0', 60, '2026-03-01'),
  );
  const id = workId(ticketId, 0);
  await story.ticket(ticketId, requested(ticketId, { clientId }), logged(id, 90), approved(id), resolved());
}

/** Carries a step out: appends what it says, as history may hold it. What needs priced items looks them up in `models`. */
export async function carryOut(story: Story, models: ReadModels, step: Step): Promise<void> {
  switch (step.do) {
    case 'request':
      await story.ticket(step.ticket, requested(step.ticket, { clientId: step.client }));
      return;
    case 'triage':
      await story.ticket(step.ticket, event('TicketTriaged', { ...CLASSIFIED, clientId: step.client }));
      return;
    case 'log':
      await story.ticket(step.ticket, logged(workId(step.ticket, step.work), step.minutes, step.day));
      return;
    case 'correct': {
      const { data } = logged(workId(step.ticket, step.work), step.minutes, step.day) as Extract<
        AnyEvent,
        { type: 'TimeEntryLogged' }
      >;
      const { loggedBy: correctedBy, ...facts } = data;
      await story.ticket(step.ticket, event('TimeEntryCorrected', { ...facts, correctedBy, reason: 'typo' }));
      return;
    }
    case 'approve':
      await story.ticket(step.ticket, approved(workId(step.ticket, step.work)));
      return;
    case 'void':
      await story.ticket(
        step.ticket,
        event('TimeEntryVoided', { timeEntryId: workId(step.ticket, step.work), reason: 'double' }),
      );
      return;
    case 'use':
      await story.ticket(step.ticket, used(`${workId(step.ticket, step.work)}-M`));
      return;
    case 'register':
      await story.tell(`client-${step.client}`, registered(step.client));
      return;
    case 'contract':
      await story.tell(`contract-${step.client}-1`, ...contract(step.client));
      return;
    case 'reprice':
      return reprice(story, step);
    case 'purchase':
    case 'withdraw':
    case 'count':
    case 'suspend':
    case 'resume':
    case 'terminate':
    case 'renew':
      await story.tell(`contract-${step.client}-1`, contractEvent(step));
      return;
    case 'night': {
      const endedAt = `2026-04-01T0${step.number % 9}:30:00+11:00`;
      const id = workId(step.ticket, step.work);
      await story.ticket(step.ticket, timed(id, '2026-03-31T22:00:00+11:00', endedAt, '2026-03-31'));
      return;
    }
    case 'override': {
      const pricePerHour = step.number % 3 === 0 ? null : { amount: `${step.number}.00`, currency: 'AUD' };
      const data = { timeEntryId: workId(step.ticket, step.work), reason: 'agreed', overriddenBy: 'acc-1' };
      await story.ticket(step.ticket, event('TimeEntryPriceOverridden', { ...data, pricePerHour }));
      return;
    }
    case 'configure':
      await story.tell('configuration', configured({ ...CONFIGURATION, unbilledAfterDays: step.days }));
      return;
    case 'merge':
      return merge(story, step);
    case 'split':
      await story.ticket(step.ticket, event('TicketSplit', { from: 'T1', stage: 'in-progress', reason: 'two' }));
      return;
    case 'zone': {
      const { data } = registered(step.client, step.timeZone) as Extract<AnyEvent, { type: 'ClientRegistered' }>;
      await story.tell(`client-${step.client}`, event('ClientDetailsChanged', data));
      return;
    }
    case 'start':
    case 'pend':
    case 'unpend':
    case 'end':
    case 'close-again':
    case 'go-on':
    case 'reprioritise':
      await story.ticket(step.ticket, moveAt(step.do, step.hour));
      return;
    case 'ask-clocks':
      return askClocks(story, models, hoursLater(step.hour));
    case 'draft':
    case 'discard':
    case 'freeze':
    case 'write-off':
    case 'credit':
      return account(story, models, step);
    default:
      await story.ticket(step.ticket, ticketEvents[step.do]);
  }
}

function contractEvent(
  step: Extract<Step, { do: 'purchase' | 'withdraw' | 'count' | 'suspend' | 'resume' | 'terminate' | 'renew' }>,
): AnyEvent {
  const contractId = `${step.client}-1`;
  const { from, number } = step;
  const blockId = `B${number % 3}`;
  switch (step.do) {
    case 'purchase':
      return purchased(contractId, blockId, 30 + number, from, number % 2 === 0 ? null : '2026-04-10');
    case 'withdraw':
      return event('PrepaidBlockWithdrawn', { contractId, blockId, reason: 'in error' });
    case 'count':
      return event('CountRecorded', { contractId, countOf: 'server', count: number, from });
    case 'suspend':
      return event('ContractSuspended', { contractId, from, reason: 'unpaid' });
    case 'resume':
      return event('ContractResumed', { contractId, resumedOn: from });
    case 'terminate':
      return event('ContractTerminated', { contractId, lastDay: from, reason: 'notice' });
    case 'renew':
      return event('ContractRenewed', { contractId, versionNumber: 1 + (number % 2), effectiveTo: from });
    default:
      return unreachable(step.do);
  }
}

/** Of a ticket that is not merged yet, as no door lets it be merged again. */
async function merge(story: Story, { ticket, into }: Extract<Step, { do: 'merge' }>): Promise<void> {
  const { events } = await story.store.readStream(`ticket-${ticket}`);
  const last = events.findLast(({ type }) => type === 'TicketMerged' || type === 'TicketSplit');
  if (ticket !== into && last?.type !== 'TicketMerged')
    await story.ticket(ticket, event('TicketMerged', { into, reason: 'one outage' }));
}

function workId(ticketId: string, number: number): string {
  return `${ticketId}-W${number}`;
}

async function reprice(story: Story, step: Extract<Step, { do: 'reprice' }>): Promise<void> {
  const contractId = `${step.client}-1`;
  const { events } = await story.store.readStream(`contract-${contractId}`);
  const published = events.filter(({ type }) => type === 'ContractVersionPublished').length;
  if (published === 0) return;
  const labour = [{ workType: 'remote-support', engineerRole: null, pricePerHour: `${step.price}.00` }];
  const terms = step.managed ? MANAGED : TERMS;
  await story.tell(
    `contract-${contractId}`,
    version(contractId, published + 1, { ...terms, rateCard: { ...TERMS.rateCard, labour } }, step.from),
  );
}

async function account(story: Story, models: ReadModels, step: Extract<Step, { period: string }>): Promise<void> {
  await models.catchUp();
  const { client: clientId, period } = step;
  const drafts = (await models.invoices.list({ clientId, period, status: 'draft' })).items;
  const chosen = drafts[step.number % Math.max(drafts.length, 1)];
  if (step.do === 'discard' && chosen) {
    await story.account(
      clientId,
      period,
      event('InvoiceDraftDiscarded', { invoiceId: chosen.invoiceId, reason: 'wrong' }),
    );
  }
  if (step.do === 'freeze' && chosen) await freeze(story, clientId, period, chosen.invoiceId, chosen.net);
  if (step.do === 'credit') return creditFrozen(story, models, step);
  if (step.do !== 'draft' && step.do !== 'write-off') return;
  // As the account decides: what a live document holds is held, also a covered part, which stays `covered` on a draft.
  const held = new Set<string>();
  for (const { invoiceId, status } of (await models.invoices.list({ clientId, period }, { limit: 200 })).items) {
    const { items } = await models.invoices.lines(invoiceId);
    if (status !== 'discarded') for (const { itemId } of items) held.add(itemId);
  }
  const now = await models.billableItems.explainedOfPeriod(clientId, period);
  const open = now.items.filter(
    (item) =>
      item.disposition === 'billable' ||
      (step.do === 'draft' && item.disposition === 'covered' && item.draw !== undefined && !held.has(item.itemId)),
  );
  const item: ExplainedItem | undefined = open[step.number % Math.max(open.length, 1)];
  const charge = now.charges.find((one) => one.disposition === 'billable');
  if (!item) return;
  const line = lineOf(item);
  if (step.do === 'write-off') {
    const why = { reasonCode: 'goodwill', comment: 'late', writtenOffBy: 'acc-1', secondPerson: null };
    await story.account(clientId, period, event('WorkWrittenOff', { ...line, ...why }));
    return;
  }
  const invoiceId = `${clientId}.${period}.${await story.store.head()}`;
  await story.account(
    clientId,
    period,
    drafted(invoiceId, clientId, period),
    event('InvoiceLinesAdded', {
      invoiceId,
      lines: [line],
      ...(charge === undefined ? {} : { charges: [frozenChargeOf(charge)] }),
    }),
  );
}

/** What is frozen is credited; where nothing is, something is drafted and frozen first: else a story would hardly ever come to it. */
async function creditFrozen(story: Story, models: ReadModels, step: Extract<Step, { period: string }>): Promise<void> {
  const { client: clientId, period } = step;
  const frozen = await models.invoices.list({ clientId, period, status: 'issuing' });
  if (frozen.items.length === 0) {
    await account(story, models, { ...step, do: 'draft' });
    await account(story, models, { ...step, do: 'freeze' });
    await models.catchUp();
  }
  return credit(story, models, step);
}

async function freeze(
  story: Story,
  clientId: string,
  period: string,
  invoiceId: string,
  net: BillableItem['net'],
): Promise<void> {
  const asked = net === null ? {} : { net, total: net };
  await story.account(clientId, period, issueRequested(invoiceId, { issueDate: '2026-05-01', ...asked }));
}
