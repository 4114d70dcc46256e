import { describe, expect, it } from '@jest/globals';
import type { Cap } from '@billtrail/contracts';
import type { InvoiceLine } from '../item/frozen-item.js';
import { asInvoiced, ticketFacts } from '../testing/facts.js';
import { aud, block, contractWith, itemOf, minutes, part, spent, versionsFrom } from '../testing/charges.js';
import type { ContractFacts, TicketFacts } from '../rating/facts.js';
import { usedUnderTicketCaps } from './later-caps.js';

const perTicket = (id: string, match?: Cap['match']): Cap => ({
  id,
  name: 'Budget',
  scope: 'ticket',
  amount: '100.00',
  above: 'gap',
  ...(match === undefined ? {} : { match }),
});

/** An invoiced line of these minutes at 150.00 an hour on a ticket. */
function lineOf(contract: ContractFacts, count: number, number: number, ticketId = 'T-1'): InvoiceLine {
  const priced = part(contract, { ...spent(count, '2026-04-10', number), ticketId }, { outcome: 'billable' });
  const [frozen] = asInvoiced([itemOf(priced, `w-${number}`, '2026-04')]);
  if (frozen === undefined) throw new Error('no line');
  return frozen.line;
}

const ticketsOf = (...tickets: readonly TicketFacts[]): ReadonlyMap<string, TicketFacts> =>
  new Map(tickets.map((ticket) => [ticket.ticketId, ticket]));

describe('what invoiced lines of later periods take of the caps on tickets', () => {
  const contract = contractWith({ caps: [perTicket('cap')] });

  it('adds up the lines of one ticket', () => {
    const lines = [lineOf(contract, 10, 1), lineOf(contract, 14, 2)];
    expect(usedUnderTicketCaps(lines, [contract], ticketsOf(ticketFacts()))).toEqual([
      { contractId: 'con-1', capId: 'cap', ticketId: 'T-1', billed: aud('60.00') },
    ]);
  });

  it('is nothing without lines, without caps, and under the cap of a period', () => {
    const period = contractWith({ caps: [{ ...perTicket('cap'), scope: 'period' }] });
    const open = contractWith({});
    expect(usedUnderTicketCaps([], [contract], new Map())).toEqual([]);
    expect(usedUnderTicketCaps([lineOf(open, 10, 1)], [open], new Map())).toEqual([]);
    expect(usedUnderTicketCaps([lineOf(period, 10, 1)], [period], new Map())).toEqual([]);
  });

  it('goes by contract, cap and ticket, in this order', () => {
    const second = contractWith({ caps: [perTicket('b'), perTicket('a')] }, { contractId: 'con-2' });
    const lines = [
      lineOf(second, 2, 1, 'T-2'),
      lineOf(second, 4, 2, 'T-3'),
      lineOf(second, 6, 3, 'T-1'),
      lineOf(contract, 8, 4, 'T-2'),
    ];
    const tickets = ticketsOf(...['T-1', 'T-2', 'T-3'].map((ticketId) => ticketFacts({ ticketId })));
    const used = usedUnderTicketCaps(lines, [second, contract], tickets);
    expect(used.map(({ contractId, capId, ticketId, billed }) => [contractId, capId, ticketId, billed.amount])).toEqual(
      [
        ['con-1', 'cap', 'T-2', '20.00'],
        ['con-2', 'a', 'T-1', '15.00'],
        ['con-2', 'a', 'T-2', '5.00'],
        ['con-2', 'a', 'T-3', '10.00'],
        ['con-2', 'b', 'T-1', '15.00'],
        ['con-2', 'b', 'T-2', '5.00'],
        ['con-2', 'b', 'T-3', '10.00'],
      ],
    );
  });

  it('counts only what the cap matches, by the line and by its ticket', () => {
    const network = contractWith({ caps: [perTicket('cap', { categories: ['network'], workTypes: ['remote'] })] });
    const lines = [lineOf(network, 10, 1, 'T-1'), lineOf(network, 20, 2, 'T-2')];
    const tickets = ticketsOf(
      ticketFacts({ category: 'printer' }),
      ticketFacts({ ticketId: 'T-2', category: 'network' }),
    );
    expect(usedUnderTicketCaps(lines, [network], tickets)).toEqual([
      { contractId: 'con-1', capId: 'cap', ticketId: 'T-2', billed: aud('50.00') },
    ]);
  });

  it('does not count what a block covered', () => {
    const stocked = contractWith({ caps: [perTicket('cap')] }, { blocks: [block('b', minutes(600))] });
    const covered: InvoiceLine = {
      ...lineOf(stocked, 10, 1),
      draw: {
        source: { from: 'block', contractId: 'con-1', blockId: 'b' },
        itemId: 'w-1',
        workItemId: 'w-1',
        workDate: '2026-04-10',
        amount: minutes(10),
        frozen: true,
      },
    };
    expect(usedUnderTicketCaps([covered], [stocked], new Map())).toEqual([]);
  });

  it('knows the caps of every version of the contract, each once', () => {
    const versioned = contractWith(
      {},
      versionsFrom(['2026-01-01', { caps: [perTicket('cap')] }], ['2026-05-01', { caps: [perTicket('cap')] }]),
    );
    expect(usedUnderTicketCaps([lineOf(versioned, 10, 1)], [versioned], ticketsOf(ticketFacts()))).toEqual([
      { contractId: 'con-1', capId: 'cap', ticketId: 'T-1', billed: aud('25.00') },
    ]);
  });
});
