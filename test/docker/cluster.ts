import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, connect as connectSecured, createServer as createSecured } from 'node:tls';
import { startPostgres, type LocalPostgres } from '../../libs/vault/src/testing/local-postgres.js';
import { ProtocolServer } from '../esdb/protocol-server.js';
import { ask, type Asked, type Told } from './asked.js';
import { Container, freePort, type Ran } from './container.js';
import { composeOf, dockerFile, environmentOf, type Environment } from './files.js';
import { mounted, type Image } from './image.js';
import { securedPostgres } from './secured-postgres.js';

/** A node of `compose.cluster.yaml`. */
export interface ApiNode {
  readonly name: string;
  readonly port: number;
  readonly folder: string;
  container: Container;
}

/**
 * `compose.cluster.yaml` as processes: the certificates by its script, the nodes by the image's command with the variables of the file, the proxy by its configuration. In the place of the
 * EventStoreDB stands the protocol server of the tests, in that of the network this machine: names of containers become `localhost` in what is set, and nothing else is changed.
 */
export class Cluster {
  readonly nodes: ApiNode[] = [];
  proxyPort = 0;
  private ran = 0;
  private proxy: ChildProcess | null = null;
  private vault: { readonly port: number; close(): void } | null = null;

  private constructor(
    private readonly repository: string,
    private readonly folder: string,
    private readonly image: Image,
    readonly passwords: Environment,
    readonly events: ProtocolServer,
    private readonly postgres: LocalPostgres,
  ) {}

  /** @throws where a part does not start */
  static async start(repository: string, folder: string, image: Image): Promise<Cluster> {
    const passwords = Object.fromEntries(
      Object.entries(environmentOf(dockerFile(repository, 'example.env'))).map(([name, value]) => [
        name,
        value === '' ? `${name.toLowerCase().replaceAll('_', '')}4711` : value,
      ]),
    );
    const made = madeCertificates(repository, folder);
    for (const name of ['events-1', 'events-2', 'events-3', 'vault']) await trusts(made, name);
    const certificate = { certificate: made.of('proxy', 'crt'), key: made.of('proxy', 'key') };
    const events = await ProtocolServer.start({ secured: certificate, maxAppendBytes: 16_000_000 });
    const postgres = await startPostgres();
    if (typeof postgres === 'string') throw new Error(postgres);
    const cluster = new Cluster(repository, folder, image, passwords, events, postgres);
    const socket = new URL((await postgres.newDatabase()).replace('///', '//x/'));
    cluster.vault = await securedPostgres(join(socket.searchParams.get('host') ?? '', '.s.PGSQL.5432'), {
      cert: certificate.certificate,
      key: certificate.key,
    });
    cluster.database = socket.pathname.slice(1);
    return cluster;
  }

  private database = '';

  /** What a service of the file is told, with what is here in the place of containers. */
  environmentOf(service: string): Environment {
    const { services } = composeOf(dockerFile(this.repository, 'compose.cluster.yaml'), this.passwords);
    return Object.fromEntries(
      Object.entries(services[service]?.environment ?? {}).map(([name, value]) => [
        name,
        String(value)
          .replace('events-1:2113,events-2:2113,events-3:2113', `localhost:${this.events.port}`)
          .replace('vault:5432/billtrail', `localhost:${this.vault?.port}/${this.database}`)
          .replaceAll('/trust/', `${join(this.folder, 'made/trust')}/`)
          .replace('172.30.44.10', '127.0.0.1'),
      ]),
    );
  }

  /** A service that does one thing and ends. */
  async runs(service: string): Promise<Ran> {
    const { services } = composeOf(dockerFile(this.repository, 'compose.cluster.yaml'), this.passwords);
    const folder = mounted(this.image, join(this.folder, `${service}-${(this.ran += 1)}`));
    return new Container(this.image, folder, services[service]?.command ?? [], this.environmentOf(service)).ran();
  }

