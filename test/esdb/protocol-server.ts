import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type {
  AppendReq,
  AppendResp,
  DeleteReq,
  ReadReq,
  ReadResp,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb.js';
import { AWAY, failure, NOT_SERVED, type Failing } from './failing.js';
import { HeldAppends } from './held-appends.js';
import { LogInMemory, NoEventThere, type ProposedEvent } from './log-in-memory.js';
import {
  appendAnswer,
  appendAsked,
  caughtUpAnswer,
  confirmedAnswer,
  eventAnswer,
  notFoundAnswer,
  proposed,
  readAsked,
  type AskedAppend,
  type AskedRead,
} from './messages.js';
import { PersistentSubscriptions } from './persistent-subscriptions.js';
import { drained, isClosed, members, supported, tooLarge } from './protocol-answers.js';
import { Users, type Right, type User } from './users.js';

export interface ProtocolServerOptions {
  /** A certificate and its key, PEM: it speaks TLS, and asks who is there. Without them it does neither. */
  readonly secured?: { readonly certificate: Buffer; readonly key: Buffer };
  /** Bytes of data that an append may have. The engine's own limit is 1 MiB, its largest 16. */
  readonly maxAppendBytes?: number;
  /** So many events behind, a reader that had caught up is dropped. */
  readonly mostBehind?: number;
}

/** How often each was asked for. */
export interface Calls {
  append: number;
  batchAppend: number;
  read: number;
  subscribe: number;
}

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_BEHIND = 5_000;
/** Who does not answer for so long is gone: what stands still loses its place after some 20 s. */
const ALIVE = { 'grpc.keepalive_time_ms': 10_000, 'grpc.keepalive_timeout_ms': 10_000 };

/** What is read often is sent as it was serialised once. */
const STREAMS = {
  ...streams.StreamsService,
  read: {
    ...streams.StreamsService.read,
    responseSerialize: (answer: ReadResp | Buffer) =>
      Buffer.isBuffer(answer) ? answer : Buffer.from(answer.serializeBinary()),
  },
};

const LOST: Failing = { code: status.UNAVAILABLE, details: 'Connection dropped' };
const NO_EVENT: Failing = { code: status.UNKNOWN, details: 'Unexpected ReadAllResult: Error' };
const NO_EVENT_TO_FOLLOW: Failing = { code: status.UNKNOWN, details: 'Exception was thrown by handler.' };
const TOO_SLOW: Failing = { code: status.ABORTED, details: 'Operation timed out: consumer too slow' };

/**
 * Speaks the protocol of an EventStoreDB as its client does, over a log in memory, as far as the adapter uses it. What it does not have: durability, replication, scavenging, real timing.
 * What it promises is held to a real one by the conformance suite.
 */
export class ProtocolServer {
  log = new LogInMemory();
  readonly calls: Calls = { append: 0, batchAppend: 0, read: 0, subscribe: 0 };
  /** Single appends that are on their way for long; the others pass them. */
  readonly onTheirWay = new HeldAppends();
  /** Reads that must be the leader's are refused, and it names this one. Null: it is the leader itself. */
  leader: { readonly host: string; readonly port: number } | null = null;
  /** No member of the cluster leads. */
  isLeaderless = false;
  /** Called as an append comes in, before anything is done. */
  onAppend: () => unknown = () => undefined;
  private server = new Server();
  private bound = 0;
  private answersToLose = 0;
  private callsToRefuse = 0;
  private held: Promise<void> = Promise.resolve();
  private running = new AbortController();
  private readonly rights = new Users(() => this.log);
  private readonly subscriptions = new PersistentSubscriptions({
    refusal: (metadata, needed) =>
      needed === 'administrate' ? this.refusalToAdministrate(metadata) : this.refusal(metadata, '$all', '$r'),
    running: () => this.running.signal,
  });

  private constructor(private readonly options: ProtocolServerOptions) {}

  static async start(options: ProtocolServerOptions = {}): Promise<ProtocolServer> {
    const server = new ProtocolServer(options);
    await server.listen();
    return server;
  }

  /** Of a secured server. */
  get users(): Map<string, User> {
    return this.rights.all;
  }

  get port(): number {
    return this.bound;
  }

  /** As a client connects to it. */
  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** The next appends are written, and nobody is told. */
  loseAnswers(count: number): void {
    this.answersToLose = count;
  }

  /** The next calls are refused, and nothing is done. */
  refuseCalls(count: number): void {
    this.callsToRefuse = count;
  }

  /** Appends wait from now on, as if they were on their way, until the function that is returned is called. */
  holdAppends(): () => void {
    let release = (): void => undefined;
    this.held = new Promise((resolve) => (release = resolve));
    return release;
  }

  /** Whoever follows the log is cut off. */
  dropSubscriptions(): void {
    this.running.abort(AWAY);
    this.running = new AbortController();
  }

  /** An administrator deletes all persistent subscriptions. */
  deleteSubscriptions(): void {
    this.subscriptions.deleteAll();
  }

  /** All connections are cut, and it is away. */
  async stop(): Promise<void> {
    this.running.abort(AWAY);
    this.server.forceShutdown();
  }

  /** It comes back on the same port with the same log. */
  async listen(): Promise<void> {
    this.log.restarted();
    this.running = new AbortController();
    this.server = new Server({ 'grpc.max_receive_message_length': -1, ...ALIVE });
    this.server.addService(STREAMS, {
      append: (call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>) =>
        this.append(call, answer),
      read: (call: ServerWritableStream<ReadReq, ReadResp | Buffer>) => void this.read(call),
      delete: (call: ServerUnaryCall<DeleteReq, unknown>, answer: sendUnaryData<unknown>) => this.delete(call, answer),
      tombstone: (call: ServerUnaryCall<TombstoneReq, unknown>, answer: sendUnaryData<unknown>) =>
        this.delete(call, answer),
      batchAppend: (call: ServerDuplexStream<unknown, unknown>) => {
        this.calls.batchAppend += 1;
        call.emit('error', failure({ code: status.UNIMPLEMENTED, details: 'batch appends are not served' }));
      },
    });
    this.server.addService(this.subscriptions.definition, this.subscriptions.service());
    this.server.addService(
      this.rights.definition,
      this.rights.service((metadata) => this.refusalToAdministrate(metadata)),
    );
    this.server.addService(features.ServerFeaturesService, {
      getSupportedMethods: (_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<SupportedMethods>) =>
        answer(null, supported()),
    });
    this.server.addService(gossip.GossipService, {
      read: (_call: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<ClusterInfo>) =>
        answer(null, members(this.leader ?? { host: '127.0.0.1', port: this.port }, this.isLeaderless)),
    });
    const { secured } = this.options;
    const credentials = secured
      ? ServerCredentials.createSsl(null, [{ cert_chain: secured.certificate, private_key: secured.key }])
      : ServerCredentials.createInsecure();
    this.bound = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync(`127.0.0.1:${this.bound}`, credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  private append(call: ServerReadableStream<AppendReq, AppendResp>, answer: sendUnaryData<AppendResp>): void {
    this.calls.append += 1;
    this.onAppend();
    let asked: AskedAppend | null = null;
    const events: ProposedEvent[] = [];
    call.on('data', (message: AppendReq) => {
      const event = proposed(message);
      if (event) events.push(event);
      else asked = appendAsked(message);
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      void Promise.all([isClosed(), this.held, this.onTheirWay.arrival(asked?.stream ?? '')]).then(() => {
        // What was cut off on its way ends too, and is no request: an append is whole or nothing.
        if (call.cancelled) return;
        if (asked === null) return answer(failure(NO_EVENT));
        const refused = this.refusal(call.metadata, asked.stream, '$w');
        if (refused) return answer(failure(refused));
        const bytes = events.reduce((sum, { data }) => sum + data.length, 0);
        const most = this.options.maxAppendBytes ?? MOST_BYTES;
        if (bytes > most) return answer(failure(tooLarge(most)));
        const answered = appendAnswer(this.log.append(asked.stream, asked.expected, events), asked);
        if (this.answersToLose === 0) return answer(null, answered);
        this.answersToLose -= 1;
        return answer(failure(LOST));
      });
    });
  }

  /** Of what is refused only that is served. */
  private delete(
    { request, metadata }: ServerUnaryCall<DeleteReq | TombstoneReq, unknown>,
    answer: sendUnaryData<unknown>,
  ): void {
    const stream = Buffer.from(request.getOptions()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    answer(failure(this.refusal(metadata, stream, '$d') ?? NOT_SERVED));
  }

  private async read(call: ServerWritableStream<ReadReq, ReadResp | Buffer>): Promise<void> {
    const asked = readAsked(call.request);
    if (asked.isSubscription) this.calls.subscribe += 1;
    else this.calls.read += 1;
    call.on('error', () => undefined);
    try {
      const refused = this.refusal(call.metadata, asked.stream ?? '$all', '$r');
      if (refused) throw failure(refused);
      if (asked.isFiltered || (asked.isSubscription && asked.stream !== null)) throw failure(NOT_SERVED);
      if (asked.isSubscription) await this.follow(call, asked);
      else await this.answerRead(call, asked);
    } catch (error) {
      call.emit('error', error);
    }
  }

  private async answerRead(call: ServerWritableStream<ReadReq, ReadResp | Buffer>, asked: AskedRead): Promise<void> {
    const { stream, from, direction, count } = asked;
    const events = stream === null ? this.allFrom(asked) : this.log.readStream(stream, from, direction, count);
    if (events === null) call.write(notFoundAnswer(stream ?? ''));
    for (const event of events ?? []) {
      if (call.cancelled) return;
      if (!call.write(eventAnswer(event))) await drained(call);
    }
    call.end();
  }

  private allFrom({ from, direction, count }: AskedRead) {
    try {
      return this.log.readAll(from, direction, count);
    } catch (error) {
      throw error instanceof NoEventThere ? failure(NO_EVENT) : error;
    }
  }

  private async follow(call: ServerWritableStream<ReadReq, ReadResp | Buffer>, asked: AskedRead): Promise<void> {
    const { signal } = this.running;
    const cancelled = new AbortController();
    call.on('cancelled', () => cancelled.abort());
    const isOver = AbortSignal.any([signal, cancelled.signal]);
    let next = this.firstToFollow(asked);
    call.write(confirmedAnswer(crypto.randomUUID()));
    for (let hasCaughtUp = false; !isOver.aborted;) {
      for (; next < this.log.events.length && !isOver.aborted; next++) {
        const isBehind = this.log.events.length - next > (this.options.mostBehind ?? MOST_BEHIND);
        if (hasCaughtUp && isBehind) throw failure(TOO_SLOW);
        const event = this.log.events[next];
        // From beyond the end nothing is told of what is written below.
        const isTold = event !== undefined && (typeof asked.from === 'string' || event.position > asked.from);
        if (isTold && !call.write(eventAnswer(event))) await drained(call);
      }
      if (!hasCaughtUp) call.write(caughtUpAnswer());
      hasCaughtUp = true;
      await this.log.grown(isOver);
    }
    if (!call.cancelled) throw failure(AWAY);
  }

  private firstToFollow({ from }: AskedRead): number {
    try {
      return this.log.countUpTo(from);
    } catch (error) {
      throw error instanceof NoEventThere ? failure(NO_EVENT_TO_FOLLOW) : error;
    }
  }

  private refusalToAdministrate(metadata: Metadata): Failing | null {
    return this.options.secured ? this.rights.refusalToAdministrate(metadata) : null;
  }

  private refusal(metadata: Metadata, stream: string, right: Right): Failing | null {
    if (this.callsToRefuse > 0) {
      this.callsToRefuse -= 1;
      return AWAY;
    }
    if (this.leader !== null && metadata.get('requires-leader').length > 0) {
      const { host, port } = this.leader;
      const more = { 'leader-endpoint-host': host, 'leader-endpoint-port': String(port) };
      return { code: status.NOT_FOUND, details: 'Leader info available', exception: 'not-leader', more };
    }
    return this.options.secured ? this.rights.refusal(metadata, stream, right) : null;
  }
}
