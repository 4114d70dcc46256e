import { createHash, randomUUID } from 'node:crypto';
import { here } from './terminal/host.js';

const DIGITS = 32;

/** The key of one thing that a command does, where a node was sent the whole under one: sent again, it has one effect. undefined: it was sent under none. */
export function keyOfStep(...step: readonly unknown[]): string | undefined {
  const key = here().node?.idempotencyKey;
  return key === undefined ? undefined : `command-line/${digest([key, step])}`;
}

/** An id for what a command makes `of` something; the same where the command is sent again under its key. */
export function madeId(prefix: string, ...of: readonly unknown[]): string {
  const { node } = here();
  const key = node?.idempotencyKey;
  return `${prefix}-${key === undefined ? randomUUID() : digest([node?.askedBy.actor.id, key, prefix, of])}`;
}

function digest(of: unknown): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, DIGITS);
}
