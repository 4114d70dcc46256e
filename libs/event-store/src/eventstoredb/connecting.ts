import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { StoreUnavailable } from '../store-unavailable.js';
import { FILES, parametersIn, type Parameters } from './parameters.js';

/** Begins each connection string, as no path of a file does. */
const SCHEME = /^[a-z][a-z+]+:\/\//;
const PARTS = /^(esdb(?:\+discover)?:\/\/)(?:([^@]*)@)?([^/?]+)\/?(?:\?(.*))?$/;
/** An @, / , ? or # of a user or password that is written as it is: it would end there, and the rest of it be taken for a host. */
const ENCODED = /^(?:[^@]*|[^@/?#]*@[^@]*)$/;
/** The client takes no address in brackets. */
const HOST = /^[a-z0-9._-]+(?::(\d{1,5}))?$/i;
const HIGHEST_PORT = 65_535;
/** The plain call of an append is selected by credentials; a server without users looks at none. */
const NOBODY = 'nobody:none';
/** Its own parameter: before the names of all streams, so that several logs and other programs have room beside each other. */
const PREFIX = 'streamPrefix';
/** The client's own: how long one call may take. */
const DEADLINE = 'defaultDeadline';
const DEFAULT_PATIENCE_MS = 10_000;
const DEFAULT_PREFIX = 'billtrail';

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

/** Whether user and password of a URL are percent-encoded, so that both end where they should. A second @ anywhere in it says that they are not. */
export function hasEncodedUser(url: string): boolean {
  return ENCODED.test(url.replace(/^[^:/?#@]*:\/\//, ''));
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
  /** Of certificates and keys, by the parameter that names each. */
  private readonly files: readonly (readonly [string, string])[];

  /** @throws StoreUnavailable where it says nothing to connect to */
  constructor(text: string) {
    if (!hasEncodedUser(text))
      throw noConnectionString('percent-encode user and password, and each @ behind the host: @ is %40, / is %2F');
    const [, scheme, user, hosts, query] = PARTS.exec(text) ?? [];
    if (scheme === undefined || hosts === undefined)
      throw noConnectionString('it is not esdb://USER:PASSWORD@HOST:PORT');
    this.hosts = hostsIn(hosts);
    const parameters = knownParametersIn(query ?? '');
    this.prefix = parameters.get(PREFIX) ?? DEFAULT_PREFIX;
    this.patienceMs = Number(parameters.get(DEADLINE) ?? DEFAULT_PATIENCE_MS);
    this.namesUser = user !== undefined;
    this.files = [...parameters].filter(([name]) => FILES.has(name));
    const ofClient = [...parameters].filter(([name]) => name !== PREFIX);
    const given = ofClient.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    this.parameters = given === '' ? '' : `?${given}`;
    this.withoutCredentials = `${scheme}${hosts}${this.parameters}`;
    try {
      this.credentials = new HiddenCredentials(user ?? NOBODY);
    } catch {
      throw noConnectionString('user or password is not percent-encoded as in a URL');
    }
  }

  /** The client reads them as it is made, and says of none which it is. @throws StoreUnavailable by name of one that can't be read */
  assertFiles(): void {
    for (const [name, file] of this.files) {
      try {
        readFileSync(file);
      } catch (error) {
        const { code = '' } = error as { readonly code?: string };
        throw new StoreUnavailable(
          'not-a-store',
          `BILLTRAIL_STORE names a file that can't be read: ${name}=${file} (${code})`,
          `Put the file there, readable for the user that Billtrail runs as, or name the right one with ${name}=FILE`,
          { cause: error },
        );
      }
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

/** @throws StoreUnavailable. A host that is none is not repeated: it may be a part of a password. */
function hostsIn(text: string): readonly string[] {
  const hosts = text.split(',');
  for (const host of hosts) {
    const found = HOST.exec(host);
    if (found === null)
      throw noConnectionString('each host is HOST or HOST:PORT, of letters, digits, dots and hyphens');
    const port = Number(found[1] ?? 1);
    if (port < 1 || port > HIGHEST_PORT) throw noConnectionString(`port ${port} is none: 1 to ${HIGHEST_PORT}`);
  }
  return hosts;
}

function knownParametersIn(query: string): Parameters {
  const parameters = parametersIn(query);
  if (typeof parameters === 'string') throw noConnectionString(parameters);
  return parameters;
}

/** Its text is not repeated: it may hold a password. */
function noConnectionString(why: string): StoreUnavailable {
  return new StoreUnavailable(
    'not-a-store',
    `BILLTRAIL_STORE names no EventStoreDB: ${why}`,
    'Set it to esdb://USER:PASSWORD@HOST:PORT, user and password percent-encoded as in a URL, the nodes of a cluster with commas between, or leave it out',
  );
}
