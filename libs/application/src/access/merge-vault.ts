import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refuse, type Refusal } from '@billtrail/kernel';
import { PositionUnknown, START, type EventStore } from '@billtrail/event-store';
import { openSqliteVault, type HeldKeys, type TakenKeys, type Vault } from '@billtrail/vault';

/**
 * Brings the keys that another copy of the vault holds into this one: those that it lacks, none that is revoked. The file stays as it is. Doing it twice brings nothing
 * more. Refuses: VaultOfAnotherLog. @throws VaultUnavailable where the file is no vault, or damaged
 */
export async function mergeVault(
  file: string,
  into: Vault,
  log: Pick<EventStore, 'eventAt'>,
  dataDir: string,
): Promise<TakenKeys | Refusal> {
  // A copy is opened: what opens a vault brings it to the present version. Beside the vault: it is as secret.
  const folder = mkdtempSync(join(dataDir, 'merging-'));
  try {
    const copy = join(folder, 'vault.db');
    for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`);
    const held = await heldIn(copy, log);
    return held === null ? ofAnotherLog(file) : await into.takeKeys(held);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** null: the vault has not followed this log. */
async function heldIn(file: string, log: Pick<EventStore, 'eventAt'>): Promise<HeldKeys | null> {
  const vault = await openSqliteVault({ file, check: true });
  try {
    const checkpoint = await vault.checkpoint();
    if (checkpoint.is(START)) return null;
    await log.eventAt(checkpoint);
    return await vault.heldKeys();
  } catch (error) {
    if (error instanceof PositionUnknown) return null;
    throw error;
  } finally {
    await vault.close();
  }
}

function ofAnotherLog(file: string): Refusal {
  return refuse(
    'VaultOfAnotherLog',
    `${file} is the vault of another log, or of this one as it was not restored: where it stopped following, this log has another event, or none.`,
    'Use a copy of the vault that was made beside this log, up to what it holds now.',
    { file },
  );
}
