import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './asked.js';
import { Cluster } from './cluster.js';
import { Container, freePort } from './container.js';
import { layOut, mounted, nodeOf, packagesForDevelopment, sizeOf, type Image } from './image.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
/** From the signal on, whatever is under way. */
const MOST_MS_TO_END = 6_000;
const REQUESTS = 200;
const CALLERS = 8;
const FIRST_KEY = /bt_[\w-]{43}/;

type Print = (line: string) => void;

/** The image by its Dockerfile, and what the compose files start, as processes. */
export async function runDockerProof(print: Print = console.log): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bt-docker-'));
  // The user of the image is another one.
  chmodSync(folder, 0o755);
  const isWell: boolean[] = [];
  const holds = (is: boolean, what: string): void => {
    isWell.push(is);
    print(`${is ? 'ok  ' : 'FAIL'} ${what}`);
  };
  try {
    const image = layOut(REPOSITORY, folder, nodeOf(REPOSITORY, join(folder, 'node')));
    const development = packagesForDevelopment(image, REPOSITORY);
    const version = spawnSync('node', ['--version'], { env: image.environment, encoding: 'utf8' }).stdout.trim();
    const megabytes = Math.round(sizeOf(join(image.root, image.workdir)) / 1e6);
    holds(
      development.length === 0,
      `the image is made: ${version}, ${megabytes} MB in its folder, ${development.length} packages for development ${development.join(' ')}`,
    );
    await embedded(image, folder, holds);
    await clustered(image, folder, holds, print);
  } catch (error) {
    holds(false, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  rmSync(folder, { recursive: true, force: true });
  return isWell.every(Boolean);
}

type Holds = (is: boolean, what: string) => void;

/** `compose.yaml`: one container on its volume, commands beside it, stopped and started again. */
async function embedded(image: Image, folder: string, holds: Holds): Promise<void> {
  const at = mounted(image, join(folder, 'billtrail'));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const start = () => new Container(image, at, [...image.command, '--port', String(port)], {});
  let server = start();
  await server.healthy(port);
  const added = await new Container(
    image,
    at,
    ['person', 'add', 'Ana Bell', '--role', 'admin', '--key-only'],
    {},
  ).ran();
  const key = added.output.trim();
  holds(added.code === 0 && FIRST_KEY.test(key), 'a command beside it, in a container of its own, registers a person');
  const client = { clientId: 'acme', name: 'Acme', currency: 'AUD', timeZone: 'Australia/Sydney' };
  const posted = await ask(address, { path: '/v1/clients', key, body: client });
  holds(posted.status === 201, `it records: ${posted.status}`);
  const past = await ask(address, {
    path: `/v1/charges?upTo=${(JSON.parse(posted.text) as { position: string }).position}`,
    key,
  });
  holds(past.status === 200, `it answers about the past, which takes a temporary file: ${past.status}`);
  const ended = await server.stop();
  holds(
    ended.code === 0 && ended.ms < MOST_MS_TO_END,
    `told to stop it ends with ${ended.code} after ${Math.round(ended.ms)} ms`,
  );
  server = start();
  await server.healthy(port);
  const again = await ask(address, { path: '/v1/clients/acme/sites', key });
  holds(again.status === 200, `started again on its volume, it knows person and client: ${again.status}`);
  await server.stop();
  if (process.getuid?.() !== 0) return;
  const touched = spawnSync('touch', [join(at, 'dist/changed'), join(at, 'node_modules/changed')], image.user);
  holds(touched.status !== 0, 'its user can change neither code nor packages');
}

/** `compose.cluster.yaml`: what it starts, in its order, and what its proxy makes of a node that ends and of a log that is away. */
async function clustered(image: Image, folder: string, holds: Holds, print: Print): Promise<void> {
  const home = join(folder, 'cluster');
  mkdirSync(home);
  const cluster = await Cluster.start(REPOSITORY, home, image);
  try {
    holds(true, 'certificates are made once, and taken for the names of their servers alone');
    // As the engine knows it from its first start.
    const password = String(cluster.passwords['EVENTSTORE_ADMIN_PASSWORD']);
    cluster.events.users.set('admin', { password, groups: ['$admins'] });
    const prepared = [await cluster.runs('cluster-init'), await cluster.runs('cluster-init')];
    holds(
      prepared.every(({ code }) => code === 0),
      `the cluster is prepared, and nothing is done again: ${prepared.map(({ code }) => code).join(', ')}`,
    );
    const one = await cluster.startNode('api-1');
    const other = await cluster.startNode('api-2');
    holds(true, 'two nodes are healthy, on TLS to log and vault');
    const [key = ''] = FIRST_KEY.exec(one.container.output) ?? [];
    holds(key !== '' && !FIRST_KEY.test(other.container.output), 'the first shows the first key, the second none');
    const secrets = Object.values(cluster.passwords).filter((value) => value.endsWith('4711'));
    holds(
      !secrets.some((secret) => `${one.container.output}${other.container.output}`.includes(secret)),
      'no password is in what they print',
    );
    const missing = await cluster.startProxy();
    if (missing !== null) return print(`NOT RUN: what is behind the proxy, for ${missing}`);
    await oneEnds(cluster, key, holds);
    await logAway(cluster, key, holds);
    await onACopy(cluster, holds);
  } finally {
    await cluster.stop();
  }
}

/** Every request is answered while one node is stopped and started again, and has one effect. */
async function oneEnds(cluster: Cluster, key: string, holds: Holds): Promise<void> {
  let sent = 0;
  const refused: string[] = [];
  const caller = async (): Promise<void> => {
    while (sent < REQUESTS) {
      const n = sent++;
      const clientId = `client-${n}`;
      const body = { clientId, name: clientId, currency: 'AUD', timeZone: 'Australia/Sydney' };
      const posted = await cluster.ask({ path: '/v1/clients', key, body, idempotencyKey: clientId });
      const read = await cluster.ask({ path: '/v1/gaps', key });
      for (const { status, text } of [posted, read])
        if (status >= 300 || status === 0) refused.push(`${status} ${text}`);
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));
  const { name, container } = cluster.nodes[0]!;
  const ended = await container.stop();
  await cluster.startNode(name);
  await callers;
  holds(
    ended.code === 0 && ended.ms < MOST_MS_TO_END,
    `a node behind the proxy ends with ${ended.code} after ${Math.round(ended.ms)} ms`,
  );
  holds(
    refused.length === 0,
    `${2 * REQUESTS} requests meanwhile, ${refused.length} refused ${refused
      .slice(0, 8)
      .map((one) => one.slice(0, 160))
      .join('; ')}`,
  );
  const registered = cluster.events.log.events.filter(({ type }) => type === 'client-registered').length;
  holds(registered === REQUESTS, `${registered} clients of ${REQUESTS} registered, each once`);
}

/** Nothing can be recorded; what the read models hold is answered. */
async function logAway(cluster: Cluster, key: string, holds: Holds): Promise<void> {
  await cluster.events.stop();
  const until = async (path: string, wanted: number): Promise<number> => {
    let told = await cluster.ask({ path, key });
    for (let n = 0; n < 300 && told.status !== wanted; n++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      told = await cluster.ask({ path, key });
    }
    return told.status;
  };
  const ready = await until('/health/ready', 503);
  const read = await cluster.ask({ path: '/v1/gaps', key });
  holds(
    ready === 503 && read.status === 200,
    `while the log is away no node is ready (${ready}), and a question is answered (${read.status})`,
  );
  await cluster.events.listen();
  const back = await until('/health/ready', 200);
  const body = { clientId: 'last', name: 'last', currency: 'AUD', timeZone: 'Australia/Sydney' };
  const posted = await cluster.ask({ path: '/v1/clients', key, body, idempotencyKey: 'last' });
  holds(
    back === 200 && posted.status === 201,
    `once it is back they are ready (${back}) and record (${posted.status})`,
  );
}

/** A node that starts on the read models of another one goes on from there. */
async function onACopy(cluster: Cluster, holds: Holds): Promise<void> {
  const [first] = cluster.nodes;
  await first!.container.stop();
  const third = await cluster.startNode('api-2', { as: 'api-3', from: first!.folder });
  const anew = third.container.output.split('\n').filter((line) => /filled anew|emptied/.test(line));
  holds(anew.length === 0, `a third node goes on from a copy of another one's read models ${anew.join(' ')}`);
}
