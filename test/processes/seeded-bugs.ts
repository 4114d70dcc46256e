import { setTimeout as pause } from 'node:timers/promises';
import { unreachable } from '@billtrail/kernel';
import type { Billtrail } from '@billtrail/application';
import { START, type AppendRequest, type Claim, type EventStore, type StreamSlice } from '@billtrail/event-store';
import { Fence } from '@billtrail/application/testing';

/** What the nemesis must catch: each is put into a server that runs, where it could be a slip of ours. With what it shows by. */
export const SEEDED_BUGS = {
  'acknowledges-early': /acknowledged at .* and it is/,
  'caches-without-reading': /L3 Billed once|L4 Issued is forever/,
  'fence-off': /recorded \w+ again/,
  'claims-late': /-one-of-two .* acknowledged at|has several effects/,
} as const;
export type SeededBug = keyof typeof SEEDED_BUGS;

/** Long enough for others to come in between. */
const LATE_MS = 150;

interface Cached {
  readonly stream: string;
  readonly options: Parameters<EventStore['readStream']>[1];
  readonly slice: StreamSlice;
}

export function seed(bug: SeededBug, billtrail: Billtrail): void {
  const { store } = billtrail;
  const append = store.append.bind(store);
  switch (bug) {
    case 'acknowledges-early':
      // Answered before it is committed.
      store.append = async (request: AppendRequest, claims?: readonly Claim[]) => {
        if (request.actor.role === 'system') return append(request, claims);
        void pause(LATE_MS)
          .then(() => append(request, claims))
          .catch(() => undefined);
        const { version } = await store.readStream(request.stream, { limit: 1 });
        return { version: version + request.events.length, position: await store.head(), repeated: false };
      };
      return;
    case 'caches-without-reading': {
      // What this process has read or written last of a stream is taken for what it is.
      const cache = new Map<string, Cached>();
      const isCached = (stream: string): boolean => /^(account|numbering)-/.test(stream);
      const read = store.readStream.bind(store);
      store.readStream = async (stream, options) => {
        if (!isCached(stream)) return read(stream, options);
        const key = `${stream} ${JSON.stringify(options)}`;
        const known = cache.get(key)?.slice ?? (await read(stream, options));
        cache.set(key, { stream, options, slice: known });
        return known;
      };
      store.append = async (request, claims) => {
        const { stream } = request;
        const appended = await append({ ...request, expected: isCached(stream) ? 'any' : request.expected }, claims);
        for (const [key, { options, ...cached }] of cache)
          if (cached.stream === stream) cache.set(key, { stream, options, slice: await read(stream, options) });
        return appended;
      };
      return;
    }
    case 'fence-off':
      // A policy records what it made out, wherever its read models are and whoever recorded before.
      Fence.prototype.record = async function record(this: Fence, read, decide) {
        const found = await read();
        const decided = billtrail.models.settled(START, () => ({ entry: decide(found, billtrail.clock()) }));
        const entry = 'entry' in decided ? decided.entry : null;
        if (entry === null) return { again: null, isRecorded: false };
        await pause(LATE_MS);
        const commandId = `${entry.commandId}/${process.pid}/${Math.random()}`;
        const { events, correlationId, causationId } = entry;
        const actor = { id: commandId.split('/')[0] ?? '', role: 'system' } as const;
        const { stream } = found.slice;
        const fingerprint = 'seeded';
        const request = {
          stream,
          expected: 'any',
          events,
          actor,
          commandId,
          correlationId,
          causationId,
          fingerprint,
        } as const;
        return { again: (await append(request)).position, isRecorded: true };
      };
      return;
    case 'claims-late':
      // The effect first; before the key that it was asked under is claimed, the process ends.
      store.append = (request, claims = []) =>
        append(
          request,
          claims.filter(({ key }) => !isOfCaller(key)),
        );
      return;
    default:
      unreachable(bug);
  }
}

function isOfCaller(key: string): boolean {
  return key.startsWith('key-');
}
