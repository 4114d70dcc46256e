import {
  status,
  type Metadata,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import messages from '@eventstore/db-client/generated/persistent_pb.js';
import type {
  CreateReq,
  CreateResp,
  GetInfoReq,
  GetInfoResp,
  ReadReq,
  ReadResp,
  UpdateReq,
  UpdateResp,
} from '@eventstore/db-client/generated/persistent_pb.js';
import { AWAY, failure, notServed, NOT_SERVED, type Failing } from './failing.js';

/** What is kept of one to the whole log. */
interface Group {
  mostReaders: number;
  readonly readers: Set<Reader>;
}

interface Reader {
  readonly drop: (why: Failing) => void;
}

/** What a caller needs for a call: to read the whole log, or to administrate. */
export type Needed = 'read-all' | 'administrate';

export interface SubscriptionsOptions {
  /** Why a call is refused; null: it is not. */
  readonly refusal: (metadata: Metadata, needed: Needed) => Failing | null;
  /** Aborted where all connections are cut. */
  readonly running: () => AbortSignal;
}

const SERVICE = 'event_store.client.persistent_subscriptions.PersistentSubscriptions';
/** Calls that take `$all`, as a server tells its clients. */
export const SUBSCRIPTION_METHODS = ['create', 'update', 'read', 'getinfo'].map((method) => ({
  service: SERVICE.toLowerCase(),
  method,
  features: ['stream', 'all'],
}));

/**
 * Persistent subscriptions to the whole log, as places for their readers: how many there may be, who is refused, and that a place is free once its reader is gone. No event is delivered: what
 * a filter would let through is not served.
 */
export class PersistentSubscriptions {
  /** They outlast a restart. */
  private readonly groups = new Map<string, Group>();

  constructor(private readonly options: SubscriptionsOptions) {}

  readonly definition = persistent.PersistentSubscriptionsService;

  /** Somebody deletes them all; whoever reads is dropped. */
  deleteAll(): void {
    for (const [name, { readers }] of this.groups) for (const { drop } of readers) drop(dropped(name));
    this.groups.clear();
  }

  /** For a server, anew each time that it starts: no reader outlasts that. */
  service(): UntypedServiceImplementation {
    for (const { readers } of this.groups.values()) readers.clear();
    return {
      create: (call: ServerUnaryCall<CreateReq, CreateResp>, answer: sendUnaryData<CreateResp>) =>
        this.answer(call, answer, 'administrate', () => this.create(call.request)),
      update: (call: ServerUnaryCall<UpdateReq, UpdateResp>, answer: sendUnaryData<UpdateResp>) =>
        this.answer(call, answer, 'administrate', () => this.update(call.request)),
      getInfo: (call: ServerUnaryCall<GetInfoReq, GetInfoResp>, answer: sendUnaryData<GetInfoResp>) =>
        this.answer(call, answer, 'administrate', () => this.info(call.request)),
      read: (call: ServerDuplexStream<ReadReq, ReadResp>) => this.read(call),
      ...notServed(['delete', 'replayParked', 'list', 'restartSubsystem']),
    };
  }

  private answer<Asked, Answer>(
    call: ServerUnaryCall<Asked, Answer>,
    answer: sendUnaryData<Answer>,
    needed: Needed,
    work: () => Answer | Failing,
  ): void {
    const told = this.options.refusal(call.metadata, needed) ?? work();
    if (isFailing(told)) answer(failure(told));
    else answer(null, told);
  }

  private create(request: CreateReq): CreateResp | Failing {
    const options = request.getOptions();
    const group = options?.getGroupName() ?? '';
    if (options?.hasAll() !== true || options.getAll()?.hasFilter() !== true) return NOT_SERVED;
    if (this.groups.has(group)) return existing(group);
    this.groups.set(group, { mostReaders: options.getSettings()?.getMaxSubscriberCount() ?? 0, readers: new Set() });
    return new messages.CreateResp();
  }

  /** Whoever reads is dropped. */
  private update(request: UpdateReq): UpdateResp | Failing {
    const options = request.getOptions();
    const name = options?.getGroupName() ?? '';
    if (options?.hasAll() !== true) return NOT_SERVED;
    const group = this.groups.get(name);
    if (group === undefined) return missing(name);
    group.mostReaders = options.getSettings()?.getMaxSubscriberCount() ?? 0;
    for (const { drop } of group.readers) drop(dropped(name));
    return new messages.UpdateResp();
  }

  private info(request: GetInfoReq): GetInfoResp | Failing {
    const options = request.getOptions();
    const name = options?.getGroupName() ?? '';
    if (options?.hasAll() !== true) return NOT_SERVED;
    const group = this.groups.get(name);
    if (group === undefined) return missing(name);
    const info = new messages.SubscriptionInfo();
    info.setEventSource('$all');
    info.setGroupName(name);
    info.setStatus('Live');
    info.setStartFrom('C:-1/P:-1');
    info.setMaxSubscriberCount(group.mostReaders);
    for (const count of ['TotalItems', 'CountSinceLastMeasurement', 'LiveBufferCount', 'ParkedMessageCount'] as const)
      info[`set${count}`]('0');
    info.setConnectionsList(
      [...group.readers].map(() => {
        const connection = new messages.SubscriptionInfo.ConnectionInfo();
        connection.setTotalItems('0');
        connection.setCountSinceLastMeasurement('0');
        return connection;
      }),
    );
    const answer = new messages.GetInfoResp();
    answer.setSubscriptionInfo(info);
    return answer;
  }

  private read(call: ServerDuplexStream<ReadReq, ReadResp>): void {
    const fail = (why: Failing) => call.emit('error', failure(why));
    call.on('error', () => undefined);
    call.once('data', (request: ReadReq) => {
      const options = request.getOptions();
      const name = options?.getGroupName() ?? '';
      const refused = this.options.refusal(call.metadata, 'read-all');
      if (refused !== null) return fail(refused);
      if (options?.hasAll() !== true) return fail(NOT_SERVED);
      const group = this.groups.get(name);
      if (group === undefined) return fail(missing(name));
      if (group.mostReaders > 0 && group.readers.size >= group.mostReaders) return fail(full(name));
      const signal = this.options.running();
      const leave = () => {
        group.readers.delete(reader);
        signal.removeEventListener('abort', cut);
      };
      const reader: Reader = {
        drop: (why) => {
          leave();
          fail(why);
        },
      };
      const cut = () => reader.drop(AWAY);
      group.readers.add(reader);
      signal.addEventListener('abort', cut, { once: true });
      for (const end of ['cancelled', 'close', 'end'] as const) call.on(end, leave);
      const confirmation = new messages.ReadResp.SubscriptionConfirmation();
      confirmation.setSubscriptionId(crypto.randomUUID());
      const answer = new messages.ReadResp();
      answer.setSubscriptionConfirmation(confirmation);
      return call.write(answer);
    });
  }
}

function isFailing(told: unknown): told is Failing {
  return typeof (told as Partial<Failing>).details === 'string';
}

const of = (group: string) => ({ 'stream-name': '$all', 'group-name': group });

function missing(group: string): Failing {
  const details = `Subscription group ${group} on stream $all does not exist.`;
  return { code: status.NOT_FOUND, details, exception: 'persistent-subscription-does-not-exist', more: of(group) };
}

function existing(group: string): Failing {
  const details = `Subscription group ${group} on stream $all exists.`;
  return { code: status.ALREADY_EXISTS, details, exception: 'persistent-subscription-exists', more: of(group) };
}

function full(group: string): Failing {
  const details = `Maximum subscriptions reached for group ${group} on stream $all.`;
  return { code: status.FAILED_PRECONDITION, details, exception: 'maximum-subscribers-reached', more: of(group) };
}

function dropped(group: string): Failing {
  const details = `Subscription group ${group} on stream $all was dropped.`;
  return { code: status.CANCELLED, details, exception: 'persistent-subscription-dropped', more: of(group) };
}
