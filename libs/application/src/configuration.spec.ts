import { describe, expect, it } from '@jest/globals';
import { DEFAULT_CONFIGURATION } from '@billtrail/billing';
import type { EventStore, ReadStreamOptions } from '@billtrail/event-store';
import { configurationOf } from './configuration.js';

/** A stream of these types, in their order, that counts what is read of it. A configuration that was published is told by its number. */
function streamOf(...types: readonly ('ConfigurationPublished' | 'ForgoingRequested')[]) {
  const all = types.map((type, index) => ({
    type,
    version: index + 1,
    data: { configuration: { number: index + 1 } },
  }));
  let read = 0;
  const readStream = (_stream: string, { from = all.length, limit = Infinity }: ReadStreamOptions = {}) => {
    const events = all
      .filter(({ version }) => version <= from)
      .toReversed()
      .slice(0, limit);
    read += events.length;
    return Promise.resolve({ events });
  };
  return { store: { readStream } as unknown as Pick<EventStore, 'readStream'>, read: () => read };
}
const many = <Type>(type: Type, count: number) => Array.from({ length: count }, () => type);

describe('the configuration in force', () => {
  it('is the last one published, beneath whatever was asked for after it', async () => {
    for (const after of [0, 1, 7, 8, 9, 16, 40]) {
      const { store } = streamOf(
        ...many('ConfigurationPublished' as const, 3),
        ...many('ForgoingRequested' as const, after),
      );
      expect(await configurationOf(store)).toEqual({ number: 3 });
    }
  });

  it('is the first event of the stream too, where only requests follow it', async () => {
    for (const after of [1, 8, 9]) {
      const { store } = streamOf('ConfigurationPublished', ...many('ForgoingRequested' as const, after));
      expect(await configurationOf(store)).toEqual({ number: 1 });
    }
  });

  it('is the default where none was published', async () => {
    for (const asked of [0, 1, 2, 9, 10]) {
      const { store } = streamOf(...many('ForgoingRequested' as const, asked));
      expect(await configurationOf(store)).toBe(DEFAULT_CONFIGURATION);
    }
  });

  it('is found by a few events, however many were published before', async () => {
    const quiet = streamOf(...many('ConfigurationPublished' as const, 500));
    await configurationOf(quiet.store);
    expect(quiet.read()).toBe(1);
    const asked = streamOf(...many('ConfigurationPublished' as const, 500), 'ForgoingRequested');
    await configurationOf(asked.store);
    expect(asked.read()).toBeLessThanOrEqual(9);
  });
});
