import { inspect } from 'node:util';
import { StoreUnavailable } from '../store-unavailable.js';

/** Begins each connection string, as no path of a file does. */
const SCHEME = /^[a-z][a-z+]+:\/\//;
const PARTS = /^(esdb(?:\+discover)?:\/\/)(?:([^@/?]*)@)?([^/?]+)(.*)$/;
/** The plain call of an append is selected by credentials; a server without users looks at none. */
const NOBODY = 'nobody:none';
/** Its own parameter: before the names of all streams, so that several logs and other programs have room beside each other. */
const PREFIX = 'streamPrefix';
/** The client's own: how long one call may take. */
const DEADLINE = 'defaultDeadline';
const DEFAULT_PATIENCE_MS = 10_000;
const DEFAULT_PREFIX = 'billtrail';
const PREFIX_TEXT = /^[a-z0-9_]{1,40}$/i;

/** Not to be seen by whoever prints an object that holds it: what a client tells to find faults has all its options. */
class HiddenCredentials {
  readonly #username: string;
  readonly #password: string;

  constructor(text: string) {
    const colon = text.indexOf(':');
    this.#username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
    this.#password = colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1));
  }

  get username(): string {
    return this.#username;
  }

  get password(): string {
    return this.#password;
  }

  [inspect.custom](): string {
    return '(credentials)';
  }

  toJSON(): string {
    return '(credentials)';
  }
}

export function isConnectionString(text: string): boolean {
  return SCHEME.test(text);
}

/** @throws StoreUnavailable where a text says nothing to connect to */
export function assertConnectionString(text: string): void {
  void new Connecting(text);
}

/** A connection string, without what is secret in it. */
export class Connecting {
  /** It names a user; without one the server has none. */
  readonly namesUser: boolean;
  readonly credentials: { readonly username: string; readonly password: string };
  /** `host:port`, each. */
  readonly hosts: readonly string[];
  readonly prefix: string;
  /** How long the engine may be away until what waits for it is given up. */
  readonly patienceMs: number;
  /** For a client. */
  readonly withoutCredentials: string;
  private readonly parameters: string;

  /** @throws StoreUnavailable where it says nothing to connect to */
  constructor(text: string) {
    const [, scheme, user, hosts, rest] = PARTS.exec(text) ?? [];
    if (scheme === undefined || hosts === undefined)
      throw noConnectionString('it is not esdb://USER:PASSWORD@HOST:PORT');
    const parameters = new URLSearchParams(rest?.replace(/^\/?\??/, ''));
    const prefix = parameters.get(PREFIX) ?? DEFAULT_PREFIX;
    if (!PREFIX_TEXT.test(prefix)) throw noConnectionString(`${PREFIX} is 1 to 40 letters, digits or underscores`);
    parameters.delete(PREFIX);
    this.prefix = prefix;
    this.patienceMs = Number(parameters.get(DEADLINE) ?? DEFAULT_PATIENCE_MS);
    this.namesUser = user !== undefined;
    this.hosts = hosts.split(',');
    this.parameters = parameters.size === 0 ? '' : `?${parameters.toString()}`;
    this.withoutCredentials = `${scheme}${hosts}${this.parameters}`;
    try {
      this.credentials = new HiddenCredentials(user ?? NOBODY);
    } catch {
      throw noConnectionString('user or password is not percent-encoded as in a URL');
    }
  }

  /** Of one node alone. */
  toOne(host: string): string {
    return `esdb://${host}${this.parameters}`;
  }

  /** As it may be told to anybody. */
  get shown(): string {
    return this.hosts.join(', ');
  }
}

/** `USER:PASSWORD` as in a connection string; shown nowhere. @throws URIError where it is not percent-encoded */
export function credentialsIn(text: string): Connecting['credentials'] {
  return new HiddenCredentials(text);
}

/** Its text is not repeated: it may hold a password. */
function noConnectionString(why: string): StoreUnavailable {
  return new StoreUnavailable(
    'not-a-store',
    `BILLTRAIL_STORE names no EventStoreDB: ${why}`,
    'Set it to esdb://USER:PASSWORD@HOST:PORT, user and password percent-encoded as in a URL, the nodes of a cluster with commas between, or leave it out',
  );
}
