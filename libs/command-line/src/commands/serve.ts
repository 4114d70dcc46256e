import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { GlobalOptions } from '../session.js';

const API = fileURLToPath(new URL('../../../../apps/api/src/main.js', import.meta.url));

/** Whoever sends one wants the server to end. */
const ENDINGS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function serveCommand(): Command {
  return new Command('serve')
    .description('start the HTTP API on the data folder')
    .option('--port <port>', 'port to listen on', portNumber, 3000)
    .option('--host <host>', 'address to listen on; anything but loopback is open to the network', '127.0.0.1')
    .action(async (_options, self: Command) => {
      const { data, port, host } = self.optsWithGlobals<GlobalOptions & { port: number; host: string }>();
      // A separate process: a library imports no app, and the server handles its own signals.
      // The channel tells the server of an end of this process that lets it pass on no signal.
      const child = spawn(
        process.execPath,
        [...process.execArgv, API, '--data', data, '--port', String(port), '--host', host],
        { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
      );
      for (const signal of ENDINGS) process.on(signal, () => child.kill(signal));
      process.on('disconnect', () => child.kill('SIGTERM'));
      process.channel?.unref();
      // Of its own accord, once it has finished what was under way, it ends by the signal that told it to end: that is no failure.
      process.exitCode = await new Promise<number>((resolve) =>
        child.on('exit', (code, signal) => resolve(code ?? (signal !== null && ENDINGS.includes(signal) ? 0 : 1))),
      );
    });
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Use a port from 0 to 65535.');
  return port;
}
