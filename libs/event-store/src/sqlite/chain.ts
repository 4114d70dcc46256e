import { hash } from 'node:crypto';
import type { Actor } from '@billtrail/kernel';
import { field } from '../content-hash.js';

/** The chain value before the first event. */
export const GENESIS = '0'.repeat(64);

/** What all events of one append share, as stored, beside the moment at which they were recorded. */
export interface AppendFacts {
  readonly stream: string;
  readonly actor: Actor;
  readonly commandId: string;
  /** Null in old logs, where the caller gave none. */
  readonly fingerprint: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/** What one event stores of its own; `json` is its data exactly as stored. */
export interface EventFacts {
  readonly id: string;
  readonly version: number;
  readonly position: number;
  readonly storedName: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly json: string;
}

/** The part of the chain's input that all events of one append share. */
export function encodeAppend(append: AppendFacts, recordedAt: string): string {
  return (
    field(append.stream) +
    field(recordedAt) +
    field(append.actor.id) +
    field(append.actor.role) +
    field(append.commandId) +
    field(append.fingerprint) +
    field(append.correlationId) +
    field(append.causationId)
  );
}

/**
 * SHA-256, hexadecimal, of: the previous chain value, the fields of the append, then id, version, position, stored name,
 * schema version, occurredAt and data of the event, each as `length:value`. Changing this changes every log: it would be a new format.
 */
export function chainHash(previousHash: string, encodedAppend: string, event: EventFacts): string {
  const { id, version, position, storedName, schemaVersion, occurredAt, json } = event;
  const v = String(version);
  const p = String(position);
  // One template and no calls but for the two fields that may hold more than ASCII: this runs once for each event appended.
  return hash(
    'sha256',
    `${previousHash.length}:${previousHash}${encodedAppend}${id.length}:${id}${v.length}:${v}${p.length}:${p}${field(storedName)}` +
      `${field(String(schemaVersion))}${occurredAt.length}:${occurredAt}${field(json)}`,
    'hex',
  );
}
