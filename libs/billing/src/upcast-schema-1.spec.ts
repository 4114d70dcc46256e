import { describe, expect, it } from '@jest/globals';
import type { Basis } from './item/basis.js';
import type { ChargeKind } from './item/charge-item.js';
import type { TraceStep } from './item/trace.js';
import { type ChargeOfSchema1, type LineOfSchema1, chargeOf, itemOf, lineOf } from './upcast-schema-1.js';

const step = (kind: TraceStep['step'], facts: TraceStep['facts']): TraceStep => ({
  step: kind,
  text: kind,
  facts,
});
const TIME = {
  kind: 'time',
  workDate: '2026-03-10',
  actualMinutes: 70,
  statedBillableMinutes: null,
  workType: 'remote',
  engineerRole: 'senior',
  rateClass: null,
};
const RATE = { rateCardId: 'card-1', currency: 'AUD', pricePerHour: '150.00', priceMinutes: 60 };
const aud = (amount: string) => ({ amount, currency: 'AUD' });

const line = (changes: Partial<LineOfSchema1> = {}): LineOfSchema1 => ({
  itemId: 'W1',
  workItemId: 'W1',
  ticketId: 'T1',
  kind: 'time',
  description: 'Printer',
  workDate: '2026-03-10',
  actualMinutes: 70,
  billableMinutes: 75,
  quantity: '1.25',
  unit: 'h',
  unitPrice: aud('150.00'),
  net: aud('187.50'),
  taxCategory: 'GST',
  sourceEventIds: ['e-1'],
  contractId: 'K1',
  contractVersion: 2,
  trace: [step('work', TIME), step('rate', RATE)],
  ...changes,
});
const basisOf = (...trace: TraceStep[]): Basis => itemOf(line({ trace })).basis;
const withSteps = (...steps: TraceStep[]): Basis => basisOf(step('work', TIME), ...steps);

describe('an item of schema version 1', () => {
  it.each([
    ['W1', 'W1', 'W1'],
    ['W1~2', 'W1', 'W1@p2'],
    ['W1-a1', 'W1', 'W1@a1'],
    ['W1-w3', 'W1', 'W1@w3'],
    ['W1-x1', 'W1', 'W1@x1'],
    ['W1-d2', 'W1', 'W1@d2'],
    // Work whose own id reads like a role.
    ['W1~2', 'W1~2', 'W1~2'],
    ['W1-a1-a1', 'W1-a1', 'W1-a1@a1'],
    // Work with an id that another ticket had used before.
    ['T1:W1', 'T1:W1', 'T1:W1'],
    ['T1:W1~1', 'T1:W1', 'T1:W1@p1'],
  ])('%s of work %s is %s', (itemId, workItemId, expected) => {
    expect(itemOf(line({ itemId, workItemId }))).toMatchObject({ itemId: expected, workItemId });
  });
  it('has an id of its own work, or none', () => {
    expect(() => itemOf(line({ itemId: 'W2' }))).toThrow('W2 is no id of an item of work W1');
    expect(() => itemOf(line({ itemId: 'W1-z1' }))).toThrow('W1-z1 is no id of an item of work W1');
  });
  it('keeps what it says, with its sentences, and takes its draw along', () => {
    const draw = {
      source: { from: 'block', contractId: 'K1', blockId: 'B1' },
      itemId: 'W1~1',
      workItemId: 'W1',
      workDate: '2026-03-10',
      amount: { unit: 'minutes', minutes: 30 },
      frozen: false,
    } as const;
    const old = line({ itemId: 'W1~1', draw });
    expect(lineOf(old)).toEqual({
      ...old,
      itemId: 'W1@p1',
      draw: { ...draw, itemId: 'W1@p1' },
      standardValue: null,
      cost: null,
      basis: itemOf(old).basis,
      parts: [],
      taxes: [],
      billTo: null,
      servedClientId: null,
      siteId: null,
      purchaseOrder: null,
      estimateId: null,
      creditOf: null,
    });
  });
  it('has no line details where it is no line', () => expect(itemOf(line())).not.toHaveProperty('parts'));
});

