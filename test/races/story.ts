import type { Instant } from '@billtrail/kernel';
import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { HOURS } from '../laws/kit/broken-stories.js';
import { ACCOUNTANT } from '../laws/kit/house.js';
import { Msp, versionOf } from '../scenarios/msp.js';
import { OMAR } from '../scenarios/people.js';
import { managed, publishedPolicy } from '../scenarios/service-levels.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
/** A month and more: the next month has come, a term is over, a target is missed, and what was not billed is a gap. */
const DAYS_PASSED = 32;
const minutes = (value: number) => ({ unit: 'minutes' as const, minutes: value });

/** Leaves a data folder in which each policy has something to do, and has done nothing of it yet. Answers the time by then. */
export async function leavesAllToThePolicies(folder: string): Promise<Instant> {
  const msp = await Msp.opens(DAY, { chargeLeadDays: 40 }, folder);
  const workIsApproved = await blockNearlyUsed(msp);
  await termNearlyOver(msp);
  await msp.signs('wattle', { besides: managed(publishedPolicy('lucidity_au')) });
  await msp.ticket('S1', 'wattle', { priority: 'critical' });
  const changes = await gaps(msp);
  await interruptedWriteOff(msp);
  await interruptedIssue(msp);
  await interruptedCredits(msp);
  await changes();
  await crossedMerges(msp);
  await workIsApproved();
  msp.house.passDays(DAYS_PASSED);
  const { now } = msp.house;
  await msp.closes();
  return now;
}

async function blockNearlyUsed(msp: Msp): Promise<() => Promise<void>> {
  const renewBlocks = { below: minutes(60), goodForMonths: 12 };
  await msp.signs('bluegum', { ...HOURS, besides: { prepaid: { renewBlocks } } });
  const price = { net: { amount: '1300.00', currency: 'AUD' }, taxCategory: 'GST' };
  const days = { purchasedOn: DAY, expiresOn: '2026-12-31' };
  const block = { contractId: 'bluegum-1', blockId: 'A', amount: minutes(600), ...days, price };
  await msp.send(contracts.PurchasePrepaidBlock, block);
  const ticket = await msp.ticket('B1', 'bluegum');
  await ticket.time('B1-W', 510, DAY);
  const more = await msp.ticket('B2', 'bluegum');
  await more.time('B2-W', 240, DAY, { approved: false });
  return () => more.approves('B2-W');
}

async function termNearlyOver(msp: Msp): Promise<void> {
  const client = { clientId: 'banksia', name: 'banksia', currency: 'AUD', timeZone: 'Australia/Sydney' };
  await msp.send(contracts.RegisterClient, client);
  const renewal = { automatic: true, months: 12, noticeDays: 10 };
  const contract = { contractId: 'banksia-1', clientId: 'banksia', name: 'Care', priority: 10 };
  await msp.send(contracts.ActivateContract, {
    ...contract,
    ...versionOf({ from: '2026-01-01', besides: { renewal } }),
    effectiveTo: '2026-03-31',
  });
}

/** One gap is recorded and to be revalued, another to be closed; a third is to be opened. */
async function gaps(msp: Msp): Promise<() => Promise<void>> {
  const [revalued, closed] = [await msp.ticket('G1', 'wattle'), await msp.ticket('G2', 'wattle')];
  for (const ticket of [revalued, closed]) {
    await ticket.time(`${ticket.ticketId}-W`, 60, DAY, { approved: false });
    await ticket.resolves();
  }
  await msp.house.settle();
  return async () => {
    await revalued.corrects('G1-W', 120, DAY, { approved: false });
    await closed.approves('G2-W');
    const opened = await msp.ticket('G3', 'wattle');
    await opened.time('G3-W', 60, DAY, { approved: false });
    await opened.resolves();
  };
}

async function interruptedIssue(msp: Msp): Promise<void> {
  await msp.signs('acacia');
  const ticket = await msp.ticket('I1', 'acacia');
  await ticket.time('I1-W', 60, DAY);
  await ticket.resolves();
  const invoice = { invoiceId: 'INV1', clientId: 'acacia', period: MARCH };
  await msp.send(billing.DraftInvoice, invoice);
  await msp.send(billing.ApproveInvoice, invoice);
  await msp.house.must(billing.IssueInvoice, invoice, { actor: ACCOUNTANT, interrupted: true });
}

/** A credit note without its number; and one that one person asked for, which has its verdict on that, and nothing else yet. */
async function interruptedCredits(msp: Msp): Promise<void> {
  for (const [clientId, outcome] of [
    ['hakea', 'bill-again'],
    ['correa', 'written-off'],
  ] as const) {
    await msp.signs(clientId);
    const ticket = await msp.ticket(`C-${clientId}`, clientId);
    await ticket.time(`C-${clientId}-W`, 60, DAY);
    await msp.house.settle();
    await msp.bills(`INV-${clientId}`, clientId, MARCH);
    const credit = [{ itemId: `C-${clientId}-W`, outcome }];
    const sending = { actor: ACCOUNTANT, interrupted: true };
    await msp.credits(`CN-${clientId}`, `INV-${clientId}`, clientId, MARCH, credit, sending);
  }
}

/** A request to forgo money that stands, and whose effect nobody has recorded. */
async function interruptedWriteOff(msp: Msp): Promise<void> {
  await msp.signs('grevillea');
  const ticket = await msp.ticket('F1', 'grevillea');
  await ticket.time('F1-W', 60, DAY);
  await msp.house.settle();
  const off = { itemId: 'F1-W', clientId: 'grevillea', period: MARCH, reasonCode: 'goodwill', comment: 'agreed' };
  await msp.house.must(billing.WriteOffWork, off, { actor: ACCOUNTANT, interrupted: true });
}

async function crossedMerges(msp: Msp): Promise<void> {
  const pairs = [
    ['M1', 'M2'],
    ['M2', 'M1'],
  ] as const;
  for (const [ticketId] of pairs) await msp.ticket(ticketId, 'acacia');
  for (const [ticketId, into] of pairs)
    await msp.house.billtrail.store.append({
      stream: `ticket-${ticketId}`,
      expected: 'any',
      events: [{ type: 'TicketMerged', data: { into, reason: 'one' }, occurredAt: msp.house.now }],
      actor: OMAR,
      commandId: `${ticketId}-elsewhere`,
      correlationId: ticketId,
      causationId: null,
      fingerprint: `${ticketId} elsewhere`,
    });
}
