import { sql, PostgresDialect } from 'kysely';
import { hasEncodedUser } from '@billtrail/event-store';
import { KyselyVault } from '../kysely-vault.js';
import type { Vault } from '../port.js';
import { VaultUnavailable } from '../vault-unavailable.js';

/** Connections of one process. Its questions are short. */
const MAX_CONNECTIONS = 4;
const CONNECT_TIMEOUT_MS = 5_000;
/** A server that does not answer a statement for so long has stopped. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Any number that nothing else in the database locks. */
const MIGRATION_LOCK = 0x4254_5641;

/** Another transaction was in the way: serialization, deadlock, lock not free. */
const IN_THE_WAY = /^(40001|40P01|55P03)$/;
/** Our statements are wrong: data, constraints, syntax. Everything else is the environment's. */
const OUR_OWN = /^(22|23|42)/;
/** But for a table that is not there: while the database is put back from a copy. */
const NO_TABLE = '42P01';

/** @throws VaultUnavailable where it is no URL of a PostgreSQL database. Nothing of it is repeated: it may be a part of a password */
export function assertVaultUrl(url: string): void {
  if (!/^postgres(ql)?:\/\//.test(url)) throw noVaultUrl('is none of a PostgreSQL database');
  if (!hasEncodedUser(url)) throw noVaultUrl('has more than one @, or a /, ? or # in its user or password');
  // A folder of sockets has no host: what the driver puts there itself.
  if (!URL.canParse(url.replace('@/', '@host/')))
    throw noVaultUrl('is no URL: its host or its port (1 to 65535) is none');
}

function noVaultUrl(why: string): VaultUnavailable {
  return new VaultUnavailable(
    `the URL of the vault (BILLTRAIL_VAULT_URL) ${why}`,
    'Set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE, user and password percent-encoded: @ is %40, / is %2F',
  );
}

/**
 * Opens the vault in a PostgreSQL database of its own, which several machines can share. `url` is `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`; it is a
 * secret, and in no message.
 * @throws VaultUnavailable
 */
export async function openPostgresVault(url: string): Promise<Vault> {
  assertVaultUrl(url);
  // Only those pay for the driver who use it.
  const { default: pg } = await import('pg');
  const connect = async () => {
    const pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
    });
    // An idle connection that the server ends is made again by the next question.
    pool.on('error', () => undefined);
    return { dialect: new PostgresDialect({ pool }), lost: () => null };
  };
  return KyselyVault.open({
    connect,
    lockMigration: async (transaction) => {
      await sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    },
    isInTheWay: (error) => IN_THE_WAY.test(codeOf(error)),
    translate: translated,
  });
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

function translated(error: unknown): unknown {
  const code = codeOf(error);
  const { message = '' } = (error ?? {}) as { readonly message?: string };
  // The driver's own errors have no code. A mistake of ours is thrown as it is.
  if ((OUR_OWN.test(code) && code !== NO_TABLE) || (code === '' && !/connect|terminated|timeout/i.test(message)))
    return error;
  // Where several addresses of a host were tried, the message is empty.
  return new VaultUnavailable(
    `the vault's PostgreSQL can't be used: ${message === '' ? code : message}`,
    'Check that the server runs and takes connections, and that BILLTRAIL_VAULT_URL is right, then try again',
    { cause: error },
  );
}
