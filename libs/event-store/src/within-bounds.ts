import { answeredWithin } from './answered-within.js';
import type { EventStore } from './port.js';
import { StoreUnavailable } from './store-unavailable.js';

/** So long a question waits for the log: whoever asks would rather be told that it says nothing. */
const MOST_MS_OF_A_READ = 2_000;

/** The same log, whose reads of single streams and events are given up after a time: once one was, the others at once. */
export function withinBounds(store: EventStore, mostMs = MOST_MS_OF_A_READ): EventStore {
  let isSilent = false;
  const bounded = async <Read>(read: () => Promise<Read>): Promise<Read> => {
    if (isSilent) throw saysNothing(mostMs);
    return answeredWithin(read(), mostMs, () => {
      isSilent = true;
      return saysNothing(mostMs);
    });
  };
  const reads: Pick<EventStore, 'readStream' | 'eventAt' | 'head' | 'newest'> = {
    readStream: (stream, options) => bounded(() => store.readStream(stream, options)),
    eventAt: (position) => bounded(() => store.eventAt(position)),
    head: () => bounded(() => store.head()),
    newest: () => bounded(() => store.newest()),
  };
  return new Proxy(store, {
    get: (of, name) => {
      if (Object.hasOwn(reads, name)) return reads[name as keyof typeof reads];
      const held: unknown = Reflect.get(of, name);
      return typeof held === 'function' ? (held.bind(of) as unknown) : held;
    },
  });
}

function saysNothing(ms: number): StoreUnavailable {
  return new StoreUnavailable(
    'unreachable',
    `the log has said nothing for ${ms} ms`,
    'Ask again in a moment. If this persists, see GET /health/ready',
  );
}
