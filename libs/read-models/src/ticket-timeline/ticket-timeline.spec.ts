import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '@billtrail/event-store';
import { ReadModels } from '../read-models.js';
import { approved, event, lineOf, logged, requested, resolved, Story, used, drafted } from '../spec-kit/story.js';

describe('ticket timeline', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    await story.house();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const tellAll = async (): Promise<void> => {
    await story.ticket(
      'T1',
      requested('T1'),
      event('TicketAssigned', { engineerId: 'eng-1', team: 'field', irregular: ['not-triaged'] }),
      logged('W1'),
      used('M1'),
      approved('W1'),
      resolved(),
    );
    await models.catchUp();
    const [item] = await models.billableItems.explained('W1');
    await story.account(
      'acme',
      '2026-03',
      drafted('I1', 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId: 'I1', lines: [lineOf(item!)] }),
      event('InvoiceApproved', { invoiceId: 'I1', approvedBy: 'acc-1', hash: null }),
      event('InvoiceIssued', { invoiceId: 'I1', number: 'INV-00001', numberInSeries: 1, series: 'INV' }),
    );
    const gap = (await models.billableItems.derivedGapsOfTicket('T1')).find((one) => one.workItemId === 'M1');
    const { key: _, formerKey: __, dueOn: ___, ...facts } = gap!;
    await story.tell(
      'gap-G1',
      event('BillingGapOpened', { ...facts, gapId: 'G1', cause: 'on no invoice' }),
      event('BillingGapClosed', { gapId: 'G1', ending: 'written-off' }),
    );
    await models.catchUp();
  };

  it('tells the ticket, its invoices and its gaps in one order, in sentences', async () => {
    await tellAll();
    const page = await models.timeline.timeline('T1');
    expect(page?.items.map((entry) => entry.sentence)).toEqual([
      'Requested: no network on T1',
      'Assigned to eng-1 of team field',
      'Logged 70 min of remote-support on 2026-03-03',
      'Used 2 piece of cable on 2026-03-04',
      'Approved time entry W1',
      'Resolved: works again',
      'Put 1 item of 187.50 AUD on draft I1',
      'Approved draft I1',
      'Issued invoice INV-00001',
      'Opened billing gap unbilled, 19.90 AUD at risk: on no invoice',
      'Closed the billing gap as written-off',
    ]);
    expect(page?.items[1]).toMatchObject({
      irregular: ['not-triaged'],
      occurredAt: '2026-03-02T09:00:00+11:00',
      recordedAt: '2026-03-20T00:00:00.000Z',
      actor: { id: 'ops-1', role: 'operations' },
      stream: 'ticket-T1',
    });
    expect(page?.items.at(-1)).toMatchObject({ stream: 'gap-G1', type: 'BillingGapClosed', irregular: [] });
  });

  it('L9: is at a position what it was then', async () => {
    await tellAll();
    const whole = (await models.timeline.timeline('T1', { limit: 200 }))!.items;
    for (const [index, { position }] of whole.entries()) {
      expect((await models.timeline.timeline('T1', { upTo: position }))!.items).toEqual(whole.slice(0, index + 1));
    }
    expect(await models.timeline.timeline('T1', { upTo: START })).toBeNull();
  });

  it('goes through the pages without a gap or a double', async () => {
    await tellAll();
    const whole = (await models.timeline.timeline('T1'))!.items;
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = (await models.timeline.timeline('T1', { limit: 4, cursor }))!;
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(whole);
  });

  it('tells what became of the work, and knows no ticket that is not there', async () => {
    await tellAll();
    const outcome = await models.timeline.outcome('T1');
    expect(outcome.items.map((item) => [item.itemId, item.disposition])).toEqual([
      ['W1', 'claimed'],
      ['M1', 'billable'],
    ]);
    expect(outcome.derivedGaps.map((gap) => gap.kind)).toContain('unbilled');
    expect(outcome.recordedGaps.map((gap) => gap.gapId)).toEqual(['G1']);
    expect(outcome.invoices.map((invoice) => [invoice.invoiceId, invoice.number])).toEqual([['I1', 'INV-00001']]);
    expect(await models.timeline.timeline('T2')).toBeNull();
  });
});
