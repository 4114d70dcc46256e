import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets, type CommandClass } from '@billtrail/application';
import { House } from '../laws/kit/house.js';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { Msp } from './msp.js';
import { OMAR } from './people.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const SHORT = { name: 'Short remote work', workTypes: ['remote'], upToMinutes: 60 };
const SAM = { id: 'sam', role: 'support' } as const;

describe('time that a rule of the configuration approves', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    folder = temporaryFolder();
    msp = await Msp.opens(DAY, { approvalRules: [SHORT] }, folder.path);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
  });
  afterEach(async () => {
    await msp.closes();
    folder.remove();
  });

  const waits = (id: string, minutes: number, more: object = {}) =>
    ticket.time(id, minutes, DAY, { approved: false, ...more });
  const at = (from: string, until: string) => ({ from: `${DAY}T${from}:00+11:00`, until: `${DAY}T${until}:00+11:00` });
  /** Each approval that stands in the log, with who or what gave it. */
  const approvals = async (): Promise<readonly string[]> => {
    await msp.house.settle();
    return (await msp.house.events()).flatMap(({ type, data, actor }) => {
      if (type !== 'TimeEntryApproved') return [];
      const { timeEntryId, version, rule } = data as { timeEntryId: string; version: number; rule?: { name: string } };
      return [`${timeEntryId} ${version} ${rule?.name ?? actor.id}`];
    });
  };

  it('names the rule and the configuration that has it, and what it approves is billed', async () => {
    await waits('W1', 60);
    expect(await approvals()).toEqual(['W1 1 Short remote work']);
    const events = await msp.house.events();
    const configuredAt = events.find(({ type }) => type === 'ConfigurationPublished')?.position;
    expect(events.find(({ type }) => type === 'TimeEntryApproved')).toMatchObject({
      actor: { id: 'approve-by-rule', role: 'system' },
      data: { approvedBy: 'approve-by-rule', version: 1, rule: { name: SHORT.name, configuredAt } },
    });
    const { items } = (await msp.house.billtrail.models.timeline.timeline('T1', { limit: 200 }))!;
    expect(items.at(-1)).toMatchObject({ sentence: 'Approved time entry W1 by rule Short remote work' });
    await ticket.resolves();
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toContain('W1 1 h 150.00');
  });

  it('leaves to people what is beyond it, of another kind of work, or says itself what is asked', async () => {
    await waits('W1', 61);
    await waits('W2', 30, { type: 'onsite' });
    await waits('W3', 30, { stated: 600 });
    await waits('W4', 30, { rateClass: 'after-hours' });
    expect(await approvals()).toEqual([]);
  });

  it('leaves overlapping time to people, on any ticket, and approves it once nothing overlaps it (Y8)', async () => {
    await waits('W1', 90, at('09:00', '10:30'));
    await msp.house.settle();
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('V1', 30, DAY, { approved: false, ...at('10:15', '10:45') });
    expect(await approvals()).toEqual([]);
    await ticket.voids('W1');
    expect(await approvals()).toEqual(['V1 1 Short remote work']);
  });

  it('leaves more than a day of an engineer to people (Y8)', async () => {
    await waits('W1', 1_400);
    await waits('W2', 60);
    expect(await approvals()).toEqual([]);
  });

  it('leaves to people what was recorded late', async () => {
    msp.house.passDays(9);
    await waits('W1', 30);
    expect(await approvals()).toEqual([]);
  });

  it.each<[string, CommandClass, object]>([
    ['rejected', tickets.RejectTimeEntry, { reason: 'no such visit' }],
    ['approved', tickets.ApproveTimeEntry, {}],
  ])('leaves to people what a person %s before it was corrected', async (_how, command, more) => {
    await waits('W1', 90);
    await msp.send(command, { ticketId: 'T1', timeEntryId: 'W1', ...more }, { actor: OMAR });
    await ticket.corrects('W1', 30, DAY, { approved: false });
    await msp.house.settle();
    expect((await approvals()).filter((one) => one.startsWith('W1 2'))).toEqual([]);
  });

  it('does not approve the time of whoever published it', async () => {
    const rules = { approvalRules: [{ ...SHORT, upToMinutesOfDay: 90 }] };
    await msp.configures(rules, { ...SAM, role: 'admin' });
    await waits('W1', 30, { by: SAM });
    await waits('W2', 60);
    await msp.house.settle();
    // Many small entries are one long day.
    await waits('W3', 40);
    expect(await approvals()).toEqual(['W2 1 Short remote work']);
  });

  it('approves what waits already when it is published, and nothing when it is taken back', async () => {
    await msp.configures({});
    await waits('W1', 30);
    expect(await approvals()).toEqual([]);
    await msp.configures({ approvalRules: [SHORT] });
    expect(await approvals()).toEqual(['W1 1 Short remote work']);
    await msp.configures({});
    await waits('W2', 30);
    expect(await approvals()).toEqual(['W1 1 Short remote work']);
  });

  const tenWait = async () => {
    await msp.configures({});
    for (let number = 1; number <= 10; number++) {
      const one = await msp.ticket(`S${number}`, 'bluegum');
      await one.time(`W${number}`, 10, DAY, { approved: false });
    }
    await msp.house.settle();
  };
  const expectTen = async () => {
    const all = await approvals();
    expect(all).toHaveLength(10);
    expect(new Set(all).size).toBe(10);
  };

  it('approves in the next round what failed in this one, and nothing twice', async () => {
    await tenWait();
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    let appends = 0;
    store.append = async (...given) => {
      if (given[0].actor.id === 'approve-by-rule' && ++appends > 3) throw new Error('disk of a moment');
      return append(...given);
    };
    await msp.configures({ approvalRules: [SHORT] });
    await msp.house.billtrail.catchUp();
    expect(msp.house.billtrail.policyTroubles()).toMatchObject([{ policy: 'approve-by-rule' }]);
    store.append = append;
    await expectTen();
  });

  it('approves once in two processes at once', async () => {
    await tenWait();
    const other = await House.open('2026-03-02T10:00:00+11:00', folder.path, 1_000);
    await msp.configures({ approvalRules: [SHORT] });
    await Promise.all([other.settle(), msp.house.settle()]);
    await other.close();
    await expectTen();
  });
});
