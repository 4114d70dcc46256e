import { ConsoleLogger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Billtrail, type ApplicationOptions } from '@billtrail/application';
import { keepRecord } from './access/keep-record.js';
import { SignIn } from './access/sign-in.js';
import { AppModule } from './app.module.js';
import { Bodies } from './http/bodies.js';
import { refuseDeepBody } from './http/body-depth.js';
import { withAnswers } from './http/documented-answers.js';
import { withShapes } from './http/documented-shapes.js';
import { LIMITS, limitConnections, serverOptions, type Limits } from './http/limits.js';
import { refuseWhileStopping } from './http/stopping.js';
import { answerUnreadable, answerUnrouted } from './http/unrouted.js';

/** Under which Nest logs what keeps a server from starting, with all stacks. It throws that as well, and who starts the server tells it once. */
const OF_THE_START = 'ExceptionHandler';

class ServerLog extends ConsoleLogger {
  override error(message: unknown, ...rest: readonly unknown[]): void {
    if (rest.at(-1) !== OF_THE_START) super.error(message, ...rest);
  }
}

/** Longest segment of a path: ids have at most 100 characters, and ids of charges consist of up to three. */
const MAX_PATH_PART = 400;
/** Every route that answers with facts or records some stands under it: what breaks a caller comes as another version beside it. */
const VERSION = 'v1';
/** What an orchestrator or a newcomer asks before he knows a version. */
const WITHOUT_VERSION = ['', 'health/live', 'health/ready'];
const CORRELATION = 'x-correlation-id';
const VISIBLE = /^[\x21-\x7e]{1,100}$/;

/** The API as a Nest application, not yet listening. */
export async function createServer(
  options: ApplicationOptions,
  limits: Limits = LIMITS,
  trustedProxies: readonly string[] = [],
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...serverOptions(limits),
    // Of others nothing that they say of where a request comes from is believed.
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    // By itself Fastify calls a plugin broken that took ten seconds to load: on a busy machine it is only slow.
    pluginTimeout: 0,
    // It would be no problem document.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PATH_PART },
    frameworkErrors: answerUnrouted,
    clientErrorHandler: answerUnreadable,
    // The correlation id of everything the request causes: the caller's own if it is valid.
    genReqId: (request: IncomingMessage) => {
      const given = request.headers[CORRELATION];
      return typeof given === 'string' && VISIBLE.test(given) ? given : randomUUID();
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(options, limits), adapter, {
    logger: new ServerLog({ json: true, logLevels: ['warn', 'error'] }),
    abortOnError: false,
    // Only JSON, with Fastify's own parser: forms and plain text are refused.
    bodyParser: false,
  });
  const fastify = adapter.getInstance();
  limitConnections(fastify, limits);
  refuseWhileStopping(fastify, () => app.get(Billtrail));
  keepRecord(fastify, () => app.get(Billtrail));
  const bodies = new Bodies(app.get(SignIn), limits);
  fastify.addHook('onRequest', (request, reply) => bodies.admit(request, reply));
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('preValidation', refuseDeepBody);
  fastify.addHook('onSend', async (request, reply) => {
    reply.header(CORRELATION, request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('cache-control', 'no-store');
  });
  app.setGlobalPrefix(VERSION, { exclude: WITHOUT_VERSION });
  document(app);
  app.enableShutdownHooks();
  return app;
}

function document(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Billtrail')
    .setDescription(
      'Billing for managed service providers: prices the work on every ticket, invoices it, and lists what was missed. ' +
        'A refusal is a problem document (RFC 9457): `code` and `type` are stable, `remedy` says what to do. ' +
        'Answers may get more members, and their lists of values more values: take those that you do not know.',
    )
    .setVersion('0.1.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'bt_ and 43 characters',
      description:
        'A key of a person: opaque, shown once when it is made (POST /v1/persons/{personId}/keys), and kept as a hash. It may do what its role may, less where it was made to only read, for some parts of the API alone, or to expire.',
    })
    .build();
  SwaggerModule.setup('docs', app, () => withAnswers(withShapes(SwaggerModule.createDocument(app, description))), {
    jsonDocumentUrl: 'openapi.json',
  });
}
