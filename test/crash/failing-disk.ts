import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterPowerCut } from './disk-journal.js';
import type { ChildTask } from './store-child.js';
import { live, type Life } from './store-life.js';

const COMPILER = 'cc';
const SOURCE = 'failing-disk.c';

/** Why no disk can be made to fail here; null: one can. */
export function whyNoFailingDisk(): string | null {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  return spawnSync(COMPILER, ['--version'], { stdio: 'ignore' }).status === 0
    ? null
    : `needs a C compiler (${COMPILER})`;
}

/** Which calls fail, and from when on. */
export interface DiskFault {
  /** `sync`: fsync and fdatasync. `write`: all writes to the log's files. */
  readonly call: 'sync' | 'write';
  readonly error: 'EIO' | 'ENOSPC';
  /** 1: the first call. */
  readonly nth: number;
  /** All from then on, or only that one. */
  readonly goesOn: boolean;
}

/** A disk for one life of a child, and its files afterwards. */
export class FailingDisk {
  private readonly folder: string;
  private readonly shim: string;
  private disks = 0;

  /** Compiles what stands between SQLite and the files. */
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'billtrail-disk-'));
    this.shim = join(this.folder, 'failing-disk.so');
    const here = dirname(fileURLToPath(import.meta.url));
    // The build copies no C: from there it is found where it is written.
    const source = [join(here, SOURCE), join(here, '..', '..', '..', 'test', 'crash', SOURCE)].find(existsSync);
    if (source === undefined) throw new Error(`${SOURCE} is not there`);
    const compiled = spawnSync(COMPILER, ['-shared', '-fPIC', '-O1', '-o', this.shim, source, '-ldl', '-lpthread']);
    if (compiled.status !== 0) throw new Error(`${COMPILER} could not compile ${source}: ${String(compiled.stderr)}`);
  }

  /** Runs a child on a new disk. `isDeaf`: the seeded bug of a disk that is not asked to sync. `survived`: the file as it was left; `afterCut`: as it is after a power cut in that moment. */
  async live(
    task: Omit<ChildTask, 'file'>,
    {
      fault,
      killAfter,
      isDeaf = false,
    }: { readonly fault?: DiskFault; readonly killAfter?: number; readonly isDeaf?: boolean } = {},
  ): Promise<{
    readonly life: Life;
    readonly survived: string;
    readonly afterCut: string;
    readonly forget: () => void;
  }> {
    const place = join(this.folder, `disk${this.disks++}`);
    const [own, cut] = [join(place, 'own'), join(place, 'cut')];
    for (const folder of [own, cut]) mkdirSync(folder, { recursive: true });
    const journal = join(place, 'journal');
    const env = {
      LD_PRELOAD: this.shim,
      DISK_FOLDER: own,
      DISK_JOURNAL: journal,
      DISK_DEAF: isDeaf ? '1' : '0',
      ...(fault !== undefined && {
        DISK_CALL: fault.call,
        DISK_ERROR: fault.error,
        DISK_NTH: String(fault.nth),
        DISK_ON: fault.goesOn ? '1' : '0',
      }),
    };
    const life = await live(
      { ...task, file: join(own, 'log.db') },
      { env, ...(killAfter !== undefined && { killAfter }) },
    );
    afterPowerCut(journal, cut);
    return {
      life,
      survived: join(own, 'log.db'),
      afterCut: join(cut, 'log.db'),
      forget: () => rmSync(place, { recursive: true }),
    };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
