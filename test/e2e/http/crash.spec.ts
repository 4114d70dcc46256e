import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Billtrail } from '@billtrail/application';
import type { DomainEvent } from '@billtrail/kernel';
import { Api, eventually, NOW } from '../kit.js';
import { MONTH, Story } from '../story.js';

interface Invoice {
  readonly invoiceId: string;
  readonly status: string;
  readonly number: string | null;
}

const POLICY = { id: 'complete-issues', role: 'system' } as const;

describe('an issue that a crash interrupted (ADR 6)', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await approved('first');
    await story.issue().told();
    await approved('second');
  });
  afterEach(() => api.close());

  async function approved(clientId: string): Promise<void> {
    await story
      .client(clientId)
      .contract(`${clientId}-tm`)
      .ticketInProgress(`INC-${clientId}`)
      .time(`te-${clientId}`)
      .approveTime(`te-${clientId}`)
      .resolve()
      .draft(`inv-${clientId}`)
      .approve()
      .told();
  }

  const accountOf = (clientId: string) => `account-${clientId}-${MONTH}`;

  /** What was recorded before the crash, by hand, with no policy running. */
  async function recordedBeforeTheCrash(steps: readonly { stream: string; event: DomainEvent }[]): Promise<void> {
    const billtrail = await Billtrail.open({ dataDir: api.dataDir, clock: () => NOW });
    for (const { stream, event } of steps) {
      await billtrail.store.append({
        stream,
        expected: 'any',
        events: [event],
        actor: POLICY,
        commandId: `by-hand/${event.type}`,
        correlationId: 'by-hand',
        causationId: null,
        fingerprint: 'by-hand',
      });
    }
    await billtrail.close();
  }

  /** The same request as the first invoice's, compared with the log as it is now: the work of both is alike. */
  async function requestOfSecond(): Promise<{ stream: string; event: DomainEvent }> {
    const { store } = api.billtrail;
    const { events } = await store.readStream(accountOf('first'));
    const comparedUpTo = String(await store.head());
    const request = events.find(({ type }) => type === 'InvoiceIssueRequested');
    return {
      stream: accountOf('second'),
      event: {
        type: 'InvoiceIssueRequested',
        data: {
          ...request!.data,
          invoiceId: 'inv-second',
          buyer: { name: 'second', taxId: null, address: null },
          comparedUpTo,
        },
        occurredAt: NOW,
      },
    };
  }

  const numberOfSecond = {
    stream: 'numbering-INV',
    event: {
      type: 'DocumentNumberAssigned',
      data: {
        series: 'INV',
        number: 2,
        formatted: 'INV-000002',
        documentId: 'inv-second',
        accountStream: accountOf('second'),
      },
      occurredAt: NOW,
    },
  };

  const numbers = async () =>
    (await story.admin.readsAll<Invoice>('/v1/invoices?status=issued')).map(({ invoiceId, number }) => [
      invoiceId,
      number,
    ]);

  async function untilSecondIsIssued(): Promise<void> {
    const admin = api.as('admin', 'after-the-crash');
    await eventually(
      () => admin.reads<Invoice>('/v1/invoices/inv-second'),
      ({ status }) => status === 'issued',
    );
    story = new Story(api);
  }

  it('after the request: the policy gives the number and issues it at the next start', async () => {
    const request = await requestOfSecond();
    await api.stop();
    await recordedBeforeTheCrash([request]);
    await api.start();
    await untilSecondIsIssued();
    await approved('third');
    await story.issue().told();
    expect(await numbers()).toEqual([
      ['inv-first', 'INV-000001'],
      ['inv-second', 'INV-000002'],
      ['inv-third', 'INV-000003'],
    ]);
  });

  it('after the number: the policy issues it under that number', async () => {
    const request = await requestOfSecond();
    await api.stop();
    await recordedBeforeTheCrash([request, numberOfSecond]);
    await api.start();
    await untilSecondIsIssued();
    expect(await numbers()).toEqual([
      ['inv-first', 'INV-000001'],
      ['inv-second', 'INV-000002'],
    ]);
    const { events } = await api.billtrail.store.readStream('numbering-INV');
    expect(events).toHaveLength(2);
  });

  it('sent again by the client, it is answered as issued', async () => {
    const request = await requestOfSecond();
    await api.stop();
    await recordedBeforeTheCrash([request]);
    await api.start();
    const admin = api.as('admin', 'after-the-crash');
    await admin.does('/v1/invoices/inv-second/issue');
    expect(await admin.reads<Invoice>('/v1/invoices/inv-second')).toMatchObject({
      status: 'issued',
      number: 'INV-000002',
    });
  });

  it('keeps its series when another one is configured meanwhile; the other has no hole', async () => {
    const request = await requestOfSecond();
    const configuration = {
      ...(await story.admin.reads<object>('/v1/configuration')),
      invoiceSeries: { series: 'NEW', prefix: 'N', digits: 3 },
    };
    const published = { type: 'ConfigurationPublished', data: { configuration, hash: 'by-hand' }, occurredAt: NOW };
    await api.stop();
    await recordedBeforeTheCrash([request, { stream: 'configuration', event: published }]);
    await api.start();
    await untilSecondIsIssued();
    await story.admin.does('/v1/invoices/inv-first/issue');
    await approved('third');
    await story.issue().told();
    expect(await numbers()).toEqual([
      ['inv-first', 'INV-000001'],
      ['inv-second', 'INV-000002'],
      ['inv-third', 'N001'],
    ]);
  });

  it('leaves everything else as it was: what was read before the restart is read after it', async () => {
    const paths = [
      '/v1/invoices',
      '/v1/billable-items',
      '/v1/gaps',
      '/v1/reconciliation',
      '/v1/tickets/INC-first/timeline',
    ];
    const before = await Promise.all(paths.map((path) => story.admin.reads<object>(path)));
    await api.restart();
    const admin = api.as('admin', 'after-the-restart');
    expect(await Promise.all(paths.map((path) => admin.reads<object>(path)))).toEqual(before);
  });
});

describe('a server that is told to stop while a policy is at work', () => {
  it('stops, and what the policy recorded is there after the restart', async () => {
    const api = await Api.open();
    const story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1').resolve().told();
    await api.restart();
    const admin = api.as('admin', 'after-the-restart');
    const gaps = await eventually(
      () => admin.readsAll<{ kind: string; state: string }>('/v1/gaps'),
      (found) => found.length > 0,
    );
    expect(gaps).toMatchObject([{ kind: 'time-unapproved', state: 'open' }]);
    // Ends: a policy never waits for read models that nobody carries on.
    await api.close();
  });
});
