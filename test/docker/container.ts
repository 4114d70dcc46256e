import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Environment } from './files.js';
import type { Image } from './image.js';

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** How long a container may take until it is healthy. */
const MOST_MS_TO_START = 120_000;
const BETWEEN_CHECKS_MS = 300;

/** A command of an image, as a process: its user, its folder, its variables and no others. */
export class Container {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;

  constructor(
    private readonly image: Image,
    private readonly folder: string,
    command: readonly string[],
    environment: Environment,
  ) {
    const [program = '', ...entry] = image.entrypoint;
    this.child = this.spawned(program, [...entry, ...command], environment);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Waits until the health check of the image succeeds. @throws with what the container said, where it never does */
  async healthy(port: number): Promise<void> {
    const [program = '', ...args] = this.image.healthcheck.map((word) =>
      word.replace(`:${this.image.port}/`, `:${port}/`),
    );
    const giveUp = performance.now() + MOST_MS_TO_START;
    while (performance.now() < giveUp && this.child.exitCode === null) {
      const check = this.spawned(program, args, {});
      if ((await new Promise((resolve) => check.once('close', resolve))) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_CHECKS_MS));
    }
    throw new Error(`it is not healthy: ${this.output}`);
  }

  /** As an engine stops it. */
  async stop(): Promise<Ran & { readonly ms: number }> {
    const started = performance.now();
    this.child.kill('SIGTERM');
    const code = await this.ended;
    return { code, output: this.output, ms: performance.now() - started };
  }

  async ran(): Promise<Ran> {
    return { code: await this.ended, output: this.output };
  }

  private spawned(program: string, args: readonly string[], environment: Environment): ChildProcess {
    return spawn(program, args, {
      cwd: this.folder,
      env: { ...this.image.environment, TMPDIR: join(this.folder, 'tmp'), ...environment },
      ...(process.getuid?.() === 0 && this.image.user),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** A port that nobody uses just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
