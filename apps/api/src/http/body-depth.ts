import type { FastifyRequest } from 'fastify';
import { refuse } from '@billtrail/kernel';
import { Refused } from './refused.js';

/** Deepest nesting of lists and objects in a request body. Whole contract files need less than half of it. */
export const MAX_BODY_DEPTH = 50;

/**
 * Refuses a body that is nested deeper, before anything walks it: whatever recurses (validation, comparing terms, writing JSON) would
 * overflow the stack on one that is deep enough.
 */
export async function refuseDeepBody({ body }: FastifyRequest): Promise<void> {
  if (!isDeeper(body, MAX_BODY_DEPTH)) return;
  throw new Refused(
    refuse(
      'BodyTooDeep',
      `The body is nested more than ${MAX_BODY_DEPTH} levels deep.`,
      'No request needs that many. Look for a list or object that contains itself.',
      { limit: MAX_BODY_DEPTH },
    ),
  );
}

/** Level by level, so that the depth of the value does not matter. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = containers([value]);
  for (let depth = 0; depth < levels && level.length > 0; depth += 1) {
    level = level.flatMap((one) => containers(Object.values(one)));
  }
  return level.length > 0;
}

function containers(values: readonly unknown[]): readonly object[] {
  return values.flatMap((one) => (typeof one === 'object' && one !== null ? [one] : []));
}
