import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, contractsOf, ticketCommands as tickets } from '@billtrail/application';
import { coverageTable, filledCards } from '@billtrail/contracts';
import { checkContractFile } from '@billtrail/input';
import { parse } from 'yaml';
import { Msp } from './msp.js';
import { OMAR } from './people.js';

const MARCH = '2026-03';
const FILES = [
  'managed-per-user',
  'hours-with-roll-over',
  'break-fix-visits',
  'project-beside-support',
  'annual-seats',
] as const;
const text = (name: string): string =>
  readFileSync(new URL(`../../samples/contracts/${name}.yaml`, import.meta.url), 'utf8');
const check = (name: string) => checkContractFile(parse(text(name)));

describe('contracts in use, written from their description', () => {
  it.each(FILES)('%s takes at most 40 lines, has no problem, and is checked in a few rows', (name) => {
    expect(text(name).trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    const { problems, isSound, analyses } = check(name);
    expect(problems).toEqual([]);
    expect(isSound).toBe(true);
    const [checked] = analyses;
    expect(checked?.analysis.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(checked === undefined ? 0 : coverageTable(checked.analysis).rows.length).toBeLessThanOrEqual(8);
  });

  it('a contract that names a card of the organisation is checked by its prices from day to day, where they are known', () => {
    const prices = (of: ReturnType<typeof check>) => {
      const [checked] = of.analyses;
      const rows = checked === undefined ? [] : coverageTable(checked.analysis).rows;
      return rows.filter((row) => row[2] === 'time').map((row) => [row[0], row[3], row.at(-1)].join(' '));
    };
    const alone = check('shared-card');
    expect(alone.isSound).toBe(true);
    expect(alone.analyses[0]?.notChecked).toContainEqual({ part: 'rateCards', names: ['standard'] });
    expect(prices(alone)).toEqual(['2026-01-01 (any) as rate card standard has it, in AUD']);
    const at = (from: string, pricePerHour: string) => ({ from, taxCategory: 'GST', labour: [{ pricePerHour }] });
    const written = { standard: { versions: [at('2025-01-01', '150.00'), at('2026-07-01', '156.00')] } };
    const rateCards = filledCards(written as unknown as Parameters<typeof filledCards>[0], 'AUD');
    const known = checkContractFile(parse(text('shared-card')), () => ({ shared: { rateCards } }));
    expect(known.isSound).toBe(true);
    expect(prices(known)).toEqual([
      "2026-01-01 remote 140.00 AUD/h (standard from 2025-01-01 the contract's own)",
      '2026-01-01 (other) 150.00 AUD/h (standard from 2025-01-01 labour[0])',
      "2026-07-01 remote 140.00 AUD/h (standard from 2026-07-01 the contract's own)",
      '2026-07-01 (other) 156.00 AUD/h (standard from 2026-07-01 labour[0])',
    ]);
  });
});

describe('a month of each, by hand', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  async function opens(name: string, clientId: string): Promise<void> {
    msp = await Msp.opens('2026-03-16');
    await msp.send(contracts.RegisterClient, {
      clientId,
      name: clientId,
      currency: 'AUD',
      timeZone: 'Australia/Sydney',
    });
    for (const stated of contractsOf(check(name).commands)) await msp.send(contracts.StateContract, stated);
  }
  const charges = async (clientId: string, period = MARCH) => {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.charges.list({ clientId, period });
    return items.map(({ description, net }) => `${description.split(',')[0] ?? ''}: ${net.amount}`);
  };

  it('managed per user: 10 x 89.00 + 2 x 79.00, remote work at nothing, a visit of 20 minutes as 30 at 160.00', async () => {
    await opens('managed-per-user', 'acme-managed');
    const ticket = await msp.ticket('T1', 'acme-managed');
    await ticket.time('W1', 50, '2026-03-03');
    await ticket.time('W2', 20, '2026-03-03', { type: 'onsite' });
    expect(await msp.items('acme-managed', MARCH)).toEqual([
      'W1 covered 0.833333 h 0.00 AUD',
      'W2 billable 0.5 h 80.00 AUD',
    ]);
    expect((await charges('acme-managed')).map((one) => one.split(': ')[1])).toEqual(['1048.00']);
  });

  it('hours with roll-over: 2 h of a weekend draw four of the ten; the month before left ten more', async () => {
    await opens('hours-with-roll-over', 'acme-hours');
    const ticket = await msp.ticket('T1', 'acme-hours');
    await ticket.time('W1', 120, '2026-03-07', { rateClass: 'weekend' });
    await ticket.time('W2', 900, '2026-03-09');
    await ticket.time('W3', 120, '2026-03-10');
    // 240 + 900 of 1200; of the last two hours one is left, and one is 150.00.
    expect(await msp.items('acme-hours', MARCH)).toContain('W3@p2 billable 1 h 150.00 AUD');
    expect((await charges('acme-hours')).map((one) => one.split(': ')[1])).toEqual(['1300.00']);
  });

  it('break-fix: two visits of a day are one of two hours, and one way', async () => {
    await opens('break-fix-visits', 'acme-visits');
    const site = {
      clientId: 'acme-visits',
      siteId: 'shop',
      name: 'Shop',
      from: '2026-01-01',
      travel: { zone: 'city' },
    };
    await msp.send(contracts.RegisterSite, site);
    for (const [id, minutes] of [
      ['1', 25],
      ['2', 35],
    ] as const) {
      const ticket = await msp.ticket(`T${id}`, 'acme-visits');
      await msp.send(tickets.ReclassifyTicket, { ticketId: `T${id}`, siteId: 'shop' }, { actor: OMAR });
      await ticket.time(`W${id}`, minutes, '2026-03-03', { type: 'onsite' });
    }
    // 2 h at 170.00 are 340.00, shared 25 : 35.
    expect(await msp.items('acme-visits', MARCH)).toEqual([
      'W1 billable 0.833333 h 141.67 AUD',
      'W2 billable 1.166667 h 198.33 AUD',
    ]);
    expect((await charges('acme-visits')).map((one) => one.split(': ')[1])).toEqual(['65.00']);
  });

  it('a project beside support: its time at nothing, a change by the hour, a milestone when it is reached, support besides', async () => {
    await opens('project-beside-support', 'acme-project');
    const project = await msp.ticket('T1', 'acme-project');
    await project.time('W1', 480, '2026-03-03', { type: 'project' });
    const change = await msp.ticket('T2', 'acme-project', { category: 'change-request' });
    await change.time('W2', 90, '2026-03-04', { type: 'project' });
    await project.time('W3', 20, '2026-03-05');
    // 1.5 h at 180.00; 20 minutes are half an hour at 150.00.
    expect(await msp.items('acme-project', MARCH)).toEqual([
      'W1 covered 8 h 0.00 AUD',
      'W2 billable 1.5 h 270.00 AUD',
      'W3 billable 0.5 h 75.00 AUD',
    ]);
    expect(await charges('acme-project')).toEqual(['Onboarding: 900.00']);
    const reached = {
      contractId: 'acme-migration',
      milestoneId: 'cut-over',
      reachedOn: '2026-03-13',
      acceptedBy: 'Ada',
    };
    await msp.send(contracts.DeclareMilestoneReached, reached);
    expect(await charges('acme-project')).toEqual(['Cut-over: 8000.00', 'Onboarding: 900.00']);
    await change.time('W4', 1200, '2026-03-06', { type: 'project' });
    await change.time('W5', 420, '2026-03-07', { type: 'project' });
    // 270.00 + 3,600.00 + 1,260.00 are 130.00 above the cap: 43 minutes of the last entry, as a gap.
    expect((await msp.items('acme-project', MARCH)).filter((one) => one.startsWith('W5'))).toEqual([
      'W5@p1 billable 6.283333 h 1130.00 AUD',
      'W5@p2 unpriced 0.716667 h without a price',
    ]);
  });

  it('annual seats: 20 x 240.00 in January, and two more for 184 of 365 days when they come', async () => {
    await opens('annual-seats', 'acme-seats');
    expect((await charges('acme-seats', '2026-01')).map((one) => one.split(': ')[1])).toEqual(['4800.00']);
    // 2 x 240.00 x 184 / 365 = 241.97.
    await msp.days(111);
    expect((await charges('acme-seats', '2026-07')).map((one) => one.split(': ')[1])).toEqual(['241.97']);
  });
});
