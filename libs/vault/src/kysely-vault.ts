import { randomBytes } from 'node:crypto';
import { Kysely, sql, type Dialect, type Transaction } from 'kysely';
import { invariant, type Instant } from '@billtrail/kernel';
import { KEY_BYTES, Position, START, type KeysByStream, type StreamName } from '@billtrail/event-store';
import type { GateShut, KeptHome, LastNumber, Place } from './home.js';
import { adopt, homeIn, noteAdopter, noteNumber, shutGate, takeHome } from './kept-home.js';
import { patiently, type Patience } from './patiently.js';
import {
  changePerson,
  endUnlessLast,
  insertFirstKey,
  insertKeyInPlaceOf,
  insertKeys,
  keysOf,
  personsIn,
  savePerson,
  stateAndKey,
  takeApiKeys,
} from './people.js';
import type {
  ApiKey,
  Followed,
  HeldKeys,
  HeldStreamKey,
  KeyOfPerson,
  KeyRevocation,
  NewApiKey,
  Person,
  RequestsOfMinute,
  SecretName,
  SignInEnding,
  StatedOfPerson,
  TakenKeys,
  Vault,
} from './port.js';
import { countRequest } from './requests-of-minute.js';
import { rowsInStatements } from './statements.js';
import { migrate, type Tables } from './tables.js';
import { DIGITS_KEPT, isAfter, newMark, type VaultState } from './vault-state.js';
import { VaultSetBack, type VaultUnavailable } from './vault-unavailable.js';

/** A database as it was opened once. */
interface OpenedDatabase {
  readonly dialect: Dialect;
  /** As of {@link Vault.lost}; `VaultSetBack` where another file is in its place. */
  readonly lost: () => VaultUnavailable | null;
}

/** Which database it is, and what is its own. */
export interface VaultDatabase extends Patience {
  readonly connect: () => Promise<OpenedDatabase>;
  /** Lets one process at a time go on with a migration, until its transaction ends. */
  readonly lockMigration: (transaction: Transaction<Tables>) => Promise<void>;
  /** Turns what the driver threw into {@link VaultUnavailable}; what the environment did not cause is returned unchanged. */
  readonly translate: (error: unknown) => unknown;
}

/** What is open: it is exchanged where its file was. */
interface Open {
  readonly db: Kysely<Tables>;
  readonly lost: () => VaultUnavailable | null;
}

/** The only row of its table. */
const THE_CHECKPOINT = 1;
const THE_STATE = 1;

const SET_BACK = 'the vault was set back to what it held before, or the keys of another copy were brought into it';

/** The vault over any database that Kysely speaks. */
export class KyselyVault implements Vault {
  private closing: Promise<void> | null = null;
  /** What was open before its file was exchanged: a question may still be under way there. */
  private readonly before: Kysely<Tables>[] = [];
  private readonly listeners: ((error: VaultSetBack) => void)[] = [];
  /** Nothing is asked or written before the vault is taken as it is; null: it is as it was left. */
  private setBack: VaultSetBack | null = null;

  private constructor(
    private readonly database: VaultDatabase,
    private open: Open,
    /** As this process has seen it last. */
    private seen: VaultState,
  ) {}

  /** Makes the tables where they are missing. @throws VaultUnavailable */
  static async open(database: VaultDatabase): Promise<KyselyVault> {
    const { open, seen } = await opened(database);
    return new KyselyVault(database, open, seen);
  }

  async savePerson(person: Person): Promise<void> {
    await this.write((transaction) => savePerson(transaction, person));
  }

  async changePerson(id: string, version: number, stated: StatedOfPerson): Promise<Person | null> {
    return this.write((transaction) => changePerson(transaction, id, version, stated));
  }

  async person(id: string): Promise<Person | null> {
    const [found] = await this.asking(() => personsIn(this.db, id));
    return found ?? null;
  }

  async persons(): Promise<readonly Person[]> {
    return this.asking(() => personsIn(this.db));
  }

  async addKeys(keys: readonly NewApiKey[]): Promise<void> {
    await this.write((transaction) => insertKeys(transaction, keys));
  }

