import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Both ends of a connection through it. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between clients and a server, and does to their connections what networks do. */
export class CuttingProxy {
  private readonly pairs = new Set<Pair>();
  private isParted = false;

  private constructor(
    private readonly listening: Server,
    private readonly port: number,
  ) {}

  /** `to`: the port of the server, on this machine. */
  static async start(to: number): Promise<CuttingProxy> {
    let proxy: CuttingProxy | null = null;
    const listening = createServer((client) => proxy?.accept(client, to));
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    proxy = new CuttingProxy(listening, (listening.address() as AddressInfo).port);
    return proxy;
  }

  /** As a client of an EventStoreDB connects through it. */
  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** All connections end at once, whatever is on its way. */
  cut(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** What is asked still arrives. What the server says next nobody hears, and with it the connection ends. */
  loseAnswers(): void {
    for (const { client, server } of this.pairs) {
      server.unpipe(client);
      server.once('data', () => client.destroy());
      // What has been unpiped stands still until it is told to flow.
      server.resume();
    }
  }

  /** Nothing goes through, and nobody is told; nor does any new connection. Until the function that is returned is called. */
  part(): () => void {
    this.isParted = true;
    for (const pair of this.pairs) hold(pair);
    return () => {
      this.isParted = false;
      for (const pair of this.pairs) join(pair);
    };
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listening.close(() => resolve()));
    this.cut();
    await closed;
  }

  private accept(client: Socket, to: number): void {
    const server = connect({ port: to, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    const pair = { client, server };
    this.pairs.add(pair);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        this.pairs.delete(pair);
        other.destroy();
      });
    }
    if (!this.isParted) join(pair);
  }
}

function join({ client, server }: Pair): void {
  client.pipe(server);
  server.pipe(client);
}

function hold({ client, server }: Pair): void {
  client.unpipe(server);
  server.unpipe(client);
  client.pause();
  server.pause();
}
