import type { FastifyRequest } from 'fastify';
import { isRefusal, refuse, type Refusal } from '@billtrail/kernel';
import { keyMissing, type Access, type SignedIn } from '@billtrail/application';
import type { Limits } from '../http/limits.js';
import { Refused } from '../http/refused.js';
import { sourceOf } from './sources.js';
import { Windows } from './windows.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key it has, also where it is refused for coming too often. */
    knownAs?: SignedIn;
    signedIn?: SignedIn;
  }
}

/** Signs in who sends a request, by its API key; looked up once. */
export class SignIn {
  private readonly wrongKeys: Windows;

  constructor(
    private readonly access: Pick<Access, 'signIn' | 'tooOften'>,
    private readonly clock: () => string,
    private readonly limits: Pick<Limits, 'wrongKeys' | 'wrongKeysMs' | 'counted'>,
  ) {
    this.wrongKeys = new Windows(limits.wrongKeysMs, limits.counted);
  }

  /** Throws the refusals `NotSignedIn` and `TooManyRequests`. A right key is never refused for wrong ones that come from the same source. */
  async of(request: FastifyRequest): Promise<SignedIn> {
    if (request.signedIn) return request.signedIn;
    const key = bearer(request);
    if (key === '') throw new Refused(missing(request));
    const found = await this.access.signIn(key, this.clock());
    if (isRefusal(found)) throw new Refused(this.wrongKey(request) ?? found);
    request.knownAs = found;
    const refused = await this.tooOften(found);
    if (refused !== null) throw new Refused(refused);
    return (request.signedIn = found);
  }

  /** null: it may be one of few. */
  private wrongKey(request: FastifyRequest): Refusal | null {
    const { wrongKeys } = this.limits;
    const retryAfterSeconds = this.wrongKeys.count(sourceOf(request), wrongKeys);
    if (retryAfterSeconds === null) return null;
    return refuse(
      'TooManyRequests',
      `More than ${wrongKeys} requests with keys that sign nobody in came from where you are within a minute.`,
      'Check the key. A right one is taken at once; wrong ones are looked at again later.',
      { limit: wrongKeys, retryAfterSeconds },
    );
  }

  private async tooOften({ key }: SignedIn): Promise<Refusal | null> {
    const { id, ratePerMinute } = key;
    const retryAfterSeconds = await this.access.tooOften(key, this.clock());
    if (retryAfterSeconds === null) return null;
    return refuse(
      'TooManyRequests',
      `The key ${id} may send ${ratePerMinute} requests in a minute.`,
      'Wait, and send the request again under the same Idempotency-Key.',
      { limit: ratePerMinute, retryAfterSeconds },
    );
  }
}

function missing({ headers }: FastifyRequest): Refusal {
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
