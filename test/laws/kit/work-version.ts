import { streamName, type EventStore } from '@billtrail/event-store';

const CORRECTED: ReadonlySet<string> = new Set(['TimeEntryCorrected', 'MaterialUsageCorrected', 'ExpenseCorrected']);

/** What stands of a piece of work: 1 as recorded first, one more with each correction. */
export async function versionOfWork(store: EventStore, ticketId: string, workItemId: string): Promise<number> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  return 1 + events.filter(({ type, data }) => CORRECTED.has(type) && Object.values(data).includes(workItemId)).length;
}
