import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually } from '../kit.js';
import { Story, TERMS } from '../story.js';

interface Target {
  readonly ticketId: string;
  readonly target: string;
  readonly state: string;
  readonly elapsedMinutes: number | null;
  readonly why: string | null;
}
interface Targets {
  readonly items: readonly Target[];
  readonly nextCursor: string | null;
}

/** A critical ticket is answered within a quarter of an hour and resolved within one hour, whatever the hour. */
const WITH_LEVELS = {
  ...TERMS,
  serviceLevels: {
    policy: {
      id: 'hour',
      name: 'Within the hour',
      calendar: { timeZone: 'UTC', openingHours: { monday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
      targets: {
        critical: {
          response: { minutes: 15, clock: 'elapsed' },
          resolution: { minutes: 60, clock: 'elapsed' },
        },
      },
      pausesOnThirdParty: false,
      warnAtPercent: [50],
    },
    credits: [],
  },
};

describe('service levels, over HTTP', () => {
  let api: Api;
  let story: Story;
  let requestedAt: number;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-1', WITH_LEVELS).ticketInProgress('INC1').told();
    requestedAt = Date.parse(api.billtrail.clock());
    await story.operations.does('/v1/tickets/INC1/reprioritise', { priority: 'critical' });
  });
  afterAll(() => api.close());

  const later = (minutes: number): void => api.moveTo(new Date(requestedAt + minutes * 60_000).toISOString());
  const states = async (query = ''): Promise<readonly string[]> => {
    const { items } = await story.support.reads<Targets>(`/v1/sla?atLeast=${await api.billtrail.store.head()}${query}`);
    return items.map(({ ticketId, target, state }) => `${ticketId} ${target} ${state}`);
  };

  it('are told by the time of the question, filtered by state, and page by page', async () => {
    expect(await states()).toEqual(['INC1 resolution running', 'INC1 response met']);
    later(31);
    expect(await states('&state=warned&clientId=acme')).toEqual(['INC1 resolution warned']);
    expect(await states('&state=breached')).toEqual([]);
    const first = await story.support.reads<Targets>('/v1/sla?limit=1');
    expect(first.nextCursor).not.toBeNull();
    const second = await story.support.reads<Targets>(`/v1/sla?limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ target }) => target)).toEqual(['resolution', 'response']);
    expect(second.nextCursor).toBeNull();
    expect(await story.support.get('/v1/sla?state=late')).toMatchObject({ status: 400 });
  });

  it('are recorded as events of the ticket while the server runs, and stay what they were as of an earlier position', async () => {
    later(40);
    const before = await api.billtrail.store.head();
    later(61);
    // Any write wakes the policies, as each minute does.
    await story.support.does('/v1/tickets/INC1/notes', { text: 'Still at it', visibility: 'internal' });
    const timeline = await eventually(
      () => story.support.reads<{ items: readonly { type: string }[] }>('/v1/tickets/INC1/timeline?limit=200'),
      ({ items }) => items.some(({ type }) => type === 'SlaBreached'),
    );
    expect(timeline.items.filter(({ type }) => type === 'SlaBreached')).toHaveLength(1);
    expect(await states('&state=breached')).toEqual(['INC1 resolution breached']);
    const past = await story.support.reads<Targets>(`/v1/sla?upTo=${before}`);
    expect(past.items[0]).toMatchObject({ target: 'resolution', state: expect.stringMatching(/running|warned/) });
  });

  it('say why a ticket has no target', async () => {
    await story.operations.does('/v1/tickets/INC1/reprioritise', { priority: 'low' });
    await new Story(api).client('beta').contract('beta-1', WITH_LEVELS).ticketInProgress('INC2').told();
    await story.operations.does('/v1/tickets/INC2/reprioritise', { priority: 'low' });
    const position = await api.billtrail.store.head();
    const { items } = await story.support.reads<Targets>(`/v1/sla?ticketId=INC2&atLeast=${position}`);
    expect(items.map(({ state, why }) => `${state}: ${why}`)).toEqual([
      'none: policy hour of contract beta-1 version 1 has no resolution target for priority low',
      'none: policy hour of contract beta-1 version 1 has no response target for priority low',
    ]);
  });
});
