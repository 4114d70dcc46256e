import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ReadModelsUnavailable } from '@billtrail/read-models';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';

const THEY_ARE_NOT_READ = new ReadModelsUnavailable('the charges are not known', false, 'Wait');

describe('a draft and an issue of which nobody can tell what there is to warn of', () => {
  let api: Api;
  let story: Story;

  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1', 70).approveTime('te-1').told();
    jest.spyOn(api.billtrail.models.charges, 'ofPeriod').mockRejectedValue(THEY_ARE_NOT_READ);
  });
  afterAll(() => api.close());

  it('are answered as recorded, with that as their warning, and a repeat is as well', async () => {
    const warnings = [{ code: 'WarningsNotKnown', message: expect.stringContaining('the charges are not known') }];
    const { accounts } = story;
    const drafted = { invoiceId: 'inv-1', clientId: 'acme', period: MONTH };
    expect(await accounts.post('/v1/invoices', drafted)).toMatchObject({ status: 201, body: { warnings } });
    await accounts.does('/v1/invoices/inv-1/approve', {});
    for (const repeated of [false, true])
      expect(await accounts.post('/v1/invoices/inv-1/issue', {}, { 'idempotency-key': 'issue-1' })).toMatchObject({
        status: 200,
        body: { repeated, warnings },
      });
  });
});
