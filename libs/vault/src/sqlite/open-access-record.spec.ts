import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Access, AccessRecord } from '../access-record.js';
import { openAccessRecord, type AccessRecordOptions } from './open-access-record.js';

const AT = '2026-03-02T09:00:00.000Z';
const read = (more: Partial<Access> = {}): Access => {
  return { kind: 'read', at: AT, source: '10.0.0.1', what: 'GET /v1/x', personId: 'ana', keyId: 'k1', ...more };
};
const refusal = (more: Partial<Access> = {}) =>
  read({ kind: 'refusal', what: 'NotSignedIn', personId: null, keyId: null, ...more });

describe('the record of who asked (Z8)', () => {
  let folder: string;
  let file: string;
  const opened: AccessRecord[] = [];
  const open = (more: Partial<AccessRecordOptions> = {}) => {
    const record = openAccessRecord({ file, ...more });
    opened.push(record);
    return record;
  };
  const all = (record: AccessRecord) => record.list({ limit: 100_000 });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-record-'));
    file = join(folder, 'access-record.db');
  });
  afterEach(() => {
    for (const record of opened.splice(0)) record.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps each read, and refusals summed by source and minute, the newest first', () => {
    const record = open();
    for (let n = 0; n < 500; n++) record.note(refusal({ at: `2026-03-02T09:00:${String(n % 60).padStart(2, '0')}Z` }));
    record.note(refusal({ source: '10.0.0.2' }));
    record.note(refusal({ at: '2026-03-02T09:01:00Z' }));
    record.note(read());
    record.note(read());
    expect(all(record).map(({ kind, at, source, count }) => [kind, at, source, count])).toEqual([
      ['refusal', '2026-03-02T09:01:00.000Z', '10.0.0.1', 1],
      ['refusal', AT, '10.0.0.2', 1],
      ['refusal', AT, '10.0.0.1', 500],
      ['read', AT, '10.0.0.1', 1],
      ['read', AT, '10.0.0.1', 1],
    ]);
    // What comes later in the minute is added, by another process too.
    const other = open();
    other.note(refusal());
    other.note(refusal({ personId: 'ana', keyId: 'k1', what: 'NotAllowed' }));
    expect(other.list({ limit: 9, kind: 'refusal' }).map(({ count }) => count)).toEqual([1, 1, 1, 501]);
    expect(record.list({ limit: 9, personId: 'ana', kind: 'refusal' })).toMatchObject([{ what: 'NotAllowed' }]);
    expect(record.list({ limit: 9, since: '2026-03-02T09:01:00Z' })).toHaveLength(1);
    const [newest] = record.list({ limit: 1 });
    expect(record.list({ limit: 9, before: newest!.entry })).toHaveLength(5);
  });

  it('is its owner’s alone, and holds what was noted by who closed it', () => {
    open().note(read());
    opened.pop()?.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(all(open())).toMatchObject([read()]);
  });

  it('keeps so many of each kind, and nothing for longer: many of one drive none of another out', () => {
    const record = open({ most: 50, keptMs: 86_400_000 });
    record.note(refusal());
    for (let n = 0; n < 3_000; n++) record.note(read({ what: `GET /v1/x/${n}` }));
    const reads = record.list({ kind: 'read', limit: 100_000 });
    expect(reads.length).toBeLessThanOrEqual(1_050);
    expect(reads[0]?.what).toBe('GET /v1/x/2999');
    expect(record.list({ kind: 'refusal', limit: 9 })).toHaveLength(1);
    opened.pop()?.close();
    const later = open({ most: 50, keptMs: 86_400_000 });
    later.note(read({ at: '2026-03-04T09:00:00Z' }));
    expect(all(later)).toMatchObject([{ at: '2026-03-04T09:00:00.000Z' }]);
  });

  it('is not filled by refusals from many sources', () => {
    const record = open();
    for (let n = 0; n < 20_000; n++) record.note(refusal({ source: `10.${n >> 8}.${n & 255}.1` }));
    const kept = all(record);
    expect(kept.length).toBeLessThanOrEqual(1_001);
    expect(kept.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
    expect(kept).toContainEqual(expect.objectContaining({ source: 'others', count: 19_000 }));
  });

  it('tells how many it could not keep, where nothing can be written for long', () => {
    const record = open({ waiting: 600 });
    const blocking = new Database(file);
    blocking.exec('BEGIN IMMEDIATE');
    for (let n = 0; n < 650; n++) record.note(read());
    blocking.exec('COMMIT');
    blocking.close();
    const kept = all(record);
    expect(kept.filter(({ what }) => what === 'GET /v1/x')).toHaveLength(600);
    expect(kept).toContainEqual(expect.objectContaining({ what: '(not kept)', count: 50 }));
    record.note(read());
    expect(all(record).reduce((sum, { count }) => sum + count, 0)).toBe(651);
  });

  it('begins anew beside a damaged file, which is put aside', () => {
    writeFileSync(file, 'Dear diary, '.repeat(1_000));
    const record = open();
    record.note(read());
    expect(all(record)).toHaveLength(1);
    expect(existsSync(`${file}.damaged`)).toBe(true);
  });
});
