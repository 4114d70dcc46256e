import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import { Msp, type Terms } from '../../scenarios/msp.js';
import { ANNA, BEA, OMAR } from '../../scenarios/people.js';

/**
 * A history with something of everything: an issued invoice and an adjustment of it, a draft, a write-off, covered and unpriced work, work
 * that waits, gaps that are open and one that was accepted. The seeded bugs of the laws are planted into what it leaves.
 */
export async function tellSample(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  const maintenance = { kinds: ['time' as const], categories: ['maintenance'] };
  await msp.signs('bluegum', {
    rules: [
      { id: 'maintenance', name: 'Maintenance', match: maintenance, outcome: 'included' },
      { id: 'all', name: 'All work', match: {}, outcome: 'billable' },
    ],
  });
  const invoiced = await msp.ticket('T1', 'bluegum');
  await invoiced.time('W1', 70, '2026-02-20');
  await invoiced.uses('M1', '3', '19.99', '2026-02-20');
  await invoiced.resolves('listed');
  await msp.bills('I1', 'bluegum', '2026-02');
  await invoiced.corrects('W1', 100, '2026-02-20');

  const covered = await msp.ticket('T2', 'bluegum', { category: 'maintenance' });
  await covered.time('W2', 25, '2026-03-01');
  await covered.resolves();
  const unpriced = await msp.ticket('T3', 'bluegum');
  await unpriced.time('W3', 60, '2026-03-01', { type: 'weekend-duty' });
  await unpriced.resolves();
  const emptied = await msp.ticket('T4', 'bluegum');
  await emptied.time('W4', 60, '2026-03-01');
  await emptied.resolves();
  await emptied.voids('W4');
  const forgone = await msp.ticket('T5', 'bluegum');
  await forgone.time('W5', 60, '2026-03-01');
  await forgone.uses('M5', '1', '100.00', '2026-03-01');
  await forgone.resolves('listed');
  await msp.days(0);
  await msp.writesOff('W5', 'bluegum', '2026-03', ANNA);
  await msp.drafts('I2', 'bluegum', '2026-03');
  await msp.days(14);
  await msp.accepts('unpriced', ANNA);
  const waiting = await msp.ticket('T6', 'bluegum');
  await waiting.time('W6', 60, '2026-03-01', { approved: false });
  await waiting.resolves();
  await msp.days(0);
  return msp;
}

/** Two lines invoiced; a part of one goes back, then the other whole, which is billed again. */
export async function tellCredits(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  await msp.signs('bluegum');
  const printer = await msp.ticket('T1', 'bluegum');
  await printer.time('W1', 70, '2026-03-02');
  await printer.time('W2', 95, '2026-03-02');
  await printer.resolves();
  await msp.bills('I1', 'bluegum', '2026-03');
  const part = { itemId: 'W1', outcome: 'written-off' as const, net: { amount: '33.33', currency: 'AUD' } };
  await msp.credits('C1', 'I1', 'bluegum', '2026-03', [part]);
  await msp.credits('C2', 'I1', 'bluegum', '2026-03', [{ itemId: 'W2', outcome: 'bill-again' }]);
  await msp.bills('I2', 'bluegum', '2026-03');
  return msp;
}

/** Three fees of 33.35 are invoiced and then given up: one goes back by a note of its invoice, one by a note of none, one on a later invoice. */
export async function tellGivenBack(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  const fee = { basis: 'fixed' as const, price: '33.35', billed: 'in-advance' as const, taxCategory: 'GST' };
  const recurringCharges = ['a', 'b', 'c'].map((id) => ({ ...fee, id, name: `Fee ${id}` }));
  await msp.signs('bluegum', { from: '2026-03-01', besides: { recurringCharges } });
  await msp.bills('I1', 'bluegum', '2026-03');
  await msp.renegotiates('bluegum', { from: '2026-03-01' });
  await msp.house.settle();
  const owed = (await msp.house.billtrail.models.charges.ofPeriod('bluegum', '2026-03'))
    .filter(({ disposition }) => disposition === 'billable')
    .map(({ chargeItemId }) => chargeItemId);
  const [first = '', second = ''] = owed;
  const why = { reasonCode: 'wrong-price', comment: 'agreed on the phone' };
  const ofMarch = { clientId: 'bluegum', period: '2026-03' };
  await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: first, outcome: 'corrected' }]);
  await msp.send(billing.GiveCredits, { creditNoteId: 'C2', ...ofMarch, items: [second], ...why });
  const printer = await msp.ticket('T1', 'bluegum');
  await printer.time('W1', 60, '2026-03-02');
  await printer.resolves();
  await msp.bills('I2', 'bluegum', '2026-03');
  return msp;
}

