import type { FastifyInstance } from 'fastify';
import { refuse } from '@billtrail/kernel';
import { Refused } from './refused.js';

/** Refuses by name what still comes once the server was told to end; what came before is answered. Fastify's own answer must be off (`return503OnClosing`). */
export function refuseWhileStopping(fastify: FastifyInstance): void {
  let isStopping = false;
  fastify.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  fastify.addHook('onRequest', async () => {
    if (isStopping) throw new Refused(STOPPING);
  });
}

const STOPPING = refuse(
  'ServerStopping',
  'The server is ending, and takes no new requests. Nothing of this one was recorded.',
  'Send it again once the server runs again, under the same Idempotency-Key.',
);
