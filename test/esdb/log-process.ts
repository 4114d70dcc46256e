import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogFault } from './log-child.js';

/** Only in the built product there is code that a process can run. */
const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'log-child.js');

/** The protocol server in a process of its own, which can be stopped and goes wrong as it is told. What it holds ends with it. */
export class LogProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static start(): Promise<LogProcess> {
    const child = fork(CHILD, { execArgv: ['--enable-source-maps'] });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the log ended with ${code} before it listened`)));
      child.once('message', ({ port }: { readonly port: number }) => resolve(new LogProcess(child, port)));
    });
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  goesWrong(fault: LogFault): void {
    this.child.send(fault);
  }

  /** It does nothing until {@link thaw}, as a process that lost its processor. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.child.removeAllListeners('exit');
      this.child.once('exit', () => resolve());
      this.child.kill('SIGKILL');
    });
  }
}
