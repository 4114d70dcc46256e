import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { StoreUnavailable } from '@billtrail/event-store';
import { ApiKeys, systemClock } from '@billtrail/application';
import { createServer } from './server.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: './data' },
    port: { type: 'string', default: '3000' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

function tell(line = ''): void {
  process.stdout.write(`${line}\n`);
}

try {
  const app = await createServer({
    dataDir: values.data,
    follow: true,
    onFailure: (error) => {
      process.stderr.write(
        `Following the log has stopped: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      process.exit(1);
    },
  });
  await app.listen(Number(values.port), values.host);
  const address = await app.getUrl();
  tell(`Billtrail listens on ${address.replace('127.0.0.1', 'localhost')}  (data in ${values.data})`);
  const keys = app.get(ApiKeys);
  if (keys.isEmpty()) {
    const key = keys.create('owner', 'admin', systemClock());
    tell();
    tell(
      'First start: this is your API key. It is shown once; "npm run -s billtrail -- key new --role admin" makes another.',
    );
    tell(`  ${key}`);
    tell();
    tell('Next, try:');
    tell(`  export KEY=${key}`);
    tell(`  curl -s ${address.replace('127.0.0.1', 'localhost')}/reconciliation -H "Authorization: Bearer $KEY"`);
  } else {
    tell('Next, try:');
    tell(`  curl -s ${address.replace('127.0.0.1', 'localhost')}/health/ready`);
  }
  tell(`  open ${address.replace('127.0.0.1', 'localhost')}/docs                  every route, to try out`);
  tell('  npm run demo                                     a sample month with 57 leaks, found');
} catch (error) {
  if (error instanceof StoreUnavailable) {
    process.stderr.write(`StoreUnavailable: ${error.message}\n`);
    process.exit(5);
  }
  const code = (error as { code?: string }).code;
  if (code === 'EADDRINUSE') {
    process.stderr.write(
      `Port ${values.port} is taken. Stop what uses it, or start with another: npm start -- --port 3001\n`,
    );
    process.exit(2);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
