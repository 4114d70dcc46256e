import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys } from './api-keys.js';

const AT = '2026-03-02T09:00:00Z';

describe('API keys', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-keys-'));
    file = join(folder, 'access.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells whose a key is, by the key alone', () => {
    const keys = new ApiKeys(file);
    expect(keys.isEmpty()).toBe(true);
    const key = keys.create('ana', 'accounts', AT);
    expect(keys.isEmpty()).toBe(false);
    expect(keys.actorOf(key)).toEqual({ id: 'ana', role: 'accounts' });
    expect(keys.actorOf(`${key}x`)).toBeNull();
    expect(keys.actorOf('')).toBeNull();
  });

  it('has 256 random bits, and is stored as a hash that only the owner can read', () => {
    const key = new ApiKeys(file).create('ana', 'admin', AT);
    expect(Buffer.from(key.slice(3), 'base64url')).toHaveLength(32);
    expect(readFileSync(file, 'utf8')).not.toContain(key.slice(3));
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('knows keys that another process made', () => {
    const here = new ApiKeys(file);
    here.create('ana', 'admin', AT);
    const key = new ApiKeys(file).create('ben', 'support', AT);
    expect(here.actorOf(key)).toEqual({ id: 'ben', role: 'support' });
  });

  it('says what to do when the file is damaged', () => {
    writeFileSync(file, '{"keys": [{}]}');
    expect(() => new ApiKeys(file).actorOf('bt_x')).toThrow(/restore it, or delete it/);
  });
});
