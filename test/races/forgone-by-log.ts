import { Money, isEffectOf, type ForgoingRequested, type MoneyJson } from '@billtrail/kernel';
import type { AccountEvent, CreditedLine, GapEvent, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import type { Approval } from '@billtrail/read-models';

type AnyEvent = RecordedEvent & (AccountEvent | GapEvent | TicketEvent | { readonly type: 'Other' });

interface Request {
  readonly id: string;
  readonly stream: string;
  readonly data: ForgoingRequested['data'];
  hasEffect: boolean;
  /** Another person agreed: it takes no room. */
  isAgreed: boolean;
}

/**
 * Each request that has its effect, at every position: what it forgoes is on one person's word, and within the limit, of its ticket and of its client and month; or
 * another person agreed to it before.
 */
export function aboveTheLimit(events: readonly RecordedEvent[], limit: MoneyJson): readonly string[] {
  const requests = new Map<string, Request>();
  const byId = new Map(events.map((event) => [event.id, event]));
  const findings: string[] = [];
  for (const event of events as readonly AnyEvent[]) {
    if (event.type === 'ForgoingRequested')
      requests.set(event.id, {
        id: event.id,
        stream: event.stream,
        data: event.data,
        hasEffect: false,
        isAgreed: false,
      });
    if (event.type === 'ForgoingApproved') {
      const agreed = requests.get(event.data.requestId);
      if (agreed !== undefined) agreed.isAgreed = event.actor.id !== byId.get(agreed.id)?.actor.id;
    }
    for (const request of requests.values()) if (isEndOf(event, request)) request.hasEffect = false;
    const cause = event.causationId === null ? undefined : requests.get(event.causationId);
    if (cause !== undefined && isEffectOf(event, { requestId: cause.id, act: cause.data.act })) cause.hasEffect = true;
    for (const [scope, sum] of sumsOf(
      [...requests.values()].filter(({ hasEffect, isAgreed }) => hasEffect && !isAgreed),
    ))
      if (sum.compare(Money.from(limit)) > 0)
        findings.push(`at ${event.position} one person's word forgoes ${sum.toString()} of ${scope}`);
  }
  return findings;
}

/** Taken back, or something else took its place. */
function isEndOf(event: AnyEvent, { stream, data: { act, target } }: Request): boolean {
  if (event.stream !== stream) return false;
  switch (event.type) {
    case 'CourtesyWithdrawn':
      return act === 'courtesy' && target === event.data.workItemId;
    case 'TimeEntryPriceOverridden':
      return act === 'price-override' && target === event.data.timeEntryId;
    case 'CreditNoteIssueWithdrawn':
      return act === 'credit' && target === event.data.creditNoteId;
    default:
      return false;
  }
}

function sumsOf(requests: readonly Request[]): ReadonlyMap<string, Money> {
  const sums = new Map<string, Money>();
  const add = (scope: string, money: MoneyJson): void => {
    sums.set(scope, sums.get(scope)?.plus(Money.from(money)) ?? Money.from(money));
  };
  for (const { data } of requests)
    for (const { ticketId, money } of data.forgone) {
      if (money === null) continue;
      if (ticketId !== null) add(`ticket ${ticketId}`, money);
      if (data.clientId !== null) add(`${data.clientId} in ${data.period}`, money);
    }
  return sums;
}

/** The notes that are issued take no more back of a line than it asked for; none was withdrawn, and no two have one number. */
export function creditedTwice(events: readonly RecordedEvent[]): readonly string[] {
  const asked = new Map<string, readonly CreditedLine[]>();
  const taken = new Map<string, Money>();
  const numbers = new Map<string, string>();
  const findings: string[] = [];
  for (const event of events as readonly AnyEvent[]) {
    if (event.type === 'CreditNoteIssueRequested') asked.set(event.data.creditNoteId, []);
    if (event.type === 'CreditNoteLinesAdded') {
      const { creditNoteId, lines } = event.data;
      asked.set(creditNoteId, [...(asked.get(creditNoteId) ?? []), ...lines]);
    }
    if (event.type === 'CreditNoteIssueWithdrawn') asked.delete(event.data.creditNoteId);
    if (event.type !== 'CreditNoteIssued') continue;
    const { creditNoteId, invoiceId, number } = event.data;
    const lines = asked.get(creditNoteId);
    if (lines === undefined) findings.push(`${creditNoteId} is issued, and was withdrawn`);
    for (const { line, net } of lines ?? []) {
      const of = `${invoiceId} ${line.itemId}`;
      const back = Money.from(net).plus(taken.get(of) ?? Money.zero(net.currency));
      taken.set(of, back);
      if (back.compare(Money.from(line.net)) > 0)
        findings.push(`${of} asked for ${line.net.amount}, and with ${creditNoteId} ${back.toString()} went back`);
    }
    const other = numbers.get(number);
    if (other !== undefined) findings.push(`${number} is on ${other} and ${creditNoteId}`);
    numbers.set(number, creditNoteId);
  }
  return findings;
}

/** What waits though its work was voided, corrected or invoiced after it was asked for, or its line taken back. */
export function waitingInVain(events: readonly RecordedEvent[], requests: readonly Approval[]): readonly string[] {
  const drafts = new Map<string, readonly InvoiceLine[]>();
  const credits = new Map<string, readonly string[]>();
  const gone: { readonly at: number; readonly what: string; readonly isCredit: boolean }[] = [];
  for (const event of events as readonly AnyEvent[]) {
    const at = event.position;
    if (event.type === 'TimeEntryVoided' || event.type === 'TimeEntryCorrected')
      gone.push({ at, what: event.data.timeEntryId, isCredit: false });
    if (event.type === 'InvoiceLinesAdded') {
      const { invoiceId, lines } = event.data;
      drafts.set(invoiceId, [...(drafts.get(invoiceId) ?? []), ...lines]);
    }
    if (event.type === 'InvoiceIssued')
      for (const { itemId } of drafts.get(event.data.invoiceId) ?? []) gone.push({ at, what: itemId, isCredit: false });
    if (event.type === 'CreditNoteLinesAdded')
      credits.set(
        event.data.creditNoteId,
        event.data.lines.map(({ line }) => line.itemId),
      );
    if (event.type === 'CreditNoteIssued')
      for (const what of credits.get(event.data.creditNoteId) ?? []) gone.push({ at, what, isCredit: true });
  }
  const targetOf = (requestId: string, target: string): string => {
    const asked = events.find(({ id }) => id === requestId)?.data as ForgoingRequested['data'] | undefined;
    const of = asked?.asked as { readonly items?: readonly { readonly itemId: string }[] } | undefined;
    const [item] = of?.items ?? [];
    return item?.itemId ?? target;
  };
  return requests.flatMap(({ requestId, position, state, act, target }) => {
    if (state !== 'waiting' || act === 'accept-gap') return [];
    const what = targetOf(requestId, target);
    const end = gone.find((one) => one.at > position.at && one.what === what && (act !== 'credit' || one.isCredit));
    return end === undefined ? [] : [`${act} of ${what} still waits, which was gone at ${end.at}`];
  });
}
