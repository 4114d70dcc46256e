import { setImmediate as nextTurn } from 'node:timers/promises';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Failing } from './failing.js';
import { SUBSCRIPTION_METHODS } from './persistent-subscriptions.js';

/** A cluster of one member, as it gossips. `isLeaderless`: it does not lead. */
export function members(
  { host, port }: { readonly host: string; readonly port: number },
  isLeaderless: boolean,
): ClusterInfo {
  const info = new gossipMessages.ClusterInfo();
  const endpoint = new gossipMessages.EndPoint();
  endpoint.setAddress(host);
  endpoint.setPort(port);
  const member = new gossipMessages.MemberInfo();
  const { LEADER, UNKNOWN } = gossipMessages.MemberInfo.VNodeState;
  member.setState(isLeaderless ? UNKNOWN : LEADER);
  member.setIsAlive(true);
  member.setHttpEndPoint(endpoint);
  info.addMembers(member);
  return info;
}

export function tooLarge(most: number): Failing {
  return {
    code: status.INVALID_ARGUMENT,
    details: `Maximum Append Size of ${most} Exceeded.`,
    exception: 'maximum-append-size-exceeded',
    more: { 'maximum-append-size': String(most) },
  };
}

export function supported(): SupportedMethods {
  const methods = new featureMessages.SupportedMethods();
  methods.setEventStoreServerVersion('23.10.8');
  const batch = new featureMessages.SupportedMethod();
  batch.setServiceName('event_store.client.streams.streams');
  batch.setMethodName('batchappend');
  methods.addMethods(batch);
  for (const { service, method, features: told } of SUBSCRIPTION_METHODS) {
    const one = new featureMessages.SupportedMethod();
    one.setServiceName(service);
    one.setMethodName(method);
    one.setFeaturesList([...told]);
    methods.addMethods(one);
  }
  return methods;
}

/** So soon after its end a call is known to be cancelled that was cut off. */
export async function isClosed(): Promise<void> {
  for (let turns = 0; turns < 2; turns++) await nextTurn();
}

/** The reader has taken what it was sent, or it is gone. */
export function drained(call: ServerWritableStream<ReadReq, ReadResp | Buffer>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const name of ['drain', 'close', 'cancelled'] as const) call.off(name, done);
      resolve();
    };
    for (const name of ['drain', 'close', 'cancelled'] as const) call.on(name, done);
  });
}
