import { Money, type ForgoingRequested } from '@billtrail/kernel';
import type { AccountEvent, CreditedLine, GapEvent, InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import type { Approval } from '@billtrail/read-models';

type AnyEvent = RecordedEvent & (AccountEvent | GapEvent | TicketEvent | { readonly type: 'Other' });

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
