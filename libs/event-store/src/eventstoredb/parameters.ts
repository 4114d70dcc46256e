/** What a parameter of a connection string may be: how it is said, and whether a value is so. */
interface Kind {
  readonly said: string;
  readonly holds: (value: string) => boolean;
}

const LONGEST_NUMBER = 9;
/** Below it the client prints a warning of its own. */
const LEAST_KEEP_ALIVE_MS = 10_000;
const NODES = ['leader', 'follower', 'read_only_replica', 'random'];

const SWITCH: Kind = { said: 'true or false', holds: (value) => /^(true|false)$/.test(value) };
const FILE: Kind = { said: 'the path of a file', holds: (value) => value !== '' };

function whole(least: number): Kind {
  const digits = new RegExp(`^\\d{1,${LONGEST_NUMBER}}$`);
  return { said: `a whole number from ${least}`, holds: (value) => digits.test(value) && Number(value) >= least };
}

function wholeOrNever(least: number): Kind {
  const { said, holds } = whole(least);
  return { said: `${said}, or -1 for never`, holds: (value) => value === '-1' || holds(value) };
}

/** Of the client, and `streamPrefix` of Billtrail. Times are in milliseconds. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['streamPrefix', { said: '1 to 40 letters, digits or underscores', holds: (value) => /^\w{1,40}$/.test(value) }],
  ['tls', SWITCH],
  // The client has no other than to verify.
  ['tlsVerifyCert', { said: 'true: each certificate is verified', holds: (value) => value === 'true' }],
  ['tlsCAFile', FILE],
  ['userCertFile', FILE],
  ['userKeyFile', FILE],
  ['connectionName', { said: 'a text', holds: (value) => value !== '' }],
  ['defaultDeadline', whole(1)],
  ['maxDiscoverAttempts', whole(1)],
  ['discoveryInterval', whole(1)],
  ['gossipTimeout', whole(1)],
  ['keepAliveInterval', wholeOrNever(LEAST_KEEP_ALIVE_MS)],
  ['keepAliveTimeout', wholeOrNever(1)],
  ['nodePreference', { said: NODES.join(', '), holds: (value) => NODES.includes(value) }],
  ['throwOnAppendFailure', SWITCH],
]);

/** Parameters that name a file, which is there once something connects. */
export const FILES: ReadonlySet<string> = new Set(['tlsCAFile', 'userCertFile', 'userKeyFile']);

export type Parameters = ReadonlyMap<string, string>;

/**
 * The parameters behind `?`, decoded; a text says what is wrong with them. Nothing is let go that is not known: a misspelt
 * `streamPrefix` would be the log of somebody else. No value is repeated, and a name only where it looks like one.
 */
export function parametersIn(query: string): Parameters | string {
  const found = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const kind = KINDS.get(name);
    if (kind === undefined) return unknown(name);
    if (found.has(name)) return `${name} is given twice`;
    const value = decoded(rest.join('='));
    if (value === null || !kind.holds(value)) return `${name} is ${kind.said}`;
    found.set(name, value);
  }
  if (found.has('userCertFile') !== found.has('userKeyFile')) return 'userCertFile and userKeyFile go together';
  return found;
}

function unknown(name: string): string {
  if (!/^[a-z_-]{1,40}$/i.test(name)) return 'behind the ? come parameters, NAME=VALUE with & between';
  const flat = (text: string) => text.replace(/[_-]/g, '').toLowerCase();
  const meant = [...KINDS.keys()].find((known) => flat(known) === flat(name));
  return meant === undefined
    ? `it has no parameter ${name}; there are ${[...KINDS.keys()].join(', ')}`
    : `it has no parameter ${name}, but ${meant}`;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
