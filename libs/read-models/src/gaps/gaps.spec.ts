import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { gapKey, type GapFacts } from '@billtrail/billing';
import { InvalidPageRequest } from '../database/paging.js';
import { ReadModels } from '../read-models.js';
import { event, Story, type AnyEvent } from '../spec-kit/story.js';

const UNBILLED: GapFacts = {
  kind: 'unbilled',
  ticketId: 'T1',
  clientId: 'acme',
  period: '2026-03',
  workItemId: 'W1',
  valueAtRisk: { money: { amount: '187.50', currency: 'AUD' }, minutes: 70 },
  cause: 'on no invoice',
  sourceEventIds: ['e1', 'e2'],
};

function opened(gapId: string, facts: Partial<GapFacts> = {}, at = '2026-04-01T00:00:00Z'): AnyEvent {
  return event('BillingGapOpened', { ...UNBILLED, ...facts, gapId }, at);
}

describe('recorded gaps', () => {
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
  const tell = async (gapId: string, ...events: AnyEvent[]): Promise<void> => {
    await story.tell(`gap-${gapId}`, ...events);
    await models.catchUp();
  };

  it('opens, is revalued, assigned and closed', async () => {
    await tell('G1', opened('G1'));
    expect(await models.gaps.get('G1')).toMatchObject({
      key: gapKey(UNBILLED),
      occurrence: 1,
      leak: 'unbilled time',
      state: 'open',
      valueAtRisk: UNBILLED.valueAtRisk,
      ownerId: null,
      ending: null,
      acceptance: null,
    });
    await tell(
      'G1',
      event('BillingGapRevalued', {
        gapId: 'G1',
        valueAtRisk: { money: null, minutes: 30 },
        cause: 'shorter',
        sourceEventIds: ['e3'],
      }),
      event('BillingGapAssigned', { gapId: 'G1', ownerId: 'ops-2' }),
      event('BillingGapClosed', { gapId: 'G1', ending: 'billed' }, '2026-04-11T12:00:00Z'),
    );
    const gap = await models.gaps.get('G1');
    expect(gap).toMatchObject({
      state: 'closed',
      ending: 'billed',
      endedAt: '2026-04-11T12:00:00Z',
      ownerId: 'ops-2',
      valueAtRisk: { money: null, minutes: 30 },
      cause: 'shorter',
      sourceEventIds: ['e3'],
    });
  });

  it('is accepted with who, why and the second person', async () => {
    const acceptance = {
      reasonCode: 'goodwill',
      comment: 'long-standing client',
      acceptedBy: 'acc-1',
      secondPerson: 'adm-1',
    };
    await tell('G1', opened('G1'), event('BillingGapAccepted', { gapId: 'G1', ...acceptance }));
    expect(await models.gaps.get('G1')).toMatchObject({ state: 'accepted', ending: 'accepted', acceptance });
  });

  it('counts the occurrences of a key, and knows the latest', async () => {
    await tell('G1', opened('G1'), event('BillingGapClosed', { gapId: 'G1', ending: 'corrected' }));
    await tell('G2', opened('G2'));
    await tell('G3', opened('G3', { workItemId: 'W2' }));
    expect(models.gaps.byKeyNow(gapKey(UNBILLED))).toMatchObject({
      gapId: 'G2',
      occurrence: 2,
      state: 'open',
    });
    expect(models.gaps.byKeyNow(gapKey({ ...UNBILLED, workItemId: 'W2' }))).toMatchObject({
      gapId: 'G3',
      occurrence: 1,
    });
    expect(models.gaps.byKeyNow(gapKey({ ...UNBILLED, ticketId: 'T9' }))).toBeNull();
  });

  it('lists by each filter, and goes through the pages without a gap or a double', async () => {
    for (let number = 0; number < 5; number++)
      await tell(`G${number}`, opened(`G${number}`, { workItemId: `W${number}` }));
    await tell(
      'M1',
      opened('M1', { kind: 'material-suspected', ticketId: 'T2', clientId: 'beta', workItemId: null, period: null }),
    );
    const ids = async (filter: Parameters<typeof models.gaps.list>[0]) =>
      (await models.gaps.list(filter)).items.map((gap) => gap.gapId);
    expect(await ids({ leak: 'materials' })).toEqual(['M1']);
    expect(
      await ids({ kind: 'unbilled', state: 'open', clientId: 'acme', ticketId: 'T1', period: '2026-03' }),
    ).toHaveLength(5);
    expect(await ids({ state: 'accepted' })).toEqual([]);
    // Behind a row that is there nobody asks the log, which may be away.
    const asked = jest.spyOn(story.store, 'eventAt');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await models.gaps.list({}, { limit: 2, cursor });
      seen.push(...page.items.map((gap) => gap.gapId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['G0', 'G1', 'G2', 'G3', 'G4', 'M1']);
    expect(asked).not.toHaveBeenCalled();
  });

  it('refuses a page of no rows, of too many, and a cursor of another list', async () => {
    for (const limit of [0, 201, 1.5])
      await expect(models.gaps.list({}, { limit })).rejects.toThrow(InvalidPageRequest);
    await expect(models.gaps.list({}, { limit: 200 })).resolves.toEqual({ items: [], nextCursor: null });
    const cursor = Buffer.from(JSON.stringify(['invoices', 3])).toString('base64url');
    for (const wrong of [cursor, 'x', ''])
      await expect(models.gaps.list({}, { cursor: wrong })).rejects.toThrow(InvalidPageRequest);
  });

  it('totals by kind and state, money in its currency and minutes where there is no price', async () => {
    await tell('G1', opened('G1'), opened('G2', { workItemId: 'W2' }));
    await tell('G3', opened('G3', { workItemId: 'W3', valueAtRisk: { money: null, minutes: 45 } }));
    expect(await models.gaps.totals({ clientId: 'acme' })).toEqual([
      { kind: 'unbilled', leak: 'unbilled time', state: 'open', gaps: 1, money: null, minutesWithoutPrice: 45 },
      {
        kind: 'unbilled',
        leak: 'unbilled time',
        state: 'open',
        gaps: 2,
        money: { amount: '375.00', currency: 'AUD' },
        minutesWithoutPrice: 0,
      },
    ]);
    expect(await models.gaps.totals({ state: 'closed' })).toEqual([]);
  });
});
