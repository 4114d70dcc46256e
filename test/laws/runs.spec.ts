import { expect, it } from '@jest/globals';
import { overHistories } from './kit/run.js';
import type { Look } from './kit/look.js';
import { runLawsProof } from './proof.js';

const EVENT_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** Of a draft, over its lines and the ids of the events that they come from. */
const HASH = /[0-9a-f]{64}/g;

/** A position: the number of an event, and the first digits of its id. */
const POSITION = /"(\d+)\.[0-9a-f]{8}"/g;

/** The log as text, with ids that are drawn anew in each run replaced by the position of their event, and without hashes over them. */
function logOf({ events }: Look): readonly string[] {
  const positions = new Map(events.map(({ id, position }) => [id, `event ${position}`]));
  return events.map((event) =>
    JSON.stringify(event)
      .replace(EVENT_ID, (id) => positions.get(id) ?? id)
      .replace(POSITION, '"position $1"')
      .replace(HASH, 'hash'),
  );
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

it('a broken law is told with the step after which it was found', async () => {
  const law = {
    number: 'L1',
    name: 'Nothing is billable',
    check: (look: Look) => look.observed.items.map(({ itemId }) => itemId),
  } as const;
  await expect(overHistories({ histories: 1, seed: 7, laws: [law], shrinks: 0 })).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/^after step \d+:\nL1 Nothing is billable: W-/) },
  });
});

it('a proof that reaches too little fails, and says what it never reached', async () => {
  const lines: string[] = [];
  expect(await runLawsProof({ histories: 1, seed: 7, print: (line) => lines.push(line) })).toBe(false);
  const failed = lines.filter((line) => line.startsWith('FAIL'));
  expect(failed.at(-1)).toContain('never reached: step ');
  expect(lines[0]).toMatch(/^ok {3}1 histories of \d+ events, each looked at by all laws, \d+ times in all$/);
});
