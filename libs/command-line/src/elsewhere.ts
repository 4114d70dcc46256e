import { randomUUID } from 'node:crypto';
import { request as plainly } from 'node:http';
import { request as securely } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { EXIT, CommandFailed, type ExitCode } from './terminal/exit-codes.js';
import { againRemedy } from './terminal/failures.js';
import { here } from './terminal/host.js';

/** The key of who acts at the command line: what is recorded there is theirs, as over HTTP. */
export const KEY_VARIABLE = 'BILLTRAIL_KEY';
const ROUTE = '/v1/command-line';
const MOST_MS_TO_CONNECT = 10_000;
/** A month is invoiced in one command. A proxy before the nodes gives up sooner, and says so (docker/haproxy.cfg). */
const MOST_MS_TO_ANSWER = 11 * 60_000;
const REQUEST_KEY = /^[\x21-\x7e]{1,255}$/;

/** What a node answers that has run a command. */
export interface RunOnNode {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command was run by a node, and all that it has to say is told. */
export class RanElsewhere extends Error {
  override readonly name = 'RanElsewhere';
  constructor(readonly exitCode: ExitCode) {
    super('the command was run by a node');
  }
}

/**
 * Has a node run the command that was typed, with the files that it has read so far, and tells what it says. `again`: the key of a request before, of which nobody could tell whether it was done. The person's key is in no message, nor is anything else of the request.
 * @throws RanElsewhere always, once it was run; else CommandFailed
 */
export async function runElsewhere(url: string, again?: string): Promise<never> {
  const { args, files, stdout, stderr } = here();
  const address = addressOf(url);
  const sentUnder = again ?? randomUUID();
  if (!REQUEST_KEY.test(sentUnder))
    throw new CommandFailed(
      EXIT.badInput,
      'BadUsage',
      '--again: a key is 1 to 255 printable characters.',
      'Use the key that the failed command told.',
    );
  const key = process.env[KEY_VARIABLE] ?? '';
  if (key === '')
    throw new CommandFailed(
      EXIT.refused,
      'NotSignedIn',
      `Who does this is not known: ${KEY_VARIABLE} holds no key.`,
      `Set it to your key: export ${KEY_VARIABLE}=bt_... A node asks for one, also to look.`,
    );
  const { exitCode, ...said } = await answerOf(
    address,
    { key, sentUnder },
    {
      arguments: args,
      files: [...files].map(([name, text]) => ({ name, text })),
    },
  );
  stdout.write(said.stdout);
  stderr.write(said.stderr);
  throw new RanElsewhere(exitCode);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw badUrl('This is no address of a server.', 'Use one like https://billtrail.example.com.');
  // It would be in the history of the shell.
  if (url.username !== '' || url.password !== '')
    throw badUrl('The address holds a user or a password.', `Leave them out: who asks is told by ${KEY_VARIABLE}.`);
  return new URL(`${url.pathname.replace(/\/$/, '')}${ROUTE}`, url.origin);
}

function badUrl(message: string, remedy: string): CommandFailed {
  return new CommandFailed(EXIT.badInput, 'BadUsage', `--url: ${message}`, remedy);
}

interface Keys {
  /** Of the person. */
  readonly key: string;
  /** Of the request: sent again under it, it has one effect. */
  readonly sentUnder: string;
}

/** @throws CommandFailed */
async function answerOf(address: URL, keys: Keys, asked: object): Promise<RunOnNode> {
  const { status, text } = await posted(address, keys, JSON.stringify(asked));
  const answer = parsed(text);
  if (status === 200 && isRun(answer)) return answer;
  // A key goes where it is sent and nowhere else.
  if (status >= 300 && status < 400)
    throw unreachable(`${address.origin} sends requests elsewhere.`, 'Name the address that it sends to with --url.');
  throw refusedBy(address, status, answer);
}

/** Whoever waits for headers by `fetch` gives up after five minutes. @throws CommandFailed */
function posted(address: URL, { key, sentUnder }: Keys, body: string): Promise<{ status: number; text: string }> {
  const [request, connected] = address.protocol === 'https:' ? [securely, 'secureConnect'] : [plainly, 'connect'];
  let isConnected = false;
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'idempotency-key': sentUnder,
    };
    const signal = AbortSignal.timeout(MOST_MS_TO_ANSWER);
    const sent = request(address, { method: 'POST', headers, agent: false, signal }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    const tooLong = setTimeout(
      () => sent.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })),
      MOST_MS_TO_CONNECT,
    );
    sent.on('socket', (socket) =>
      socket.once(connected, () => {
        isConnected = true;
        clearTimeout(tooLong);
      }),
    );
    sent.on('error', reject);
    sent.on('close', () => clearTimeout(tooLong));
    sent.end(body);
  }).catch((error: unknown) => {
    throw isConnected ? outcomeUnknown(address, sentUnder) : notReached(address, error);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRun(answer: unknown): answer is RunOnNode {
  const { exitCode, stdout, stderr } = (answer ?? {}) as Partial<Record<keyof RunOnNode, unknown>>;
  const isExit = Object.values(EXIT).some((code) => code === exitCode);
  return isExit && typeof stdout === 'string' && typeof stderr === 'string';
}

/** Nothing was sent. */
function notReached({ origin }: URL, error: unknown): CommandFailed {
  const { code, message } = error as { code?: string; message?: string };
  return unreachable(
    `${origin} can't be reached: ${code ?? message}.`,
    'Check the address of --url, and that the server runs; then run it again.',
  );
}

function outcomeUnknown({ origin }: URL, sentUnder: string): CommandFailed {
  return new CommandFailed(
    EXIT.storeUnavailable,
    'OutcomeUnknown',
    `The connection to ${origin} ended before the answer was there: whether this was done is not known.`,
    againRemedy(sentUnder),
  );
}

function unreachable(message: string, remedy: string): CommandFailed {
  return new CommandFailed(EXIT.storeUnavailable, 'NodeUnreachable', message, remedy);
}

/** Statuses of a request that is wrong in itself. */
const BAD_INPUT: ReadonlySet<number> = new Set([400, 413, 414, 415, 431]);
const SERVER_ERROR = 500;

function refusedBy({ origin }: URL, status: number, answer: unknown): CommandFailed {
  const { code, detail, remedy, details } = (answer ?? {}) as {
    code?: string;
    detail?: string;
    remedy?: string;
    details?: Record<string, unknown>;
  };
  if (typeof code !== 'string' || typeof detail !== 'string' || typeof remedy !== 'string')
    return unreachable(
      `${origin} answered ${status}, and nothing that Billtrail says.`,
      'Check the address of --url, and what stands between: a proxy answers so whose servers are away.',
    );
  return new CommandFailed(exitOf(status), code, detail, remedy, details ?? {});
}

function exitOf(status: number): ExitCode {
  if (status >= SERVER_ERROR) return EXIT.storeUnavailable;
  return BAD_INPUT.has(status) ? EXIT.badInput : EXIT.refused;
}
