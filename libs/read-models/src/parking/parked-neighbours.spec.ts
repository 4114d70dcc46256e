import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import { approved, event, logged, requested, resolved, Story, used, type AnyEvent } from '../spec-kit/story.js';

const DAY = '2026-06-30';
const MARCH = '2026-03';
const APRIL = '2026-04';
const MAY = '2026-05';
/** In Sydney from the last evening of March into April: 20 minutes and 40. */
const OVER = { startedAt: '2026-03-31T12:40:00Z', endedAt: '2026-03-31T13:40:00Z' };

function entry(id: string, wrong: object, day?: string): AnyEvent {
  const { data } = logged(id, 60, day) as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
  return event('TimeEntryLogged', { ...data, ...wrong });
}

describe('a month beside one of which not all is known', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    await story.house('acme');
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const poison = (day: string) =>
    story.ticket('odd', requested('odd', { clientId: 'acme' }), entry('E9', { minutes: -50 }, day));
  const of = async (scope: object) => {
    await models.catchUp();
    return models.reconciliation.of(DAY, scope);
  };

  it.each([
    ['stated in the month that is not known', '2026-03-31'],
    ['stated in the other one', '2026-04-01'],
  ])('tells its own part of an entry that is %s, and of the rest that it is not known', async (_, workDate) => {
    await story.ticket('T1', requested('T1', { clientId: 'acme' }), entry('over', OVER, workDate), approved('over'));
    await story.ticket('T2', requested('T2', { clientId: 'acme' }), logged('april', 30, '2026-04-07'), used('M1'));
    const april = { clientId: 'acme', period: APRIL };
    const before = await of(april);
    expect(before).toMatchObject({ imbalances: [], recorded: { minutes: 70 }, accounted: { total: { minutes: 70 } } });
    await poison('2026-03-05');
    const notKnown = [{ clientId: 'acme', period: MARCH }];
    expect(await of(april)).toEqual({ ...before, notKnown });
    for (const scope of [{}, { clientId: 'acme' }, { period: APRIL }])
      expect(await of(scope)).toMatchObject({ notKnown, imbalances: [], recorded: { minutes: 70 } });
    const { items } = await models.reconciliation.byClientPeriod(DAY);
    expect(items.map(({ period, imbalances, notKnown: lacking }) => [period, imbalances, lacking])).toEqual([
      [APRIL, [], notKnown],
    ]);
    await story.ticket('odd', event('TimeEntryVoided', { timeEntryId: 'E9', reason: 'in error' }));
    expect(await of(april)).toEqual(before);
    expect((await of({ clientId: 'acme' })).imbalances).toEqual([]);
  });

  it('adds up an entry over the end of a month where both of its months are known', async () => {
    await story.ticket(
      'T1',
      requested('T1', { clientId: 'acme' }),
      entry('over', OVER, '2026-03-31'),
      approved('over'),
    );
    await poison('2026-05-05');
    expect(await of({ clientId: 'acme' })).toMatchObject({
      notKnown: [{ clientId: 'acme', period: MAY }],
      imbalances: [],
      recorded: { minutes: 60 },
    });
    expect((await of({ clientId: 'acme', period: MARCH })).notKnown).toBeUndefined();
  });

  it('counts no ticket that has work in the other one too, and says so', async () => {
    await story.ticket('T1', requested('T1', { clientId: 'acme' }));
    for (const day of ['2026-03-03', '2026-04-03']) await story.ticket('T1', logged(day, 60, day), approved(day));
    await story.ticket('T1', resolved('2026-04-03T16:00:00+11:00'));
    const april = { clientId: 'acme', period: APRIL };
    expect((await of(april)).tickets.resolved).toBe(1);
    await poison('2026-03-05');
    expect(await of(april)).toMatchObject({
      tickets: { resolved: 0 },
      recorded: { minutes: 60 },
      notKnown: [{ clientId: 'acme', period: MARCH }],
    });
  });
});
