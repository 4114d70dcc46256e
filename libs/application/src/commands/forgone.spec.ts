import { describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import { forgoingOf } from './forgone.js';

const ABOUT = { target: 'T1', clientId: 'bluegum', period: '2026-03', workBy: [] };
const part = (ticketId: string | null, amount: string | null, currency = 'AUD') => ({
  ticketId,
  money: amount === null ? null : Money.of(amount, currency),
});

describe('what is forgone', () => {
  it.each([
    ['is a sum for each ticket', [part('T1', '10'), part('T2', '1'), part('T1', '5')], ['T1 15.00 AUD', 'T2 1.00 AUD']],
    ['counts the same, owed to a client or by one', [part('T1', '-10')], ['T1 10.00 AUD']],
    ['is unknown of a ticket of which a part is', [part('T1', '10'), part('T1', null)], ['T1 unknown']],
    ['is unknown where no one currency has it', [part('T1', '10'), part('T1', '5', 'JPY')], ['T1 unknown']],
    ['stays unknown after that', [part('T1', '10'), part('T1', '5', 'JPY'), part('T1', '5')], ['T1 unknown']],
    ['is nothing where it comes to nothing', [part('T1', '10'), part('T1', '-10')], undefined],
  ])('%s', (_what, parts, expected) => {
    const told = forgoingOf(ABOUT, parts)?.forgone.map(
      ({ ticketId, money }) => `${ticketId} ${money === null ? 'unknown' : `${money.amount} ${money.currency}`}`,
    );
    expect(told).toEqual(expected);
  });
});
