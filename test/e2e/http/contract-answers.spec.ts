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
      story.accounts.post<{ isSound: boolean }>('/v1/contracts/check', {
        clients: [
          { clientId: 'acme', currency: 'AUD', contracts: [{ contractId, name, priority, effectiveFrom, terms }] },
        ],
      });
    const supposed = (priority: number) =>
      story.accounts.post('/v1/what-if', {
        clientId: 'acme',
        period: MONTH,
        contractId,
        effectiveFrom,
        terms,
        priority,
      });
    expect(await checked(10_001)).toMatchObject({ body: { isSound: false } });
    expect(await supposed(10_001)).toMatchObject({ status: 400 });
    expect(await story.accounts.post('/v1/contracts', asked('k-low', { priority: 10_001 }))).toMatchObject({
      status: 400,
    });
    expect(await checked(10_000)).toMatchObject({ body: { isSound: true } });
    expect(await supposed(10_000)).toMatchObject({ status: 200 });
    await story.accounts.does('/v1/contracts', asked('k-low', { priority: 10_000 }));
  });

  it('is refused if it would overlap with another at the same priority, and accepted if the caller intends it', async () => {
    await new Story(api).client('twins').told();
    await story.accounts.does('/v1/contracts', asked('t-1', { clientId: 'twins', effectiveTo: '2026-06-30' }));
    const second = asked('t-2', { clientId: 'twins', effectiveFrom: '2026-06-01' });
    expect(await story.accounts.post('/v1/contracts', second)).toMatchObject({
      status: 409,
      body: {
        code: 'ContractsOverlap',
        details: { overlaps: [{ contractId: 't-1', from: '2026-06-01', to: '2026-06-30' }] },
      },
    });
    expect(await story.accounts.post('/v1/contracts', { ...second, allowOverlap: 'yes' })).toMatchObject({
      status: 400,
    });
    expect(await story.accounts.post('/v1/contracts', { ...second, allowOverlap: true })).toMatchObject({
      status: 201,
    });
    // Days on which they overlap already are no news; those that a version adds are.
    const again = { effectiveFrom: '2026-05-15', effectiveTo: '2026-05-31', terms: TERMS };
    expect(await story.accounts.post('/v1/contracts/t-2/versions', again)).toMatchObject({
      status: 409,
      body: { details: { overlaps: [{ contractId: 't-1', from: '2026-05-15', to: '2026-05-31' }] } },
    });
  });

  it('is not renewed over another unless that is meant', async () => {
    await new Story(api).client('renewed').told();
    const until = (day: string) => ({ clientId: 'renewed', effectiveTo: day });
    await story.accounts.does('/v1/contracts', asked('n-1', until('2026-03-31')));
    await story.accounts.does('/v1/contracts', asked('n-2', { clientId: 'renewed', effectiveFrom: '2026-05-01' }));
    const renew = (body: object) => story.accounts.post('/v1/contracts/n-1/renew', { versionNumber: 1, ...body });
    expect(await renew({ effectiveTo: '2026-05-31' })).toMatchObject({
      status: 409,
      body: {
        code: 'ContractsOverlap',
        details: { overlaps: [{ contractId: 'n-2', from: '2026-05-01', to: '2026-05-31' }] },
      },
    });
    expect(await renew({ effectiveTo: '2026-04-30' })).toMatchObject({ status: 200 });
    expect(await renew({ effectiveTo: '2026-05-31', allowOverlap: true })).toMatchObject({ status: 200 });
  });

  it('tells which work it leaves without a price, also when the request is sent again', async () => {
    await new Story(api).client('bare').told();
    const rateCard = { ...TERMS.rateCard, labour: [] };
    const body = asked('bare-1', { clientId: 'bare', terms: { ...TERMS, rateCard } });
    const key = { 'idempotency-key': 'bare' };
    const warnings = [
      { code: 'RateCardWithoutRate', details: { rateCardId: 'hourly', ruleIds: ['all-work'] } },
      { code: 'WorkUnpriced', details: { kinds: 1, work: [{ work: 'time', reason: 'no-rate' }] } },
    ];
    expect(await story.accounts.post('/v1/contracts', body, key)).toMatchObject({ status: 201, body: { warnings } });
    expect(await story.accounts.post('/v1/contracts', body, key)).toMatchObject({ body: { repeated: true, warnings } });
    const priced = { ...TERMS.rateCard, labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }] };
    const better = { effectiveFrom: '2026-01-01', terms: { ...TERMS, rateCard: priced } };
    expect(await story.accounts.does('/v1/contracts/bare-1/versions', better)).toMatchObject({ repeated: false });
  });

  it('takes a count that no charge asks for yet, and says so', async () => {
    const count = { countOf: 'sever', count: 3, from: '2026-01-01' };
    expect(await story.operations.post('/v1/contracts/k-low/counts', count)).toMatchObject({
      status: 201,
      body: { warnings: [{ code: 'CountWithoutCharge', details: { countOf: 'sever', counted: [] } }] },
    });
  });
});
