import { describe, expect, it } from '@jest/globals';
import { DEMO_SEED, generateMonth, type DemoMonth } from '@billtrail/demo';
import { playMonth } from '../../apps/cli/src/commands/demo.js';
import { Session } from '../../apps/cli/src/session.js';

async function played(month: DemoMonth): Promise<Awaited<ReturnType<typeof playMonth>>> {
  const results: Awaited<ReturnType<typeof playMonth>>[] = [];
  await Session.run(
    { data: ':memory:', json: true },
    async (session) => void results.push(await playMonth(session, month)),
    () => `${month.asOf}T12:00:00Z`,
  );
  return results[0]!;
}

describe('the demo month', () => {
  it('finds all 57 planted gaps among 847 resolved tickets, and invents none', async () => {
    const { reconciliation, comparison } = await played(generateMonth({ seed: DEMO_SEED }));
    expect(comparison).toEqual({ planted: 57, found: 57, missed: [], invented: [] });
    const { resolved, billed, covered, waiting, gap } = reconciliation.tickets;
    expect({ resolved, billedOrCovered: billed + covered, waiting, gap }).toEqual({
      resolved: 847,
      billedOrCovered: 790,
      waiting: 0,
      gap: 57,
    });
    expect(new Set(reconciliation.gaps.map((sum) => sum.leak))).toEqual(
      new Set(['unbilled time', 'contract mismatch', 'materials', 'scope creep']),
    );
    expect(reconciliation.imbalances).toEqual([]);
  });

  it('would notice: a leak that was not planted is named, and so is one that was not found', async () => {
    const month = generateMonth({ seed: 7, tickets: 40, clients: 4, engineers: 3, gaps: 5 });
    const [forgotten, ...known] = month.planted;
    const neverThere = { ...forgotten!, ticketId: 'T-nowhere' };
    const { comparison } = await played({ ...month, planted: [...known, neverThere] });
    expect(comparison.invented).toMatchObject([{ ticketId: forgotten!.ticketId, kind: forgotten!.kind }]);
    expect(comparison.missed).toMatchObject([{ ticketId: 'T-nowhere' }]);
  });
});
