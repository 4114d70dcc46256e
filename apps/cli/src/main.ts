import 'reflect-metadata';
import { EXIT, run } from '@billtrail/command-line';

// A reader may stop reading (`| head`), which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const code = await run(process.argv.slice(2));
// `serve` sets the code of the server that it ran.
process.exitCode = code === EXIT.done ? (process.exitCode ?? code) : code;
