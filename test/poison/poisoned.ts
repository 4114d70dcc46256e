import type { Projection } from '../../libs/read-models/src/runner/projection.js';
import { ReadModels } from '@billtrail/read-models';
import { CLIENTS, emptyLog, houseTold, MONTHS, tell } from './house.js';
import type { Poison } from './random-poison.js';

const DAY = '2026-06-30';
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What each client-period answers, without the ids of events; null: that is not known. */
export type Answers = ReadonlyMap<string, string | null>;

/** All that is asked of client-periods and clients: money, and what a reconciliation says. */
async function answersOf(models: ReadModels): Promise<Answers> {
  const answers = new Map<string, string | null>();
  const put = async (name: string, ask: () => Promise<unknown>): Promise<void> => {
    try {
      answers.set(name, JSON.stringify(await ask()).replaceAll(ID, ''));
    } catch (error) {
      if ((error as Error).name !== 'NotKnown') throw error;
      answers.set(name, null);
    }
  };
  for (const clientId of Object.keys(CLIENTS))
    for (const period of MONTHS)
      await put(`${clientId} ${period}`, async () => [
        await models.billableItems.ofPeriod(clientId, period),
        await models.charges.ofPeriod(clientId, period),
        await models.billableItems.derivedGapsOfTicket(`${clientId}-${period}`),
        await models.reconciliation.of(DAY, { clientId, period }),
      ]);
  return answers;
}

async function opened(store: ReturnType<typeof emptyLog>, projections?: readonly Projection[]): Promise<ReadModels> {
  const models = await ReadModels.open({ file: ':memory:', store, ...(projections && { projections }) });
  await models.catchUp();
  return models;
}

/** Of a log without poison. */
export async function answersWithout(): Promise<Answers> {
  const store = emptyLog();
  await tell(store, houseTold());
  const models = await opened(store);
  const answers = await answersOf(models);
  await models.close();
  await store.close();
  return answers;
}

/** The client-periods of which nothing may be told: the one concerned, those that go on from it, or all of the client. */
function concernedBy({ clientId, month, concerns }: Poison): ReadonlySet<string> {
  if (concerns === 'nothing') return new Set();
  const goesOn = CLIENTS[clientId]?.prepaid !== undefined;
  const months = MONTHS.filter((one) => concerns === 'client' || one === month || (goesOn && one > month));
  return new Set(months.map((one) => `${clientId} ${one}`));
}

/** What it is told of, and what goes on from that. */
function mayChange({ clientId, month }: Poison, name: string): boolean {
  const goesOn = CLIENTS[clientId]?.prepaid !== undefined;
  return (
    name === `${clientId} ${month}` || (goesOn && name.startsWith(`${clientId} `) && name > `${clientId} ${month}`)
  );
}

/** Tells a fact of a house, and mends it. Answers what is not as it must be. */
export async function poisoned(
  poison: Poison,
  without: Answers,
  projections?: readonly Projection[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const store = emptyLog();
  await tell(store, houseTold());
  const models = await opened(store, projections);
  const concerned = concernedBy(poison);
  const check = async (when: string, read: ReadModels): Promise<void> => {
    for (const { name, state, error } of read.status()) if (state !== 'live') wrong.push(`${when}: ${name} ${error}`);
    if (wrong.length > 0) return;
    for (const [name, answer] of await answersOf(read)) {
      if (concerned.has(name) !== (answer === null))
        wrong.push(`${when}: ${name} is ${answer === null ? '' : 'not '}parked`);
      else if (answer !== null && answer !== without.get(name) && !mayChange(poison, name))
        wrong.push(`${when}: ${name} has changed`);
    }
    const lacking = (await read.reconciliation.of(DAY)).notKnown ?? [];
    if (lacking.length > 0 !== concerned.size > 0) wrong.push(`${when}: the sum names ${lacking.length}`);
  };
  try {
    await tell(store, poison.told);
    await models.catchUp();
    await check('live', models);
    await models.rebuild();
    await check('rebuilt', models);
    if (wrong.length > 0) return wrong;
    await tell(store, poison.mended);
    await models.catchUp();
    const fresh = await opened(store);
    const [now, anew] = [await answersOf(models), await answersOf(fresh)];
    if (models.known.parkedInShort() !== null) wrong.push(`mended: ${models.known.parkedInShort()?.cause}`);
    for (const [name, answer] of now) {
      if (answer === null || answer !== anew.get(name)) wrong.push(`mended: ${name} is not as in a log read anew`);
      if (poison.leavesNothing && answer !== without.get(name)) wrong.push(`mended: ${name} is not as before`);
    }
    await fresh.close();
    return wrong;
  } finally {
    await models.close();
    await store.close();
  }
}
