import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms, ServiceLevels } from '@billtrail/contracts';
import { ReadModels } from '../read-models.js';
import {
  CLASSIFIED,
  contract,
  event,
  registered,
  requested,
  resolved,
  Story,
  TERMS,
  version,
  type AnyEvent,
} from '../spec-kit/story.js';
import type { SlaStatus } from './query.js';

const DAY = [{ opens: '09:00', closes: '17:00' }];
const LEVELS: ServiceLevels = {
  policy: {
    id: 'gold',
    name: 'Gold',
    calendar: {
      timeZone: 'Australia/Sydney',
      openingHours: { monday: DAY, tuesday: DAY, wednesday: DAY, thursday: DAY, friday: DAY },
      holidays: [],
    },
    targets: {
      critical: { response: { minutes: 30, clock: 'business' }, resolution: { minutes: 240, clock: 'business' } },
      moderate: { response: null, resolution: { minutes: 480, clock: 'elapsed' } },
    },
    pausesOnThirdParty: true,
    warnAtPercent: [50],
  },
  credits: [],
};
const WITH_LEVELS: ContractTerms = { ...TERMS, serviceLevels: LEVELS };

/** A time of Monday 2 March 2026 in Sydney. */
const monday = (time: string): string => `2026-03-02T${time}:00+11:00`;
const asked = (ticketId: string, priority: 'critical' | 'moderate' | 'low' | null, at = monday('10:00')): AnyEvent => ({
  ...requested(ticketId, { priority }),
  occurredAt: at,
});
const started = (time: string): AnyEvent => event('WorkStarted', {}, monday(time));
const line = ({ ticketId, target, state, elapsedMinutes, dueAt, why }: SlaStatus): string =>
  [ticketId, target, state, elapsedMinutes, dueAt?.slice(11, 16) ?? '-', ...(why === null ? [] : [why])].join(' ');

