import type { FastifyInstance } from 'fastify';
import type { Billtrail } from '@billtrail/application';
import { refuse } from '@billtrail/kernel';
import { Refused } from './refused.js';

/**
 * Refuses by name what still comes once the server was told to end, and leads no more; what came before is answered, and so is whoever asks how it is. Fastify's own answer must be
 * off (`return503OnClosing`).
 */
export function refuseWhileStopping(fastify: FastifyInstance, billtrail: () => Pick<Billtrail, 'drain'>): void {
  let isStopping = false;
  fastify.addHook('preClose', (done) => {
    isStopping = true;
    // Another node leads as soon as this one's round has ended, whatever its requests still take. What fails in it, closing tells.
    billtrail()
      .drain()
      .catch(() => undefined);
    done();
  });
  fastify.addHook('onRequest', async (request) => {
    if (isStopping && request.routeOptions.url?.startsWith(HEALTH) !== true) throw new Refused(STOPPING);
  });
}

const HEALTH = '/health/';

const STOPPING = refuse(
  'ServerStopping',
  'The server is ending, and takes no new requests. Nothing of this one was recorded.',
  'Send it again once the server runs again, under the same Idempotency-Key.',
);
