import { describe, expect, it } from '@jest/globals';
import { generateMonth, type DemoMonth } from '@billtrail/demo';
import { playMonth } from '../../libs/command-line/src/commands/demo.js';
import { Session } from '../../libs/command-line/src/session.js';

async function played(month: DemoMonth): Promise<Awaited<ReturnType<typeof playMonth>>> {
  const results: Awaited<ReturnType<typeof playMonth>>[] = [];
  await Session.run(
    { data: ':memory:', json: true, create: true },
    async (session) => void results.push(await playMonth(session, month)),
    () => `${month.asOf}T12:00:00Z`,
  );
  return results[0]!;
}

// That all 57 gaps of the whole month are found is looked at where the commands that the pages name are run over it.
describe('the demo month', () => {
  it('would notice: a leak that was not planted is named, and so is one that was not found', async () => {
    const month = generateMonth({ seed: 7, tickets: 40, clients: 4, engineers: 3, gaps: 5 });
    const [forgotten, ...known] = month.planted;
    const neverThere = { ...forgotten!, ticketId: 'T-nowhere' };
    const { comparison } = await played({ ...month, planted: [...known, neverThere] });
    expect(comparison.invented).toMatchObject([{ ticketId: forgotten!.ticketId, kind: forgotten!.kind }]);
    expect(comparison.missed).toMatchObject([{ ticketId: 'T-nowhere' }]);
  });
});
