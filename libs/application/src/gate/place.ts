import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Place } from '@billtrail/vault';

/** Where this process has its log. */
export interface Whereabouts {
  /** `:memory:` for a test. */
  readonly dataDir: string;
  /** The log is on an EventStoreDB, whose nodes come and go: neither their machine nor their folder is its home. */
  readonly isCluster: boolean;
  /** `BILLTRAIL_HOME`: stands for machine and path. */
  readonly homeName?: string;
  /** Tells the id of the machine; null: it has none that can be read. */
  readonly machine?: () => string | null;
}

/** The home of the log here: name or machine and path, and the id of the vault. */
export function placeOf({ dataDir, isCluster, homeName, machine = machineId }: Whereabouts, vaultId: string): Place {
  if (homeName !== undefined) return { home: hashOf('name', homeName, vaultId), told: `BILLTRAIL_HOME ${homeName}` };
  if (isCluster) return { home: hashOf('cluster', '', vaultId), told: 'the vault of the cluster' };
  const path = dataDir === ':memory:' ? dataDir : realpathSync(dataDir);
  const id = machine();
  return {
    home: hashOf('folder', id ?? '', path, vaultId),
    told: id === null ? path : `${path} on the machine ${id.slice(0, 8)}`,
  };
}

/** Written by the system when it was installed; its owner changes it where a machine is copied. */
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/** null: there is none, as in many containers. */
function machineId(): string | null {
  if (process.platform !== 'linux') return hostname();
  for (const file of MACHINE_ID_FILES) {
    try {
      const id = readFileSync(file, 'utf8').trim();
      if (id !== '') return id;
    } catch {
      // The next one, or none.
    }
  }
  return null;
}

/** Which of several parts it was can't be told from another cut. */
function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
