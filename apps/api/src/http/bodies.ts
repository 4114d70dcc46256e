import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse, type Refusal } from '@billtrail/kernel';
import type { SignIn } from '../access/sign-in.js';
import { megabytes, type Limits } from './limits.js';
import { Refused } from './refused.js';

/**
 * Whoever sends a body is signed in before a byte of it is read, whatever the route, and there is a limit to what callers may have on its way: memory stays
 * bounded however many bodies never end.
 */
export class Bodies {
  private readonly held = new Map<string, number>();
  private ofAll = 0;

  constructor(
    private readonly signIn: SignIn,
    private readonly limits: Limits,
  ) {}

  /** Before the body is read. Throws the refusals `NotSignedIn`, `TooManyRequests` and `ServerBusy`. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const bytes = this.bytesOf(request);
    if (bytes === 0) return;
    // Of who is refused nothing more is read. What was sent already may be more than the connection is worth.
    reply.header('connection', 'close');
    const caller = (await this.signIn.of(request)).actor.id;
    // Gone meanwhile: nobody would say when its bytes are free again.
    if (reply.raw.closed) return;
    const ofCaller = (this.held.get(caller) ?? 0) + bytes;
    if (ofCaller > this.limits.bodyBytesOfCaller) throw new Refused(tooMany(this.limits));
    if (this.ofAll + bytes > this.limits.bodyBytesOfAll) throw new Refused(busy());
    reply.removeHeader('connection');
    this.held.set(caller, ofCaller);
    this.ofAll += bytes;
    reply.raw.once('close', () => this.release(caller, bytes));
  }

  private release(caller: string, bytes: number): void {
    const rest = (this.held.get(caller) ?? 0) - bytes;
    if (rest > 0) this.held.set(caller, rest);
    else this.held.delete(caller);
    this.ofAll -= bytes;
  }

  /** 0: it has no body. */
  private bytesOf({ headers }: FastifyRequest): number {
    const { bodyBytes } = this.limits;
    if (headers['transfer-encoding'] !== undefined) return bodyBytes;
    // A larger one is refused by its header, before it is read.
    return Math.min(Number(headers['content-length'] ?? 0), bodyBytes);
  }
}

function tooMany({ bodyBytes, bodyBytesOfCaller }: Limits): Refusal {
  return refuse(
    'TooManyRequests',
    `You have more than ${megabytes(bodyBytesOfCaller)} of requests on their way.`,
    `Wait for their answers, and send fewer at once. State the content-length: a body without it counts as ${megabytes(bodyBytes)}.`,
    { limit: bodyBytesOfCaller },
  );
}

function busy(): Refusal {
  return refuse(
    'ServerBusy',
    'The server has as many requests on their way as it can hold.',
    'Send it again in a moment, under the same Idempotency-Key.',
  );
}
