import { describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import { asInvoiced, material, only, time } from '../../testing/facts.js';
import {
  aud,
  contractWith,
  itemOf,
  lastStepOf,
  monthOf,
  part,
  spent,
  stepsOfPart,
  said,
} from '../../testing/charges.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import type { PricedPart } from '../items/priced-part.js';
import { held } from '../../testing/steps.js';
import { capBasis } from './room.js';

function cap(changes: Partial<Cap> = {}): Cap {
  return { id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above: 'write-down', ...changes };
}
const net = (one: PricedPart): string => one.exact.rounded().toJSON().amount;
const shown = (parts: readonly PricedPart[]): readonly string[] =>
  parts.map((one) => `${net(one)} ${one.aboveCap ?? 'billed'}`);

function heldTo(caps: readonly Cap[], amounts: readonly string[], changes: Partial<ClientPeriodFacts> = {}) {
  const contract = contractWith({ caps });
  const parts = amounts.map((amount, index) =>
    part(contract, spent(60, '2026-03-10', index + 1), { outcome: 'billable', exact: Money.of(amount, 'AUD') }),
  );
  return held(parts, monthOf('2026-03', [contract], changes));
}

describe('step 7, caps', () => {
  it.each([
    ['write-down', 'write-down'],
    ['gap', 'gap'],
  ] as const)('R10: cap 100.00, billed 85.00, next charge 20.00: 15.00 billed, 5.00 as %s', (above, expected) => {
    const { parts } = heldTo([cap({ above })], ['85.00', '20.00']);
    expect(shown(parts)).toEqual(['85.00 billed', '15.00 billed', `5.00 ${expected}`]);
    expect(parts.map((one) => one.billableMinutes)).toEqual([60, 45, 15]);
  });

  it('lets through a cap that is met exactly, and nothing after it', () => {
    expect(shown(heldTo([cap()], ['60.00', '40.00', '0.01']).parts)).toEqual([
      '60.00 billed',
      '40.00 billed',
      '0.01 write-down',
    ]);
  });

  it('counts rounded nets: halves of a cent neither slip through nor pile up', () => {
    expect(shown(heldTo([cap({ amount: '0.03' })], ['0.014', '0.014', '0.014']).parts)).toEqual([
      '0.01 billed',
      '0.01 billed',
      '0.01 billed',
    ]);
  });

  it('keeps and tells what the cap let through and what is above it', () => {
    const { parts } = heldTo([cap({ above: 'gap' })], ['120.00', '7.00']);
    const own = { contractId: 'con-1', capId: 'cap', currency: 'AUD', heldBack: null };
    expect(parts.map((one) => one.cap && capBasis(one.cap))).toEqual([
      { ...own, above: null },
      { ...own, above: '20.00' },
      { ...own, above: '7.00' },
    ]);
    expect(lastStepOf(parts[0])?.facts).toMatchObject({ capId: 'cap', billed: '100.00', usedBefore: '0.00' });
    expect(lastStepOf(parts[1])?.facts).toMatchObject({ unpriced: 'above-cap', above: '20.00', rule: 'gap' });
  });

  it('holds labour and materials together, and cuts pieces exactly', () => {
    const contract = contractWith({ caps: [cap()] });
    const labour = part(contract, spent(30, '2026-03-10'), { outcome: 'billable' });
    const cables = part(contract, material(), { outcome: 'billable', quantity: '3', exact: Money.of('45.00', 'AUD') });
    const { parts } = held([labour, cables], monthOf('2026-03', [contract]));
    expect(parts.map((one) => [one.quantity, net(one), one.aboveCap])).toEqual([
      ['30', '75.00', null],
      ['1.666666', '25.00', null],
      ['1.333334', '20.00', 'write-down'],
    ]);
  });

  it('holds only work that it matches', () => {
    expect(shown(heldTo([cap({ amount: '10.00', match: { workTypes: ['onsite'] } })], ['20.00']).parts)).toEqual([
      '20.00 billed',
    ]);
    expect(shown(heldTo([cap({ amount: '10.00', match: { workTypes: ['remote'] } })], ['20.00']).parts)).toEqual([
      '10.00 billed',
      '10.00 write-down',
    ]);
  });

  it('counts a cap on a ticket by ticket, and carries over what it let through', () => {
    const contract = contractWith({ caps: [cap({ scope: 'ticket' })] });
    const on = (ticketId: string, number: number): WorkItem => ({ ...spent(40, '2026-03-10', number), ticketId });
    const parts = [on('T-2', 1), on('T-1', 2)].map((work) => part(contract, work, { outcome: 'billable' }));
    const { parts: out, caps } = held(parts, monthOf('2026-03', [contract]));
    expect(shown(out)).toEqual(['100.00 billed', '100.00 billed']);
    expect(caps.map(({ ticketId, billed }) => [ticketId, billed.amount])).toEqual([
      ['T-1', '100.00'],
      ['T-2', '100.00'],
    ]);
  });

  it('goes on in a later period where the period before left a ticket, and starts anew for a period', () => {
    const used = { contractId: 'con-1', capId: 'cap', ticketId: 'T-1', billed: aud('90.00') };
    const carriedOver = { balances: [], caps: [used] };
    expect(shown(heldTo([cap({ scope: 'ticket' })], ['20.00'], { carriedOver }).parts)).toEqual([
      '10.00 billed',
      '10.00 write-down',
    ]);
    expect(shown(heldTo([cap()], ['100.00'], { carriedOver }).parts)).toEqual(['100.00 billed']);
  });

  it('keeps a ticket that nobody worked on in what it carries over, and leaves out the caps of periods', () => {
    const used = { contractId: 'con-1', capId: 'cap', ticketId: 'T-9', billed: aud('90.00') };
    expect(heldTo([cap({ scope: 'ticket' })], [], { carriedOver: { balances: [], caps: [used] } }).caps).toEqual([
      used,
    ]);
    expect(heldTo([cap()], ['20.00']).caps).toEqual([]);
  });

  it('leaves room for what later periods froze under the cap of a ticket', () => {
    const laterCaps = [{ contractId: 'con-1', capId: 'cap', ticketId: 'T-1', billed: aud('95.00') }];
    const { parts, caps } = heldTo([cap({ scope: 'ticket' })], ['20.00'], { laterCaps });
    expect(shown(parts)).toEqual(['5.00 billed', '15.00 write-down']);
    expect(only(caps).billed).toEqual(aud('5.00'));
  });

  it('counts what is invoiced first', () => {
    const contract = contractWith({ caps: [cap()] });
    const work = spent(36, '2026-03-30', 9);
    const late = itemOf(part(contract, work, { outcome: 'billable' }), work.workItemId, '2026-03');
    expect(late.net).toEqual(aud('90.00'));
    expect(shown(heldTo([cap()], ['20.00'], { work: [work], invoiced: asInvoiced([late]) }).parts)).toEqual([
      '10.00 billed',
      '10.00 write-down',
    ]);
  });

  it('holds work by the tightest of several caps, each counting it', () => {
    const caps = [cap({ id: 'wide', amount: '100.00' }), cap({ id: 'tight', amount: '30.00', above: 'gap' })];
    expect(shown(heldTo(caps, ['40.00']).parts)).toEqual(['30.00 billed', '10.00 gap']);
  });

  it('prefers a gap to a write-down where two caps hold equally', () => {
    const caps = [cap({ id: 'a' }), cap({ id: 'b', above: 'gap' })];
    expect(shown(heldTo(caps, ['110.00']).parts)).toEqual(['100.00 billed', '10.00 gap']);
  });

  it('lets nothing through a cap of zero, and work without a price through a full one', () => {
    expect(shown(heldTo([cap({ amount: '0.00' })], ['20.00', '0.00']).parts)).toEqual([
      '20.00 write-down',
      '0.00 billed',
    ]);
  });

  it('does not hold what a block covers', () => {
    const contract = contractWith({ caps: [cap({ amount: '0.00' })] });
    const covered = part(contract, spent(60, '2026-03-10'), {
      exact: Money.zero('AUD'),
      draw: {
        source: { from: 'block', contractId: 'con-1', blockId: 'b' },
        workItemId: 'w-1',
        workDate: '2026-03-10',
        amount: { unit: 'minutes', minutes: 60 },
        frozen: false,
      },
    });
    expect(only(held([covered], monthOf('2026-03', [contract])).parts)).toBe(covered);
  });

  it.each<[string, readonly Cap[], string, string]>([
    [
      'the tight one first',
      [cap({ id: 'tight', amount: '30.00' }), cap({ id: 'wide', above: 'gap' })],
      'tight',
      '30.00',
    ],
    [
      'the tight one last',
      [cap({ id: 'wide', above: 'gap' }), cap({ id: 'tight', amount: '30.00' })],
      'tight',
      '30.00',
    ],
    ['equal, a gap first', [cap({ id: 'a', above: 'gap' }), cap({ id: 'b' })], 'a', '100.00'],
    ['equal, a gap last', [cap({ id: 'a' }), cap({ id: 'b', above: 'gap' })], 'b', '100.00'],
    ['equal, both gaps', [cap({ id: 'a', above: 'gap' }), cap({ id: 'b', above: 'gap' })], 'a', '100.00'],
    ['equal, both write-downs', [cap({ id: 'a' }), cap({ id: 'b' })], 'a', '100.00'],
  ])('of two caps names the one that holds: %s', (_case, caps, capId, billed) => {
    const { parts } = heldTo(caps, ['110.00']);
    expect(parts.map((one) => one.cap?.room.cap.id)).toEqual([capId, capId]);
    expect(lastStepOf(parts[0])?.facts).toMatchObject({ capId, billed });
    expect(lastStepOf(parts[1])?.facts).toMatchObject({ capId });
  });

  it('leaves work of a contract without caps alone, beside a capped one', () => {
    const capped = contractWith({ caps: [cap()] });
    const open = contractWith({}, { contractId: 'con-2' });
    const parts = [open, capped].map((contract, index) =>
      part(contract, spent(60, '2026-03-10', index + 1), { outcome: 'billable' }),
    );
    const { parts: out } = held(parts, monthOf('2026-03', [capped, open]));
    expect(out[0]).toBe(parts[0]);
    expect(shown(out)).toEqual(['150.00 billed', '100.00 billed', '50.00 write-down']);
  });

  it('tells of work wholly above a cap all that came before, and that the contract writes it down', () => {
    const contract = contractWith({ caps: [cap({ amount: '0.00' })] });
    const exact = Money.of('20.00', 'AUD');
    const work = part(contract, spent(60, '2026-03-10'), { outcome: 'billable', exact, after: [said('prepaid')] });
    const { parts } = held(
      [{ ...work, price: { ...work.price, steps: [said('rate')] } }],
      monthOf('2026-03', [contract]),
    );
    expect(stepsOfPart(only(parts)).map(({ step }) => step)).toEqual(['rate', 'prepaid', 'cap']);
    expect(lastStepOf(only(parts))).toEqual({
      step: 'cap',
      text: 'not-to-exceed Budget (cap), 0.00 AUD a period, 0.00 billed before: 20.00 AUD above it is written down, as the contract says',
      facts: {
        contractId: 'con-1',
        capId: 'cap',
        scope: 'period',
        amount: '0.00',
        usedBefore: '0.00',
        left: '0.00',
        currency: 'AUD',
        above: '20.00',
        rule: 'write-down',
      },
    });
  });

  it('tells what a cap billed, and of a gap that the rest has no price', () => {
    const { parts } = heldTo([cap({ above: 'gap' })], ['120.00']);
    expect(parts.map(lastStepOf)).toMatchObject([
      { step: 'cap', text: 'not-to-exceed Budget (cap), 100.00 AUD a period, 0.00 billed before: 100.00 AUD billed' },
      {
        step: 'cap',
        text: 'not-to-exceed Budget (cap), 100.00 AUD a period, 0.00 billed before: 20.00 AUD above it has no price',
      },
    ]);
  });

  it('is off by no cent at its edge: a cent less fits, a cent more is above', () => {
    expect(shown(heldTo([cap()], ['99.99', '0.01', '0.01']).parts)).toEqual([
      '99.99 billed',
      '0.01 billed',
      '0.01 write-down',
    ]);
    expect(shown(heldTo([cap()], ['100.01']).parts)).toEqual(['100.00 billed', '0.01 write-down']);
  });

  it('holds yen to the yen and dinars to the fils', () => {
    const inCurrency = (currency: 'JPY' | 'KWD', amount: string, price: string) => {
      const contract = contractWith({ caps: [cap({ amount })] });
      const exact = Money.of(price, currency);
      return shown(
        held(
          [part(contract, spent(60, '2026-03-10'), { outcome: 'billable', exact, unitPrice: exact })],
          monthOf('2026-03', [contract]),
        ).parts,
      );
    };
    expect(inCurrency('JPY', '1000', '1001')).toEqual(['1000 billed', '1 write-down']);
    expect(inCurrency('KWD', '1.500', '1.501')).toEqual(['1.500 billed', '0.001 write-down']);
  });

  it('does not count what is invoiced under another contract, or of work that it does not match', () => {
    const remoteOnly = cap({ match: { workTypes: ['remote'] } });
    const capped = contractWith({ caps: [remoteOnly] });
    const other = contractWith({ caps: [remoteOnly] }, { contractId: 'con-2' });
    const onsite: WorkItem = { ...time(), workItemId: 'w-8', minutes: 30, workType: 'onsite' };
    const elsewhere = spent(30, '2026-03-02', 7);
    const frozen = [
      itemOf(part(other, elsewhere, { outcome: 'billable' }), 'w-7', '2026-03'),
      itemOf(part(capped, onsite, { outcome: 'billable' }), 'w-8', '2026-03'),
    ];
    const invoiced = asInvoiced(frozen);
    expect(frozen.map(({ net: amount }) => amount)).toEqual([aud('75.00'), aud('75.00')]);
    const work = part(capped, spent(40, '2026-03-10'), { outcome: 'billable' });
    expect(
      shown(held([work], monthOf('2026-03', [capped, other], { work: [elsewhere, onsite], invoiced })).parts),
    ).toEqual(['100.00 billed']);
  });

  it('carries over the tickets in their order, whichever was worked on first', () => {
    const contract = contractWith({ caps: [cap({ scope: 'ticket' })] });
    const parts = ['T-2', 'T-3', 'T-1', 'T-4'].map((ticketId, index) =>
      part(contract, { ...spent(10, '2026-03-10', index + 1), ticketId }, { outcome: 'billable' }),
    );
    const { caps } = held(parts, monthOf('2026-03', [contract]));
    expect(caps.map(({ ticketId }) => ticketId)).toEqual(['T-1', 'T-2', 'T-3', 'T-4']);
  });
});
