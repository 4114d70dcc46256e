import { renameSync, rmSync } from 'node:fs';
import type { Database as Connection, Statement } from 'better-sqlite3';
import type { Instant } from '@billtrail/kernel';
import { hasPath, openFile, writeAhead } from '@billtrail/event-store';
import {
  KINDS_OF_ACCESS,
  type Access,
  type AccessAsked,
  type AccessRecord,
  type KeptAccess,
} from '../access-record.js';

export interface AccessRecordOptions {
  /** Made where it is not there; a damaged one is put aside as `FILE.damaged`. `:memory:` for one that lives as long as it is open. */
  readonly file: string;
  /** Entries of each kind that are kept. */
  readonly most?: number;
  /** Milliseconds for which they are kept. */
  readonly keptMs?: number;
  /** Reads that wait to be written, and sources that are told apart in a minute. */
  readonly waiting?: number;
}

const DAY_MS = 86_400_000;
const KEPT: Required<Omit<AccessRecordOptions, 'file'>> = { most: 200_000, keptMs: 90 * DAY_MS, waiting: 10_000 };
/** Sources that are refused something in one minute and told apart: whoever comes from more of them fills nothing. */
const SOURCES_A_MINUTE = 1_000;
const OTHERS = 'others';
/** What is told in the place of what could not be written. */
const NOT_KEPT = '(not kept)';
/** Entries after which it is looked what is to go; before the first of a process too. */
const TRIMMED_AFTER = 1_000;
const FLUSH_MS = 1_000;
const FLUSH_AT = 500;
const BUSY_TIMEOUT_MS = 100;
const MINUTE = 'YYYY-MM-DDTHH:MM'.length;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS access (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    what TEXT NOT NULL,
    person_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    count INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS refusals_of_a_minute ON access (at, source, what, person_id, key_id) WHERE kind = 'refusal';
  CREATE INDEX IF NOT EXISTS access_by_kind ON access (kind, entry);
  CREATE INDEX IF NOT EXISTS access_by_time ON access (kind, at);
`;

/** Opens the record of who asked. @throws what SQLite or the file system throws, but for a damaged file */
export function openAccessRecord({ file, ...kept }: AccessRecordOptions): AccessRecord {
  return new SqliteAccessRecord(opened(file), { ...KEPT, ...kept });
}

function opened(file: string): Connection {
  try {
    return prepared(file);
  } catch (error) {
    const { code = '' } = error as { readonly code?: string };
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(code) || !hasPath(file)) throw error;
    // What it held is no reason to keep anything from starting.
    renameSync(file, `${file}.damaged`);
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    return prepared(file);
  }
}

function prepared(file: string): Connection {
  const { db, damage } = openFile({ file, look: 'when-left-open', timeoutMs: BUSY_TIMEOUT_MS });
  try {
    if (damage !== null) throw Object.assign(new Error(damage), { code: 'SQLITE_CORRUPT' });
    if (hasPath(file)) writeAhead(db, 'NORMAL');
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

interface Row {
  readonly entry: number;
  readonly kind: Access['kind'];
  readonly at: Instant;
  readonly source: string;
  readonly what: string;
  readonly person_id: string;
  readonly key_id: string;
  readonly count: number;
}

class SqliteAccessRecord implements AccessRecord {
  private readonly reads: Access[] = [];
  private readonly refusals = new Map<string, { readonly access: Access; count: number }>();
  private minute = '';
  private readonly sources = new Set<string>();
  private notKept = 0;
  private sinceTrimmed = TRIMMED_AFTER;
  private timer: NodeJS.Timeout | null = null;
  private readonly insert: Statement;

  constructor(
    private readonly db: Connection,
    private readonly kept: Required<Omit<AccessRecordOptions, 'file'>>,
  ) {
    this.insert = db.prepare(
      `INSERT INTO access (kind, at, source, what, person_id, key_id, count) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (at, source, what, person_id, key_id) WHERE kind = 'refusal' DO UPDATE SET count = count + excluded.count`,
    );
  }

  note(access: Access): void {
    if (access.kind === 'refusal') this.sum(access);
    else if (this.reads.length < this.kept.waiting) this.reads.push(access);
    else this.notKept++;
    if (this.reads.length >= FLUSH_AT && this.notKept === 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  list({ kind, personId, keyId, since, before, limit }: AccessAsked): readonly KeptAccess[] {
    this.flush();
    const where: string[] = [];
    const values: (string | number)[] = [];
    const given = (condition: string, value: string | number | undefined) => {
      if (value === undefined) return;
      where.push(condition);
      values.push(value);
    };
    given('kind = ?', kind);
    given('person_id = ?', personId);
    given('key_id = ?', keyId);
    given('at >= ?', since === undefined ? undefined : new Date(since).toISOString());
    given('entry < ?', before);
    const rows = this.db
      .prepare(
        `SELECT * FROM access ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY entry DESC LIMIT ?`,
      )
      .all(...values, limit) as Row[];
    return rows.map(({ person_id, key_id, ...row }) => ({
      ...row,
      personId: orNull(person_id),
      keyId: orNull(key_id),
    }));
  }

  close(): void {
    this.flush();
    this.db.close();
  }

  /** By source and minute. */
  private sum({ at, source, ...rest }: Access): void {
    const minute = `${new Date(at).toISOString().slice(0, MINUTE)}:00.000Z`;
    if (minute !== this.minute) {
      this.minute = minute;
      this.sources.clear();
    }
    if (this.sources.size < SOURCES_A_MINUTE) this.sources.add(source);
    const access: Access = { ...rest, at: minute, source: this.sources.has(source) ? source : OTHERS };
    const name = [minute, access.source, access.what, access.personId, access.keyId].join(' ');
    const known = this.refusals.get(name);
    if (known !== undefined) known.count++;
    else if (this.refusals.size < this.kept.waiting) this.refusals.set(name, { access, count: 1 });
    else this.notKept++;
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const last = this.reads.at(-1) ?? [...this.refusals.values()].at(-1)?.access;
    if (last === undefined) return;
    try {
      this.db.transaction(() => this.write(last.at)).immediate();
    } catch {
      // It is tried again with what comes next.
      return;
    }
    this.reads.length = 0;
    this.refusals.clear();
    this.notKept = 0;
  }

  private write(now: Instant): void {
    for (const access of this.reads) this.add(access, 1);
    for (const { access, count } of this.refusals.values()) this.add(access, count);
    if (this.notKept > 0)
      this.add({ kind: 'read', at: now, source: OTHERS, what: NOT_KEPT, personId: null, keyId: null }, this.notKept);
    this.sinceTrimmed += this.reads.length + this.refusals.size;
    if (this.sinceTrimmed < TRIMMED_AFTER) return;
    this.trim(now);
    this.sinceTrimmed = 0;
  }

  private trim(now: Instant): void {
    const oldest = new Date(Date.parse(now) - this.kept.keptMs).toISOString();
    const { most } = this.kept;
    for (const kind of KINDS_OF_ACCESS) {
      this.db.prepare('DELETE FROM access WHERE kind = ? AND at < ?').run(kind, oldest);
      const first = this.db
        .prepare('SELECT entry FROM access WHERE kind = ? ORDER BY entry DESC LIMIT 1 OFFSET ?')
        .pluck()
        .get(kind, most) as number | undefined;
      if (first !== undefined) this.db.prepare('DELETE FROM access WHERE kind = ? AND entry <= ?').run(kind, first);
    }
  }

  private add({ kind, at, source, what, personId, keyId }: Access, count: number): void {
    // In one form, for texts are compared.
    this.insert.run(kind, new Date(at).toISOString(), source, what, personId ?? '', keyId ?? '', count);
  }
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