describe('how tickets stand against their service levels', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const acme = async (terms: ContractTerms = WITH_LEVELS): Promise<void> => {
    await story.tell('client-acme', registered());
    await story.tell('contract-acme-1', ...contract('acme', terms));
  };
  const at = async (time: string, filter = {}): Promise<readonly string[]> => {
    await models.catchUp();
    return (await models.sla.list(monday(time), filter)).items.map(line);
  };
  const due = async (time: string): Promise<readonly string[]> => {
    await models.catchUp();
    return (await models.sla.due(monday(time), null)).map(({ ticketId }) => ticketId);
  };

  it('is told as of any moment: running, warned, breached; due and elapsed in minutes of the calendar', async () => {
    await acme();
    await story.ticket('T1', asked('T1', 'critical'), started('10:20'));
    const response = 'T1 response met 20 23:30';
    expect(await at('11:00')).toEqual(['T1 resolution running 60 03:00', response]);
    expect(await at('12:00')).toEqual(['T1 resolution running 120 03:00', response]);
    expect(await at('12:01')).toEqual(['T1 resolution warned 121 03:00', response]);
    expect(await at('14:00')).toEqual(['T1 resolution warned 240 03:00', response]);
    expect(await at('14:01')).toEqual(['T1 resolution breached 241 03:00', response]);
    expect(await at('23:00')).toEqual(['T1 resolution breached 420 03:00', response]);
    const [resolution] = (await models.sla.list(monday('14:01'))).items;
    expect(resolution).toMatchObject({
      run: 1,
      clientId: 'acme',
      contractId: 'acme-1',
      contractVersion: 1,
      policyId: 'gold',
      priority: 'critical',
      targetMinutes: 240,
      clock: 'business',
      warnedAtPercent: 50,
    });
  });

  it('stands while it waits, is met, and has ended when the ticket was cancelled', async () => {
    await acme();
    await story.ticket(
      'T1',
      asked('T1', 'critical'),
      started('10:20'),
      event('TicketPendedOnThirdParty', { reason: null }, monday('11:00')),
    );
    await story.ticket('T2', asked('T2', 'moderate'), started('10:10'), resolved(monday('12:00')));
    await story.ticket(
      'T3',
      asked('T3', 'critical'),
      event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: null }, monday('10:05')),
    );
    expect(await at('16:00')).toEqual([
      'T1 resolution paused 60 -',
      'T1 response met 20 23:30',
      'T2 resolution met 120 07:00',
      'T2 response none  - policy gold of contract acme-1 version 1 has no response target for priority moderate',
      'T3 resolution ended 5 -',
      'T3 response ended 5 -',
    ]);
  });

  it('says why a ticket has no target, and does not list clients without service levels', async () => {
    await acme();
    await story.tell('client-beta', registered('beta'));
    await story.tell('contract-beta-1', ...contract('beta'));
    await story.ticket('T1', asked('T1', 'low'), started('10:20'));
    await story.ticket('T2', asked('T2', null));
    await story.ticket('T3', { ...asked('T3', 'critical'), occurredAt: '2025-12-31T10:00:00+11:00' });
    await story.ticket('T4', requested('T4', { clientId: 'beta', priority: 'critical' }));
    await story.tell(
      'contract-acme-2',
      event('ContractActivated', { contractId: 'acme-2', clientId: 'acme', name: 'two', priority: 1 }),
      version('acme-2', 1, TERMS, '2026-03-02'),
    );
    await story.ticket('T5', asked('T5', 'critical', '2026-03-02T12:00:00+11:00'));
    const reasons = (await at('16:00', { state: 'none' })).filter((one) => one.includes('resolution'));
    expect(reasons).toEqual([
      expect.stringMatching(/^T1 resolution none .*contracts acme-1 version 1 and acme-2 version 1 .* one priority/),
      expect.stringMatching(/^T2 resolution none .*one priority/),
      expect.stringMatching(/^T3 resolution none .*no contract of the client is in force on 2025-12-31/),
      expect.stringMatching(/^T5 resolution none .*one priority/),
    ]);
    await story.tell(
      'contract-acme-2',
      event('ContractTerminated', { contractId: 'acme-2', lastDay: '2026-03-01', reason: 'in error' }),
    );
    expect(await at('16:00', { ticketId: 'T1', state: 'none' })).toEqual([
      'T1 resolution none  - policy gold of contract acme-1 version 1 has no resolution target for priority low',
      'T1 response none  - policy gold of contract acme-1 version 1 has no response target for priority low',
    ]);
    expect((await at('16:00', { ticketId: 'T2' }))[0]).toMatch(/the ticket has no priority yet/);
    expect((await at('16:00', { ticketId: 'T5' }))[0]).toBe('T5 resolution warned 240 05:00');
  });

  it('filters by the state of the moment, by client and ticket, and goes page by page', async () => {
    await acme();
    await story.tell('client-beta', registered('beta'));
    await story.tell('contract-beta-1', ...contract('beta', WITH_LEVELS));
    for (const ticketId of ['T1', 'T2', 'T3'])
      await story.ticket(ticketId, asked(ticketId, 'critical'), started('10:20'));
    await story.ticket(
      'T4',
      asked('T4', 'critical'),
      event(
        'TicketReclassified',
        { ...CLASSIFIED, clientId: 'beta', priority: 'critical', reason: null },
        monday('10:01'),
      ),
    );
    expect(await at('15:00', { state: 'breached', clientId: 'acme' })).toHaveLength(3);
    expect(await at('11:00', { state: 'breached' })).toEqual(['T4 response breached 60 23:30']);
    expect(await at('11:00', { clientId: 'beta' })).toHaveLength(2);
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await models.sla.list(monday('11:00'), {}, { limit: 3, cursor });
      seen.push(...page.items.map(({ ticketId, target }) => `${ticketId} ${target}`));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['T1', 'T2', 'T3', 'T4'].flatMap((one) => [`${one} resolution`, `${one} response`]));
    await expect(models.sla.list(monday('11:00'), {}, { cursor: 'nonsense' })).rejects.toThrow('cursor');
  });

  it('knows of which tickets something is to be recorded, and when, also where the contract came after the work', async () => {
    await acme(TERMS);
    await story.ticket('T1', asked('T1', 'critical'), started('10:20'));
    await story.ticket('T2', asked('T2', 'critical'), started('10:20'), resolved(monday('15:00')));
    await story.ticket('T3', asked('T3', 'critical'), started('10:20'), resolved(monday('11:00')));
    expect(await due('23:00')).toEqual([]);
    await story.tell('contract-acme-1', version('acme-1', 2, WITH_LEVELS, '2026-01-01'));
    // The breach of T2 is shown by its own events, so it is told at whatever time.
    expect(await due('09:00')).toEqual(['T2']);
    expect(await due('12:01')).toEqual(['T2', 'T1']);
    const [first] = await models.sla.due(monday('12:01'), null);
    expect(await models.sla.due(monday('12:01'), first ?? null)).toMatchObject([{ ticketId: 'T1' }]);
  });

  it('is the same after a rebuild', async () => {
    await acme();
    await story.ticket('T1', asked('T1', 'critical'), started('10:20'));
    const before = await at('12:30');
    await models.rebuild(['sla']);
    expect(await at('12:30')).toEqual(before);
  });
});
