import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';

describe('a log whose organisation nobody named', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open({ isNamed: false });
    story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1', 70)
      .approveTime('te-1')
      .resolve()
      .draft('inv-1')
      .approve()
      .told();
  });
  afterAll(() => api.close());

  it('has zone and series of the default, and no sample stands for the organisation', async () => {
    const configuration = await story.admin.reads<object>('/v1/configuration');
    expect(configuration).toMatchObject({
      organisation: { name: null, taxId: null, address: null, timeZone: 'Australia/Sydney' },
      invoiceSeries: { series: 'INV' },
    });
    expect(await story.accounts.reads<object>('/v1/invoices/inv-1')).toMatchObject({
      status: 'approved',
      seller: null,
    });
  });

  it('issues nothing, and says what to do; once it is named, it issues in that name', async () => {
    const refused = await story.accounts.post('/v1/invoices/inv-1/issue');
    expect(refused).toMatchObject({ status: 409, body: { code: 'OrganisationUnnamed' } });
    for (const way of ['billtrail config publish FILE', 'POST /v1/configuration'])
      expect(refused.body.remedy).toContain(way);
    await story.admin.does('/v1/configuration', { configuration: NAMED_CONFIGURATION });
    // Whoever approved it saw no seller.
    expect(await story.accounts.post('/v1/invoices/inv-1/issue')).toMatchObject({ body: { code: 'PartiesChanged' } });
    await story.accounts.does('/v1/invoices/inv-1/discard', { reason: 'it names no seller' });
    await story.draft('inv-2').approve().issue().told();
    expect(await story.accounts.reads<object>('/v1/invoices/inv-2')).toMatchObject({
      number: 'INV-000001',
      seller: { name: 'Example MSP', taxId: '96 999 111 222' },
      period: MONTH,
    });
  });

  it('refuses a configuration without a name', async () => {
    const unnamed = { ...NAMED_CONFIGURATION, organisation: { ...NAMED_CONFIGURATION.organisation, name: null } };
    const refused = await story.admin.post('/v1/configuration', { configuration: unnamed });
    expect(refused).toMatchObject({ status: 400, body: { code: 'ConfigurationMalformed' } });
  });
});
