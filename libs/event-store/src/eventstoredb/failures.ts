import { convertToCommandError, ErrorType, isCommandError, MaxAppendSizeExceededError } from '@eventstore/db-client';
import { StoreUnavailable, type EngineProblem } from '../store-unavailable.js';
import type { Connecting } from './connecting.js';
import { EngineFailure, type FailureKind } from './engine.js';

/** The status of a caller whom the server does not know; one whom it knows and who may not do it has another. */
const UNAUTHENTICATED = 16;

const PASSES: ReadonlySet<string> = new Set([
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  ErrorType.PERSISTENT_SUBSCRIPTION_DROPPED,
]);
/** There was no connection to send anything by. */
const NOT_SENT = /No connection established|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|Name resolution|EHOSTUNREACH/;
const OF_CERTIFICATE = /certificate|altnames|unable to verify/i;
/** What a client of plain text hears of a server that expects TLS: it hangs up. */
const HUNG_UP = /No connection established.*Last error: (Failed to connect|read ECONNRESET|Error: read ECONNRESET|$)/;
/** What the client ends its sentences with, where it has nothing more to say. */
const EMPTY_END = /(\. Resolution note: )?\.?$/;
const NO_MEMBER = /^Failed to discover/;

/** Of whom a client asks: the nodes that may answer, and what one says by itself (undefined: it answers). */
export interface Asked {
  readonly hosts: readonly string[];
  readonly probe: (host: string) => Promise<unknown>;
}

/** Why it failed. Where the client found no member of a cluster to speak to, it does not say why: then each is asked by itself. */
export async function failureOf(error: unknown, { hosts, probe }: Asked): Promise<EngineFailure> {
  if (error instanceof EngineFailure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const failed = (kind: FailureKind, isNotSent = true) => new EngineFailure(kind, text, isNotSent, { cause: error });
  if (NO_MEMBER.test(text)) {
    for (const host of hosts) {
      const told = await probe(host);
      const failure = told === undefined ? failed('no-leader') : await failureOf(told, { hosts: [], probe });
      if (failure.kind !== 'outage' || !NOT_SENT.test(failure.message)) return noLeaderFor(failure, text);
    }
    return failed('outage');
  }
  if (!(error instanceof Error)) return failed('outage', false);
  // What the client has no call for it does not name either.
  if (!isCommandError(error)) {
    const named = convertToCommandError(error);
    return isCommandError(named) ? failureOf(named, { hosts: [], probe }) : failed('outage', false);
  }
  if (error.type === ErrorType.NOT_LEADER) return failed('not-leader');
  if (error.type === ErrorType.ACCESS_DENIED)
    return failed(Number(error.code) === UNAUTHENTICATED ? 'wrong-password' : 'not-allowed');
  if (error.type === ErrorType.STREAM_DELETED) return failed('deleted');
  if (error.type === ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST) return failed('no-group');
  if (error instanceof MaxAppendSizeExceededError) return failed('too-large');
  if (!PASSES.has(error.type)) return failed('no-event', false);
  if (OF_CERTIFICATE.test(text)) return failed('untrusted-certificate');
  if (HUNG_UP.test(text)) return failed('tls-required');
  return failed('outage', NOT_SENT.test(text));
}

/** A node that answers for itself, and knows no leader. */
function noLeaderFor(failure: EngineFailure, text: string): EngineFailure {
  return failure.kind === 'outage' ? new EngineFailure('no-leader', text, true, { cause: failure }) : failure;
}

const REMEDIES: Readonly<Record<Exclude<EngineProblem, 'closed'>, string>> = {
  unreachable:
    'Check that EventStoreDB runs and can be reached from here, and that BILLTRAIL_STORE names it; a server that runs goes on by itself once it answers, what has ended is to be started again',
  'no-leader':
    'See that a majority of the nodes of the cluster runs and reaches each other; a server that runs goes on by itself once one leads, what has ended is to be started again',
  'not-allowed':
    'Let an administrator of the cluster give the user of BILLTRAIL_STORE its rights: billtrail cluster init',
  'wrong-password': 'Put the right user and password into BILLTRAIL_STORE, percent-encoded as in a URL',
  'untrusted-certificate':
    'Name the certificate authority of the server in BILLTRAIL_STORE (tlsCAFile=FILE), and the server by a name that is in its certificate',
  'tls-required': 'The server hung up on plain text: leave tls=false out of BILLTRAIL_STORE',
  deleted:
    'Put back the last backup of the cluster: Billtrail deletes no stream, and nothing can be decided without it',
};

/** What says nothing of the engine: whoever called knows it. */
type OfOneCall = 'too-large' | 'no-group';

const PROBLEMS: Readonly<Record<Exclude<FailureKind, OfOneCall>, readonly [Exclude<EngineProblem, 'closed'>, string]>> =
  {
    outage: ['unreachable', 'cannot be reached'],
    'no-leader': ['no-leader', 'has no leader'],
    'not-leader': ['no-leader', 'has no leader that can be reached'],
    'no-event': ['unreachable', 'cannot say why it failed'],
    'not-allowed': ['not-allowed', 'does not let this user do it'],
    'wrong-password': ['wrong-password', 'does not know this user by this password'],
    'untrusted-certificate': ['untrusted-certificate', 'has a certificate that is not trusted'],
    'tls-required': ['tls-required', 'does not speak plain text'],
    deleted: ['deleted', 'has lost a stream: somebody deleted it'],
  };

/** What an operator is told of it. The text of the client names no user and no password. */
export function unavailableFor(failure: EngineFailure, connecting: Connecting): StoreUnavailable {
  const [problem, told] = PROBLEMS[isOfOneCall(failure.kind) ? 'no-event' : failure.kind];
  const what = problem === 'not-allowed' && failure.act !== null ? `does not let this user ${failure.act}` : told;
  return new StoreUnavailable(
    problem,
    `EventStoreDB at ${connecting.shown} ${what}: ${failure.message.replace(EMPTY_END, '')}`,
    REMEDIES[problem],
    {
      cause: failure,
    },
  );
}

function isOfOneCall(kind: FailureKind): kind is OfOneCall {
  return kind === 'too-large' || kind === 'no-group';
}
