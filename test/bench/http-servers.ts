import 'reflect-metadata';
import Fastify from 'fastify';
import { createServer } from '../../apps/api/src/server.js';

/** Started by the benchmark as a process of its own: `bare PORT` or `billtrail PORT DATA`. Says `ready` when it listens. */
const [kind, port = '0', dataDir = ''] = process.argv.slice(2);

/** What the same request costs where nothing is decided or stored: Fastify with a JSON schema. */
async function bare(): Promise<void> {
  const app = Fastify();
  const text = { type: 'string', maxLength: 500 };
  const body = {
    type: 'object',
    additionalProperties: false,
    required: ['engineerId', 'engineerRole', 'workType', 'minutes', 'workDate', 'description'],
    properties: {
      engineerId: text,
      engineerRole: text,
      workType: text,
      minutes: { type: 'integer', minimum: 1, maximum: 1440 },
      workDate: text,
      description: text,
    },
  };
  let position = 0;
  app.post('/v1/tickets/:ticketId/time-entries', { schema: { body } }, async (request, reply) => {
    void reply.status(201);
    return {
      stream: (request.params as { ticketId: string }).ticketId,
      version: 1,
      position: ++position,
      repeated: false,
    };
  });
  await app.listen({ port: Number(port), host: '127.0.0.1' });
}

if (kind === 'bare') await bare();
else await (await createServer({ dataDir, follow: true })).listen(Number(port), '127.0.0.1');
process.stdout.write('ready\n');
