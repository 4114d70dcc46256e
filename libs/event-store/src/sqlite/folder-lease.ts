import { NEVER_LOST, type Lease } from '../lease.js';
import { openFile, type Connection } from './open-file.js';
import { isBusy } from './problems.js';

/**
 * The lease of one process on a data folder, so that of several only one does what any of them could: an exclusive transaction on a file of its own. The system frees it when
 * the process ends, however that is. It spares work, and no rule may rest on it: it is held too by a process that stands still.
 */
export class FolderLease implements Lease {
  readonly lost = NEVER_LOST;
  private held: Connection | null = null;

  constructor(private readonly file: string) {}

  /** True where this process holds it, or gets it now. If the file can't be used, every process runs the policies. */
  async take(): Promise<boolean> {
    if (this.held !== null) return true;
    let connection: Connection | null = null;
    try {
      connection = openFile({ file: this.file, look: 'never', timeoutMs: 0 }).db;
      connection.exec('BEGIN EXCLUSIVE');
      this.held = connection;
      return true;
    } catch (error) {
      connection?.close();
      return !isBusy(error);
    }
  }

  /** It is held, or another process holds it; a file that can't be used hinders nobody. */
  trouble(): null {
    return null;
  }

  async release(): Promise<void> {
    this.held?.close();
    this.held = null;
  }
}