  /** Starts a node, or starts it again on its volume; `as`: a further one like it, on a copy of the volume of another. */
  async startNode(service: string, further?: { readonly as: string; readonly from: string }): Promise<ApiNode> {
    const name = further?.as ?? service;
    const known = this.nodes.find((one) => one.name === name);
    const port = known?.port ?? (await freePort());
    const folder = known?.folder ?? mounted(this.image, join(this.folder, name), further?.from);
    const command = [...this.image.command, '--port', String(port)];
    const container = new Container(this.image, folder, command, this.environmentOf(service));
    const node = known ?? { name, port, folder, container };
    node.container = container;
    if (known === undefined) this.nodes.push(node);
    await container.healthy(port);
    return node;
  }

  /** Null: it listens. Otherwise why there is none. */
  async startProxy(): Promise<string | null> {
    if (spawnSync('haproxy', ['-v']).status !== 0) return 'haproxy is not on this machine';
    this.proxyPort = await freePort();
    const file = join(this.folder, 'haproxy.cfg');
    const certificate = join(this.folder, 'made/proxy/server.pem');
    const text = this.nodes.reduce(
      (told, { name, port }) => told.replaceAll(`${name}:3000`, `127.0.0.1:${port}`),
      dockerFile(this.repository, 'haproxy.cfg')
        .replace(':8443', `127.0.0.1:${this.proxyPort}`)
        .replace('/certificate/server.pem', certificate)
        .replaceAll(' resolvers containers init-addr libc,none', ''),
    );
    writeFileSync(file, text);
    const proxy = spawn('haproxy', ['-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.proxy = proxy;
    let said = '';
    for (const stream of [proxy.stdout, proxy.stderr])
      stream.setEncoding('utf8').on('data', (text_: string) => (said += text_));
    for (let n = 0; n < 100; n++) {
      if ((await this.ask({ path: '/health/ready' })).status === 200) return null;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the proxy does not answer: ${said}`);
  }

  /** Through the proxy, by the certificate of the cluster. */
  ask(asked: Asked): Promise<Told> {
    return ask(`https://localhost:${this.proxyPort}`, asked, readFileSync(join(this.folder, 'made/trust/ca.crt')));
  }

  async stop(): Promise<void> {
    this.proxy?.kill('SIGKILL');
    for (const { container } of this.nodes) await container.stop();
    this.vault?.close();
    await this.events.stop();
    await this.postgres.stop();
  }
}

interface Made {
  readonly authority: Buffer;
  of(name: string, kind: 'crt' | 'key'): Buffer;
}

/** Runs the script twice: the second time it leaves all as it is. */
function madeCertificates(repository: string, folder: string): Made {
  const made = join(folder, 'made');
  mkdirSync(made, { recursive: true });
  const said = [1, 2].map(() => {
    const { status, stdout, stderr } = spawnSync('sh', [join(repository, 'docker/certificates.sh'), made], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`certificates.sh: ${stdout}${stderr}`);
    return stdout;
  });
  if (/kept/.test(said[0]!) || /made/.test(said[1]!)) throw new Error(`certificates.sh: ${said.join('')}`);
  chmodSync(made, 0o755);
  const of = (name: string, kind: string) => readFileSync(join(made, name, `server.${kind}`));
  return { authority: readFileSync(join(made, 'trust/ca.crt')), of };
}

/** Whoever trusts the authority takes the certificate for this name, and for no other. */
async function trusts({ authority, of }: Made, name: string): Promise<void> {
  const server = createSecured({ cert: of(name, 'crt'), key: of(name, 'key') }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const isTaken = (servername: string, ca: Buffer | undefined) =>
    new Promise<boolean>((resolve) => {
      const socket = connectSecured(
        { host: '127.0.0.1', port, servername, ...(ca && { secureContext: createSecureContext({ ca }) }) },
        () => {
          resolve(true);
          socket.destroy();
        },
      );
      socket.once('error', () => resolve(false));
    });
  const taken = [await isTaken(name, authority), await isTaken('events-9', authority), await isTaken(name, undefined)];
  server.close();
  if (String(taken) !== 'true,false,false') throw new Error(`the certificate of ${name} is taken: ${String(taken)}`);
}
