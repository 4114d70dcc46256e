import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TimeEntryLogged } from '@billtrail/ticketing';
import { ReadModels } from '../read-models.js';
import {
  approved,
  CLASSIFIED,
  configured,
  contract,
  event,
  lineOf,
  logged,
  registered,
  requested,
  resolved,
  Story,
  TERMS,
  used,
  version,
  drafted,
  issueRequested,
} from '../spec-kit/story.js';
import { dueGaps } from '../spec-kit/due-gaps.js';

describe('billable items', () => {
  let story: Story;
  let models: ReadModels;

  beforeEach(async () => {
    story = new Story();
    models = await ReadModels.open({ file: ':memory:', store: story.store });
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
  });

  const items = async () => {
    await models.catchUp();
    return (await models.billableItems.list({}, { limit: 200 })).items;
  };
  const gapKeys = async (ticketId: string) => {
    await models.catchUp();
    return (await models.billableItems.derivedGapsOfTicket(ticketId)).map((gap) => gap.key);
  };

  it('R1: 70 min, minimum 30, increment 15, 150.00/h is 75 min and 187.50', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'));
    const [item] = await items();
    expect(item).toMatchObject({
      itemId: 'W1',
      clientId: 'acme',
      period: '2026-03',
      disposition: 'billable',
      actualMinutes: 70,
      billableMinutes: 75,
      net: { amount: '187.50', currency: 'AUD' },
      approval: 'approved',
    });
    expect(await models.billableItems.byId('W1')).toEqual([item]);
    const [explained] = await models.billableItems.explained('W1');
    const { basis, trace, ...same } = explained!;
    expect(same).toEqual(item);
    expect(basis).toMatchObject({ work: { kind: 'time', actualMinutes: 70 }, unpriced: null });
    expect(trace.map((step) => step.step)).toContain('amount');
    expect(await models.billableItems.periods()).toEqual([{ clientId: 'acme', period: '2026-03' }]);
  });

  it('rates anew from its effective date when a contract version is published, and leaves earlier periods', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1', 60, '2026-03-31'), logged('W2', 60, '2026-04-01'));
    await models.catchUp();
    const dearer = {
      ...TERMS,
      rateCard: {
        ...TERMS.rateCard,
        labour: [{ workType: 'remote-support', engineerRole: null, pricePerHour: '200.00' }],
      },
    };
    await story.tell('contract-acme-1', version('acme-1', 2, dearer, '2026-04-01'));
    expect((await items()).map((item) => [item.itemId, item.net?.amount, item.contractVersion])).toEqual([
      ['W1', '150.00', 1],
      ['W2', '200.00', 2],
    ]);
  });

  it('follows a correction to another month, and forgets a voided entry', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), used('M1'));
    await models.catchUp();
    const { data } = logged('W1', 30, '2026-04-02') as Extract<ReturnType<typeof logged>, { type: 'TimeEntryLogged' }>;
    const { loggedBy, ...facts } = data;
    await story.ticket('T1', event('TimeEntryCorrected', { ...facts, correctedBy: loggedBy, reason: 'wrong day' }));
    expect((await items()).map((item) => [item.itemId, item.period, item.actualMinutes])).toEqual([
      ['M1', '2026-03', null],
      ['W1', '2026-04', 30],
    ]);
    await story.ticket('T1', event('TimeEntryVoided', { timeEntryId: 'W1', reason: 'double' }));
    expect((await items()).map((item) => item.itemId)).toEqual(['M1']);
  });

  it('keeps the work of a ticket without a client in sight, and moves it when the client is known', async () => {
    await story.house();
    await story.ticket('T1', requested('T1', { clientId: null }), logged('W1'));
    expect(await items()).toMatchObject([{ itemId: 'W1', clientId: null, disposition: 'unpriced' }]);
    expect(await gapKeys('T1')).toEqual(['unpriced|T1|W1|2026-03|']);
    await story.ticket('T1', event('TicketTriaged', CLASSIFIED));
    expect(await items()).toMatchObject([{ itemId: 'W1', clientId: 'acme', disposition: 'billable' }]);
    expect(await gapKeys('T1')).toEqual([]);
  });

  it('moves the work from one client to the other', async () => {
    await story.house();
    await story.tell('client-beta', registered('beta'));
    await story.tell('contract-beta-1', ...contract('beta'));
    await story.ticket('T1', requested('T1'), logged('W1'));
    await models.catchUp();
    await story.ticket('T1', event('TicketReclassified', { ...CLASSIFIED, clientId: 'beta', reason: 'wrong client' }));
    expect((await items()).map((item) => item.clientId)).toEqual(['beta']);
  });

  it('rates by the default configuration until one is published, which marks everything', async () => {
    await story.tell('client-acme', registered());
    await story.tell('contract-acme-1', ...contract());
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    expect(await items()).toHaveLength(1);
    const [byDefault] = await models.billableItems.derivedGapsOfTicket('T1');
    await story.tell('configuration', configured());
    expect(await items()).toHaveLength(1);
    const [published] = await models.billableItems.derivedGapsOfTicket('T1');
    expect(byDefault?.dueOn).not.toBeNull();
    expect(published?.dueOn).not.toBe(byDefault?.dueOn);
  });

  it('claims, frees and freezes what drafts hold', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    await items();
    const [item] = await models.billableItems.explained('W1');
    const draft = (invoiceId: string) => [
      drafted(invoiceId, 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId, lines: [lineOf(item!)] }),
    ];
    await story.account('acme', '2026-03', ...draft('I1'));
    expect(await items()).toMatchObject([{ disposition: 'claimed', invoiceId: 'I1' }]);
    await story.account('acme', '2026-03', event('InvoiceDraftDiscarded', { invoiceId: 'I1', reason: 'wrong' }));
    expect(await items()).toMatchObject([{ disposition: 'billable', invoiceId: null }]);
    await story.account('acme', '2026-03', ...draft('I2'));
    const money = (amount: string) => ({ amount, currency: 'AUD' });
    await story.account(
      'acme',
      '2026-03',
      issueRequested('I2', {
        taxTotals: [{ taxCategory: 'gst', rate: '10', net: money('187.50'), tax: money('18.75') }],
        net: money('187.50'),
        tax: money('18.75'),
        total: money('206.25'),
      }),
    );
    expect(await items()).toMatchObject([{ disposition: 'invoiced', invoiceId: 'I2' }]);
    expect(await gapKeys('T1')).toEqual([]);
    const page = await models.invoices.list({ status: 'issuing' });
    expect(page.items).toMatchObject([{ invoiceId: 'I2', total: money('206.25'), lineCount: 1 }]);
    expect((await models.invoices.lines('I2')).items).toMatchObject([{ lineNumber: 1, itemId: 'W1' }]);
  });

  it('derives the gaps of resolved tickets, keeps them on reopening, and takes them back where work is recorded', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), resolved(undefined, 'changed the router'));
    expect(await gapKeys('T1')).toEqual(['material-suspected|T1|||acme', 'work-not-recorded|T1|||acme']);
    const told = async () => (await models.gapLedger.due('2026-12-31')).map(({ key }) => key);
    expect(await told()).toEqual(['material-suspected|T1|||acme', 'work-not-recorded|T1|||acme']);
    await story.ticket('T1', event('TicketReopened', { reason: 'again' }));
    expect(await gapKeys('T1')).toEqual(['material-suspected|T1|||acme', 'work-not-recorded|T1|||acme']);
    // What is recorded since is work of a ticket that is open.
    await story.ticket('T1', logged('W1'), used('M1'));
    expect(await gapKeys('T1')).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it('keeps the gaps of a ticket that was cancelled after it had been resolved, and what was done since shows them too', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), resolved(), event('TicketReopened', { reason: 'again' }));
    await story.ticket('T1', logged('W2'));
    expect(await gapKeys('T1')).toEqual(['time-unapproved|T1|W1|2026-03|acme']);
    await story.ticket('T1', event('TicketCancelled', { as: 'cancelled', duplicateOf: null, reason: null }));
    expect(await gapKeys('T1')).toEqual(['time-unapproved|T1|W1|2026-03|acme', 'time-unapproved|T1|W2|2026-03|acme']);
    const { items: tickets } = await models.reconciliation.tickets('2026-03-20');
    expect(tickets).toMatchObject([{ ticketId: 'T1', reopenedOn: null, fate: 'gap' }]);
  });

  it('rates the days again that a later end of a contract gives back', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'));
    const end = (lastDay: string) =>
      story.tell('contract-acme-1', event('ContractTerminated', { contractId: 'acme-1', lastDay, reason: 'notice' }));
    await end('2026-02-01');
    expect(await items()).toMatchObject([{ itemId: 'W1', disposition: 'unpriced' }]);
    await end('2026-06-30');
    expect(await items()).toMatchObject([{ itemId: 'W1', disposition: 'billable' }]);
  });

  it('looks again at an account that invoiced a ticket whose work has gone to another client since', async () => {
    await story.house();
    await story.house('beta');
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    await items();
    const [item] = await models.billableItems.explained('W1');
    await story.account(
      'acme',
      '2026-03',
      drafted('I1', 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId: 'I1', lines: [lineOf(item!)] }),
      issueRequested('I1'),
    );
    await story.ticket('T1', event('TicketReclassified', { ...CLASSIFIED, clientId: 'beta', reason: 'wrong client' }));
    const clients = async () => {
      await models.catchUp();
      const gaps = await models.billableItems.derivedGapsOfTicket('T1');
      return gaps.filter((gap) => gap.kind === 'unbilled').map((gap) => gap.clientId);
    };
    expect(new Set(await clients())).toEqual(new Set(['acme', 'beta']));
    await story.ticket('T1', event('TicketReopened', { reason: null }));
    expect(new Set(await clients())).toEqual(new Set(['acme', 'beta']));
  });

  it('has an account that invoiced a ticket follow the zone of the client that the ticket has gone to', async () => {
    await story.house();
    await story.house('beta');
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    await items();
    const [item] = await models.billableItems.explained('W1');
    await story.account(
      'acme',
      '2026-03',
      drafted('I1', 'acme', '2026-03'),
      event('InvoiceLinesAdded', { invoiceId: 'I1', lines: [lineOf(item!)] }),
      issueRequested('I1'),
    );
    await story.ticket('T1', event('TicketReclassified', { ...CLASSIFIED, clientId: 'beta', reason: 'wrong client' }));
    const ofAcme = async () => {
      await models.catchUp();
      const gaps = await models.billableItems.derivedGapsOfTicket('T1');
      return gaps.filter((gap) => gap.clientId === 'acme');
    };
    const before = await ofAcme();
    const facts = { name: 'Beta', currency: 'AUD', taxId: null, address: null, taxExemption: null };
    await story.tell(
      'client-beta',
      event('ClientDetailsChanged', { clientId: 'beta', ...facts, timeZone: 'Pacific/Pago_Pago' }),
    );
    const after = await ofAcme();
    expect(after).not.toEqual(before);
    await models.rebuild();
    expect(await ofAcme()).toEqual(after);
  });

  it('lists by each filter, and goes through the pages without a gap or a double', async () => {
    await story.house();
    await story.house('beta');
    await story.ticket('T1', requested('T1'), logged('W1'), logged('W2', 20, '2026-04-01'), used('M1'));
    await story.ticket('T2', requested('T2', { clientId: 'beta' }), logged('W3'), approved('W3'));
    await models.catchUp();
    const ids = async (filter: Parameters<typeof models.billableItems.list>[0]) =>
      (await models.billableItems.list(filter)).items.map((item) => item.itemId);
    expect(await ids({ clientId: 'acme', period: '2026-03' })).toEqual(['M1', 'W1']);
    expect(await ids({ ticketId: 'T1', kind: 'time', approval: 'unapproved' })).toEqual(['W1', 'W2']);
    expect(await ids({ clientId: null })).toEqual([]);
    expect(await ids({ disposition: 'invoiced' })).toEqual([]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await models.billableItems.list({}, { limit: 1, cursor });
      seen.push(...page.items.map((item) => item.itemId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['M1', 'W1', 'W2', 'W3']);
    expect(await models.billableItems.periods({ clientId: 'acme' })).toEqual([
      { clientId: 'acme', period: '2026-03' },
      { clientId: 'acme', period: '2026-04' },
    ]);
  });

  it('gives the gaps that are due and not recorded', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved('2026-03-05T23:30:00+11:00'));
    await models.catchUp();
    expect(await dueGaps(models, '2026-04-03', 10)).toEqual([]);
    const [due] = await dueGaps(models, '2026-04-04', 10);
    expect(due).toMatchObject({
      kind: 'unbilled',
      workItemId: 'W1',
      dueOn: '2026-04-04',
      valueAtRisk: { money: { amount: '187.50', currency: 'AUD' } },
    });
    const { key: _, dueOn: __, ...facts } = due!;
    await story.tell('gap-G1', event('BillingGapOpened', { ...facts, gapId: 'G1' }));
    await models.catchUp();
    expect(await dueGaps(models, '2026-04-04', 10)).toEqual([]);
    await story.tell('gap-G1', event('BillingGapClosed', { gapId: 'G1', ending: 'corrected' }));
    await models.catchUp();
    expect(await dueGaps(models, '2026-04-04', 10)).toHaveLength(1);
  });
});

