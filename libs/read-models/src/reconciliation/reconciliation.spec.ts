import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import {
  approved,
  event,
  lineOf,
  logged,
  requested,
  resolved,
  Story,
  TERMS,
  used,
  version,
  type AnyEvent,
  drafted,
  issueRequested,
} from '../spec-kit/story.js';
import type { Fate } from './fates.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

const EARLY = '2026-03-20';
const LATE = '2026-06-01';
const zero = { amount: '0.00', currency: 'AUD' };

describe('reconciliation', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    await story.house();
    const coverage = [
      { id: 'in', name: 'monitoring', match: { workTypes: ['monitoring'] }, outcome: 'included' as const },
      ...TERMS.coverage,
    ];
    await story.tell('contract-acme-1', version('acme-1', 2, { ...TERMS, coverage }, '2026-01-01'));
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const fateOf = async (ticketId: string, asOf: string): Promise<Fate | undefined> => {
    await models.catchUp();
    return (await models.reconciliation.tickets(asOf, { ticketId })).items[0]?.fate;
  };
  const issue = async (...itemIds: string[]): Promise<void> => {
    await models.catchUp();
    const items = (await models.billableItems.explainedOfPeriod('acme', '2026-03')).items.filter((item) =>
      itemIds.includes(item.itemId),
    );
    const invoiceId = `I-${itemIds.join('-')}`;
    await story.account(
      'acme',
      '2026-03',
      drafted(invoiceId, 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId, lines: items.map(lineOf) }),
      issueRequested(invoiceId),
    );
  };
  const worked = (ticketId: string, ...work: AnyEvent[]) =>
    story.ticket(ticketId, requested(ticketId), ...work, resolved());

  it('waits within the billing delay, is a gap after it, and billed on an issued invoice', async () => {
    await worked('T1', logged('W1'), approved('W1'));
    expect(await fateOf('T1', EARLY)).toBe('waiting');
    expect(await fateOf('T1', LATE)).toBe('gap');
    await issue('W1');
    expect(await fateOf('T1', LATE)).toBe('billed');
  });

  it('is billed only when nothing is left over: the rest invoiced, covered or written off', async () => {
    const covered = logged('W2', 30, '2026-03-03', 'monitoring');
    await worked('T1', logged('W1'), approved('W1'), covered, approved('W2'), used('M1'));
    await issue('W1');
    expect(await fateOf('T1', EARLY)).toBe('waiting');
    expect(await fateOf('T1', LATE)).toBe('gap');
    const [item] = await models.billableItems.explained('M1');
    const why = { reasonCode: 'goodwill', comment: 'small', writtenOffBy: 'acc-1', secondPerson: null };
    await story.account('acme', '2026-03', event('WorkWrittenOff', { ...lineOf(item!), ...why }));
    expect(await fateOf('T1', LATE)).toBe('billed');
  });

  it('is covered by the contract, or declared no charge', async () => {
    await worked('T1', logged('W1', 30, '2026-03-03', 'monitoring'), approved('W1'));
    await worked('T2', event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours', declaredBy: 'ops-1' }));
    expect(await fateOf('T1', LATE)).toBe('covered');
    expect(await fateOf('T2', LATE)).toBe('covered');
  });

  it('is a gap without work until a person accepts it', async () => {
    await worked('T1');
    expect(await fateOf('T1', EARLY)).toBe('gap');
    const [gap] = await dueGaps(models, EARLY, 10);
    const { key: _, dueOn: __, ...facts } = gap!;
    const acceptance = { reasonCode: 'goodwill', comment: 'fine', acceptedBy: 'acc-1', secondPerson: null };
    await story.tell(
      'gap-G1',
      event('BillingGapOpened', { ...facts, gapId: 'G1' }),
      event('BillingGapAccepted', { gapId: 'G1', ...acceptance }),
    );
    expect(await fateOf('T1', EARLY)).toBe('accepted');
    expect((await models.reconciliation.of(EARLY)).gaps).toEqual([]);
  });

  it('accepted, an unbilled item holds its ticket back no longer', async () => {
    await worked('T1', logged('W1'), approved('W1'));
    await models.catchUp();
    const [gap] = await dueGaps(models, LATE, 10);
    const { key: _, dueOn: __, ...facts } = gap!;
    const acceptance = { reasonCode: 'goodwill', comment: 'fine', acceptedBy: 'acc-1', secondPerson: null };
    await story.tell(
      'gap-G1',
      event('BillingGapOpened', { ...facts, gapId: 'G1' }),
      event('BillingGapAccepted', { gapId: 'G1', ...acceptance }),
    );
    expect(await fateOf('T1', LATE)).toBe('accepted');
  });

  it('is written off where nothing of it is invoiced and some of it was written off: not covered', async () => {
    const monitored = logged('W2', 30, '2026-03-03', 'monitoring');
    await worked('T1', logged('W1'), approved('W1'), monitored, approved('W2'));
    await models.catchUp();
    const [item] = await models.billableItems.explained('W1');
    const why = { reasonCode: 'goodwill', comment: 'small', writtenOffBy: 'acc-1', secondPerson: null };
    await story.account('acme', '2026-03', event('WorkWrittenOff', { ...lineOf(item!), ...why }));
    expect(await fateOf('T1', LATE)).toBe('written-off');
    expect((await models.reconciliation.of(LATE)).tickets).toMatchObject({ 'written-off': 1, covered: 0, resolved: 1 });
  });

  it('accounts for a ticket before any configuration was published', async () => {
    const bare = new Story();
    await bare.ticket('T1', requested('T1'), resolved());
    const own = await ReadModels.open({ file: ':memory:', store: bare.store });
    await own.catchUp();
    expect((await own.reconciliation.tickets(EARLY)).items).toMatchObject([{ ticketId: 'T1', fate: 'gap' }]);
    await own.close();
    await bare.store.close();
  });

  it('adds up tickets, gaps and work, whole, by client-period and by ticket, open tickets included', async () => {
    await worked('T1', logged('W1'), approved('W1'), used('M1', '2.5'));
    await worked('T2');
    await worked('T3', logged('W3', 30, '2026-03-03', 'monitoring'), approved('W3'));
    await story.ticket('T4', requested('T4'), logged('W4', 20, '2026-04-02', 'unheard-of'));
    await story.ticket('T5', requested('T5', { clientId: null }), logged('W5', 10), resolved());
    await issue('W1', 'M1');
    await models.catchUp();
    const whole = await models.reconciliation.of(LATE);
    expect(whole.tickets).toEqual({
      resolved: 4,
      gap: 2,
      waiting: 0,
      billed: 1,
      covered: 1,
      'written-off': 0,
      accepted: 0,
      reopened: 0,
    });
    expect(whole.gaps).toEqual([
      { kind: 'time-unapproved', leak: 'unbilled time', gaps: 1, tickets: 1, money: [], minutesWithoutPrice: 10 },
      { kind: 'unpriced', leak: 'contract mismatch', gaps: 1, tickets: 1, money: [], minutesWithoutPrice: 10 },
      {
        kind: 'work-not-recorded',
        leak: 'unbilled time',
        gaps: 1,
        tickets: 1,
        money: [{ amount: '75.00', currency: 'AUD' }],
        minutesWithoutPrice: 0,
      },
    ]);
    expect(whole.gapsOfOpenTickets).toMatchObject([{ kind: 'unpriced', gaps: 1, minutesWithoutPrice: 20 }]);
    expect(whole.recorded).toEqual({ minutes: 130, materialQuantity: '2.5', expenses: '0' });
    expect(whole.imbalances).toEqual([]);
    expect(whole.accounted.byDisposition.invoiced).toEqual({
      items: 2,
      minutes: 70,
      billableMinutes: 75,
      materialQuantity: '2.5',
      expenses: '0',
      money: [{ amount: '212.38', currency: 'AUD' }],
    });
    expect(whole.accounted.byDisposition.unpriced.minutes).toBe(30);
    expect(whole.charges.expected).toEqual({ charges: 0, money: [] });
    expect(whole.money).toEqual(whole.accounted.total.money);
    // The story's document states a net of zero: what it should ask is seen to be missing from it.
    expect(whole.documents).toEqual({
      invoices: 1,
      invoiced: [zero],
      credited: [],
      unexplained: [{ amount: '-212.38', currency: 'AUD' }],
    });

    const page = await models.reconciliation.byClientPeriod(LATE);
    expect(
      page.items.map(({ clientId, period, tickets, recorded }) => [
        clientId,
        period,
        tickets.resolved,
        recorded.minutes,
      ]),
    ).toEqual([
      [null, '2026-03', 1, 10],
      ['acme', '2026-03', 3, 100],
      ['acme', '2026-04', 0, 20],
    ]);
    const { nextCursor } = await models.reconciliation.byClientPeriod(LATE, {}, { limit: 1 });
    const rest = await models.reconciliation.byClientPeriod(LATE, {}, { cursor: nextCursor! });
    expect(rest.items).toEqual(page.items.slice(1));

    const [gaps, first] = await Promise.all([
      models.reconciliation.tickets(LATE, { fate: 'gap' }),
      models.reconciliation.tickets(LATE, {}, { limit: 1 }),
    ]);
    expect(gaps.items.map((ticket) => ticket.ticketId)).toEqual(['T2', 'T5']);
    expect(first.items.map((ticket) => ticket.ticketId)).toEqual(['T1']);
    expect((await models.reconciliation.of(LATE, { ticketId: 'T1' })).accounted.total.items).toBe(2);
  });

  it('adds up an entry over the end of a month whose id another ticket used first', async () => {
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'));
    const { data } = logged('W1', 60, '2026-03-31') as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
    const over = { ...data, startedAt: '2026-03-31T12:40:00Z', endedAt: '2026-03-31T13:40:00Z' };
    await story.ticket('T2', requested('T2'), event('TimeEntryLogged', over), approved('W1'));
    await models.catchUp();
    for (const [period, minutes] of [
      ['2026-03', 90],
      ['2026-04', 40],
    ] as const)
      expect(await models.reconciliation.of(LATE, { clientId: 'acme', period })).toMatchObject({
        imbalances: [],
        recorded: { minutes },
      });
  });
});
