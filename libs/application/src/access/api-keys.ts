import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvariantViolation, ROLES, type Actor, type Role } from '@billtrail/kernel';
import { makeDataFolder } from '../data-folder.js';

interface StoredKey {
  readonly actorId: string;
  readonly role: Role;
  /** SHA-256 of the key. The key itself has 256 random bits, so a fast hash is enough. */
  readonly hash: string;
  readonly createdAt: string;
}

const PREFIX = 'bt_';

/** The API keys of one data folder: stored as hashes in `access.json`, shown once when made, looked up on every request. */
export class ApiKeys {
  private byHash = new Map<string, StoredKey>();
  private readAt = -1;

  constructor(private readonly file: string) {}

  /** Makes a key and returns it. It can't be shown again. */
  create(actorId: string, role: Role, at: string): string {
    const key = PREFIX + randomBytes(32).toString('base64url');
    const keys = [...this.load(), { actorId, role, hash: hashOf(key), createdAt: at }];
    makeDataFolder(dirname(this.file));
    writeFileSync(`${this.file}.new`, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    this.readAt = -1;
    return key;
  }

  isEmpty(): boolean {
    return this.load().length === 0;
  }

  /** The actor of a key; null for an unknown one. A key made by another process works at once. */
  actorOf(key: string): Actor | null {
    if (!key.startsWith(PREFIX)) return null;
    this.load();
    const found = this.byHash.get(hashOf(key));
    return found ? { id: found.actorId, role: found.role } : null;
  }

  private load(): readonly StoredKey[] {
    if (!existsSync(this.file)) {
      this.byHash.clear();
      return [];
    }
    const changedAt = statSync(this.file).mtimeMs;
    if (changedAt !== this.readAt) {
      this.byHash = new Map(parse(readFileSync(this.file, 'utf8'), this.file).map((key) => [key.hash, key]));
      this.readAt = changedAt;
    }
    return [...this.byHash.values()];
  }
}

function parse(text: string, file: string): StoredKey[] {
  try {
    const { keys } = JSON.parse(text) as { keys: StoredKey[] };
    if (
      keys.every((key) => typeof key.hash === 'string' && typeof key.actorId === 'string' && ROLES.includes(key.role))
    )
      return keys;
  } catch {
    // Reported below, with a remedy.
  }
  throw new InvariantViolation(
    `${file} does not contain API keys; restore it, or delete it and make new keys: billtrail key new --role admin`,
  );
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
