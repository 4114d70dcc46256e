import 'reflect-metadata';
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { ClockSuspect, StoreUnavailable, recordingTime } from '@billtrail/event-store';
import { Billtrail, makeFirstKey, storesSetting, systemClock, type StoresSetting } from '@billtrail/application';
import { VaultUnavailable } from '@billtrail/vault';
import { LIMITS } from './http/limits.js';
import { createServer } from './server.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: './data' },
    port: { type: 'string', default: '3000' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

/** So that a command that is told here works on the folder of this server. */
const dataOption = values.data === './data' ? '' : `--data ${values.data} `;

/** Milliseconds from the signal to the end of the process, whatever is still under way: what was acknowledged is on the disk. */
const MOST_MS_TO_END = 4_800;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.once(signal, () => setTimeout(() => process.exit(0), MOST_MS_TO_END).unref());

// Whoever started this server was killed: nobody could stop it any more, and it would hold its port and folder.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Whose word on where a request comes from is believed: addresses and networks, with commas between. */
function trustedProxies(): readonly string[] {
  const given = (process.env['BILLTRAIL_TRUSTED_PROXIES'] ?? '').split(',').map((one) => one.trim());
  const named = given.filter((one) => one !== '');
  const wrong = named.find((one) => isIP(one.replace(/\/\d{1,3}$/, '')) === 0);
  if (wrong === undefined) return named;
  process.stderr.write(
    `BILLTRAIL_TRUSTED_PROXIES: ${wrong} is no address and no network. Name addresses or networks, with commas between: 10.0.0.7,192.168.0.0/16\n`,
  );
  return process.exit(2);
}

/** What the one that leads holds. */
function leaseHeld({ storeUrl }: StoresSetting): string {
  return storeUrl === undefined
    ? 'Another process holds the lease of the folder (server.lock)'
    : 'Another node holds the lease of the log in BILLTRAIL_STORE';
}

try {
  const stores = storesSetting(process.env);
  const app = await createServer(
    {
      dataDir: values.data,
      ...stores,
      follow: true,
      checkFiles: true,
      lease: true,
      onFailure: (error) => {
        process.stderr.write(
          `The server has stopped following the log: ${error instanceof Error ? error.message : String(error)}\n`,
        );
        process.exit(1);
      },
      onParked: ({ stream, position, period, clients, readModels, cause }) => {
        const parked = { stream, position: String(position), period, clients, readModels, cause };
        process.stderr.write(`${JSON.stringify({ level: 'error', context: 'parked', message: parked })}\n`);
      },
      onPolicyTrouble: ({ policy, cause }) => {
        process.stderr.write(`The policy ${policy} failed for some clients and will retry: ${cause}\n`);
      },
    },
    LIMITS,
    trustedProxies(),
  );
  await app.listen(Number(values.port), values.host);
  const address = (await app.getUrl()).replace('127.0.0.1', 'localhost');
  print(`Billtrail listens on ${address}  (data in ${values.data})`);
  const billtrail = app.get(Billtrail);
  const { store, models, modelsWereDamaged, vault, vaultNotices } = billtrail;
  const damage = store.damage();
  const newest = damage === null ? await store.newest() : null;
  // A log that someone put back by hand is told by its end.
  if (newest !== null) print(`The log ends at ${newest.position}, recorded ${newest.recordedAt}`);
  const time = newest === null ? null : recordingTime(systemClock(), newest.recordedAt);
  if (time instanceof ClockSuspect) process.stderr.write(`${time.name}: ${time.message}. ${time.remedy}\n`);
  if (damage !== null) process.stderr.write(`StoreUnavailable: ${damage.message}\n`);
  // Beside a damaged log nobody runs them.
  if (damage === null && (await billtrail.isLedElsewhere()))
    print(`${leaseHeld(stores)} and runs the policies: this one takes over when that ends`);
  for (const told of models.emptiedAtOpening()) process.stderr.write(`${told}\n`);
  if (modelsWereDamaged !== null)
    process.stderr.write(`The read models are filled anew from the log: ${modelsWereDamaged}\n`);
  for (const notice of vaultNotices) process.stderr.write(`${notice}\n`);
  print();
  // Beside a log whose keys are elsewhere an empty vault is the wrong one, and no beginning.
  const first = billtrail.vaultTrouble() === null ? await makeFirstKey(vault, billtrail.clock()) : null;
  if (first === null) {
    const persons = await vault.persons();
    if (!persons.some(({ roles }) => roles.includes('admin')))
      process.stderr.write(
        `Nobody is an admin, so nobody can register persons or make keys over HTTP: npm run -s billtrail -- ${dataOption}person add NAME --role admin\n`,
      );
    const unnamed = persons.filter(({ name }) => name === null);
    if (unnamed.length > 0)
      print(
        `To be named, for they have keys: ${unnamed.map(({ id }) => id).join(', ')}. For each: npm run -s billtrail -- ${dataOption}person change ${unnamed[0]?.id ?? ''} --name NAME`,
      );
    print('Next, try:');
    print(`  curl -s ${address}/health/ready`);
  } else {
    print(
      `${newest === null ? 'No events and no person' : 'No person'} yet. Name yourself, in quotes if there is a space in it; this prints your own key, once:`,
    );
    print(
      `  export BILLTRAIL_KEY=$(npm run -s billtrail -- ${dataOption}person add YOUR-NAME --role admin --key-only)`,
    );
    if (first === 'made before') print('Until then the first key signs in, which an earlier start has shown.');
    else {
      print(`Until then, and until ${first.expiresAt} at most, this first key signs in (docs/operations.md):`);
      print(`  ${first.key}`);
    }
    print();
    print('Next, try:');
    print(`  curl -s ${address}/v1/reconciliation -H "Authorization: Bearer $BILLTRAIL_KEY"`);
  }
  print(`  open ${address}/docs`);
  print('See it with sample data: npm run demo, then npm start -- --data demo-data');
} catch (error) {
  if (error instanceof StoreUnavailable || error instanceof VaultUnavailable) {
    process.stderr.write(`${error.name}: ${error.message}\n`);
    process.exit(5);
  }
  const code = (error as { code?: string }).code;
  if (code === 'EADDRINUSE') {
    process.stderr.write(
      `Port ${values.port} is taken. Stop the process that uses it, or use another port: npm start -- --port 3001\n`,
    );
    process.exit(2);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
