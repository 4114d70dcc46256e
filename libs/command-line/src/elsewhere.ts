import { EXIT, CommandFailed, type ExitCode } from './terminal/exit-codes.js';
import { here } from './terminal/host.js';

/** The key of who acts at the command line: what is recorded there is theirs, as over HTTP. */
export const KEY_VARIABLE = 'BILLTRAIL_KEY';
const ROUTE = '/v1/command-line';

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
 * Has a node run the command that was typed, with the files that it has read so far, and tells what it says. The key is in no message, nor is anything else of the request.
 * @throws RanElsewhere always, once it was run; else CommandFailed
 */
export async function runElsewhere(url: string): Promise<never> {
  const { args, files, stdout, stderr } = here();
  const address = addressOf(url);
  const key = process.env[KEY_VARIABLE] ?? '';
  if (key === '')
    throw new CommandFailed(
      EXIT.refused,
      'NotSignedIn',
      `Who does this is not known: ${KEY_VARIABLE} holds no key.`,
      `Set it to your key: export ${KEY_VARIABLE}=bt_... A node asks for one, also to look.`,
    );
  const { exitCode, ...said } = await answerOf(address, key, {
    arguments: args,
    files: [...files].map(([name, text]) => ({ name, text })),
  });
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

/** @throws CommandFailed */
async function answerOf(address: URL, key: string, asked: object): Promise<RunOnNode> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(asked),
      // A key goes where it is sent and nowhere else.
      redirect: 'error',
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw wentWrong(address, error);
  }
  const answer = parsed(text);
  if (status === 200 && isRun(answer)) return answer;
  throw refusedBy(address, status, answer);
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

/** Errors by which nothing was sent; one without a code is none of a connection. Of what certificates are refused for, each name tells that it is about one. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ERR_SSL.*|ERR_TLS.*|.*CERT.*|.*SIGNATURE.*)$/;
const REDIRECTED = 'unexpected redirect';

function wentWrong({ origin }: URL, error: unknown): CommandFailed {
  const { code = '', message = '' } = ((error as { cause?: unknown }).cause ?? {}) as {
    code?: string;
    message?: string;
  };
  if (message === REDIRECTED)
    return unreachable(`${origin} sends requests elsewhere.`, 'Name the address that it sends to with --url.');
  if (code === '' || NOT_SENT.test(code))
    return unreachable(
      `${origin} can't be reached: ${code === '' ? message : code}.`,
      'Check the address of --url, and that the server runs; then run it again.',
    );
  return new CommandFailed(
    EXIT.storeUnavailable,
    'OutcomeUnknown',
    `The connection to ${origin} ended before the answer was there: whether this was done is not known.`,
    'See whether it is there, then run the command again.',
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
