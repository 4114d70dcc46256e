import { Metadata, status, type sendUnaryData, type UntypedServiceImplementation } from '@grpc/grpc-js';

/** What an error of the engine says beside its text. */
export interface Failing {
  readonly code: status;
  readonly details: string;
  readonly exception?: string;
  readonly more?: Readonly<Record<string, string>>;
}

export const AWAY: Failing = { code: status.UNAVAILABLE, details: 'Server Is Not Ready' };
export const DENIED: Failing = { code: status.PERMISSION_DENIED, details: 'Access Denied', exception: 'access-denied' };
export const NOT_SERVED: Failing = { code: status.UNIMPLEMENTED, details: 'not served' };

export function failure({
  code,
  details,
  exception,
  more = {},
}: Failing): Error & { code: status; metadata: Metadata } {
  const metadata = new Metadata();
  if (exception !== undefined) metadata.add('exception', exception);
  for (const [name, value] of Object.entries(more)) metadata.add(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

export function notServed(methods: readonly string[]): UntypedServiceImplementation {
  const refuse = (_call: unknown, answer: sendUnaryData<unknown>) => answer(failure(NOT_SERVED));
  return Object.fromEntries(methods.map((method) => [method, refuse]));
}
