import { expect, it } from '@jest/globals';
import { overHistories } from './kit/run.js';
import type { Look } from './kit/look.js';

const EVENT_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The log as text, with ids that are drawn anew in each run replaced by the position of their event. */
function logOf({ events }: Look): readonly string[] {
  const positions = new Map(events.map(({ id, position }) => [id, `event ${position}`]));
  return events.map((event) => JSON.stringify(event).replace(EVENT_ID, (id) => positions.get(id) ?? id));
}

async function logs(seed: number): Promise<readonly (readonly string[])[]> {
  const told: (readonly string[])[] = [];
  const onLook = (look: Look, isEnd: boolean): void => {
    if (isEnd && look.isSettled) told.push(logOf(look));
  };
  await overHistories({ histories: 2, seed, laws: [], onLook });
  return told;
}

it('the same seed tells the same histories, and another one others', async () => {
  const one = await logs(7);
  expect(one).toHaveLength(2);
  expect(one.map((log) => log.length > 50)).toEqual([true, true]);
  expect(await logs(7)).toEqual(one);
  expect(await logs(8)).not.toEqual(one);
});
