import { fork, type ChildProcess } from 'node:child_process';
import type { ServerTask, Told, ToldClock } from './server-child.js';

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly as?: string;
  readonly body?: object | string | null;
  readonly key?: string | null;
  readonly ifMatch?: string | null;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** A server in a process of its own, which can be stopped, killed and told another time. */
export class ServerProcess {
  private isMeantToEnd = false;
  /** How it ended, where nobody had asked it to. */
  endedByItself: string | null = null;
  /** Types of events that it appended. */
  readonly appends = new Set<string>();
  /** The type of event after which it killed itself. */
  diedAfter: string | null = null;

  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string,
    private readonly keys: Readonly<Record<string, string>>,
    /** It was told where to kill itself. */
    readonly mayDie: boolean,
  ) {
    child.on('message', (told: Told) => {
      if ('failed' in told) this.endedByItself ??= told.failed;
      if ('appends' in told) this.appends.add(told.appends);
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.diedAfter = text.trim()));
    child.on('exit', (code, signal) => {
      // Whoever gave it a place to die at expects just that.
      const isExpected = this.isMeantToEnd || (mayDie && signal === 'SIGKILL');
      if (!isExpected) this.endedByItself ??= `it ended with ${code ?? signal}`;
    });
  }

  /** `file`: the built `server-child.js`. */
  static start(file: string, task: ServerTask): Promise<ServerProcess> {
    const child = fork(file, [JSON.stringify(task)], {
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void =>
        reject(new Error(`the server ended with ${code} before it listened`));
      child.once('exit', ended);
      child.once('message', (told: Told) => {
        child.off('exit', ended);
        if ('address' in told) resolve(new ServerProcess(child, told.address, told.keys, task.dies !== undefined));
        else reject(new Error(JSON.stringify(told)));
      });
    });
  }

  /** @throws where no answer came, in that time where one is given */
  async send<Body = unknown>(
    { method = 'POST', path, as = 'admin-1', body = {}, key = null, ifMatch = null }: Request,
    withinMs?: number,
  ): Promise<Answer<Body>> {
    const hasBody = method === 'POST';
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.keys[as] ?? ''}`,
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...(key === null ? {} : { 'idempotency-key': key }),
        ...(ifMatch === null ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
      ...(withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  tellClock(clock: ToldClock): void {
    // One that is about to die need not hear it.
    if (this.isRunning && this.child.connected) this.child.send({ clock }, () => undefined);
  }

  /** It does nothing until {@link thaw}, as a process that lost its processor. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Lets it end by itself, with what is under way. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.isMeantToEnd = true;
    if (!this.isRunning) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill(signal);
    });
  }
}