/** A fee and a block of hours, of which some are used; March is invoiced, the fee of February is not. */
export async function tellManaged(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  await msp.signs('bluegum', {
    from: '2026-02-01',
    minimum: 0,
    increment: 1,
    rules: [{ id: 'prepaid', name: 'From the hours', match: {}, outcome: 'prepaid' }],
    besides: {
      prepaid: {},
      recurringCharges: [
        { id: 'fee', name: 'Fee', basis: 'fixed', price: '310.00', billed: 'in-advance', taxCategory: 'GST' },
      ],
    },
  });
  await msp.send(contracts.PurchasePrepaidBlock, {
    contractId: 'bluegum-1',
    blockId: 'A',
    amount: { unit: 'minutes', minutes: 600 },
    purchasedOn: '2026-03-01',
    price: { net: { amount: '1200.00', currency: 'AUD' }, taxCategory: 'GST' },
  });
  const ticket = await msp.ticket('T1', 'bluegum');
  await ticket.time('W1', 240, '2026-03-02');
  await ticket.resolves();
  await msp.bills('I1', 'bluegum', '2026-03');
  await msp.days(14);
  return msp;
}

/** An hour at least for each ticket, shared by two that were merged: of one its half is invoiced, and the other is gone. */
export async function tellSharedMinimum(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  await msp.signs('bluegum', { minimum: 60, increment: 60, scope: 'ticket' });
  const [one, other] = [await msp.ticket('T1', 'bluegum'), await msp.ticket('T2', 'bluegum')];
  await one.time('W1', 20, '2026-03-02');
  await other.time('W2', 20, '2026-03-02');
  await msp.send(tickets.MergeTicket, { ticketId: 'T2', into: 'T1', reason: 'one outage' }, { actor: OMAR });
  await one.resolves();
  const named = { invoiceId: 'I1', clientId: 'bluegum', period: '2026-03', tickets: ['T2'] };
  await msp.send(billing.DraftInvoice, named);
  await msp.issues('I1', 'bluegum', '2026-03');
  await one.voids('W1');
  await msp.days(0);
  return msp;
}

/** What two entries of a ticket share, written off or invoiced with both, and the first is gone: the other has it alone. */
export async function tellSharedPrice(terms: Terms, settled: 'written-off' | 'invoiced'): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  await msp.signs('bluegum', terms);
  const ticket = await msp.ticket('T1', 'bluegum');
  await ticket.time('W1', 20, '2026-03-02');
  await ticket.time('W2', 20, '2026-03-02');
  await ticket.resolves();
  await msp.days(0);
  if (settled === 'invoiced') await msp.bills('I1', 'bluegum', '2026-03');
  else for (const itemId of ['W2', 'W1']) await msp.writesOff(itemId, 'bluegum', '2026-03', ANNA);
  await ticket.voids('W1');
  await msp.days(0);
  return msp;
}

/**
 * Half an hour at least for each entry, drafted by the contract that comes first; then that ends, and by the other it is an hour at least for each ticket. The
 * draft asks 75.00 of 150.00.
 */
export async function tellDraftOfOtherMinimum(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02');
  await msp.signs('bluegum', { minimum: 30, increment: 30 });
  await msp.signsToo('bluegum', 'bluegum-2', { minimum: 60, increment: 60, scope: 'ticket', priority: 20 });
  const ticket = await msp.ticket('T1', 'bluegum');
  await ticket.time('W1', 20, '2026-03-02');
  await msp.drafts('I1', 'bluegum', '2026-03');
  await msp.send(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay: '2026-03-01', reason: 'moved' });
  await msp.days(0);
  return msp;
}

/** Under a limit of 200.00 of one client and month: a write-off of 150.00 by one person, and one that another agreed to; approved work is voided, and another agrees. */
export async function tellForgone(): Promise<Msp> {
  const msp = await Msp.opens('2026-03-02', { secondPersonAbove: { amount: '200.00', currency: 'AUD' } });
  await msp.signs('bluegum');
  const ticket = await msp.ticket('T1', 'bluegum');
  for (const id of ['W1', 'W2', 'W3', 'W4']) await ticket.time(id, 60, '2026-03-02');
  await msp.house.settle();
  await msp.writesOff('W1', 'bluegum', '2026-03', ANNA);
  await msp.writesOff('W2', 'bluegum', '2026-03', ANNA, BEA);
  await msp.tries(tickets.VoidTimeEntry, { ticketId: 'T1', timeEntryId: 'W3', reason: 'twice' }, { actor: OMAR }, BEA);
  return msp;
}
