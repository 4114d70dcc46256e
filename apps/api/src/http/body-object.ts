import { refuse } from '@billtrail/kernel';
import { Refused } from './refused.js';

/** The fields of a body; none where nothing was sent. Refuses InvalidInput what is no object. */
export function bodyObject(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new Refused(
      refuse('InvalidInput', 'The body must be a JSON object.', 'Send an object: {"name": value, ...}.'),
    );
  }
  return body as Record<string, unknown>;
}
