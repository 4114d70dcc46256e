import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AcceptClock, CommandDispatcher } from '@billtrail/application';
import { Api, eventually, NOW } from '../kit.js';
import { Story, TERMS } from '../story.js';

interface Ready {
  readonly log: { readonly problem: string; readonly cause: string } | null;
}
interface Charges {
  readonly items: readonly { readonly period: string }[];
}

const FEES = {
  ...TERMS,
  recurringCharges: [
    { id: 'fee', name: 'Managed', basis: 'fixed', price: '99.00', billed: 'in-arrears', taxCategory: 'GST' },
  ],
};
const LATER = '2027-04-24T02:00:00Z';
const HOUR_AGO = '2026-03-20T00:59:59Z';

/** G9 */
describe('a clock that may be wrong', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open({ suspectClock: true });
    story = new Story(api);
    await story.client('acme').contract('acme-fees', FEES).ticketInProgress('T1').told();
    await api.billtrail.upToDate();
  });
  afterEach(() => api.close());
  const note = (text: string) => story.support.post('/v1/tickets/T1/notes', { text });
  const ready = () => story.admin.get<Ready>('/health/ready');
  const months = async () =>
    new Set((await story.accounts.reads<Charges>('/v1/charges?limit=200')).items.map(({ period }) => period)).size;

  it.each([
    ['400 days ahead', LATER],
    ['more than an hour behind', HOUR_AGO],
  ])(
    '%s dates nothing: writes and policies wait, reads go on, and all goes on when it is mended',
    async (_case, at) => {
      const before = [await story.admin.reads<{ head: string }>('/health/ready'), await months()] as const;
      api.moveTo(at);
      const refused = await note('x');
      expect(refused).toMatchObject({
        status: 503,
        body: { code: 'ClockSuspect', details: { clock: at, lastRecordedAt: NOW } },
      });
      expect(refused.headers['retry-after']).toBe('5');
      expect(refused.body.remedy).toContain('billtrail clock accept');
      expect(await months()).toBe(before[1]);
      api.moveTo(NOW);
      expect((await note('y')).status).toBe(201);
      await eventually(ready, ({ status }) => status === 200);
    },
  );

  it('is not ready while the policies can not record for it', async () => {
    api.moveTo(LATER);
    await note('x');
    await api.restart();
    story = new Story(api);
    const unready = await eventually(ready, ({ status }) => status === 503);
    expect(unready.body.log).toMatchObject({ problem: 'clock-suspect' });
    expect(unready.body.log?.cause).toContain(LATER);
  });

  it('is accepted by an event of whoever vouches for it, and what was due is recorded then', async () => {
    const before = await months();
    api.moveTo(LATER);
    const accepted = await api.app
      .get(CommandDispatcher)
      .dispatch(AcceptClock, {}, { actor: { id: 'ann', role: 'admin' } });
    expect(accepted).toMatchObject({ stream: 'clock', version: 1 });
    const { events } = await api.billtrail.store.readStream('clock');
    expect(events).toMatchObject([
      { type: 'ClockAccepted', recordedAt: LATER, data: { lastRecordedAt: NOW }, actor: { id: 'ann', role: 'admin' } },
    ]);
    expect((await note('y')).status).toBe(201);
    expect(await months()).toBeGreaterThan(before);
  });
});
