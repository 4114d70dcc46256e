import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { Story } from '../story.js';

interface Item {
  readonly itemId: string;
}

describe('billable items by kind', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1')
      .time('te-unpriced', 60, { workType: 'without-rate' })
      .material('mu-1')
      .expense('ex-1')
      .told();
  });
  afterAll(() => api.close());

  it.each([
    ['time', ['te-1', 'te-unpriced']],
    ['material', ['mu-1']],
    ['expense', ['ex-1']],
  ])('of kind %s', async (kind, itemIds) => {
    const items = await story.accounts.readsAll<Item>(`/v1/billable-items?clientId=acme&kind=${kind}`, 1);
    expect(items.map(({ itemId }) => itemId)).toEqual(itemIds);
  });

  it('of work without a price too', async () => {
    const unpriced = (kind: string) => story.accounts.readsAll<{ item: Item }>(`/v1/unpriced-work?kind=${kind}`);
    expect(await unpriced('time')).toMatchObject([{ item: { itemId: 'te-unpriced' } }]);
    expect(await unpriced('material')).toEqual([]);
  });

  it('refuses a kind that there is not', async () => {
    expect(await story.accounts.get('/v1/billable-items?kind=charge')).toMatchObject({
      status: 400,
      body: { code: 'InvalidInput' },
    });
  });
});
