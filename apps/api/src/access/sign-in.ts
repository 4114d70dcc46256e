import type { FastifyRequest } from 'fastify';
import { isRefusal } from '@billtrail/kernel';
import { keyMissing, type Access, type SignedIn } from '@billtrail/application';
import { Refused } from '../http/refused.js';

declare module 'fastify' {
  interface FastifyRequest {
    signedIn?: SignedIn;
  }
}

/** Signs in who sends a request, by its API key; looked up once. */
export class SignIn {
  constructor(
    private readonly access: Pick<Access, 'signIn'>,
    private readonly clock: () => string,
  ) {}

  /** Throws the refusal `NotSignedIn`. */
  async of(request: FastifyRequest): Promise<SignedIn> {
    if (request.signedIn) return request.signedIn;
    const key = bearer(request);
    const found = key === '' ? missing(request) : await this.access.signIn(key, this.clock());
    if (isRefusal(found)) throw new Refused(found);
    return (request.signedIn = found);
  }
}

function missing({ headers }: FastifyRequest) {
  return keyMissing(
    headers.authorization === undefined
      ? 'This route needs an API key.'
      : 'The Authorization header has no API key: it must be "Bearer KEY".',
  );
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : '';
}