  async addFirstKey(key: NewApiKey): Promise<boolean> {
    return this.write((transaction) => insertFirstKey(transaction, key));
  }

  async countRequest(keyId: string, nowMs: number): Promise<RequestsOfMinute> {
    return this.asking(() => patiently(this.database, () => countRequest(this.db, keyId, nowMs)));
  }

  async replaceKey(replaced: KeyRevocation, key: NewApiKey): Promise<boolean> {
    return this.write((transaction) => insertKeyInPlaceOf(transaction, replaced, key));
  }

  async endUnlessLast(ending: SignInEnding, isOfKind: (key: ApiKey) => boolean): Promise<ApiKey | null> {
    return this.write((transaction) => endUnlessLast(transaction, ending, isOfKind));
  }

  async keyWith(hash: string): Promise<KeyOfPerson | null> {
    const replaced = this.lost();
    if (replaced instanceof VaultSetBack) throw replaced;
    const before = this.seen;
    const { key, ...state } = await this.asking(() => stateAndKey(this.db, hash));
    this.look(state, before);
    return key;
  }

  async noteUse(keyId: string, at: Instant): Promise<void> {
    await this.write(async (transaction) => {
      await transaction.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', keyId).execute();
    });
  }

  async keys(): Promise<readonly ApiKey[]> {
    return this.asking(() => keysOf(this.db));
  }

  async streamKeys(streams: readonly StreamName[]): Promise<KeysByStream> {
    return this.asking(() => keysIn(this.db, streams));
  }

  async makeStreamKeys(streams: readonly StreamName[]): Promise<KeysByStream> {
    return this.write(async (transaction) => {
      const held = await keysIn(transaction, streams);
      // In one order, so that two processes do not wait for each other.
      const without = [...new Set(streams)].filter((stream) => (held.get(stream)?.keys ?? []).length === 0).sort();
      if (without.length === 0) return held;
      const rows = without.map((stream) => ({
        stream,
        after_loss: held.get(stream)?.lostUpTo ?? 0,
        key: randomBytes(KEY_BYTES).toString('base64'),
      }));
      for (const some of rowsInStatements(rows))
        await transaction
          .insertInto('stream_keys')
          .values(some)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      return keysIn(transaction, streams);
    });
  }

  async heldKeys(): Promise<HeldKeys> {
    const apiKeys = await this.keys();
    const rows = await this.asking(() => this.db.selectFrom('stream_keys').selectAll().orderBy('stream').execute());
    const streamKeys = rows.map(({ stream, after_loss, key }) => {
      return { stream, afterLoss: Number(after_loss), key: Buffer.from(key, 'base64') };
    });
    return { persons: await this.persons(), apiKeys, streamKeys };
  }

  async takeKeys({ persons, apiKeys, streamKeys }: HeldKeys): Promise<TakenKeys> {
    const taken = await this.write(async (transaction) => {
      const keys = await takeApiKeys(transaction, { persons, apiKeys });
      const ofStreams = await takeStreamKeys(transaction, streamKeys);
      if (keys + ofStreams.streamKeys > 0)
        await transaction.updateTable('vault_state').set({ changes: 0, marks: newMark() }).execute();
      return { apiKeys: keys, ...ofStreams };
    });
    if (taken.apiKeys + taken.streamKeys > 0) this.tellSetBack(new VaultSetBack(SET_BACK));
    return taken;
  }

  async secret(name: SecretName): Promise<Buffer> {
    const known = await this.asking(() => secretIn(this.db, name));
    if (known !== null) return known;
    return this.write(async (transaction) => {
      await transaction
        .insertInto('secrets')
        .values({ name, secret: randomBytes(KEY_BYTES).toString('base64') })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const made = await secretIn(transaction, name);
      invariant(made !== null, `the secret ${name} was made`);
      return made;
    });
  }

  async startAnew(): Promise<void> {
    await this.write(async (transaction) => {
      await transaction.deleteFrom('stream_key_losses').execute();
      await transaction.deleteFrom('log_checkpoint').execute();
      await shutGate(transaction, { why: 'not-in-log', asksForNumbers: true });
    });
  }

