// One process at a time installs and builds. Uses Node alone, since it runs before anything is installed.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

const WAIT_MS = 200;
/** A lock that is older was left behind, whoever has its process id by now: a slow machine installs in a third of it. */
const MAX_AGE_MS = 30 * 60_000;
/** One that says nothing is being written, or its writer was killed at it. */
const MAX_BLANK_MS = 10_000;

/** @typedef {{ readonly pid: number, readonly host: string, readonly at: string }} Holder */

/**
 * Does something while no other process does it under the same file, and gives its result. Waits for another that is at it; `waiting` is told its
 * process id, once. What a killed process left behind is taken over.
 */
export function alone(file, act, waiting) {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: new Date().toISOString() });
  let told = false;
  while (!taken(file, mine)) {
    const held = read(file);
    if (held === null) continue;
    if (isLeft(held, file)) {
      takeAway(file, held);
      continue;
    }
    if (!told) waiting(holderOf(held)?.pid ?? null);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
  const release = () => {
    if (read(file) === mine) rmSync(file, { force: true });
  };
  // Whoever fails ends the process from within.
  process.once('exit', release);
  try {
    return act();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function taken(file, mine) {
  try {
    writeFileSync(file, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @returns {Holder | null} */
function holderOf(held) {
  try {
    return JSON.parse(held);
  } catch {
    return null;
  }
}

function isLeft(held, file) {
  const holder = holderOf(held);
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age > (holder === null ? MAX_BLANK_MS : MAX_AGE_MS)) return true;
  if (holder === null) return false;
  // What runs on another machine, or in another container, can't be seen from here. In a container that is started again, process ids come again.
  return holder.host === hostname() && (holder.pid === process.pid || !isAlive(holder.pid));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two that find the same lock left behind don't take away the new one of the other. */
function takeAway(file, held) {
  const away = `${file}.left.${process.pid}`;
  try {
    renameSync(file, away);
  } catch {
    return;
  }
  try {
    const other = read(away);
    if (other !== null && other !== held) writeFileSync(file, other, { flag: 'wx' });
  } catch {
    // Somebody has taken it since.
  } finally {
    rmSync(away, { force: true });
  }
}
