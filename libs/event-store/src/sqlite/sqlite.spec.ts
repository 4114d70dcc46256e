import { expect, it } from '@jest/globals';
import { SqliteEventStore, StoredNames } from '../index.js';
const names = new StoredNames([{ type: 'A', storedName: 'a', schemaVersion: 1 }]);
it('smoke', async () => {
  const store = SqliteEventStore.open({ file: ':memory:', names });
  const base = {
    stream: 's-1',
    expected: 'any' as const,
    actor: { id: 'x', role: 'admin' as const },
    correlationId: 'c',
    causationId: null,
  };
  const e = (n: number) => ({ type: 'A', data: { n }, occurredAt: '2026-01-01T00:00:00Z' });
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, n) => store.append({ ...base, commandId: `c${n}`, events: [e(n), e(n)] })),
  );
  expect(all[99]).toEqual({ version: 200, position: 200, repeated: false });
  expect(await store.append({ ...base, commandId: `c3`, events: [e(3), e(3)] })).toEqual({
    version: 8,
    position: 8,
    repeated: true,
  });
  await expect(store.append({ ...base, commandId: `c3`, events: [e(4)] })).rejects.toThrow('another content');
  expect(await store.findAppend('s-1', 'c3')).toMatchObject({ version: 8 });
  console.log(
    await store.verify(),
    (await store.readAll({ after: 0, limit: 2, types: ['A'], categories: ['s'] })).events,
  );
});
