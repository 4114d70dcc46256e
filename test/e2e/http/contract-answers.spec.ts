import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { MONTH, Story, TERMS } from '../story.js';

/** What contracts are asked over HTTP, and what the answers tell beyond a yes or no. */
describe('a contract, asked over HTTP', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').told();
  });
  afterAll(() => api.close());

  const asked = (contractId: string, rest: object = {}) => ({
    contractId,
    clientId: 'acme',
    name: 'Support agreement',
    effectiveFrom: '2026-01-01',
    terms: TERMS,
    ...rest,
  });

  it('has one highest priority wherever it is asked: activation, what-if and check', async () => {
    const { contractId, effectiveFrom, terms, name } = asked('k-low');
    const checked = (priority: number) =>
      story.accounts.post<{ isSound: boolean }>('/contracts/check', {
        clients: [
          { clientId: 'acme', currency: 'AUD', contracts: [{ contractId, name, priority, effectiveFrom, terms }] },
        ],
      });
    const supposed = (priority: number) =>
      story.accounts.post('/what-if', { clientId: 'acme', period: MONTH, contractId, effectiveFrom, terms, priority });
    expect(await checked(10_001)).toMatchObject({ body: { isSound: false } });
    expect(await supposed(10_001)).toMatchObject({ status: 400 });
    expect(await story.accounts.post('/contracts', asked('k-low', { priority: 10_001 }))).toMatchObject({
      status: 400,
    });
    expect(await checked(10_000)).toMatchObject({ body: { isSound: true } });
    expect(await supposed(10_000)).toMatchObject({ status: 200 });
    await story.accounts.does('/contracts', asked('k-low', { priority: 10_000 }));
  });
});
