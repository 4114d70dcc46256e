import type { Operation } from './operation.js';
import { replay, type Finding } from './run.js';

/** So many replays at most are spent on a shorter run. */
const REPLAYS = 60;

/** As few of the operations as were found to come to the same finding. */
export async function shortened(
  operations: readonly Operation[],
  { key }: Finding,
  failsAt?: string,
): Promise<readonly Operation[]> {
  let shortest = operations;
  let replays = 0;
  for (let size = Math.ceil(operations.length / 2); size >= 1 && replays < REPLAYS; size = Math.floor(size / 2)) {
    // From the end: what comes first makes what the others need.
    for (let from = shortest.length - 1 - size; from > -size && replays < REPLAYS; from -= size) {
      const fewer = shortest.filter((_, at) => at < from || at >= from + size);
      replays += 1;
      if ((await replay(fewer, failsAt))?.key === key) shortest = fewer;
    }
  }
  return shortest;
}
