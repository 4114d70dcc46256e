import type { FastifyInstance } from 'fastify';

/** What the server gives to connections before it turns the next one away. */
export interface Limits {
  /** Milliseconds until the headers of a request must be there. A connection on which nothing comes is closed after the same time. */
  readonly headersMs: number;
  /** Milliseconds until a request must be there whole. */
  readonly requestMs: number;
  /** Milliseconds that a connection is kept for its next request. More than proxies keep theirs, so that they end it. */
  readonly keepAliveMs: number;
  /** Milliseconds after which a connection is closed on which nothing moves, such as one that never reads its answer. */
  readonly stalledMs: number;
  /** Milliseconds that requests get to be answered once the server is told to end; then their connections are closed. */
  readonly drainMs: number;
  /** Open connections. */
  readonly connections: number;
  /** Largest body of one request, in bytes. */
  readonly bodyBytes: number;
  /** Bytes of bodies on their way or being worked on: of one caller, and of all. One that does not tell its length counts as the largest. */
  readonly bodyBytesOfCaller: number;
  readonly bodyBytesOfAll: number;
  /** Wrong keys of one source within {@link wrongKeysMs}: what more of them come are answered 429. Right keys go on. */
  readonly wrongKeys: number;
  readonly wrongKeysMs: number;
  /** Sources, and keys with a rate, that are counted at a time. */
  readonly counted: number;
}

const BYTES_OF_A_MEGABYTE = 1_000_000;

export const LIMITS: Limits = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 72_000,
  stalledMs: 300_000,
  drainMs: 3_000,
  connections: 10_000,
  bodyBytes: 1_000_000,
  bodyBytesOfCaller: 32_000_000,
  bodyBytesOfAll: 128_000_000,
  wrongKeys: 10,
  wrongKeysMs: 60_000,
  counted: 10_000,
};

/** As people are told a number of bytes: `1 MB`. */
export function megabytes(bytes: number): string {
  return `${bytes / BYTES_OF_A_MEGABYTE} MB`;
}

/** How often connections are looked through for those whose time is over. */
const LOOKS_PER_TIME_OUT = 10;

/** The limits that Fastify and Node hold by themselves. */
export function serverOptions({ headersMs, requestMs, keepAliveMs, stalledMs, bodyBytes }: Limits) {
  return {
    bodyLimit: bodyBytes,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: stalledMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.ceil(headersMs / LOOKS_PER_TIME_OUT) },
  };
}

/** Turns away connections above the limit, and ends what is open at the end of the server, endless bodies too. */
export function limitConnections(fastify: FastifyInstance, { connections, drainMs }: Limits): void {
  fastify.server.maxConnections = connections;
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), drainMs).unref();
    done();
  });
}