describe('the basis that a trace of schema version 1 tells', () => {
  it('nothing', () =>
    expect(basisOf()).toEqual({
      work: null,
      ruleId: null,
      rateClass: null,
      rounding: null,
      price: null,
      discount: null,
      prepaid: null,
      cap: null,
      unpriced: null,
      adjustment: null,
    }));

  it('work: time', () => {
    expect(withSteps().work).toEqual({ ...TIME, startedAt: null, endedAt: null, override: null });
    const times = { startedAt: '2026-03-10T09:00:00Z', endedAt: '2026-03-10T10:10:00Z' };
    const more = { ...TIME, statedBillableMinutes: 60, rateClass: 'night', ...times };
    expect(basisOf(step('work', { ...more, override: '99.5 AUD' })).work).toEqual({ ...more, override: aud('99.5') });
  });
  it('work: material, expense', () => {
    const material = {
      kind: 'material',
      workDate: '2026-03-10',
      itemCode: 'CAB-1',
      quantity: '3',
      listPrice: null,
      underWarranty: true,
    };
    expect(basisOf(step('work', { ...material, unitCost: '12.00 AUD' })).work).toEqual({
      ...material,
      unitCost: aud('12.00'),
    });
    const expense = { kind: 'expense', workDate: '2026-03-10' };
    expect(basisOf(step('work', { ...expense, cost: '40 AUD' })).work).toEqual({ ...expense, cost: aud('40') });
    expect(() => basisOf(step('work', { ...expense, cost: 'forty' }))).toThrow('no money');
    expect(() => basisOf(step('work', { ...TIME, workType: null }))).toThrow('lacks workType');
  });

  it('work: nothing that version 1 never wrote', () => {
    const { actualMinutes: _, ...noMinutes } = TIME;
    expect(() => basisOf(step('work', noMinutes))).toThrow('lacks actualMinutes');
    const time = (facts: object) => () => basisOf(step('work', { ...TIME, ...facts }));
    expect(time({ actualMinutes: '70' })).toThrow('"70" in a trace of schema version 1 is no number of minutes');
    expect(time({ statedBillableMinutes: '45' })).toThrow(
      '"45" in a trace of schema version 1 is no number of minutes',
    );
    expect(time({ kind: 'mileage' })).toThrow(
      '"mileage" in a trace of schema version 1 is no time or material or expense',
    );
    expect(time({ rateClass: 1 })).toThrow('1 in a trace of schema version 1 is no text');
    for (const override of ['99.00', '99.00 aud', '1e3 AUD', '99.00 AUD or more', ''])
      expect(time({ override })).toThrow(`"${override}" in a trace of schema version 1 is no money`);
    expect(time({ override: 99 })).toThrow('99 in a trace of schema version 1 is no text');
    const facts = { kind: 'material', workDate: '2026-03-10', itemCode: 'CAB-1', quantity: '3', underWarranty: false };
    const material = (more: object) => () => basisOf(step('work', { ...facts, ...more }));
    expect(material({ unitCost: '12.00' })).toThrow('no money');
    expect(material({ listPrice: '15' })).toThrow('no money');
    expect(material({ underWarranty: 'no' })).toThrow('no yes or no for underWarranty');
    expect(() => basisOf(step('work', { kind: 'expense', workDate: '2026-03-10' }))).toThrow('lacks cost');
  });

  it('coverage: the rule that was asked last', () => {
    const [first, second] = [step('coverage', { ruleId: 'r-1' }), step('coverage', { ruleId: 'r-2' })];
    expect(withSteps(first, second).ruleId).toBe('r-2');
    expect(withSteps(first, step('coverage', { unpriced: 'no-coverage' })).ruleId).toBe(null);
  });

  it('segment: its class, also none; without it the class that was declared', () => {
    const declared = step('work', { ...TIME, rateClass: 'night' });
    expect(basisOf(declared).rateClass).toBe('night');
    expect(basisOf(declared, step('segment', { rateClass: 'weekend' })).rateClass).toBe('weekend');
    expect(basisOf(declared, step('segment', { rateClass: null })).rateClass).toBe(null);
  });

  describe('billable-time', () => {
    const rounded = step('billable-time', {
      actualMinutes: 70,
      statedBillableMinutes: null,
      roundingScope: 'ticket-day',
    });
    const basisMinutes = (facts: object, segment?: { fromMinute: number; toMinute: number }) =>
      itemOf(
        line({
          trace: [step('work', { ...TIME, ...facts }), rounded],
          ...(segment && { segment: { ...segment, date: '2026-03-10', rateClass: null } }),
        }),
      ).basis.rounding?.basisMinutes;

    it('of a whole: what was stated, else what was worked', () => {
      expect(withSteps(rounded).rounding).toEqual({ scope: 'ticket-day', basisMinutes: 70 });
      expect(basisMinutes({ statedBillableMinutes: 60 })).toBe(60);
      expect(basisOf(rounded).rounding).toEqual({ scope: 'ticket-day', basisMinutes: 70 });
      const stated = step('billable-time', { ...rounded.facts, statedBillableMinutes: 45, roundingScope: 'ticket' });
      expect(basisOf(stated).rounding).toEqual({ scope: 'ticket', basisMinutes: 45 });
    });
    it('of a part: what of that lies in its stretch, by running total', () => {
      const stated = { actualMinutes: 90, statedBillableMinutes: 31 };
      expect(basisMinutes({ actualMinutes: 90 }, { fromMinute: 30, toMinute: 50 })).toBe(20);
      const parts = [0, 30, 60].map((from) => basisMinutes(stated, { fromMinute: from, toMinute: from + 30 }));
      expect(parts).toEqual([10, 11, 10]);
      expect(basisMinutes({ actualMinutes: 0, statedBillableMinutes: 15 }, { fromMinute: 0, toMinute: 0 })).toBe(15);
    });
  });

  it('billable-time: minutes and a scope', () => {
    const rounded = (facts: object) => () => basisOf(step('billable-time', { actualMinutes: 70, ...facts }));
    expect(rounded({ roundingScope: 'day' })).toThrow('"day" in a trace of schema version 1 is no entry or ticket-day');
    expect(rounded({ roundingScope: 'entry', actualMinutes: null })).toThrow('lacks actualMinutes');
  });

  describe('rate', () => {
    const none = { scope: null, charged: false, flatPrice: null };
    const scoped = { pricedOver: 'K1 version 2, remote, ticket T1', minutesBefore: 0, currency: 'AUD' };
    const scope = scoped.pricedOver;
    it('by the hour, by an override, by quantity', () => {
      expect(withSteps(step('rate', RATE)).price).toEqual({ mode: 'hourly', ...none });
      expect(withSteps(step('override', RATE)).price).toEqual({ mode: 'hourly', ...none });
      const trace = [step('rate', { ...RATE, pricing: 'list' })];
      expect(itemOf(line({ kind: 'material', trace })).basis.price).toEqual({ mode: 'quantity', ...none });
    });
    it('none, where the step says why', () =>
      expect(withSteps(step('rate', { ...RATE, unpriced: 'no-rate' })).price).toBe(null));
    it('tiers, and a share of them', () => {
      const tiers = step('rate', { mode: 'tiers', ...scoped, charged: false });
      const share = step('rate', { mode: 'share', minutes: 30, ofMinutes: 60 });
      expect(withSteps(tiers, share).price).toEqual({ ...none, mode: 'tiers', scope });
    });
    it('one price, where it is charged', () => {
      const flat = (facts: TraceStep['facts']) => withSteps(step('rate', { mode: 'flat', ...scoped, ...facts })).price;
      expect(flat({ charged: true, flatPrice: '220' })).toEqual({
        mode: 'flat',
        scope,
        charged: true,
        flatPrice: aud('220'),
      });
      expect(flat({ charged: false })).toEqual({ ...none, mode: 'flat', scope });
      expect(flat({ charged: false, flatPrice: '220' })).toEqual({ ...none, mode: 'flat', scope });
      // Before the price was stated.
      expect(flat({ charged: true })).toEqual({ mode: 'flat', scope, charged: true, flatPrice: null });
    });
    it('none but in a mode of theirs, charged or not', () => {
      const rate = (facts: object) => () =>
        withSteps(step('rate', { ...scoped, mode: 'tiers', charged: false, ...facts }));
      expect(rate({ mode: 'hourly' })).toThrow('"hourly" in a trace of schema version 1 is no tiers or flat');
      expect(rate({ charged: 'yes' })).toThrow('no yes or no for charged');
    });
    it('an amount on top, once in a scope or of each hour', () => {
      const once = step('rate', { mode: 'amount-on-top', ...scoped, charged: true, amount: '30' });
      expect(withSteps(step('rate', RATE), once).price).toEqual({
        ...none,
        mode: 'amount-on-top',
        scope,
        charged: true,
      });
      const perHour = step('rate', { mode: 'amount-on-top', amount: '30', per: 'hour' });
      expect(withSteps(step('rate', RATE), perHour).price).toEqual({ ...none, mode: 'hourly' });
    });
  });

  it('discount', () => {
    const facts = {
      percent: '15',
      beforeMinimumPercent: '10',
      afterMinimumPercent: '5',
      exactBefore: '200',
      exact: '170',
    };
    const { percent: _percent, ...expected } = facts;
    expect(withSteps(step('discount', { ...facts, currency: 'AUD' })).discount).toEqual(expected);
  });

  it('prepaid', () => {
    const covered = step('prepaid', { outcome: 'covered', drawn: '30' });
    expect(withSteps(covered).prepaid).toBe('covered');
    expect(withSteps(step('prepaid', { outcome: 'overage' })).prepaid).toBe('overage');
  });

  it('cap: the last that held, what is above it and what it held back', () => {
    const ids = { contractId: 'K1', capId: 'cap-1', currency: 'NZD' };
    const within = step('cap', { ...ids, billed: '10.00' });
    expect(withSteps(within).cap).toEqual({ ...ids, above: null, heldBack: null });
    expect(withSteps(step('cap', { ...ids, above: '5.00' })).cap).toEqual({ ...ids, above: '5.00', heldBack: null });
    const other = { contractId: 'K1', capId: 'cap-2', heldBack: '7.00' };
    expect(withSteps(within, step('cap', other)).cap).toEqual({ ...other, currency: 'AUD', above: null });
    const bare = { ...line({ trace: [step('cap', other)] }), net: null };
    expect(itemOf({ ...bare, unitPrice: aud('1.00') }).basis.cap).toMatchObject({ currency: 'AUD' });
    expect(() => itemOf({ ...bare, unitPrice: null })).toThrow('lacks its currency');
  });

  it('why there is no price, and nothing of that where there is one', () => {
    const trace = [
      step('contract', { unpriced: 'no-contract' }),
      step('cap', { contractId: 'K1', capId: 'c', currency: 'AUD', unpriced: 'above-cap' }),
    ];
    expect(itemOf({ ...line({ trace }), net: null }).basis.unpriced).toBe('above-cap');
    expect(itemOf(line({ trace })).basis.unpriced).toBe(null);
    expect(itemOf({ ...line(), net: null }).basis.unpriced).toBe(null);
  });

  it('no reason for that which version 1 did not know', () => {
    const trace = [step('contract', { unpriced: 'forgotten' })];
    expect(() => itemOf({ ...line({ trace }), net: null })).toThrow('"forgotten" in a trace of schema version 1');
  });

  it('adjustment', () => {
    expect(() => withSteps(step('adjustment', { causedBy: 'W2' }))).toThrow(
      '"W2" in a trace of schema version 1 is no list',
    );
    expect(basisOf(step('adjustment', { difference: '-10.00' })).adjustment).toEqual({
      causedBy: null,
      writeOffTakenBack: null,
    });
    expect(withSteps(step('adjustment', { causedBy: ['W2', 'W3'], writeOffTakenBack: '-4.00' })).adjustment).toEqual({
      causedBy: ['W2', 'W3'],
      writeOffTakenBack: '-4.00',
    });
  });
});

