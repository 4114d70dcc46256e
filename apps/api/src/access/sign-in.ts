import type { FastifyRequest } from 'fastify';
import { refuse, type Actor, type Refusal } from '@billtrail/kernel';
import type { ApiKeys } from '@billtrail/application';
import { Refused } from '../http/refused.js';

const NEW_KEY = 'billtrail key new --role admin';

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
}

/** Who sends the request, by its API key; looked up once. Throws the refusal `NotSignedIn`. */
export function signIn(request: FastifyRequest, keys: ApiKeys): Actor {
  if (request.actor) return request.actor;
  const key = bearer(request);
  const actor = keys.actorOf(key);
  if (!actor) throw new Refused(key === '' ? keyMissing(request) : keyUnknown());
  request.actor = actor;
  return actor;
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

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : '';
}