describe('ids that several tickets use', () => {
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
  const items = async () => {
    await models.catchUp();
    return (await models.billableItems.list()).items.map(({ itemId, ticketId, actualMinutes, net }) => [
      itemId,
      ticketId,
      actualMinutes,
      net?.amount,
    ]);
  };

  it('the first keeps it, every other is named by its ticket too, and each has its own price', async () => {
    await story.ticket('D1', requested('D1'), logged('E1', 60), approved('E1'), resolved());
    await story.ticket('D2', requested('D2'), logged('E1', 120), approved('E1'), resolved());
    const both = [
      ['D2@@E1', 'D2', 120, '300.00'],
      ['E1', 'D1', 60, '150.00'],
    ];
    expect(await items()).toEqual(both);
    await models.rebuild();
    expect(await items()).toEqual(both);
  });

  it('a voided item keeps its name: it may stand on an invoice', async () => {
    await story.ticket('D1', requested('D1'), logged('E1', 60));
    await story.ticket('D1', event('TimeEntryVoided', { timeEntryId: 'E1', reason: 'twice' }));
    await story.ticket('D2', requested('D2'), logged('E1', 120));
    expect((await items()).map(([itemId]) => itemId)).toEqual(['D2@@E1']);
  });

  it('a no-charge declaration ends when the ticket is reopened', async () => {
    const noCharge = event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'our fault', declaredBy: 'ops-1' });
    await story.ticket('D1', requested('D1'), logged('E1', 60), approved('E1'), noCharge, resolved());
    const dispositions = async () => {
      await models.catchUp();
      return (await models.billableItems.list()).items.map((item) => item.disposition);
    };
    expect(await dispositions()).toEqual(['covered']);
    await story.ticket('D1', event('TicketReopened', { reason: 'again' }));
    expect(await dispositions()).toEqual(['billable']);
  });

  it('a no-charge declaration covers what was there, and not what was recorded or corrected since, until it is declared again', async () => {
    const noCharge = event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'our fault', declaredBy: 'ops-1' });
    await story.ticket('D1', requested('D1'), logged('E1', 1), noCharge, logged('E2', 60));
    const dispositions = async () => {
      await models.catchUp();
      return (await models.billableItems.list()).items.map((item) => item.disposition);
    };
    expect(await dispositions()).toEqual(['covered', 'billable']);
    const { loggedBy: correctedBy, ...facts } = logged('E1', 600).data as TimeEntryLogged['data'];
    await story.ticket('D1', event('TimeEntryCorrected', { ...facts, reason: 'all day', correctedBy }));
    expect(await dispositions()).toEqual(['billable', 'billable']);
    await story.ticket('D1', noCharge);
    expect(await dispositions()).toEqual(['covered', 'covered']);
  });
});
