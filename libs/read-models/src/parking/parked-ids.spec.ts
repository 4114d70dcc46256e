import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import { approved, contract, event, logged, registered, requested, Story, type AnyEvent } from '../spec-kit/story.js';
import { NotKnown } from './not-known.js';

const MARCH = '2026-03';
const APRIL = '2026-04';
/** In Sydney from the last evening of March into April. */
const OVER = { startedAt: '2026-03-31T12:30:00Z', endedAt: '2026-03-31T13:30:00Z' };

function entry(id: string, wrong: object, day?: string): AnyEvent {
  const { data } = logged(id, 60, day) as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
  return event('TimeEntryLogged', { ...data, ...wrong });
}

describe('an id of something in a month of which not all is known', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    await story.house('acme');
    await story.tell('client-bolt', registered('bolt'));
    await story.tell('contract-bolt-1', ...contract('bolt'));
    await story.ticket('T1', requested('T1', { clientId: 'acme' }));
    await story.ticket('T1', logged('march', 60, '2026-03-03'), approved('march'));
    await story.ticket('T1', logged('april', 60, '2026-04-03'), approved('april'));
    await story.ticket('T1', entry('over', OVER, '2026-03-31'), approved('over'));
    models = await ReadModels.open({ file: ':memory:', store: story.store });
    await models.catchUp();
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  async function poisoned(): Promise<void> {
    await story.ticket('T1', entry('odd', { minutes: -50 }, '2026-03-05'));
    await models.catchUp();
  }
  const NOT_KNOWN = { name: 'NotKnown', refusal: { details: { clientId: 'acme', period: MARCH } } };

  it('of work is refused, and never told as one that there is not', async () => {
    await poisoned();
    const { billableItems } = models;
    for (const id of ['march', 'odd', 'march@p2', 'march@a1', 'march@c1']) {
      await expect(billableItems.byId(id)).rejects.toMatchObject(NOT_KNOWN);
      await expect(billableItems.explained(id, { clientId: 'acme' })).rejects.toThrow(NotKnown);
      await expect(billableItems.explained(id, { period: MARCH })).rejects.toThrow(NotKnown);
    }
    expect(await billableItems.explained('april')).toMatchObject([{ itemId: 'april', period: APRIL }]);
    expect(await billableItems.byId('march', { clientId: 'bolt' })).toEqual([]);
    expect(await billableItems.byId('nothing-of-that-name')).toEqual([]);
  });

  it('of work over the end of a month is told in the other one', async () => {
    const { billableItems } = models;
    const [inMarch, inApril] = await billableItems.byId('over@p1');
    expect([inMarch?.period, inApril?.period]).toEqual([MARCH, APRIL]);
    await poisoned();
    await expect(billableItems.byId('over@p1')).rejects.toMatchObject(NOT_KNOWN);
    await expect(billableItems.byId('over@p1', { period: MARCH })).rejects.toMatchObject(NOT_KNOWN);
    expect(await billableItems.byId('over@p1', { period: APRIL })).toEqual([inApril]);
    expect(await billableItems.byId('over', { period: APRIL })).toEqual([]);
  });

  it('of a charge is refused where its contract may have it there', async () => {
    await poisoned();
    const fee = 'acme-1@fee@support@2026-03-01';
    await expect(models.charges.byId(fee)).rejects.toMatchObject(NOT_KNOWN);
    await expect(models.charges.byId(`${fee}@a1`, { period: MARCH })).rejects.toMatchObject(NOT_KNOWN);
    expect(await models.charges.byId(fee, { period: APRIL })).toEqual([]);
    for (const id of ['bolt-1@fee@support@2026-03-01', 'none@fee@support@2026-03-01', 'acme-1'])
      expect(await models.charges.byId(id)).toEqual([]);
  });
});
