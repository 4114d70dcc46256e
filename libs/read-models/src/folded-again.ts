import type { EventStore } from '@billtrail/event-store';
import { neededOf, readModelsAsOf } from './as-of.js';
import type { ReadModels } from './read-models.js';

/** Clients that are tried at one start. */
const MAX_CLIENTS_TRIED = 20;

/**
 * Tries again what could not be folded, for the code may be another now: in a temporary file, of each such client its own streams alone. The read models that can take all of one of
 * them now are emptied, and filled anew by whoever follows the log. Answers which.
 */
export async function foldAgain(store: EventStore, live: ReadModels): Promise<readonly string[]> {
  // What is not filled yet is on its way to be folded.
  const wanting = live.areUnfilled() ? [] : live.known.notFolded();
  const clients = [...new Set(wanting.map(({ clientId }) => clientId))].slice(0, MAX_CLIENTS_TRIED);
  const healed = new Set<string>();
  for (const clientId of clients) {
    const theirs = wanting.filter((one) => one.clientId === clientId && !healed.has(one.model));
    if (theirs.length === 0) continue;
    const position = live.position();
    const tried = await readModelsAsOf(store, position, neededOf({ clientId }, position, live));
    const stillNot = new Set(tried.known.notFolded().map(({ model, stream }) => `${model} ${stream}`));
    await tried.close();
    for (const { model, stream } of theirs) if (!stillNot.has(`${model} ${stream}`)) healed.add(model);
  }
  await live.empty([...healed]);
  return [...healed];
}
