import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { invariant } from '@billtrail/kernel';
import { Position } from '@billtrail/event-store';
import type { GateShut, KeptHome, LastNumber, Place, WhyShut } from './home.js';
import type { LogAdoption } from './port.js';
import type { Tables } from './tables.js';

/** The only row of its table. */
const THE_HOME = 1;
/** What is true of a place or a vault, and not of the log: whatever shut the gate before says more. */
const LESSER: ReadonlySet<WhyShut> = new Set(['moved', 'new-vault']);

export async function homeIn(db: Kysely<Tables>): Promise<KeptHome> {
  const row = await db.selectFrom('log_home').selectAll().where('id', '=', THE_HOME).executeTakeFirstOrThrow();
  const numbers = await db.selectFrom('last_numbers').selectAll().orderBy('series').execute();
  return {
    vaultId: row.vault_id,
    place: row.place === null ? null : { home: row.place, told: row.place_told ?? '' },
    logId: row.log_id,
    shut: shutIn(row),
    numbers: numbers.map(({ series, number, position }) => ({
      series,
      number: Number(number),
      position: at(position),
    })),
  };
}

export async function takeHome(db: Transaction<Tables>, { home, told }: Place, logId: string | null): Promise<void> {
  const row = await db.selectFrom('log_home').selectAll().where('id', '=', THE_HOME).executeTakeFirstOrThrow();
  await db
    .updateTable('log_home')
    .set({ ...(row.place === null && { place: home, place_told: told }), log_id: row.log_id ?? logId })
    .where('id', '=', THE_HOME)
    .execute();
}

export async function shutGate(
  db: Transaction<Tables>,
  { why, asksForNumbers }: Omit<GateShut, 'id'>,
): Promise<GateShut> {
  const row = await db.selectFrom('log_home').selectAll().where('id', '=', THE_HOME).executeTakeFirstOrThrow();
  const before = shutIn(row);
  if (before !== null && LESSER.has(why)) return before;
  const asks = asksForNumbers || before?.asksForNumbers === true;
  const shut = { id: randomBytes(16).toString('hex'), why, asksForNumbers: asks };
  await db
    .updateTable('log_home')
    .set({ shut_id: shut.id, shut_why: why, asks_for_numbers: asks ? 1 : 0 })
    .where('id', '=', THE_HOME)
    .execute();
  return shut;
}

export async function noteAdopter(db: Transaction<Tables>, { home, told }: Place): Promise<void> {
  await db.updateTable('log_home').set({ adopter: home, adopter_told: told }).where('id', '=', THE_HOME).execute();
}

export async function noteNumber(db: Transaction<Tables>, { series, number, position }: LastNumber): Promise<void> {
  const told = { number, position: position.toString() };
  await db
    .insertInto('last_numbers')
    .values({ series, ...told })
    .onConflict((conflict) => conflict.column('series').doUpdateSet(told).where('last_numbers.number', '<', number))
    .execute();
}

/** Opens the gate that was shut under the id, and knows the numbers that the log goes on from; what was adopted at another time changes nothing. */
export async function adopt(db: Transaction<Tables>, adoption: LogAdoption): Promise<void> {
  const { logId, home, opens, numbers, position } = adoption;
  const row = await db.selectFrom('log_home').selectAll().where('id', '=', THE_HOME).executeTakeFirstOrThrow();
  if (row.shut_id !== opens) return;
  await db
    .updateTable('log_home')
    .set({
      place: home,
      place_told: row.adopter === home ? row.adopter_told : null,
      adopter: null,
      adopter_told: null,
      log_id: logId,
      shut_id: null,
      shut_why: null,
      asks_for_numbers: 0,
    })
    .where('id', '=', THE_HOME)
    .execute();
  await db.deleteFrom('last_numbers').execute();
  for (const { series, last } of numbers) await noteNumber(db, { series, number: last, position });
}

function shutIn({ shut_id, shut_why, asks_for_numbers }: Tables['log_home']): GateShut | null {
  if (shut_id === null) return null;
  invariant(shut_why !== null, 'a gate is shut for a reason');
  return { id: shut_id, why: shut_why, asksForNumbers: asks_for_numbers === 1 };
}

function at(text: string): Position {
  const position = Position.parse(text);
  invariant(position !== null, `${text} is the position of a number`);
  return position;
}
