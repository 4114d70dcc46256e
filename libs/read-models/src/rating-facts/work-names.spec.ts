import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readModelsAsOf } from '../as-of.js';
import { ReadModels } from '../read-models.js';
import {
  approved,
  drafted,
  event,
  issueRequested,
  lineOf,
  logged,
  requested,
  resolved,
  Story,
} from '../spec-kit/story.js';

describe('names of work whose id another ticket used before', () => {
  let story: Story;
  let models: ReadModels;

  beforeEach(async () => {
    story = new Story();
    await story.house();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
    for (const ticketId of ['T1', 'T2'])
      await story.ticket(ticketId, requested(ticketId), logged('W1', 60), approved('W1'), resolved());
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const items = async () => {
    await models.catchUp();
    const found = (await models.billableItems.list({ ticketId: 'T2' })).items;
    return found.map(({ itemId, disposition, actualMinutes }) => [itemId, disposition, actualMinutes]);
  };
  /** Puts work of T2 on an issued invoice, under a name that documents of old logs have for it. */
  const invoiced = async (itemId: string, name: string): Promise<void> => {
    await models.catchUp();
    const [item] = await models.billableItems.explained(itemId);
    const line = { ...lineOf(item!), itemId: name, workItemId: name };
    await story.account(
      'acme',
      '2026-03',
      drafted('I1', 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId: 'I1', lines: [line] }),
      issueRequested('I1'),
    );
  };

  it('are made with their ticket', async () => {
    expect(await items()).toEqual([['T2@@W1', 'billable', 60]]);
  });

  it('stay what documents of old logs have, so that what is invoiced is known for theirs', async () => {
    await invoiced('T2@@W1', 'T2:W1');
    expect(await items()).toEqual([['T2:W1', 'invoiced', 60]]);
    // Recorded again, it is still that work.
    await story.ticket('T2', logged('W1', 60));
    expect((await items()).map(([itemId]) => itemId)).toEqual(['T2:W1']);
    const again = await readModelsAsOf(story.store, await story.store.head());
    expect((await again.billableItems.list({ ticketId: 'T2' })).items.map(({ itemId }) => itemId)).toEqual(['T2:W1']);
    await again.close();
  });

  it('are not taken by work that a person named so since', async () => {
    await invoiced('T2@@W1', 'T2:W1');
    await story.ticket('T2', logged('T2:W1', 30));
    expect(await items()).toEqual([
      ['T2:W1', 'invoiced', 60],
      ['T2@@T2:W1', 'billable', 30],
    ]);
  });

  it('are told from work that a person named so before: that is what the document means', async () => {
    await story.ticket('T2', logged('T2:W1', 30), approved('T2:W1'));
    await invoiced('T2:W1', 'T2:W1');
    expect(await items()).toEqual([
      ['T2:W1', 'invoiced', 30],
      ['T2@@W1', 'billable', 60],
    ]);
  });

  it('had the ticket before them once more where that form was taken', async () => {
    await story.ticket('T3', requested('T3'), logged('T2:W1', 15));
    await invoiced('T2@@W1', 'T2:T2:W1');
    expect(await items()).toEqual([['T2:T2:W1', 'invoiced', 60]]);
  });
});
