import { createHash, randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commandIdOf, type SignedIn } from '@billtrail/application';
import { invariant, refuse, type Actor } from '@billtrail/kernel';
import { Refused } from './refused.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const ETAG = /^"?(\d[0-9a-f.]{0,29})"?$/;

/** The caller of one request: who, under which key, having seen which last event; and where the response headers go. */
export interface Caller {
  readonly actor: Actor;
  /** The client whose user it is; undefined: one of the organisation's people. */
  readonly clientId: string | undefined;
  readonly key: SignedIn['key'];
  /** As sent; undefined: the request is not meant to be sent again. */
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string;
  readonly ifMatch: string | undefined;
  readonly reply: FastifyReply;
  /** An id derived from the route and the key: the same request sent twice gets the same id, so it takes effect once. */
  newId(prefix: string): string;
}

/** Under which a request was sent; undefined: under none. Throws MalformedRequest. */
export function keyIn(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && KEY.test(key))) return key;
  throw new Refused(
    refuse('MalformedRequest', 'Idempotency-Key must be 1 to 255 printable characters.', 'Send a UUID.'),
  );
}

export function callerOf(request: FastifyRequest, reply: FastifyReply): Caller {
  const { signedIn } = request;
  invariant(signedIn, 'a route that dispatches commands must not be public');
  const { actor, clientId, key: apiKey } = signedIn;
  const key = keyIn(request);
  const seed = key === undefined ? randomUUID() : commandIdOf(actor, key);
  const [path] = request.url.split('?');
  return {
    actor,
    clientId,
    key: apiKey,
    idempotencyKey: key,
    correlationId: request.id,
    ifMatch: ifMatch(request),
    reply,
    newId: (prefix) =>
      `${prefix}-${createHash('sha256').update(`${prefix} ${path} ${seed}`).digest('hex').slice(0, 24)}`,
  };
}

function ifMatch(request: FastifyRequest): string | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const etag = ETAG.exec(header)?.[1];
  if (etag === undefined) {
    throw new Refused(
      refuse(
        'MalformedRequest',
        'If-Match must be the ETag of an earlier response.',
        'Send it as you received it, for example "912.3f0a96d1".',
      ),
    );
  }
  return etag;
}

export const FromCaller = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>(), context.switchToHttp().getResponse<FastifyReply>()),
);