  async home(): Promise<KeptHome> {
    return this.asking(() => homeIn(this.db));
  }

  async takeHome(place: Place, logId: string | null): Promise<void> {
    await this.write((transaction) => takeHome(transaction, place, logId));
  }

  async shutGate(shut: Omit<GateShut, 'id'>): Promise<GateShut> {
    return this.write((transaction) => shutGate(transaction, shut));
  }

  async noteAdopter(place: Place): Promise<void> {
    await this.write((transaction) => noteAdopter(transaction, place));
  }

  async noteNumber(last: LastNumber): Promise<void> {
    await this.write((transaction) => noteNumber(transaction, last));
  }

  async checkpoint(): Promise<Position> {
    const row = await this.asking(() => this.db.selectFrom('log_checkpoint').select('position').executeTakeFirst());
    return (row && Position.parse(row.position)) ?? START;
  }

  async follow({ revocations, losses, adoptions = [], checkpoint }: Followed): Promise<void> {
    await this.write(async (transaction) => {
      const rows = revocations.map(({ keyId, revokedAt }) => ({ key_id: keyId, revoked_at: revokedAt }));
      for (const some of rowsInStatements(rows))
        await transaction
          .insertInto('key_revocations')
          .values(some)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      const told = losses.map(({ stream, upTo }) => ({ stream, lost_up_to: upTo }));
      for (const loss of told)
        await transaction
          .insertInto('stream_key_losses')
          .values(loss)
          .onConflict((conflict) =>
            conflict.column('stream').doUpdateSet(loss).where('stream_key_losses.lost_up_to', '<', loss.lost_up_to),
          )
          .execute();
      for (const adoption of adoptions) await adopt(transaction, adoption);
      const position = checkpoint.toString();
      await transaction
        .insertInto('log_checkpoint')
        .values({ id: THE_CHECKPOINT, position })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ position }))
        .execute();
    });
  }

  onSetBack(listener: (error: VaultSetBack) => void): void {
    this.listeners.push(listener);
  }

  async takeAsItIs(): Promise<void> {
    const lost = this.open.lost();
    if (lost !== null && !(lost instanceof VaultSetBack)) throw lost;
    if (lost === null) this.seen = await prepared(this.db, this.database);
    else {
      const { open, seen } = await opened(this.database);
      this.before.push(this.db);
      this.open = open;
      this.seen = seen;
    }
    this.setBack = null;
  }

  lost(): VaultUnavailable | null {
    const lost = this.open.lost();
    if (lost instanceof VaultSetBack) this.tellSetBack(lost);
    return lost;
  }

  async close(): Promise<void> {
    this.closing ??= Promise.all([this.db, ...this.before].map((db) => db.destroy())).then(() => undefined);
    await this.closing;
  }

  private get db(): Kysely<Tables> {
    return this.open.db;
  }

  /** Compares what the vault was with what this process had seen when it asked: answers of several connections come in any order. @throws VaultSetBack */
  private look(now: VaultState, before: VaultState): void {
    if (this.setBack === null && !isAfter(now, before)) this.tellSetBack(new VaultSetBack(SET_BACK));
    if (this.setBack !== null) throw this.setBack;
    if (now.changes > this.seen.changes) this.seen = now;
  }

  private tellSetBack(error: VaultSetBack): void {
    if (this.setBack !== null) return;
    this.setBack = error;
    for (const listener of this.listeners) listener(error);
  }

  private async write<Done>(work: (transaction: Transaction<Tables>) => Promise<Done>): Promise<Done> {
    const { done, state } = await this.asking(() =>
      patiently(this.database, () =>
        this.db.transaction().execute(async (transaction) => {
          const changed = await marked(transaction);
          // Nobody else writes meanwhile, so none has seen a later state.
          if (this.setBack !== null || !isAfter(changed, this.seen)) this.look(changed, this.seen);
          return { done: await work(transaction), state: changed };
        }),
      ),
    );
    this.look(state, state);
    // Afterwards: only then is it known to be in the file that stays.
    const lost = this.lost();
    if (lost !== null) throw lost;
    return done;
  }

  private async asking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      throw this.database.translate(error);
    }
  }
}

