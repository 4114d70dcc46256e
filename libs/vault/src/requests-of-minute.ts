import { sql, type Kysely } from 'kysely';
import type { RequestsOfMinute } from './port.js';
import type { Tables } from './tables.js';

const MINUTE_MS = 60_000;
/** How far the clocks of two processes may be apart that count one key: the minute of one may have begun in the other's future. */
const APART_MS = 5_000;

/** In one statement, so that of several processes each is counted. */
export async function countRequest(db: Kysely<Tables>, keyId: string, nowMs: number): Promise<RequestsOfMinute> {
  const goesOn = sql<boolean>`${nowMs} - key_requests.begun BETWEEN ${-APART_MS} AND ${MINUTE_MS - 1}`;
  const row = await db
    .insertInto('key_requests')
    .values({ key_id: keyId, begun: nowMs, count: 1 })
    .onConflict((conflict) =>
      conflict.column('key_id').doUpdateSet({
        count: sql<number>`CASE WHEN ${goesOn} THEN key_requests.count + 1 ELSE 1 END`,
        begun: sql<number>`CASE WHEN ${goesOn} THEN key_requests.begun ELSE ${nowMs} END`,
      }),
    )
    .returning(['count', 'begun'])
    .executeTakeFirstOrThrow();
  return { count: row.count, untilMs: Number(row.begun) + MINUTE_MS };
}
