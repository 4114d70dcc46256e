import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { frozenChargeOf } from '@billtrail/billing';
import { streamName } from '@billtrail/event-store';
import { ReadModels } from '../read-models.js';
import { configured, contract, event, MANAGED, registered, Story, drafted, issueRequested } from '../spec-kit/story.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

describe('charges', () => {
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    story = new Story();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
    await story.tell('configuration', configured());
    for (const clientId of ['acme', 'beta']) {
      await story.tell(`client-${clientId}`, registered(clientId));
      await story.tell(`contract-${clientId}-1`, ...contract(clientId, MANAGED));
    }
    const count = { contractId: 'acme-1', countOf: 'server', count: 3, from: '2026-02-01' };
    await story.tell('contract-acme-1', event('CountRecorded', count));
    await models.catchUp();
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  it('are listed by each filter, and page by page without a gap or a double', async () => {
    const ids = async (filter: Parameters<typeof models.charges.list>[0]) =>
      (await models.charges.list(filter)).items.map(({ chargeItemId }) => chargeItemId);
    expect(await ids({ clientId: 'acme', period: '2026-02' })).toEqual([
      'acme-1@fee@care@2026-02-01',
      'acme-1@minimum@least@2026-02-01',
    ]);
    expect(await ids({ contractId: 'beta-1', kind: 'recurring' })).toEqual(['beta-1@fee@licence@2026-01-01']);
    expect(await ids({ disposition: 'invoiced' })).toEqual([]);
    const [licence] = await models.charges.byId('acme-1@fee@licence@2026-01-01');
    expect(licence).toMatchObject({ net: { amount: '90.00', currency: 'AUD' }, period: '2026-01', contractVersion: 1 });
    expect(licence?.trace.map(({ step }) => step)).toContain('proration');
    expect((await models.charges.ofPeriod('acme', '2026-01')).map(({ kind }) => kind)).toEqual([
      'recurring',
      'minimum',
    ]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await models.charges.list({}, { limit: 1, cursor });
      seen.push(...page.items.map(({ chargeItemId }) => chargeItemId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual((await models.charges.list()).items.map(({ chargeItemId }) => chargeItemId));
    expect(seen).toHaveLength(10);
  });

  it('of fees name the events that brought their version, and the renewal that keeps it', async () => {
    const { recurringCharges = [] } = MANAGED;
    const fixed = {
      ...MANAGED,
      recurringCharges: recurringCharges.map((one) => ({ ...one, everyMonths: 1 as const })).slice(1),
    };
    const acme = { contractId: 'acme-2', versionNumber: 1 };
    const version = { ...acme, effectiveFrom: '2026-01-01', effectiveTo: '2026-01-31', terms: fixed };
    await story.tell(
      'contract-acme-2',
      event('ContractActivated', { contractId: 'acme-2', clientId: 'acme', name: 'more', priority: 2 }),
      event('ContractVersionPublished', version),
      event('ContractRenewed', { ...acme, effectiveTo: '2026-03-31' }),
    );
    const sources = async (month: string) => {
      await models.catchUp();
      const charges = await models.charges.list({ contractId: 'acme-2', kind: 'recurring', period: month });
      return [...new Set(charges.items.flatMap(({ sourceEventIds }) => sourceEventIds))];
    };
    const { events } = await story.store.readStream(streamName('contract', 'acme-2'));
    const [, published, renewed] = events.map(({ id }) => id);
    expect(await sources('2026-01')).toEqual([published]);
    expect(await sources('2026-02')).toEqual([published, renewed]);
  });

  it('that nobody can price, and those on no invoice, are gaps without a ticket until they are invoiced', async () => {
    const gaps = async (asOf: string) => {
      const due = await dueGaps(models, asOf, 100);
      return due.filter(({ clientId, period }) => clientId === 'acme' && period === '2026-01');
    };
    expect(await gaps('2026-01-30')).toMatchObject([
      {
        kind: 'contract-mismatch',
        ticketId: null,
        charge: { contractId: 'acme-1', chargeId: 'acme-1@fee@care@2026-01-01' },
      },
    ]);
    const due = await gaps('2026-06-01');
    expect(due).toHaveLength(3);
    const [first] = due;
    expect(await models.billableItems.derivedGap(first!.key)).toEqual(first);
    const scope = { clientId: 'acme', period: '2026-01' };
    expect((await models.reconciliation.of('2026-06-01', scope)).gapsOfCharges).toMatchObject([
      { kind: 'contract-mismatch', gaps: 3, tickets: 0 },
    ]);

    const held = async (asOf: string) => (await models.reconciliation.of(asOf, scope)).charges;
    const aud = (count: number, amount: string) => ({ charges: count, money: [{ amount, currency: 'AUD' }] });
    const none = { charges: 0, money: [] };
    const places = { waiting: none, missing: none, drafted: none, invoiced: none, credited: none };
    // The fee is billed in advance, the minimum after the month: 300.00 less a third of the quarter's 90.00.
    expect(await held('2026-01-15')).toEqual({
      ...places,
      expected: aud(2, '360.00'),
      waiting: aud(1, '270.00'),
      missing: aud(1, '90.00'),
    });
    expect(await held('2026-02-01')).toMatchObject({ waiting: none, missing: aud(2, '360.00') });

    const charges = await models.charges.ofPeriod('acme', '2026-01');
    const frozen = charges.map(frozenChargeOf);
    const money = (amount: string) => ({ amount, currency: 'AUD' });
    await story.account(
      'acme',
      '2026-01',
      drafted('I1', 'acme', '2026-01'),
      event('InvoiceLinesAdded', { invoiceId: 'I1', lines: [], charges: frozen }),
    );
    await models.catchUp();
    const dispositions = async () => (await models.charges.ofPeriod('acme', '2026-01')).map((one) => one.disposition);
    expect(await dispositions()).toEqual(['claimed', 'claimed']);
    expect(await held('2026-02-01')).toEqual({
      ...places,
      expected: aud(2, '360.00'),
      drafted: aud(2, '360.00'),
    });
    expect(await models.invoices.get('I1')).toMatchObject({ lineCount: 2, net: money('360.00') });
    expect((await models.invoices.charges('I1')).items.map((one) => [one.lineNumber, one.kind])).toEqual([
      [1, 'recurring'],
      [2, 'minimum'],
    ]);
    await story.account(
      'acme',
      '2026-01',
      issueRequested('I1', {
        issueDate: '2026-02-01',
        net: money('360.00'),
        tax: money('35.90'),
        total: money('394.90'),
      }),
    );
    await models.catchUp();
    expect(await dispositions()).toEqual(['invoiced', 'invoiced']);
    expect(await gaps('2026-06-01')).toHaveLength(1);
    expect(await held('2026-02-01')).toEqual({ ...places, expected: aud(2, '360.00'), invoiced: aud(2, '360.00') });
    expect(await models.reconciliation.of('2026-02-01', scope)).toMatchObject({
      money: [money('360.00')],
      documents: { invoices: 1, invoiced: [money('360.00')], credited: [], unexplained: [] },
    });
    const ofTicket = await models.reconciliation.of('2026-02-01', { ticketId: 'T1' });
    expect([ofTicket.charges.expected, ofTicket.documents]).toEqual([none, null]);
    const page = await models.reconciliation.byClientPeriod('2026-02-01', { clientId: 'acme' });
    expect(page.items.map(({ period, charges: { expected } }) => [period, expected.charges])).toContainEqual([
      '2026-02',
      2,
    ]);
  });

  it('records a gap of a charge without a ticket', async () => {
    const [due] = await dueGaps(models, '2026-01-30', 1);
    const { key, dueOn: _, ...facts } = due!;
    await story.tell('gap-G1', event('BillingGapOpened', { ...facts, gapId: 'G1' }));
    await models.catchUp();
    expect(models.gaps.byKeyNow(key)).toMatchObject({ gapId: 'G1', ticketId: null, charge: facts.charge });
    expect((await dueGaps(models, '2026-01-30', 100)).map((gap) => gap.key)).not.toContain(key);
  });
});
