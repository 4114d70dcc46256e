import { ticketCommands as tickets, whatIfVersion } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import type { BreachStep, ContractTerms } from '@billtrail/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp, versionOf } from './msp.js';
import { PRIYA } from './people.js';
import { chargesOf, managed, publishedPolicy } from './service-levels.js';

const STEPS: readonly BreachStep[] = [
  { from: 1, percent: '2' },
  { from: 3, percent: '5' },
];
/** 900.00 a month, and a part of it back by how many targets were missed. */
function terms(steps: readonly BreachStep[] = STEPS): Partial<ContractTerms> {
  const { serviceLevels, ...rest } = managed(publishedPolicy('lucidity_au'));
  if (serviceLevels === undefined) return rest;
  const missed = { id: 'missed', name: 'Missed targets', target: 'resolution', steps, taxCategory: 'GST' } as const;
  return { ...rest, serviceLevels: { ...serviceLevels, credits: [], creditsByBreaches: [missed] } };
}

const MISSED = 'bluegum-1@breaches@missed@2026-03-01';
const FEE = 'bluegum-1@fee@fee@2026-03-01';

describe('service credits by the number of breaches of a month', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum', { from: '2026-03-01', besides: terms() });
    for (const id of ['T1', 'T2', 'T3']) await msp.ticket(id, 'bluegum', { priority: 'critical' });
    await msp.days(31);
  });
  afterEach(() => msp.closes());

  /** Resolved on the first day after all. */
  async function wasInTime(ticketId: string): Promise<void> {
    await msp.send(
      tickets.LogTimeEntry,
      {
        ticketId,
        timeEntryId: `W-${ticketId}`,
        engineerId: PRIYA.id,
        engineerRole: 'engineer',
        workType: 'remote',
        minutes: 30,
        workDate: '2026-03-02',
        description: 'Restarted it',
      },
      { actor: PRIYA },
    );
    const done = { resolution: 'Works again', materials: 'none-used', scope: 'in-contract' };
    await msp.send(
      tickets.ResolveTicket,
      { ticketId, ...done, occurredAt: '2026-03-02T15:00:00+11:00' },
      { actor: PRIYA },
    );
  }
  const march = async (): Promise<readonly string[]> =>
    (await chargesOf(msp, 'bluegum', '2026-03')).filter((line) => line.includes('2026-03-01'));

  it('give 5 % of 900.00 for three, on the draft of the month: 855.00', async () => {
    expect(await march()).toEqual([`${MISSED} billable -45.00`, `${FEE} billable 900.00`]);
    expect((await msp.bills('I1', 'bluegum', '2026-03')).at(-1)).toBe('855.00 + 85.50 = 940.50 AUD');
  });

  it('follow a breach that is withdrawn after the invoice to its step, and none at all to nothing', async () => {
    await msp.bills('I1', 'bluegum', '2026-03');
    await wasInTime('T1');
    expect(await march()).toEqual([
      `${MISSED} invoiced -45.00`,
      `${MISSED}@a1 billable 27.00`,
      `${FEE} invoiced 900.00`,
    ]);
    await wasInTime('T2');
    expect(await march()).toEqual([
      `${MISSED} invoiced -45.00`,
      `${MISSED}@a1 billable 27.00`,
      `${FEE} invoiced 900.00`,
    ]);
    await wasInTime('T3');
    expect(await march()).toEqual([
      `${MISSED} invoiced -45.00`,
      `${MISSED}@a1 billable 45.00`,
      `${FEE} invoiced 900.00`,
    ]);
  });

  it('that an invoice lacks are owed, and follow back-dated terms', async () => {
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: terms([{ from: 4, amount: '50.00' }]) });
    expect((await msp.bills('I1', 'bluegum', '2026-03')).at(-1)).toBe('900.00 + 90.00 = 990.00 AUD');
    const besides = terms([{ from: 2, amount: '50.00' }]);
    const version = {
      contractId: 'bluegum-1',
      effectiveTo: null,
      effectiveFrom: '2026-03-01',
      ...versionOf({ besides }),
    };
    const asked = { clientId: 'bluegum', period: '2026-03', version: { ...version, effectiveFrom: '2026-03-01' } };
    const answer = await whatIfVersion(msp.house.billtrail, asked as Parameters<typeof whatIfVersion>[1]);
    expect(isRefusal(answer) ? answer.code : answer.totals).toMatchObject({
      before: { amount: '900.00' },
      after: { amount: '850.00' },
    });
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides });
    expect(await march()).toEqual([`${MISSED} billable -50.00`, `${FEE} invoiced 900.00`]);
    expect(await msp.gaps()).toContain('contract-mismatch: -50.00 AUD');
  });
});
