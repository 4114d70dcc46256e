import type { LocalDate } from '@billtrail/kernel';
import { TERMS, timeEntry } from '../e2e/story.js';
import type { Request } from '../fuzz/operation.js';

/** What is sent at once, each request to the server whose turn it is. */
export type Turn = readonly Request[];

const BILLED_FROM = '2026-01-01';

/**
 * A month of a client of its own, told to servers that take turns: what one has recorded the next must know. Where two may come to the same thing at once they do: a key for the same
 * twice, a key for two things, two drafts of one piece of work, and a gap that every server's policies see open and close.
 */
export function* turnsOf(name: string, today: LocalDate): Generator<Turn, void, void> {
  const [clientId, first, second] = [name, `${name}-T1`, `${name}-T2`];
  const [draft, other] = [`${name}-I1`, `${name}-I2`];
  let sent = 0;
  const post = (path: string, body: object = {}, key = `${name}-key-${(sent += 1)}`, as = 'admin-1'): Request => ({
    do: 'request',
    as,
    route: `POST /v1${path}`,
    method: 'POST',
    url: `/v1${path}`,
    body: JSON.stringify(body),
    key,
    ifMatch: null,
  });
  const on = (ticketId: string, what: string): string => `/tickets/${ticketId}${what}`;
  const approves = (ticketId: string, timeEntryId: string): Request =>
    post(on(ticketId, `/time-entries/${timeEntryId}/approve`), {}, `${name}-approve-${timeEntryId}`, 'admin-2');
  const resolved = { resolution: 'Mended', materials: 'none-used', scope: 'in-contract' };

  yield [post('/clients', { clientId, name, currency: 'AUD', timeZone: 'Australia/Sydney' })];
  yield [post('/contracts', { contractId: `${name}-1`, clientId, name, effectiveFrom: BILLED_FROM, terms: TERMS })];
  for (const ticketId of [first, second]) {
    yield [post('/tickets', { ticketId, clientId, summary: 'No answer' })];
    yield [post(on(ticketId, '/triage'), { clientId, category: 'network', priority: 'high' })];
    yield [post(on(ticketId, '/assign'), { engineerId: 'eng-1' })];
    yield [post(on(ticketId, '/start'))];
  }
  const entry = timeEntry(`${name}-W1`, 70, { workDate: today });
  yield ['the same', 'twice'].map(() => post(on(first, '/time-entries'), entry, `${name}-twice`));
  yield [approves(first, `${name}-W1`)];
  const note = { noteId: `${name}-N`, text: 'Rang them', visibility: 'internal' };
  yield [first, second].map((ticketId) => post(on(ticketId, '/notes'), note, `${name}-one-of-two`));
  yield [post(on(second, '/time-entries'), timeEntry(`${name}-W2`, 30, { workDate: today }))];
  yield [first, second].map((ticketId) => post(on(ticketId, '/resolve'), resolved));
  yield [approves(second, `${name}-W2`)];
  const period = today.slice(0, 'YYYY-MM'.length);
  yield [draft, other].map((invoiceId) => post('/invoices', { invoiceId, clientId, period }));
  yield [draft, other].map((invoiceId) => post(`/invoices/${invoiceId}/approve`));
  yield [draft, other].map((invoiceId) => post(`/invoices/${invoiceId}/issue`));
  yield [first, second].map((ticketId) => post(on(ticketId, '/notes'), note, `${name}-one-of-two`));
}
