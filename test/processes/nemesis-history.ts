import { Billtrail, commandIdOf } from '@billtrail/application';
import { MAX_READ, START, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import type { Role } from '@billtrail/kernel';
import { EveryPosition, type LooksAtLaws } from './every-position.js';
import type { Asked, NemesisRun } from './nemesis.js';

/** What a history was found to break, and how much of it was looked at. */
export interface HistoryFindings {
  readonly findings: readonly string[];
  readonly events: number;
  /** Of them, what policies recorded. */
  readonly byPolicies: number;
  readonly acknowledged: number;
  readonly looks: number;
}

/**
 * Looks at all that was recorded: what was acknowledged is there once, no policy undid or repeated another's entry, and all laws hold, at
 * every position or at the end alone.
 */
export async function lookAtHistory(
  folder: string,
  run: NemesisRun,
  where: 'every position' | 'the end',
  storeUrl?: string,
): Promise<HistoryFindings> {
  const billtrail = await Billtrail.open({ dataDir: folder, ...(storeUrl !== undefined && { storeUrl }) });
  try {
    await billtrail.catchUp();
    const events = await allOf(billtrail.store);
    const acknowledged = run.asked.filter(
      ({ answer }) => answer !== null && answer.status < 300 && isWrite(answer.body),
    );
    const chain = await billtrail.store.capability('chain')?.verify();
    const looked =
      where === 'the end' ? EveryPosition.lookAtEnd(billtrail, events) : EveryPosition.look(billtrail, events, folder);
    const seen = await looked.catch((error: Error) => noLook(error));
    const findings = [
      ...run.endedByThemselves.map((why) => `a process ended by itself: ${why}`),
      ...failures(run.asked),
      ...(chain?.findings ?? []).map((one) => `chain: ${JSON.stringify(one)}`),
      ...lostOrTwice(acknowledged, events),
      ...repeatedByPolicies(events),
      ...seen.findings,
    ];
    const byPolicies = events.filter(({ actor }) => actor.role === 'system').length;
    return { findings, events: events.length, byPolicies, acknowledged: acknowledged.length, looks: seen.looks };
  } finally {
    await billtrail.close();
  }
}

function noLook({ message }: Error): LooksAtLaws {
  return { findings: [`no look: ${message}`], looks: 0 };
}

async function allOf(store: EventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = START; ;) {
    const slice = await store.readAll({ after, limit: MAX_READ });
    events.push(...slice.events);
    if (slice.atEnd) return events;
    after = slice.next;
  }
}

interface Write {
  readonly stream: string;
  readonly version: number;
  readonly repeated: boolean;
}

function isWrite(body: unknown): body is Write {
  return typeof body === 'object' && body !== null && 'stream' in body && 'repeated' in body;
}

function bodyOf(answer: Asked['answer']): Write {
  if (answer === null || !isWrite(answer.body)) throw new Error('no acknowledgement of a write');
  return answer.body;
}

function failures(asked: readonly Asked[]): readonly string[] {
  return asked.flatMap(({ operation, answer }) =>
    answer !== null && answer.status >= 500 && answer.status !== 503
      ? [`${operation.route} answered ${answer.status}: ${JSON.stringify(answer.body)}`]
      : [],
  );
}

/** Begins the command id under which a request to forgo money is carried out. */
const CARRIED_OUT = 'forgone/';

/** What was acknowledged is there, once; a key has one effect, wherever it was sent. */
function lostOrTwice(acknowledged: readonly Asked[], events: readonly RecordedEvent[]): readonly string[] {
  const byCommand = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    if (event.type === 'KeyClaimed') continue;
    byCommand.set(event.commandId, [...(byCommand.get(event.commandId) ?? []), event]);
  }
  const twice = [...byCommand].flatMap(([commandId, of]) => {
    const isOne = of.every(
      ({ stream, version }, at) => stream === of[0]?.stream && version === (of[0]?.version ?? 0) + at,
    );
    return isOne || !(commandId.startsWith('~') || commandId.startsWith(CARRIED_OUT))
      ? []
      : [`${commandId} has several effects: ${of.map(({ stream, version }) => `${stream} ${version}`).join(', ')}`];
  });
  const lost = acknowledged.flatMap(({ operation, answer }) => {
    const { stream, version, repeated } = bodyOf(answer);
    const actor = { id: operation.as, role: operation.as.split('-')[0] as Role };
    const of = byCommand.get(commandIdOf(actor, operation.key ?? ''));
    // Where nothing was to be done the key stays free for something else.
    if (repeated) return notSo(operation.route, stream, version, events);
    const last = of?.at(-1);
    // An act that forgoes money is acknowledged at its request while that waits, and at its effect once that is there.
    const effect = last?.type === 'ForgoingRequested' ? byCommand.get(CARRIED_OUT + last.id)?.at(-1) : undefined;
    return [last, effect].some((event) => event?.stream === stream && event.version === version)
      ? []
      : [
          `${operation.as} ${operation.key} ${operation.route}: acknowledged at ${stream} ${version}, and it is ${last === undefined ? 'not there' : `at ${last.stream} ${last.version}`}`,
        ];
  });
  return [...lost, ...twice];
}

/** A draft that was told to have been discarded before was. */
function notSo(route: string, stream: string, version: number, events: readonly RecordedEvent[]): readonly string[] {
  if (route !== 'POST /v1/invoices/{invoiceId}/discard') return [];
  const before = events.filter((one) => one.stream === stream && one.version <= version);
  return before.some(({ type }) => type === 'InvoiceDraftDiscarded')
    ? []
    : [`${stream} ${version}: told to have been discarded, and was not`];
}

/** Two entries of a policy right after each other that say the same: one of them was decided on what was no longer so. */
function repeatedByPolicies(events: readonly RecordedEvent[]): readonly string[] {
  const last = new Map<string, RecordedEvent>();
  return events.flatMap((event) => {
    const before = last.get(event.stream);
    last.set(event.stream, event);
    const isAgain =
      before?.actor.role === 'system' &&
      event.actor.role === 'system' &&
      before.type === event.type &&
      JSON.stringify(before.data) === JSON.stringify(event.data);
    return isAgain ? [`${event.stream} ${event.version}: ${event.actor.id} recorded ${event.type} again`] : [];
  });
}
