import type { Random } from '../crash/random.js';
import { PARTIES } from '../laws/kit/parties.js';
import { CATEGORIES, WORK_TYPES } from '../laws/kit/time-and-materials.js';
import type { Bodies } from './bodies.js';
import type { Memory } from './memory.js';

/** The next request of a journey: its route, and what of it is not left to chance. */
export interface Stage {
  readonly route: string;
  readonly given: Readonly<Record<string, unknown>>;
}
/** It is told whether its last request was carried out. */
export type Journey = Generator<Stage, void, boolean>;

interface Around {
  readonly random: Random;
  readonly bodies: Bodies;
  readonly memory: Memory;
}

const WORKED = PARTIES.filter(({ contracts }) => contracts.length > 0).map(({ clientId }) => clientId);

/** A ticket from its request to its end, with work on it: what random requests alone seldom come to. */
function* ofTicket({ random, bodies, memory }: Around): Journey {
  const ticketId = random.next() < 0.1 ? (memory.one('ticketId', random) ?? 'T-1~1') : bodies.newId('ticketId');
  const clientId = random.pick(WORKED);
  const on = (what: string): string => `POST /v1/tickets/{ticketId}${what}`;
  const given = { ticketId };
  if (!(yield { route: 'POST /v1/tickets', given: { ticketId, clientId } })) return;
  yield { route: on('/triage'), given: { ...given, clientId, category: random.pick(CATEGORIES), priority: 'high' } };
  yield { route: on('/assign'), given: { ...given, engineerId: 'eng-1' } };
  yield { route: on('/start'), given };
  const workDate = bodies.today;
  const isListed = random.next() < 0.4;
  const entries: string[] = [];
  for (let more = random.whole(1, 3); more > 0; more--) {
    const timeEntryId = bodies.newId('timeEntryId');
    entries.push(timeEntryId);
    const workType = random.pick(WORK_TYPES);
    yield { route: on('/time-entries'), given: { ...given, timeEntryId, workType, workDate } };
  }
  if (isListed) {
    const goods = { quantity: random.pick(['1', '3', '0.5']), listPrice: { amount: '40.00', currency: 'AUD' } };
    const materialUsageId = bodies.newId('materialUsageId');
    yield { route: on('/materials'), given: { ...given, ...goods, materialUsageId, workDate, underWarranty: false } };
    const cost = { amount: '19.95', currency: 'AUD' };
    const expenseId = bodies.newId('expenseId');
    yield { route: on('/expenses'), given: { ...given, expenseId, cost, workDate } };
    const seen = { ...given, version: 1 };
    yield { route: on('/materials/{materialUsageId}/approve'), given: { ...seen, materialUsageId } };
    yield { route: on('/expenses/{expenseId}/approve'), given: { ...seen, expenseId } };
  }
  for (const timeEntryId of entries)
    yield { route: on('/time-entries/{timeEntryId}/approve'), given: { ...given, timeEntryId, version: 1 } };
  const materials = isListed ? 'listed' : 'none-used';
  yield { route: on('/resolve'), given: { ...given, resolution: 'Mended', materials, scope: 'in-contract' } };
  if (random.next() < 0.4) return;
  yield { route: on('/service-verification'), given };
  // No contact of a client has a key yet, so nobody can approve it.
  yield { route: on('/service-verification/approve'), given };
  if (random.next() < 0.3) yield { route: on('/service-verification/reject'), given };
}

/** A month of a client from its draft to a credit note, and what is owed then. */
function* ofInvoice({ random, bodies, memory }: Around): Journey {
  const invoiceId = bodies.newId('invoiceId');
  const clientId = random.pick(WORKED);
  const period = (random.next() < 0.8 ? bodies.today : (memory.one('period', random) ?? '2026-03')).slice(0, 7);
  const given = { invoiceId };
  if (!(yield { route: 'POST /v1/invoices', given: { ...given, clientId, period } })) return;
  yield { route: 'GET /v1/invoices/{invoiceId}', given };
  if (random.next() < 0.1) yield { route: 'POST /v1/invoices/{invoiceId}/discard', given };
  yield { route: 'POST /v1/invoices/{invoiceId}/approve', given };
  yield { route: 'POST /v1/invoices/{invoiceId}/issue', given };
  yield { route: 'GET /v1/invoices/{invoiceId}/lines', given };
  yield { route: 'GET /v1/invoices/{invoiceId}/charges', given };
  if (random.next() < 0.4) return;
  const lines = memory.values('itemId').filter((itemId) => memory.stoodWith('itemId', itemId, 'invoiceId', invoiceId));
  const outcome = random.pick(['bill-again', 'corrected', 'written-off']);
  const items = lines.slice(0, random.whole(1, 2)).map((itemId) => ({ itemId, outcome }));
  yield {
    route: 'POST /v1/credit-notes',
    given: { ...given, creditNoteId: bodies.newId('creditNoteId'), items },
  };
  yield { route: 'POST /v1/invoices', given: { invoiceId: bodies.newId('invoiceId'), clientId, period } };
}

/** What is looked at by those who run it: from there ids of gaps, items and charges are known. */
function* ofLists({ bodies, memory }: Around): Journey {
  yield { route: 'GET /v1/gaps', given: { limit: 20, state: 'open' } };
  yield { route: 'POST /v1/gaps/{gapId}/accept', given: {} };
  yield { route: 'GET /v1/billable-items', given: { limit: 20, disposition: 'billable' } };
  yield { route: 'POST /v1/billable-items/{itemId}/write-off', given: {} };
  yield { route: 'GET /v1/charges', given: { limit: 20, disposition: 'billable', period: bodies.today.slice(0, 7) } };
  const [chargeItemId] = memory.values('chargeItemId').slice(-1);
  if (chargeItemId !== undefined) yield { route: 'POST /v1/credit-notes/owed', given: { items: [chargeItemId] } };
  yield { route: 'GET /v1/approvals', given: { limit: 20, state: 'waiting' } };
  yield { route: 'GET /v1/approvals/{requestId}', given: {} };
  yield { route: 'POST /v1/approvals/{requestId}/approve', given: {} };
  yield { route: 'GET /v1/reconciliation', given: {} };
}

export function newJourney(around: Around): Journey {
  const kind = around.random.next();
  if (kind < 0.5) return ofTicket(around);
  return kind < 0.85 ? ofInvoice(around) : ofLists(around);
}
