import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import {
  approved,
  drafted,
  event,
  issueRequested,
  lineOf,
  logged,
  requested,
  Story,
  type AnyEvent,
} from '../spec-kit/story.js';

const movedTo = (timeEntryId: string, workDate: string): AnyEvent => {
  const { data } = logged(timeEntryId, 60, workDate) as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
  const { loggedBy: correctedBy, ...facts } = data;
  return event('TimeEntryCorrected', { ...facts, correctedBy, reason: 'typo' });
};

describe('what accounts of other periods hold of work', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story(':memory:', () => '2026-05-20T00:00:00.000Z');
    await story.house();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
    await story.ticket('T1', requested('T1'), logged('W1', 60), approved('W1'), logged('W2', 30), approved('W2'));
    await story.ticket('T2', requested('T2'), logged('X', 60, '2026-04-10'), approved('X'));
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const elsewhere = async (period: string) => {
    await models.catchUp();
    const { elsewhere: accounts = [] } = await models.billableItems.periodFacts('acme', period);
    return accounts.map(({ period: there, invoiced, writtenOff }) => [
      there,
      invoiced.map(({ line, invoiceId }) => `${line.itemId} on ${invoiceId}`),
      writtenOff.map(({ itemId }) => itemId),
    ]);
  };

  it('is nothing while work stands where it was frozen', async () => {
    expect(await elsewhere('2026-03')).toEqual([]);
    expect(await elsewhere('2026-04')).toEqual([]);
  });

  it('is what was invoiced or written off before the work was moved to this period', async () => {
    await models.catchUp();
    const [[one], [other]] = [await models.billableItems.explained('W1'), await models.billableItems.explained('W2')];
    await story.account(
      'acme',
      '2026-03',
      drafted('I1', 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId: 'I1', lines: [lineOf(one!)] }),
    );
    await story.ticket('T1', movedTo('W1', '2026-04-02'));
    // A draft freezes nothing.
    expect(await elsewhere('2026-04')).toEqual([]);
    await story.account('acme', '2026-03', issueRequested('I1'));
    expect(await elsewhere('2026-04')).toEqual([['2026-03', ['W1 on I1'], []]]);
    const why = { reasonCode: 'goodwill', comment: 'late', writtenOffBy: 'acc-1', secondPerson: null };
    await story.account('acme', '2026-03', event('WorkWrittenOff', { ...lineOf(other!), ...why }));
    await story.ticket('T1', movedTo('W2', '2026-04-03'));
    expect(await elsewhere('2026-04')).toEqual([['2026-03', ['W1 on I1'], ['W2']]]);
    expect(await elsewhere('2026-03')).toEqual([]);
  });
});
