import { join } from 'node:path';
import { openAccessRecord, type AccessRecord } from '@billtrail/vault';

const IN_MEMORY = ':memory:';

/** The record of who asked in a data folder; null: in memory. Where its file can't be used, as on a full disk, it is kept in memory, and that is told: nothing waits for it. */
export function accessRecordIn(dataDir: string | null): {
  readonly accessRecord: AccessRecord;
  readonly notices: readonly string[];
} {
  if (dataDir === null) return { accessRecord: openAccessRecord({ file: IN_MEMORY }), notices: [] };
  const file = join(dataDir, 'access-record.db');
  try {
    return { accessRecord: openAccessRecord({ file }), notices: [] };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      accessRecord: openAccessRecord({ file: IN_MEMORY }),
      notices: [
        `Who is refused and who reads what is personal is kept in memory alone, for ${file} can't be used: ${cause}`,
      ],
    };
  }
}
