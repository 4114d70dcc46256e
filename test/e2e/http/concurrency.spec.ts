import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, lastOf, type WriteAnswer } from '../kit.js';
import { MONTH, Story, timeEntry } from '../story.js';

interface Invoice {
  readonly invoiceId: string;
  readonly status: string;
  readonly number: string | null;
  readonly numberInSeries: number | null;
}

describe('many at once, over HTTP', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
  });
  afterAll(() => api.close());

  const worked = async (clientId: string) => {
    await story
      .client(clientId)
      .contract(`${clientId}-tm`)
      .ticketInProgress(`INC-${clientId}`)
      .time(`te-${clientId}`)
      .approveTime(`te-${clientId}`)
      .resolve()
      .told();
  };

  it('two drafts of one client-period never share an item (law L3)', async () => {
    await worked('twice');
    const drafts = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) =>
        story.accounts.post<WriteAnswer>('/v1/invoices', {
          invoiceId: `inv-twice-${name}`,
          clientId: 'twice',
          period: MONTH,
        }),
      ),
    );
    expect(drafts.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
    const position = lastOf(drafts.map(({ body }) => body.position));
    const invoices = await story.accounts.readsAll<Invoice>(`/v1/invoices?clientId=twice&atLeast=${position}`);
    expect(invoices).toHaveLength(1);
    expect(await story.accounts.readsAll(`/v1/invoices/${invoices[0]!.invoiceId}/lines`)).toHaveLength(1);
  });

  it('numbers of issues at once have no hole and no repeat (law L4)', async () => {
    const clients = Array.from({ length: 24 }, (_, index) => `many-${index}`);
    for (const client of clients) {
      await worked(client);
      await story.draft(`inv-${client}`).approve().told();
    }
    const before = (await story.accounts.readsAll<Invoice>('/v1/invoices?status=issued')).length;
    const issued = await Promise.all(
      clients.map((client) => story.accounts.post<WriteAnswer>(`/v1/invoices/inv-${client}/issue`)),
    );
    expect(issued.filter(({ status }) => status !== 200)).toEqual([]);
    const position = lastOf(issued.map(({ body }) => body.position));
    const invoices = await story.accounts.readsAll<Invoice>(`/v1/invoices?status=issued&atLeast=${position}`);
    expect(invoices.map(({ numberInSeries }) => numberInSeries).sort((a, b) => a! - b!)).toEqual(
      Array.from({ length: before + clients.length }, (_, index) => index + 1),
    );
  });

  it('one invoice issued many times at once has one number', async () => {
    await worked('once');
    await story.draft('inv-once').approve().told();
    const before = (await story.accounts.readsAll<Invoice>('/v1/invoices?status=issued')).length;
    const issued = await Promise.all(
      Array.from({ length: 12 }, () => story.accounts.post<WriteAnswer>('/v1/invoices/inv-once/issue')),
    );
    expect(issued.map(({ status }) => status)).toEqual(issued.map(() => 200));
    const invoice = await story.accounts.reads<Invoice>('/v1/invoices/inv-once');
    expect(invoice).toMatchObject({ status: 'issued', numberInSeries: before + 1 });
    const next = await story.accounts.readsAll<Invoice>('/v1/invoices?status=issued');
    expect(next).toHaveLength(before + 1);
  });

  it('many writers on one ticket all get through: nobody is sent away because another was first', async () => {
    await story.client('busy').ticketInProgress('INC-busy').told();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        story.support.post('/v1/tickets/INC-busy/time-entries', timeEntry(`te-busy-${index}`, 10)),
      ),
    );
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body)).toEqual([]);
    const entries = await story.support.readsAll<{ type: string }>('/v1/tickets/INC-busy/timeline');
    expect(entries.filter(({ type }) => type === 'TimeEntryLogged')).toHaveLength(50);
  });

  it('50 at once under each of 20 idempotency keys have 20 effects, all answered alike', async () => {
    await story.client('storm').ticketInProgress('INC-storm').told();
    const keys = Array.from({ length: 20 }, (_, index) => `storm-${index}`);
    const { timeEntryId: _made, ...entry } = timeEntry('');
    const answers = await Promise.all(
      keys.flatMap((key, index) =>
        Array.from({ length: 50 }, async () => ({
          key,
          ...(await story.support.post<WriteAnswer & { timeEntryId: string }>(
            '/v1/tickets/INC-storm/time-entries',
            { ...entry, minutes: 10 + index },
            { 'idempotency-key': key },
          )),
        })),
      ),
    );
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body)).toEqual([]);
    for (const key of keys) {
      const of = answers.filter((answer) => answer.key === key).map(({ body }) => body);
      expect(
        new Set(of.map(({ timeEntryId, version, position }) => `${timeEntryId} ${version} ${position}`)).size,
      ).toBe(1);
      expect(of.filter(({ repeated }) => !repeated)).toHaveLength(1);
    }
    const entries = await story.support.readsAll<{ type: string }>('/v1/tickets/INC-storm/timeline');
    expect(entries.filter(({ type }) => type === 'TimeEntryLogged')).toHaveLength(keys.length);
  });
});
