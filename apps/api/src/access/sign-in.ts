import type { FastifyRequest } from 'fastify';
import { refuse, type Actor, type Instant, type Refusal } from '@billtrail/kernel';
import type { Access } from '@billtrail/application';
import { Refused } from '../http/refused.js';

const NEW_KEY = 'billtrail key new --role admin';

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
}

/** Who sends the request, by its API key; looked up once. Throws the refusal `NotSignedIn`. */
export async function signIn(request: FastifyRequest, access: Access): Promise<Actor> {
  if (request.actor) return request.actor;
  const key = bearer(request);
  const found = key === '' ? null : await access.keyOf(key);
  if (found === null) throw new Refused(key === '' ? keyMissing(request) : keyUnknown());
  if (found.revokedAt !== null) throw new Refused(keyRevoked(found.revokedAt));
  return (request.actor = { id: found.actorId, role: found.role });
}

function keyMissing({ headers }: FastifyRequest): Refusal {
  const message =
    headers.authorization === undefined
      ? 'This route needs an API key.'
      : 'The Authorization header has no API key: it must be "Bearer KEY".';
  return refuse('NotSignedIn', message, `Send it as "Authorization: Bearer KEY". To make a key: ${NEW_KEY}`);
}

function keyUnknown(): Refusal {
  return refuse('NotSignedIn', 'This API key is not recognised.', `Check it for a typo, or make a new one: ${NEW_KEY}`);
}

function keyRevoked(revokedAt: Instant): Refusal {
  return refuse(
    'NotSignedIn',
    `This API key was revoked at ${revokedAt}.`,
    `Use another key, or make a new one: ${NEW_KEY}`,
  );
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : '';
}
