import { fold, invariant, isRefusal, type DomainEvent } from '@billtrail/kernel';
import {
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type Position,
  type StreamName,
} from '@billtrail/event-store';
import {
  account,
  numbering,
  type AccountEvent,
  type BillingConfiguration,
  type NumberingEvent,
} from '@billtrail/billing';
import type { Clock } from '../clock.js';

/** Who completes an issue that was requested: the policy, also when it runs inside the command. */
const POLICY = { id: 'complete-issues', role: 'system' } as const;
const MAX_ATTEMPTS = 20;

/**
 * Carries a requested issue to its end: the number, then the issued invoice (ADR 6). Every step is idempotent, so it may be interrupted
 * anywhere and run again, also by two at once. Answers the position of the `InvoiceIssued`.
 */
export async function completeIssue(
  { store, clock }: { readonly store: EventStore; readonly clock: Clock },
  accountStream: StreamName,
  invoiceId: string,
  series: BillingConfiguration['invoiceSeries'],
): Promise<Position> {
  const number = await untilAppended(async () => {
    const stream = streamName('numbering', series.series);
    const slice = await store.readStream(stream);
    const state = fold(numbering, slice.events as readonly NumberingEvent[]);
    const decision = numbering.decide(
      { type: 'AssignDocumentNumber', ...series, documentId: invoiceId, accountStream, at: clock(), by: POLICY },
      state,
    );
    invariant(!isRefusal(decision), `a requested issue got no number: ${isRefusal(decision) ? decision.message : ''}`);
    if (decision.length > 0) await append(store, stream, slice.version, decision, `number/${invoiceId}`, invoiceId);
    const assigned = [...(slice.events as readonly NumberingEvent[]), ...decision].find(
      (event) => event.data.documentId === invoiceId,
    );
    invariant(assigned, `the numbering of ${series.series} lost ${invoiceId}`);
    return assigned.data;
  });
  return untilAppended(async () => {
    const slice = await store.readStream(accountStream);
    const state = fold(account, slice.events as readonly AccountEvent[]);
    const decision = account.decide(
      {
        type: 'RecordInvoiceIssue',
        invoiceId,
        series: number.series,
        numberInSeries: number.number,
        number: number.formatted,
        at: clock(),
        by: POLICY,
      },
      state,
    );
    invariant(
      !isRefusal(decision),
      `invoice ${invoiceId} can't take its number: ${isRefusal(decision) ? decision.message : ''}`,
    );
    if (decision.length > 0)
      return (await append(store, accountStream, slice.version, decision, `issued/${invoiceId}`, invoiceId)).position;
    const issued = slice.events.find(
      (event) =>
        event.type === 'InvoiceIssued' && (event as { data: { invoiceId?: string } }).data.invoiceId === invoiceId,
    );
    return issued?.position ?? store.head();
  });
}

function append(
  store: EventStore,
  stream: StreamName,
  expected: number,
  events: readonly DomainEvent[],
  commandId: string,
  correlationId: string,
) {
  return store.append({ stream, expected, events, actor: POLICY, commandId, correlationId, causationId: null });
}

/** Numbers of one series are asked for by many at once: who comes second reads again. */
async function untilAppended<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion) || attempts === MAX_ATTEMPTS) throw error;
    }
  }
}