describe('a charge of schema version 1', () => {
  const charge = (
    kind: ChargeKind,
    chargeId: string,
    facts: TraceStep['facts'],
    of: Partial<ChargeOfSchema1> = {},
  ) => ({
    chargeItemId: chargeId,
    chargeId,
    kind,
    description: 'Support',
    from: '2026-03-01',
    to: '2026-03-31',
    quantity: '1',
    unit: 'cycle',
    unitPrice: aud('100.00'),
    net: aud('100.00'),
    taxCategory: 'GST',
    contractId: 'K:1',
    contractVersion: 1,
    ticketId: null,
    sourceEventIds: [],
    trace: [step('charge', facts), step('amount', { net: '100.00' })],
    ...of,
  });
  const none = { discountAmount: null, exactOfDaysBefore: null, required: null, coveredDays: null };

  it('fee', () => {
    const fee = charge('recurring', 'K:1:sup:port:2026-03-01', {
      chargeTermId: 'sup:port',
      basis: 'fixed',
      exactOfDaysBefore: '33.5',
    });
    expect(chargeOf(fee)).toEqual({
      ...fee,
      chargeId: 'K:1@fee@sup:port@2026-03-01',
      chargeItemId: 'K:1@fee@sup:port@2026-03-01',
      basis: { ...none, termId: 'sup:port', exactOfDaysBefore: '33.5' },
      parts: [],
      taxes: [],
      billTo: null,
      servedClientId: null,
      siteId: null,
      purchaseOrder: null,
      estimateId: null,
      creditOf: null,
    });
  });
  it('adjustment of a fee', () => {
    const chargeItemId = 'K:1:fee:2026-03-01-a2';
    expect(
      chargeOf(charge('recurring', 'K:1:fee:2026-03-01', { chargeTermId: 'fee' }, { chargeItemId })),
    ).toMatchObject({
      chargeId: 'K:1@fee@fee@2026-03-01',
      chargeItemId: 'K:1@fee@fee@2026-03-01@a2',
    });
  });
  it.each<[ChargeKind, string, TraceStep['facts'], object]>([
    ['prepaid-block', 'block', {}, none],
    ['minimum', 'minimum', { required: '500', coveredDays: '31' }, { ...none, required: '500', coveredDays: 31 }],
    ['discount', 'discount', { discountAmount: '50' }, { ...none, discountAmount: '50' }],
  ])('%s', (kind, of, facts, basis) => {
    const lifted = chargeOf(charge(kind, 'K:1:t:2026-03-01', { chargeTermId: 't', ...facts }));
    expect(lifted).toMatchObject({ chargeId: `K:1@${of}@t@2026-03-01`, basis: { termId: 't', ...basis } });
  });
  it('service credit, of the first and of a later life of its ticket', () => {
    const credit = (chargeId: string) =>
      chargeOf(charge('service-credit', chargeId, { chargeTermId: 'late', target: 'resolution' }, { ticketId: 'T:2' }))
        .chargeId;
    expect(credit('K:1:late:T:2:resolution')).toBe('K:1@credit@late@T:2@resolution');
    expect(credit('K:1:late:T:2:resolution:2')).toBe('K:1@credit@late@T:2@resolution@2');
    for (const other of [':', ':1', ':02', ':x'])
      expect(() => credit(`K:1:late:T:2:resolution${other}`)).toThrow('no id of a charge of late');
  });
  it('is never lifted to the id of another charge', () => {
    const facts = { chargeTermId: 'fee', target: 'resolution' };
    expect(() => chargeOf(charge('recurring', 'K:1:other:2026-03-01', facts))).toThrow('no id of a charge of fee');
    expect(() => chargeOf(charge('recurring', 'K:1:fee:2026-03-02', facts))).toThrow('no id of a charge of fee');
    const ofTicket = { ticketId: 'T-1' };
    expect(() => chargeOf(charge('service-credit', 'K:1:fee:T-2:resolution', facts, ofTicket))).toThrow('of fee');
    expect(() => chargeOf(charge('service-credit', 'K:1:fee:null:resolution', facts))).toThrow('of fee');
    expect(() => chargeOf(charge('recurring', 'K:1:fee:2026-03-01', {}))).toThrow('lacks chargeTermId');
  });
  it('has whole days', () => {
    const facts = { chargeTermId: 't', coveredDays: 'all' };
    expect(() => chargeOf(charge('minimum', 'K:1:t:2026-03-01', facts))).toThrow('"all" in a trace');
  });
});
