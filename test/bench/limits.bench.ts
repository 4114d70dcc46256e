import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchRow } from './bench-row.js';
import { prepare } from './http.bench.js';
import { ended, freePort, ready } from './server-process.js';

const SERVERS = fileURLToPath(new URL('./http-servers.js', import.meta.url));
const TICKETS = 20_000;
const ENDLESS_BODIES = 1_000;
const IDLE_CONNECTIONS = 5_000;
const QUESTIONS_AT_ONCE = 6;
const SECONDS = 5;
const QUIET_MS = 2_000;
/** A chunk of a body that goes on. */
const CHUNK = `5\r\n{"a":\r\n`;

interface Server {
  readonly port: number;
  readonly pid: number;
  readonly key: string;
}
/** What the server has to bear while simple questions are timed; ends it. */
type Burden = (server: Server) => Promise<() => void>;

/** What those who mean no good, or too well, cost everybody else. */
export async function limitsBench(dir: string): Promise<BenchRow[]> {
  const key = await prepare(dir, TICKETS);
  const port = await freePort();
  const process = spawn(globalThis.process.execPath, [SERVERS, 'billtrail', String(port), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await ready(process);
    const server = { port, pid: pidOf(process), key };
    await pause(QUIET_MS);
    const idle = memoryOf(server.pid);
    const rows: BenchRow[] = [];
    const burdens: readonly (readonly [string, Burden])[] = [
      ['nothing else', async () => () => undefined],
      [`${ENDLESS_BODIES} endless bodies without a key`, (one) => endlessBodies(one, null)],
      [`${ENDLESS_BODIES} endless bodies with a key`, (one) => endlessBodies(one, one.key)],
      [`${IDLE_CONNECTIONS} idle connections`, idleConnections],
      [`${QUESTIONS_AT_ONCE} questions about the past of ${TICKETS} tickets, always`, pastQuestions],
    ];
    for (const [name, burden] of burdens) {
      const end = await burden(server);
      const { times, most } = await timed(server);
      end();
      rows.push({
        name: `p99 of a simple GET beside ${name}`,
        value: times[Math.floor(times.length * 0.99)] ?? Infinity,
        unit: 'ms',
        target: '<= 50 ms',
        note: `${times.length} answers in ${SECONDS} s; memory at most ${Math.round((most - idle) / 1e6)} MB above idle (at most 400)`,
      });
      await pause(QUIET_MS);
    }
    return rows;
  } finally {
    await ended(process);
  }
}

async function endlessBodies({ port }: Server, key: string | null): Promise<() => void> {
  const authorization = key === null ? '' : `authorization: Bearer ${key}\r\n`;
  const head = `POST /v1/clients HTTP/1.1\r\nhost: x\r\n${authorization}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
  const sockets = await connected(ENDLESS_BODIES, port);
  for (const socket of sockets) socket.write(head + CHUNK);
  const more = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(CHUNK);
  }, 100);
  return () => {
    clearInterval(more);
    for (const socket of sockets) socket.destroy();
  };
}

async function idleConnections({ port }: Server): Promise<() => void> {
  const sockets = await connected(IDLE_CONNECTIONS, port);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

async function pastQuestions(server: Server): Promise<() => void> {
  const { head } = JSON.parse((await got(server, '/health/ready')).body) as { head: string };
  const over = new AbortController();
  const askOn = async (): Promise<void> => {
    while (!over.signal.aborted) await got(server, `/v1/sla?upTo=${head}`);
  };
  for (let asking = 0; asking < QUESTIONS_AT_ONCE; asking++) void askOn().catch(() => undefined);
  return () => over.abort();
}

async function connected(many: number, port: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < many) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
    sockets.push(socket);
  }
  return sockets;
}

/** Milliseconds of one GET after the other, sorted, and the most memory meanwhile. */
async function timed(server: Server): Promise<{ readonly times: readonly number[]; readonly most: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  let most = 0;
  const until = performance.now() + SECONDS * 1_000;
  while (performance.now() < until) {
    const start = performance.now();
    await got(server, '/v1/gaps?limit=1', agent);
    times.push(performance.now() - start);
    most = Math.max(most, memoryOf(server.pid));
  }
  agent.destroy();
  return { times: times.sort((a, b) => a - b), most };
}

function got(
  { port, key }: Server,
  path: string,
  agent?: Agent,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const options = { port, path, host: '127.0.0.1', headers: { authorization: `Bearer ${key}` } };
    request(agent === undefined ? options : { ...options, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the server did not start');
  return pid;
}

/** Bytes of memory that the process has now. */
function memoryOf(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}
