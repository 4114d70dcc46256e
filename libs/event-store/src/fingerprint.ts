import { createHmac, hash } from 'node:crypto';

/** Stands before every fingerprint: one that is made in another way gets another, so that it can be told which way to compare. */
const VERSION = '1:';
/** Stands before one that is stored under the key of its stream. */
const KEYED = '2:';

/** Something recorded that knows what was asked for: it is compared, never read, for it may be stored under the key of its stream. */
export interface AskedFor {
  /** True if this was asked for, by {@link fingerprintOf}. False for all where the key is gone under which it is stored, and where its caller gave none. */
  isFor(fingerprint: string): boolean;
}

/**
 * What was asked for, as a hash: the same request has the same one, whoever sends it and when. `name`: of the command, policy or import; `input`: plain JSON
 * that decides what it does, of which the order of the properties says nothing.
 */
export function fingerprintOf(name: string, input: unknown): string {
  return VERSION + hash('sha256', JSON.stringify([name, input], inOrder), 'base64url');
}

/** True if this request was recorded. `formerly`: the input as the first logs took it, whose fingerprints had no version. */
export function isOfRequest(recorded: AskedFor, name: string, input: unknown, formerly: unknown): boolean {
  return (
    recorded.isFor(fingerprintOf(name, input)) ||
    recorded.isFor(hash('sha256', `${name} ${JSON.stringify(formerly)}`, 'base64url'))
  );
}

/** As a fingerprint is stored where the input may be personal: without the key of the stream nobody can try whether a guess is right. */
export function keyedFingerprint(fingerprint: string, key: Buffer): string {
  return KEYED + createHmac('sha256', key).update(`fingerprint\n${fingerprint}`).digest('base64url');
}

export function isKeyed(stored: string): boolean {
  return stored.startsWith(KEYED);
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
