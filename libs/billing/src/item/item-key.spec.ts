import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ID_PATTERN } from '@billtrail/kernel';
import {
  contractOfCharge,
  type ChargeKey,
  type ItemKey,
  adjustmentOfSchema1,
  chargeAdjustmentId,
  chargeIdOf,
  inSchema1,
  chargeItemKeyOf,
  creditIdOf,
  holderOfOwnNote,
  invoiceOfHolder,
  invoicesOf,
  isNameOfWork,
  isOfWork,
  isShareOf,
  itemIdOf,
  itemIdOfSchema1,
  itemKeyOf,
  nameOfSharedId,
  ownNoteOf,
  siteOfTravel,
  idsOfNameInSchema1,
  runOfSchema1,
} from './item-key.js';

const ROLES = ['part', 'adjustment', 'above-cap', 'draw-change', 'write-off-reversal'] as const;

/** Ids as a person may type them; often those that look like an ending of a made id, in old logs or today. */
const typed = fc.oneof(
  fc.constantFrom(
    'p1',
    'a1',
    'x1',
    'd1',
    'w1',
    'c1',
    'W1',
    'W1~1',
    'W1-a1',
    'W1-w1',
    'W1-x1',
    'W1-d1',
    'W1-c1',
    'k',
    'k:a',
  ),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,11}$/),
);
/** What work is rated under: the typed id, or its name where another ticket used the id before. */
const name = fc.oneof(
  typed,
  fc.tuple(typed, typed).map(([ticketId, workItemId]) => nameOfSharedId(ticketId, workItemId)),
);
const number = fc.integer({ min: 1, max: 120 });
const key: fc.Arbitrary<ItemKey> = name.chain((workItemId) => {
  const own: fc.Arbitrary<ItemKey & { readonly role: Exclude<ItemKey['role'], 'credit'> }> = fc.oneof(
    fc.constant({ workItemId, role: 'whole', number: 0 } as const),
    fc.record({ workItemId: fc.constant(workItemId), role: fc.constantFrom(...ROLES), number }),
  );
  return fc.oneof(
    own,
    own.map(({ role: credited, number: ofItem }): ItemKey => ({
      workItemId,
      role: 'credit',
      number: ofItem,
      credited,
    })),
  );
});
const day = fc.constantFrom('2026-03-01', '2026-12-31');
const chargeKey: fc.Arbitrary<ChargeKey> = fc.oneof(
  fc.record({
    contractId: typed,
    of: fc.constantFrom('fee', 'block', 'minimum', 'discount'),
    termId: typed,
    from: day,
  }),
  fc.record({
    contractId: typed,
    of: fc.constant('credit' as const),
    termId: typed,
    ticketId: typed,
    target: fc.constantFrom('response', 'resolution'),
    run: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({ contractId: typed, of: fc.constantFrom('once', 'milestone'), termId: typed }),
  fc.record({ contractId: typed, of: fc.constant('incident' as const), termId: typed, ticketId: typed }),
  fc.record({ contractId: typed, of: fc.constant('breaches' as const), termId: typed, from: day }),
  fc.record({
    contractId: typed,
    of: fc.constant('travel' as const),
    termId: typed,
    from: day,
    siteId: fc.option(fc.string({ minLength: 1 })),
    engineerId: fc.option(fc.string({ minLength: 1 })),
  }),
);

describe('the id of an item', () => {
  it('tells its work, its role and its number', () => {
    const of = (role: ItemKey['role'], ofItem: number, credited?: ItemKey['credited']) =>
      itemIdOf({ workItemId: 'W1', role, number: ofItem, ...(credited === undefined ? {} : { credited }) });
    expect(of('whole', 0)).toBe('W1');
    expect(of('part', 2)).toBe('W1@p2');
    expect(of('adjustment', 1)).toBe('W1@a1');
    expect(of('above-cap', 1)).toBe('W1@x1');
    expect(of('draw-change', 12)).toBe('W1@d12');
    expect(of('write-off-reversal', 1)).toBe('W1@w1');
    expect(of('credit', 0)).toBe('W1@c1');
    expect(of('credit', 2, 'part')).toBe('W1@p2@c1');
    expect([creditIdOf('W1'), creditIdOf('W1@p2')]).toEqual(['W1@c1', 'W1@p2@c1']);
  });

  it('is read as it was made, whatever the work is called', () => {
    fc.assert(
      fc.property(key, (one) => {
        expect(itemKeyOf(itemIdOf(one))).toEqual(one);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is none that a person may type, but for the whole, and is one key’s alone', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        const isTyped = one.role === 'whole' && ID_PATTERN.test(one.workItemId);
        expect(ID_PATTERN.test(itemIdOf(one))).toBe(isTyped);
        expect(itemIdOf(one) === itemIdOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2_000 },
    );
  });

  it('of what is no role, or no number from 1 on, is that of a whole', () => {
    for (const itemId of ['W1@q1', 'W1@p0', 'W1@p01', 'W1@p', 'W1@p1x', '@p1', 'W1~1', 'W1-a1', 'W1-c1'])
      expect(itemKeyOf(itemId)).toEqual({ workItemId: itemId, role: 'whole', number: 0 });
  });

  it('tells work and its parts from what follows from a change', () => {
    expect((['whole', 'part'] as const).map((role) => isOfWork({ role }))).toEqual([true, true]);
    expect(ROLES.slice(1).some((role) => isOfWork({ role }))).toBe(false);
    expect(isOfWork({ role: 'credit' })).toBe(false);
  });
});

describe('the name of work with an id that another ticket used before', () => {
  it('holds both ids, and gives back the one that was typed', () => {
    expect(nameOfSharedId('T-2', 'W1')).toBe('T-2@@W1');
    fc.assert(
      fc.property(typed, typed, (ticketId, workItemId) => {
        expect(ID_PATTERN.test(nameOfSharedId(ticketId, workItemId))).toBe(false);
      }),
    );
  });

  it('is read as one name, also of work that is called as a role is written', () => {
    for (const workItemId of ['p1', 'a1', 'x1', 'd1', 'w1', 'c1']) {
      const shared = nameOfSharedId('T-2', workItemId);
      expect(itemKeyOf(shared)).toEqual({ workItemId: shared, role: 'whole', number: 0 });
      expect(itemKeyOf(`${shared}@p1`)).toEqual({ workItemId: shared, role: 'part', number: 1 });
    }
  });
});

describe('the id of a charge', () => {
  const from = '2026-03-01';
  it('tells the contract, the kind, the term and the day; of a credit the breach', () => {
    const credit = { contractId: 'K1', of: 'credit', termId: 'late', ticketId: 'T1', target: 'resolution' } as const;
    expect(chargeIdOf({ contractId: 'K1', of: 'fee', termId: 'support', from })).toBe('K1@fee@support@2026-03-01');
    expect(chargeIdOf({ contractId: 'K1', of: 'minimum', termId: 'min', from })).toBe('K1@minimum@min@2026-03-01');
    expect(chargeIdOf({ ...credit, run: 1 })).toBe('K1@credit@late@T1@resolution');
    expect(chargeIdOf({ ...credit, run: 2 })).toBe('K1@credit@late@T1@resolution@2');
  });

  it('tells what else a charge is for: once, a milestone, a ticket, breaches, a visit', () => {
    const K1 = { contractId: 'K1' } as const;
    const travel = { ...K1, of: 'travel', termId: 'way', from: '2026-03-10' } as const;
    const credit = { ...K1, of: 'credit', termId: 'late', ticketId: 'T1', target: 'resolution', run: 1 } as const;
    const ids = {
      'K1@once@onboarding': chargeIdOf({ ...K1, of: 'once', termId: 'onboarding' }),
      'K1@milestone@go-live': chargeIdOf({ ...K1, of: 'milestone', termId: 'go-live' }),
      'K1@incident@support@for-T1': chargeIdOf({ ...K1, of: 'incident', termId: 'support', ticketId: 'T1' }),
      'K1@discount@loyal@2026-03-01@tax-FREE': chargeIdOf({
        ...K1,
        of: 'discount',
        termId: 'loyal',
        from,
        taxCategory: 'FREE',
      }),
      'K1@credit@late@T1@resolution@rest': chargeIdOf({ ...credit, isLeftOver: true }),
      'K1@breaches@missed@2026-03-01': chargeIdOf({ ...K1, of: 'breaches', termId: 'missed', from }),
      'K1@travel@way@2026-03-10': chargeIdOf({ ...travel, siteId: null, engineerId: null }),
      'K1@travel@way@2026-03-10@to-S%201@by-E1': chargeIdOf({ ...travel, siteId: 'S 1', engineerId: 'E1' }),
    };
    for (const [expected, id] of Object.entries(ids)) expect(id).toBe(expected);
  });

  it('tells the site of a visit, and none of what is no visit', () => {
    const travel = { contractId: 'K1', of: 'travel', termId: 'way', from } as const;
    expect(siteOfTravel(chargeIdOf({ ...travel, siteId: 'S 1', engineerId: null }))).toBe('S 1');
    expect(siteOfTravel(chargeIdOf({ ...travel, siteId: null, engineerId: 'not-to-S1' }))).toBeNull();
    expect(siteOfTravel('K1@fee@way@2026-03-01@to-S1')).toBeNull();
  });

  it('of a credit for a ticket that is called as an adjustment is written is no adjustment', () => {
    const chargeId = 'K1@credit@late@a1@resolution';
    expect(chargeItemKeyOf(chargeId)).toEqual({ chargeId, adjustment: 0 });
  });

  it('tells a fee from a block of one name, and contract `k` with term `a:b` from `k:a` with `b` (Y6)', () => {
    const fee = { contractId: 'K1', of: 'fee', termId: 'support', from } as const;
    expect(chargeIdOf(fee)).not.toBe(chargeIdOf({ ...fee, of: 'block' }));
    expect(chargeIdOf({ ...fee, contractId: 'k', termId: 'a:b' })).not.toBe(
      chargeIdOf({ ...fee, contractId: 'k:a', termId: 'b' }),
    );
  });

  it('is one key’s alone, none that a person may type, and found again in that of its adjustment', () => {
    fc.assert(
      fc.property(chargeKey, chargeKey, number, (one, other, adjustment) => {
        const chargeId = chargeIdOf(one);
        expect(chargeId === chargeIdOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(ID_PATTERN.test(chargeId)).toBe(false);
        expect(chargeItemKeyOf(chargeId)).toEqual({ chargeId, adjustment: 0 });
        expect(chargeItemKeyOf(chargeAdjustmentId(chargeId, adjustment))).toEqual({ chargeId, adjustment });
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a share of a credit is known by the id of the whole, and none else is', () => {
    const credit = chargeKey.filter(({ of }) => of === 'credit' || of === 'breaches') as fc.Arbitrary<
      Extract<ChargeKey, { of: 'credit' | 'breaches' }>
    >;
    const share = fc.oneof(
      fc.constant({ isLeftOver: true } as const),
      fc.string({ minLength: 1, unit: 'grapheme' }).map((taxCategory) => ({ taxCategory })),
    );
    fc.assert(
      fc.property(credit, chargeKey, share, number, (one, other, part, adjustment) => {
        const [whole, another] = [chargeIdOf(one), chargeIdOf(other)];
        const chargeId = chargeIdOf({ ...one, ...part });
        expect(isShareOf(chargeId, whole)).toBe(true);
        expect(isShareOf(chargeId, another)).toBe(another === whole);
        expect(isShareOf(whole, whole) || isShareOf(another, whole)).toBe(false);
        expect(isShareOf(chargeAdjustmentId(chargeId, adjustment), whole)).toBe(false);
        if (one.of === 'credit') expect(isShareOf(chargeId, chargeIdOf({ ...one, run: one.run + 1 }))).toBe(false);
        if (one.of === 'credit') expect(isShareOf(chargeIdOf({ ...one, ...part, run: 13 }), whole)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a share tells the tax category or the client, and is known by the id of the whole', () => {
    const credit = {
      contractId: 'K1',
      of: 'credit',
      termId: 'late',
      ticketId: 'T1',
      target: 'response',
      run: 1,
    } as const;
    const whole = 'K1@credit@late@T1@response';
    expect(chargeIdOf({ ...credit, taxCategory: 'FREE', billTo: 'group' })).toBe(`${whole}@tax-FREE@paid-by-group`);
    expect(chargeIdOf({ ...credit, isLeftOver: true, billTo: 'group' })).toBe(`${whole}@rest@paid-by-group`);
    expect(chargeIdOf({ contractId: 'K1', of: 'discount', termId: 'loyal', from, billTo: 'group' })).toBe(
      'K1@discount@loyal@2026-03-01@paid-by-group',
    );
    for (const share of ['tax-FREE', 'rest', 'paid-by-group', 'tax-FREE@paid-by-group'])
      expect(isShareOf(`${whole}@${share}`, whole)).toBe(true);
    for (const other of [
      whole,
      `${whole}@2`,
      `${whole}@2@tax-FREE`,
      `${whole}@a1`,
      `${whole}@tax-FREE@a1`,
      `${whole}tax-FREE`,
    ])
      expect(isShareOf(other, whole)).toBe(false);
    expect(isShareOf('K1@credit@late@T2@response@rest', whole)).toBe(false);
  });

  it('of an adjustment ends in its number', () => {
    expect(chargeAdjustmentId('K1@fee@support@2026-03-01', 2)).toBe('K1@fee@support@2026-03-01@a2');
  });

  it('and that of an item are never the same', () => {
    fc.assert(
      fc.property(key, chargeKey, number, (item, charge, adjustment) => {
        const chargeId = chargeIdOf(charge);
        expect([chargeId, chargeAdjustmentId(chargeId, adjustment)]).not.toContain(itemIdOf(item));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what holds an item', () => {
  it('is an invoice, or a credit note of none, which is told by its `@`', () => {
    const note = holderOfOwnNote('cn-1');
    expect(note).toBe('@cn-1');
    expect([ownNoteOf(note), ownNoteOf('inv-1'), ownNoteOf('inv@')]).toEqual(['cn-1', null, null]);
    expect([invoiceOfHolder('inv-1'), invoiceOfHolder(note), invoiceOfHolder(null)]).toEqual(['inv-1', null, null]);
    expect(invoicesOf(['inv-2', null, note, 'inv-1', 'inv-2'])).toEqual(['inv-2', 'inv-1']);
  });
});

describe('the names of work', () => {
  it('are its id, or that after its ticket, as it was written once and as it is today', () => {
    for (const one of ['W1', 'T-2@@W1', 'T-2:W1']) expect(isNameOfWork(one, 'T-2', 'W1')).toBe(true);
    for (const one of ['W2', 'T-3@@W1', 'T-2:W2', 'T-2']) expect(isNameOfWork(one, 'T-2', 'W1')).toBe(false);
  });
});

describe('ids of schema version 1', () => {
  it.each([
    ['W1', 'W1'],
    ['W1~2', 'W1@p2'],
    ['W1-a1', 'W1@a1'],
    ['W1-x3', 'W1@x3'],
    ['W1-d1', 'W1@d1'],
    ['W1-w12', 'W1@w12'],
  ])('an item %s is %s', (old, expected) => {
    expect(itemIdOfSchema1(old, 'W1')).toBe(expected);
  });

  it('are lifted by the work that they are of, so that two are never one', () => {
    expect(itemIdOfSchema1('E1-a1', 'E1')).toBe('E1@a1');
    expect(itemIdOfSchema1('E1-a1', 'E1-a1')).toBe('E1-a1');
    expect(itemIdOfSchema1('E1-a1~1', 'E1-a1')).toBe('E1-a1@p1');
    expect(itemIdOfSchema1('E.1~1', 'E.1')).toBe('E.1@p1');
  });

  it('that no item of the work had are refused by name', () => {
    for (const old of ['W2', 'W1-b1', 'W1~', 'W1~1~2', 'XW1~1', 'W1@p1'])
      expect(() => itemIdOfSchema1(old, 'W1')).toThrow(`${old} is no id of an item of work W1`);
  });

  it('of charges name the contract', () => {
    expect(contractOfCharge('K1@fee@support@2026-03-01@a2')).toBe('K1');
    expect(contractOfCharge('K1@once@onboarding')).toBe('K1');
    for (const id of ['W1', 'W1@a1']) expect(contractOfCharge(id)).toBeNull();
  });

  it('of charges give the number of an adjustment, and the life of a ticket', () => {
    const chargeId = 'K1:support:2026-03-01';
    expect(adjustmentOfSchema1(chargeId, chargeId)).toBe(0);
    expect(adjustmentOfSchema1(`${chargeId}-a3`, chargeId)).toBe(3);
    expect(adjustmentOfSchema1(`${chargeId}-a12`, chargeId)).toBe(12);
    for (const old of [
      'K1:other:2026-03-01',
      `${chargeId}-b1`,
      `X${chargeId}-a1`,
      `${chargeId}x-a1`,
      `${chargeId}-a1x`,
      `${chargeId}-a1-a2`,
    ])
      expect(() => adjustmentOfSchema1(old, chargeId)).toThrow(`${old} is no id of an item of charge ${chargeId}`);
    expect(runOfSchema1('K1:late:T1:resolution', 'resolution')).toBe(1);
    expect(runOfSchema1('K1:late:T1:resolution:2', 'resolution')).toBe(2);
    expect(runOfSchema1('K1:late:resolution:resolution', 'resolution')).toBe(1);
  });

  it('are what gaps of old logs go on under', () => {
    const from = '2026-03-01';
    const fee = chargeIdOf({ contractId: 'K1', of: 'fee', termId: 'support', from });
    const credit = { contractId: 'K1', of: 'credit', termId: 'late', ticketId: 'T1', target: 'response' } as const;
    expect(inSchema1(fee)).toBe('K1:support:2026-03-01');
    expect(inSchema1(chargeAdjustmentId(fee, 2))).toBe('K1:support:2026-03-01-a2');
    expect(inSchema1(chargeIdOf({ ...credit, run: 1 }))).toBe('K1:late:T1:response');
    expect(inSchema1(chargeIdOf({ ...credit, run: 2 }))).toBe('K1:late:T1:response:2');
    expect(idsOfNameInSchema1('T-2', 'T-2:W1')).toEqual(['W1']);
    expect(idsOfNameInSchema1('T-2', 'T-2:T-2:W1')).toEqual(['T-2:W1', 'W1']);
    expect(idsOfNameInSchema1('T-2', 'T-3:W1')).toEqual([]);
    expect(inSchema1('W1')).toBe('W1');
    expect(inSchema1('T-2@@W1, W2@p2, W1@a1@c1 and W1@x1')).toBe('T-2@@W1, W2~2, W1-a1-c1 and W1-x1');
    expect(inSchema1('Support (K1@fee@support@2026-03-01@a2) is on no draft')).toBe(
      'Support (K1:support:2026-03-01-a2) is on no draft',
    );
    expect(inSchema1(chargeAdjustmentId(chargeIdOf({ ...credit, run: 2 }), 1))).toBe('K1:late:T1:response:2-a1');
    expect(inSchema1('ask ann@example.com')).toBe('ask ann@example.com');
  });
});
