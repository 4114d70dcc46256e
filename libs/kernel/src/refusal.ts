/**
 * An expected "no": the command was understood and the rules forbid it. It is a value, not an exception.
 * `code` is stable and part of the API; `message` says what is wrong; `remedy` says what to do about it.
 */
export interface Refusal<Code extends string = string> {
  readonly refused: true;
  readonly code: Code;
  readonly message: string;
  readonly remedy: string;
  /** Facts a caller may show or act on: ids, limits, names. Never secrets or personal data. */
  readonly details: Readonly<Record<string, unknown>>;
}

export function refuse<Code extends string>(
  code: Code,
  message: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
): Refusal<Code> {
  return { refused: true, code, message, remedy, details };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;
}

/** A broken invariant: a bug or damaged data, never a user's mistake. It stops the work at hand and is reported whole. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** Throws {@link InvariantViolation} unless `condition` holds. A message that is put together is a function, so that nothing is where it holds. */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantViolation(typeof message === 'string' ? message : message());
}

/** The element of a list that must be there. Throws {@link InvariantViolation} with the name of what is missing. */
export function at<T>(list: readonly T[], index: number, what: string): T {
  const found = list[index];
  if (found === undefined) throw new InvariantViolation(`${what} is missing: number ${index} of ${list.length}`);
  return found;
}

/** The value of a key that must be there. Throws {@link InvariantViolation} with the name of what is missing. */
export function known<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, what: string): Value {
  const found = map.get(key);
  if (found === undefined) throw new InvariantViolation(`${what} ${String(key)} is missing`);
  return found;
}

/** The end of every exhaustive `switch`: the compiler proves it unreachable, the run time reports it if it is not. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
}
