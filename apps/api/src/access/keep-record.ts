import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Billtrail } from '@billtrail/application';
import { sourceOf } from './sources.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the refusal that it was answered with. */
    refusedAs?: string;
    /** Set by the guard: its answer holds what is personal. */
    tellsPersonal?: boolean;
  }
}

const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);
/** What a caller may put into an address: it is kept for months, so no more than ids of a usual length, and nothing that may be a key. */
const MOST_CHARACTERS = 300;
const KEY = /bt_[\w-]*/g;
/** Of a question, those parts that say whose data it is about. */
const ABOUT = ['clientId', 'ticketId', 'personId', 'period'];

/** Keeps who was refused, and who read what is personal, as soon as it is answered. */
export function keepRecord(fastify: FastifyInstance, billtrail: () => Pick<Billtrail, 'accessRecord' | 'clock'>): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const isRefused = REFUSED.has(reply.statusCode);
    if (isRefused || (request.tellsPersonal === true && reply.statusCode === 200)) {
      const { accessRecord, clock } = billtrail();
      accessRecord.note({
        kind: isRefused ? 'refusal' : 'read',
        at: clock(),
        source: sourceOf(request),
        what: isRefused ? refusalOf(request, reply) : readOf(request),
        personId: request.knownAs?.actor.id ?? null,
        keyId: request.knownAs?.key.id ?? null,
      });
    }
    done();
  });
}

/** Of whoever is known, the route as well; of others only the code, for they may try as many routes as there are. */
function refusalOf({ refusedAs, knownAs, method, routeOptions }: FastifyRequest, { statusCode }: FastifyReply): string {
  const code = refusedAs ?? String(statusCode);
  return knownAs === undefined ? code : `${code} ${method} ${routeOptions.url ?? ''}`;
}

function readOf({ method, url, query }: FastifyRequest): string {
  const [path = ''] = url.split('?');
  const asked = query as Readonly<Record<string, unknown>>;
  const about = ABOUT.flatMap((name) => (typeof asked[name] === 'string' ? [`${name}=${asked[name]}`] : []));
  const what = `${method} ${path}${about.length === 0 ? '' : `?${about.join('&')}`}`;
  return what.replaceAll(KEY, '(key)').slice(0, MOST_CHARACTERS);
}
