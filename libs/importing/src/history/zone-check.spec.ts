import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Refusal } from '@billtrail/kernel';
import type { EventStore } from '@billtrail/event-store';
import { importTicketHistory } from './import-ticket-history.js';
import type { ImportReport } from './report.js';
import { SPEC_MAPPING_YAML, specCsv, type SpecFields, specMapping, specStore } from '../testing/history.js';

let folder: string;
let store: EventStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'billtrail-zone-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  store = specStore();
});
afterEach(() => store.close());

const ROWS: readonly SpecFields[] = ['T1', 'T2', 'T3'].flatMap((id): SpecFields[] => [
  { id, at: '1/6/2026 09:00', seq: '0' },
  { id, at: '1/6/2026 15:00', seq: '1', state: 'Active', who: 'Bo' },
  { id, at: '2/6/2026 11:00', seq: '2', state: 'Resolved', who: 'Bo' },
]);

async function run(rows: readonly SpecFields[], timeZone: string, yaml?: string): Promise<ImportReport | Refusal> {
  const file = join(folder, 'log.csv');
  await writeFile(file, specCsv(...rows));
  return importTicketHistory({
    file,
    mapping: specMapping(yaml),
    store,
    actor: { id: 'importer', role: 'system' },
    materialWords: () => Promise.resolve([]),
    timeZone,
  });
}

describe('an import in another zone than before', () => {
  it.each([
    ['the same file', ROWS],
    ['a part of it', ROWS.slice(1, 3)],
    ['the file grown', [...ROWS, { id: 'T3', at: '3/6/2026 09:00', seq: '3', state: 'Closed', who: 'Bo' }]],
  ])('is refused for %s, and the log stays as it is', async (_, rows) => {
    await run(ROWS, 'UTC');
    const before = await store.head();
    expect(await run(rows, 'Australia/Sydney')).toMatchObject({
      code: 'TimeZoneDiffers',
      message: expect.stringMatching(
        /log\.csv, line 2, column at: ticket T1 was imported before with its times in UTC/,
      ),
      remedy: expect.stringMatching(/^Run it again with --time-zone UTC\./),
      details: { ticket: 'T1', before: 'UTC', stated: 'Australia/Sydney' },
    });
    expect(await store.head()).toEqual(before);
    expect(await run(ROWS, 'UTC')).toMatchObject({ events: { appended: 0 } });
  });

  it('goes on with later rows: two parts may come from two zones', async () => {
    await run(ROWS, 'UTC');
    const later: SpecFields = { id: 'T1', at: '4/6/2026 09:00', seq: '3', state: 'Closed', who: 'Bo' };
    expect(await run([later], 'Australia/Sydney')).toMatchObject({ events: { appended: 1 }, fates: { moved: 1 } });
    expect(await run([later], 'UTC')).toMatchObject({
      code: 'TimeZoneDiffers',
      details: { before: 'Australia/Sydney' },
    });
  });

  it('goes on where the two zones have the same time, and where the times carry their offset', async () => {
    await run(ROWS, 'Australia/Sydney');
    expect(await run(ROWS, 'Australia/Melbourne')).toMatchObject({ events: { appended: 0 } });
    const yaml = SPEC_MAPPING_YAML.replace('d/M/yyyy HH:mm', 'iso');
    const iso: SpecFields = { id: 'T9', at: '2026-06-01T09:00Z', opened: '2026-06-01T08:30Z' };
    await run([iso], 'UTC', yaml);
    expect(await run([iso], 'Australia/Sydney', yaml)).toMatchObject({ events: { appended: 0 } });
  });
});