/** @throws VaultUnavailable */
async function opened(database: VaultDatabase): Promise<{ readonly open: Open; readonly seen: VaultState }> {
  const { dialect, lost } = await database.connect();
  const db = new Kysely<Tables>({ dialect });
  try {
    return { open: { db, lost }, seen: await prepared(db, database) };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Makes its tables, or brings them to the present version, and looks at its state. @throws VaultUnavailable */
async function prepared(db: Kysely<Tables>, database: VaultDatabase): Promise<VaultState> {
  try {
    await patiently(database, () =>
      db.transaction().execute((transaction) => migrate(transaction, database.lockMigration)),
    );
    const { changes, marks } = await db
      .selectFrom('vault_state')
      .select(['changes', 'marks'])
      .executeTakeFirstOrThrow();
    return { changes: Number(changes), marks };
  } catch (error) {
    throw database.translate(error);
  }
}

/** Marks a write, first of all in its transaction: so those of several processes come one after the other. */
async function marked(transaction: Transaction<Tables>): Promise<VaultState> {
  const { changes, marks } = await transaction
    .updateTable('vault_state')
    .set({
      changes: sql<number>`changes + 1`,
      marks: sql<string>`substr(${newMark()} || marks, 1, ${sql.lit(DIGITS_KEPT)})`,
    })
    .where('id', '=', THE_STATE)
    .returning(['changes', 'marks'])
    .executeTakeFirstOrThrow();
  return { changes: Number(changes), marks };
}

async function takeStreamKeys(
  transaction: Transaction<Tables>,
  keys: readonly HeldStreamKey[],
): Promise<Omit<TakenKeys, 'apiKeys'>> {
  let [streamKeys, otherKeys] = [0, 0];
  for (const some of rowsInStatements(keys)) {
    const rows = await transaction
      .selectFrom('stream_keys')
      .selectAll()
      .where(
        'stream',
        'in',
        some.map(({ stream }) => stream),
      )
      .execute();
    const held = new Map(rows.map(({ stream, after_loss, key }) => [`${after_loss} ${stream}`, key]));
    const lacking = some.filter(({ stream, afterLoss, key }) => {
      const inPlace = held.get(`${afterLoss} ${stream}`);
      if (inPlace !== undefined && inPlace !== key.toString('base64')) otherKeys++;
      return inPlace === undefined;
    });
    const values = lacking.map(({ stream, afterLoss, key }) => {
      return { stream, after_loss: afterLoss, key: key.toString('base64') };
    });
    if (values.length > 0) await transaction.insertInto('stream_keys').values(values).execute();
    streamKeys += values.length;
  }
  return { streamKeys, otherKeys };
}

/** With one question for some hundred streams. The keys of a stream come with the one made last first. */
async function keysIn(db: Kysely<Tables>, streams: readonly StreamName[]): Promise<KeysByStream> {
  const found = new Map<StreamName, { keys: Buffer[]; lostUpTo: number }>();
  for (const some of rowsInStatements(streams)) {
    const rows = await db
      .selectFrom('stream_keys')
      .select((of) => ['stream', 'after_loss as at', of.ref('key').$castTo<string | null>().as('key')])
      .where('stream', 'in', some)
      .unionAll(
        db
          .selectFrom('stream_key_losses')
          .select(['stream', 'lost_up_to as at', sql<string | null>`NULL`.as('key')])
          .where('stream', 'in', some),
      )
      .orderBy('at', 'desc')
      .execute();
    for (const { stream, at, key } of rows) {
      const held = found.get(stream) ?? { keys: [], lostUpTo: 0 };
      found.set(stream, held);
      if (key === null) held.lostUpTo = Number(at);
      else held.keys.push(Buffer.from(key, 'base64'));
    }
  }
  return found;
}

async function secretIn(db: Kysely<Tables>, name: SecretName): Promise<Buffer | null> {
  const row = await db.selectFrom('secrets').select('secret').where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : Buffer.from(row.secret, 'base64');
}
