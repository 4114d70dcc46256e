import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rate } from '@billtrail/billing';
import { ratingFactsProjection } from '../rating-facts/projection.js';
import { ReadModels } from '../read-models.js';
import {
  approved,
  contract,
  configured,
  event,
  lineOf,
  logged,
  MANAGED,
  purchased,
  registered,
  requested,
  Story,
  TERMS,
  timed,
  drafted,
  issueRequested,
} from '../spec-kit/story.js';
import { billableItemsRatedBy } from './projection.js';

const JUNE = (): string => '2026-06-20T00:00:00.000Z';
const PREPAID = { ...TERMS, coverage: [{ ...TERMS.coverage[0]!, outcome: 'prepaid' as const }] };

describe('the chain of client-periods', () => {
  let story: Story;
  let models: ReadModels;
  let rated: string[];

  beforeEach(async () => {
    story = new Story(':memory:', JUNE);
    rated = [];
    const items = billableItemsRatedBy((facts) => {
      rated.push(`${facts.clientId} ${facts.period}`);
      return rate(facts);
    });
    models = await ReadModels.open({
      file: ':memory:',
      store: story.store,
      projections: [ratingFactsProjection, items],
    });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const house = async (terms = TERMS, clientId = 'acme'): Promise<void> => {
    await story.tell('configuration', configured());
    await story.tell(`client-${clientId}`, registered(clientId));
    await story.tell(`contract-${clientId}-1`, ...contract(clientId, terms));
  };
  /** The client-periods that were rated since the last time it was asked. */
  const ratedNow = async (): Promise<readonly string[]> => {
    await models.catchUp();
    return rated.splice(0);
  };
  const draws = async (blockId: string) => {
    const source = { from: 'block', contractId: 'acme-1', blockId } as const;
    const lines = (await models.prepaid.statement(source))?.items ?? [];
    return lines.map(({ period, draw, leftAfter, item }) => [period, draw.amount, leftAfter, item?.workItemId]);
  };

  it('rates for one new entry its client-period and nothing else, where nothing reaches beyond it', async () => {
    await house();
    await house(TERMS, 'beta');
    for (const month of ['03', '04', '05']) {
      await story.ticket(`T${month}`, requested(`T${month}`), logged(`W${month}`, 60, `2026-${month}-10`));
      await story.ticket(
        `B${month}`,
        requested(`B${month}`, { clientId: 'beta' }),
        logged(`X${month}`, 60, `2026-${month}-10`),
      );
    }
    expect(await ratedNow()).toHaveLength(6);
    await story.ticket('T04', logged('more', 30, '2026-04-11'));
    expect(await ratedNow()).toEqual(['acme 2026-04']);
  });

  it('rates the later periods that a block reaches, and stops where nothing changes any more', async () => {
    await house(PREPAID);
    await story.tell('contract-acme-1', purchased('acme-1', 'B1', 120, '2026-03-01', '2026-04-30'));
    for (const month of ['03', '04', '05', '06'])
      await story.ticket(`T${month}`, requested(`T${month}`), logged(`W${month}`, 60, `2026-${month}-10`));
    expect(await ratedNow()).toEqual(['acme 2026-03', 'acme 2026-04', 'acme 2026-05', 'acme 2026-06']);
    // March takes 30 min that April had. April uses the block up as before, so May is handed what it was.
    await story.ticket('T03', logged('more', 30, '2026-03-11'));
    expect(await ratedNow()).toEqual(['acme 2026-03', 'acme 2026-04']);
    const minutes = (value: number) => ({ unit: 'minutes', minutes: value });
    expect(await draws('B1')).toEqual([
      ['2026-03', minutes(60), minutes(60), 'W03'],
      ['2026-03', minutes(30), minutes(30), 'more'],
      ['2026-04', minutes(30), minutes(0), 'W04'],
    ]);
    // An approval changes no balance.
    await story.ticket('T03', approved('more'));
    expect(await ratedNow()).toEqual(['acme 2026-03']);
  });

  it('passes a balance on over a period that is gone', async () => {
    await house(PREPAID);
    await story.tell('contract-acme-1', purchased('acme-1', 'B1', 120, '2026-03-01'));
    for (const month of ['03', '04', '05'])
      await story.ticket(`T${month}`, requested(`T${month}`), logged(`W${month}`, 60, `2026-${month}-10`));
    await ratedNow();
    await story.ticket('T04', event('TimeEntryVoided', { timeEntryId: 'W04', reason: 'double' }));
    expect(await ratedNow()).toEqual(['acme 2026-05']);
    expect((await draws('B1')).map(([period]) => period)).toEqual(['2026-03', '2026-05']);
  });

  it('leaves to a later period what it froze: a back-dated entry never over-draws', async () => {
    await house(PREPAID);
    await story.tell('contract-acme-1', purchased('acme-1', 'B1', 60, '2026-03-01'));
    await story.ticket('T4', requested('T4'), logged('W4', 60, '2026-04-10'), approved('W4'));
    await models.catchUp();
    const {
      items: [item],
    } = await models.billableItems.explainedOfPeriod('acme', '2026-04');
    await story.account('acme', '2026-04', ...invoice('I1', [lineOf(item!)]));
    await story.ticket('T3', requested('T3'), logged('W3', 60, '2026-03-10'));
    await models.catchUp();
    expect(await models.billableItems.ofPeriod('acme', '2026-03')).toMatchObject([
      { workItemId: 'W3', disposition: 'billable', net: { amount: '150.00' } },
    ]);
    expect((await draws('B1')).map(([period]) => period)).toEqual(['2026-04']);
  });

  it('rates the earlier period again when the later one freezes what both would draw', async () => {
    await house(PREPAID);
    await story.tell('contract-acme-1', purchased('acme-1', 'B1', 60, '2026-03-01'));
    await story.ticket('T4', requested('T4'), logged('W4', 60, '2026-04-10'), approved('W4'));
    await models.catchUp();
    const {
      items: [item],
    } = await models.billableItems.explainedOfPeriod('acme', '2026-04');
    await story.ticket('T3', requested('T3'), logged('W3', 60, '2026-03-10'));
    await models.catchUp();
    expect((await draws('B1')).map(([period]) => period)).toEqual(['2026-03']);
    await story.account('acme', '2026-04', ...invoice('I1', [lineOf(item!)]));
    await models.catchUp();
    expect((await draws('B1')).map(([period]) => period)).toEqual(['2026-04']);
  });

  it('counts under the cap of a ticket what later periods froze', async () => {
    const capped = {
      ...TERMS,
      caps: [{ id: 'c', name: 'c', scope: 'ticket' as const, amount: '200.00', above: 'gap' as const }],
    };
    await house(capped);
    await story.ticket('T1', requested('T1'), logged('W4', 60, '2026-04-10'), approved('W4'));
    await models.catchUp();
    const {
      items: [item],
    } = await models.billableItems.explainedOfPeriod('acme', '2026-04');
    await story.account('acme', '2026-04', ...invoice('I1', [lineOf(item!)]));
    await story.ticket('T1', logged('W3', 60, '2026-03-10'));
    await models.catchUp();
    const march = await models.billableItems.ofPeriod('acme', '2026-03');
    expect(march.map(({ disposition, net }) => [disposition, net?.amount ?? null])).toEqual([
      ['billable', '50.00'],
      ['unpriced', null],
    ]);
    expect((await models.unpricedWork.list({ clientId: 'acme' })).items).toMatchObject([{ reason: 'above-cap' }]);
  });

  it('gives a quiet client its periods up to the horizon, and a new month to all when the log reaches it', async () => {
    await house(MANAGED);
    await models.catchUp();
    expect(await models.billableItems.periods()).toEqual(
      ['2026-01', '2026-02', '2026-03'].map((period) => ({ clientId: 'acme', period })),
    );
    rated.length = 0;
    await story.ticket(
      'T9',
      event('NoteAdded', { noteId: 'N', author: 'a', text: 'hello', visibility: 'internal' }, '2026-04-02T09:00:00Z'),
    );
    expect(await ratedNow()).toEqual(['acme 2026-04']);
    // Business time after the recording is no knowledge of the future.
    await story.ticket(
      'T9',
      event('NoteAdded', { noteId: 'M', author: 'a', text: 'hello', visibility: 'internal' }, '2027-01-01T09:00:00Z'),
    );
    expect(await ratedNow()).toEqual(['acme 2026-05', 'acme 2026-06']);
  });

  it('goes on where a log of before holds a version until the last day that can be written', async () => {
    const data = { contractId: 'acme-1', versionNumber: 2, effectiveFrom: '2026-03-01', terms: MANAGED };
    await house(MANAGED);
    await story.tell('contract-acme-1', event('ContractVersionPublished', { ...data, effectiveTo: '9999-12-31' }));
    await models.catchUp();
    expect((await models.billableItems.periods()).map(({ period }) => period)).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
    ]);
  });

  it('takes the months of a contract back when it ends, and knows the fee of its last days', async () => {
    await house(MANAGED);
    await story.ticket('T1', requested('T1'), event('WorkStarted', {}, '2026-06-01T09:00:00Z'));
    await models.catchUp();
    const end = { contractId: 'acme-1', lastDay: '2026-02-10', reason: 'notice' };
    await story.tell('contract-acme-1', event('ContractTerminated', end));
    await models.catchUp();
    const charges = (await models.charges.list({ clientId: 'acme', kind: 'recurring' })).items;
    expect(charges.map(({ period, from, to, net }) => [period, from, to, net.amount])).toEqual([
      // 90.00 x 41 of 90 days.
      ['2026-01', '2026-01-01', '2026-02-10', '41.00'],
    ]);
    expect((await models.billableItems.periods()).map(({ period }) => period)).toEqual(['2026-01', '2026-02']);
  });

  it('rates an entry over a month end in both months, each its part, and a price set for it in both', async () => {
    await house();
    const night = timed('N1', '2026-03-31T22:00:00+11:00', '2026-04-01T01:00:00+11:00', '2026-03-31');
    await story.ticket('T1', requested('T1'), night);
    await models.catchUp();
    const parts = async () =>
      (await models.billableItems.ofTicket('T1')).map((item) => [item.period, item.actualMinutes, item.net?.amount]);
    expect(await parts()).toEqual([
      ['2026-03', 120, '300.00'],
      ['2026-04', 60, '150.00'],
    ]);
    const pricePerHour = { amount: '100.00', currency: 'AUD' };
    const override = { timeEntryId: 'N1', pricePerHour, reason: 'agreed', overriddenBy: 'acc-1' };
    await story.ticket('T1', event('TimeEntryPriceOverridden', override));
    await models.catchUp();
    expect((await parts()).map(([, , net]) => net)).toEqual(['200.00', '100.00']);
    await story.ticket('T1', event('TimeEntryPriceOverridden', { ...override, pricePerHour: null }));
    await models.catchUp();
    expect((await parts()).map(([, , net]) => net)).toEqual(['300.00', '150.00']);
    for (const period of ['2026-03', '2026-04'])
      expect((await models.billableItems.periodFacts('acme', period)).work).toHaveLength(1);
  });
});

function invoice(invoiceId: string, lines: readonly ReturnType<typeof lineOf>[]) {
  return [
    drafted(invoiceId, 'acme', '2026-04'),
    event('InvoiceLinesAdded', { invoiceId, lines }),
    issueRequested(invoiceId, { issueDate: '2026-05-01' }),
  ];
}
