import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderLease } from './folder-lease.js';

const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');
/** Takes the lease as a server does, says so, and stands still. */
const HOLDER = `const D = require(${JSON.stringify(SQLITE)}); const d = new D(process.argv[1], { timeout: 0 });
  d.exec('BEGIN EXCLUSIVE'); process.stdout.write('held'); setInterval(() => d.open, 1000)`;

describe('the lease on a data folder', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lease-'));
    file = join(folder, 'server.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held by one, who may take it again, until it is released', async () => {
    const [one, other] = [new FolderLease(file), new FolderLease(file)];
    expect([await one.take(), await one.take(), await other.take()]).toEqual([true, true, false]);
    await one.release();
    expect([await other.take(), await one.take()]).toEqual([true, false]);
    await other.release();
    await other.release();
    expect(await one.take()).toBe(true);
    await one.release();
  });

  it('is freed by the system where the process that holds it is killed', async () => {
    const holder = spawn(process.execPath, ['-e', HOLDER, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => holder.on('exit', resolve));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const lease = new FolderLease(file);
    expect(await lease.take()).toBe(false);
    holder.kill('SIGKILL');
    await ended;
    expect(await lease.take()).toBe(true);
    await lease.release();
  });

  it('is read by its owner alone, and holds up nobody where the file is none', async () => {
    const lease = new FolderLease(file);
    await lease.take();
    expect(statSync(file).mode & 0o077).toBe(0);
    await lease.release();
    writeFileSync(file, Buffer.alloc(4_096, 0x5a));
    expect(await new FolderLease(file).take()).toBe(true);
    expect(await new FolderLease(join(folder, 'gone', 'server.lock')).take()).toBe(true);
  });
});
