import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  PERSON_CATEGORY,
  isRefusal,
  refuse,
  type Actor,
  type Instant,
  type PersonEvent,
  type Refusal,
} from '@billtrail/kernel';
import { PositionUnknown, START, streamName, type EventStore } from '@billtrail/event-store';
import { openSqliteVault, type HeldKeys, type TakenKeys, type Vault } from '@billtrail/vault';
import { recordOfPerson, type PersonLog } from './record-of-person.js';

type KeyMade = Extract<PersonEvent, { type: 'KeyMade' }>;
type Log = PersonLog & Pick<EventStore, 'eventAt'>;

/** Begins the name of a folder in which a copy is opened, with the id of the process that does so. */
const MERGING = 'merging-';

/** Removes the copies of vaults that processes left behind which were killed while they merged them. */
export function removeMergedCopies(dataDir: string): void {
  for (const name of readdirSync(dataDir))
    if (name.startsWith(MERGING) && !isAnotherAlive(Number.parseInt(name.slice(MERGING.length), 10)))
      rmSync(join(dataDir, name), { recursive: true, force: true });
}

/** Of this process itself, which only begins, what has its id is an earlier one's. */
function isAnotherAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Brings the keys that another copy of the vault holds into this one: those that it lacks, none that is revoked. The file stays as it is. Doing it twice brings nothing
 * more. An API key that no event tells of is told first, as one that whoever merges has made: else they could hold a key of anybody, and nobody would know. Refuses: VaultOfAnotherLog, VaultWithoutCheckpoint, IdempotencyKeyReused. @throws VaultUnavailable where the file is no vault, or damaged
 */
export async function mergeVault(
  file: string,
  into: Vault,
  log: Log,
  { dataDir, by, at }: { readonly dataDir: string; readonly by: Actor; readonly at: Instant },
): Promise<TakenKeys | Refusal> {
  // A copy is opened: what opens a vault brings it to the present version. Beside the vault: it is as secret.
  const folder = mkdtempSync(join(dataDir, `${MERGING}${process.pid}-`));
  try {
    const copy = join(folder, 'vault.db');
    for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`);
    const held = await heldIn(copy, log);
    if (held === 'without-checkpoint') return withoutCheckpoint(file);
    if (held === 'of-another-log') return ofAnotherLog(file);
    return (await tellKeys(held, into, log, { by, at })) ?? (await into.takeKeys(held));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Once per key and whoever merges: so also where they were stopped in between. Refuses: IdempotencyKeyReused. */
async function tellKeys(
  { apiKeys }: HeldKeys,
  into: Vault,
  log: Log,
  { by, at }: { readonly by: Actor; readonly at: Instant },
): Promise<Refusal | null> {
  const there = new Set((await into.keys()).map(({ id }) => id));
  for (const { id: keyId, personId, role, revokedAt } of apiKeys) {
    if (revokedAt !== null || there.has(keyId)) continue;
    const { events } = await log.readStream(streamName(PERSON_CATEGORY, personId));
    if (events.some(({ type, data }) => type === 'KeyMade' && (data as KeyMade['data']).keyId === keyId)) continue;
    const made: Pick<KeyMade, 'type' | 'data'> = { type: 'KeyMade', data: { personId, keyId, role, replaces: null } };
    const told = await recordOfPerson(
      { log, vault: into },
      'MergeKey',
      { personId, asked: made.data, now: at },
      { actor: by, key: null, idempotencyKey: `merged-${keyId}` },
      () => Promise.resolve(made),
    );
    if (isRefusal(told)) return told;
  }
  return null;
}

async function heldIn(
  file: string,
  log: Pick<EventStore, 'eventAt'>,
): Promise<HeldKeys | 'of-another-log' | 'without-checkpoint'> {
  const vault = await openSqliteVault({ file, check: true });
  try {
    const checkpoint = await vault.checkpoint();
    if (checkpoint.is(START)) return 'without-checkpoint';
    await log.eventAt(checkpoint);
    return await vault.heldKeys();
  } catch (error) {
    if (error instanceof PositionUnknown) return 'of-another-log';
    throw error;
  } finally {
    await vault.close();
  }
}

function withoutCheckpoint(file: string): Refusal {
  return refuse(
    'VaultWithoutCheckpoint',
    `${file} has no checkpoint: it never followed a log, so nothing tells that its keys belong to this one.`,
    'Use a copy of the vault that was made beside this log, once a command or a server had run on it.',
    { file },
  );
}

function ofAnotherLog(file: string): Refusal {
  return refuse(
    'VaultOfAnotherLog',
    `${file} is the vault of another log, or of this one as it was not restored: where it stopped following, this log has another event, or none.`,
    'Use a copy of the vault that was made beside this log, up to what it holds now.',
    { file },
  );
}
