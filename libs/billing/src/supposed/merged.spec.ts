import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { aud, onInvoice } from '../testing/charges.js';
import { asWrittenOff, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';
import { rateExplained } from '../rate.js';
import { askedLess } from './asked-less.js';
import { merged } from './merged.js';

const under = (changes: Partial<ContractTerms>, coverage?: readonly CoverageRule[]): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms({}, coverage), ...changes } })],
});
const TICKETS = new Map([
  ['T-1', ticketFacts()],
  ['T-2', ticketFacts({ ticketId: 'T-2', category: 'network' })],
]);
const first = time();
const second = time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 });
const BOTH = [first, second];
const month = (work: readonly (typeof first)[], of: Partial<ClientPeriodFacts> = {}): ClientPeriodFacts =>
  facts(work, { tickets: TICKETS, ...of });
const lessOf = (periods: readonly ClientPeriodFacts[], ticketId = 'T-2', into = 'T-1'): readonly string[] =>
  askedLess(periods, merged(periods, ticketId, into)).map((one) => `${one.ticketId} ${one.money?.toString()}`);

const NOTHING = { work: [], settled: [], asked: [] };
const PRICED = under({}, [
  { id: 'all', name: 'All', match: {}, outcome: 'included', incident: { price: '90.00', taxCategory: 'GST' } },
]);
const CAPPED = under({ caps: [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '200.00', above: 'write-down' }] });
const used = (ticketId: string, billed: string) => ({
  contractId: 'con-1',
  capId: 'cap',
  ticketId,
  billed: aud(billed),
});

describe('a ticket that is supposed to be merged into another', () => {
  it('is rated as part of it, under its own id and with what prices its work', () => {
    const [after] = merged([month(BOTH)], 'T-2', 'T-1');
    expect(after?.tickets.get('T-2')).toMatchObject({ ticketId: 'T-1', category: 'network' });
    expect(after?.tickets.get('T-1')).toMatchObject({ ticketId: 'T-1' });
  });

  it('changes nothing where the other has no work, or is the same ticket by now', () => {
    const alone = facts([second], { tickets: new Map([['T-2', ticketFacts({ ticketId: 'T-2' })]]) });
    expect(merged([alone], 'T-2', 'T-1')).toEqual([alone]);
    const one = month(BOTH, {
      tickets: new Map([
        ['T-1', ticketFacts()],
        ['T-2', ticketFacts()],
      ]),
    });
    expect(merged([one], 'T-1', 'T-2')).toEqual([one]);
    const others = facts([], { clientId: 'cli-2', tickets: new Map() });
    expect(merged([month(BOTH), others], 'T-2', 'T-1')[1]).toBe(others);
  });

  it('has one cap with what was merged into the other, which has no work itself', () => {
    const parent = ticketFacts({ ticketId: 'T-0' });
    const tickets = new Map([
      ['T-1', parent],
      ['T-2', ticketFacts({ ticketId: 'T-3' })],
    ]);
    const periods = [month(BOTH, { ...CAPPED, tickets })];
    const less = (other?: typeof parent) => askedLess(periods, merged(periods, 'T-3', 'T-0', other)).length;
    expect(less(parent)).toBe(1);
    expect(less()).toBe(0);
  });

  it('has one fixed price with it, in the same month and over two', () => {
    expect(lessOf([month(BOTH, { ...PRICED, incidents: NOTHING })])).toEqual(['T-2 90.00 AUD']);
    const april = { ...second, workDate: '2026-04-02' };
    const apart = [
      month([first], { ...PRICED, incidents: NOTHING }),
      month([april], { ...PRICED, incidents: NOTHING, period: '2026-04' }),
    ];
    expect(lessOf(apart)).toEqual(['T-2 90.00 AUD']);
    expect(lessOf(apart, 'T-1', 'T-2')).toEqual(['T-1 90.00 AUD']);
  });

  it('asks no fixed price again that a document has', () => {
    const [asked] = rateExplained(month([first], { ...PRICED, incidents: NOTHING })).charges;
    if (asked === undefined) throw new Error('no fixed price is asked');
    const march = month([first], { ...PRICED, incidents: NOTHING, invoicedCharges: onInvoice([asked]) });
    const april = { ...PRICED, incidents: NOTHING, period: '2026-04' };
    const after = merged([march, month([{ ...second, workDate: '2026-04-02' }], april)], 'T-2', 'T-1');
    expect(after.map(({ incidents }) => incidents?.asked)).toEqual([
      [],
      [{ chargeId: asked.chargeId, period: '2026-03' }],
    ]);
    expect(after.flatMap((one) => rateExplained(one).charges.map(({ disposition }) => disposition))).toEqual([
      'invoiced',
    ]);
  });

  it('counts for one fixed price the work of all months, each once, and what documents hold of it', () => {
    const held = { itemId: 'w-1', workItemId: 'w-1', period: '2026-02', startedAt: null };
    const theirs = { itemId: 'w-2', workItemId: 'w-2', period: '2026-02', startedAt: null };
    const asked = [
      { chargeId: 'con-1@incident@all@for-T-1', period: '2026-02' },
      { chargeId: 'con-1@incident@all@for-T-2', period: '2026-02' },
    ];
    const april = { ...second, workDate: '2026-04-02' };
    const old = time({ workItemId: 'w-0', workDate: '2026-02-10' });
    const periods = [
      month([first], { ...PRICED, incidents: { work: [old], settled: [held], asked } }),
      month([april], { ...PRICED, period: '2026-04', incidents: { work: [old], settled: [held, theirs], asked } }),
      month([], { ...PRICED, period: '2026-05', tickets: new Map([['T-1', ticketFacts()]]) }),
    ];
    const after = merged(periods, 'T-2', 'T-1').map(({ incidents }) => incidents);
    expect(after).toEqual([
      { work: [old, april], settled: [held, theirs], asked },
      { work: [old, first], settled: [held, theirs], asked },
      undefined,
    ]);
  });

  it('is under one cap with it, with what both have used before and later', () => {
    expect(lessOf([month(BOTH, CAPPED)])).toEqual(['T-2 100.00 AUD']);
    const caps = [
      used('T-1', '30.00'),
      used('T-2', '20.00'),
      { ...used('T-2', '5.00'), capId: 'other' },
      used('T-3', '7.00'),
    ];
    const [after] = merged([month(BOTH, { carriedOver: { balances: [], caps }, laterCaps: caps })], 'T-2', 'T-1');
    const together = [used('T-1', '50.00'), { ...used('T-1', '5.00'), capId: 'other' }, used('T-3', '7.00')];
    expect(after?.carriedOver?.caps).toEqual(together);
    expect(after?.laterCaps).toEqual(together);
  });

  it('keeps what was written off of either as of before', () => {
    const { items } = rateExplained(month(BOTH));
    const third = time({ workItemId: 'w-3', ticketId: 'T-3', position: 3 });
    const all = month([...BOTH, third], {
      tickets: new Map([...TICKETS, ['T-3', ticketFacts({ ticketId: 'T-3' })]]),
      writtenOff: asWrittenOff([
        ...items,
        ...rateExplained(facts([third], { tickets: new Map([['T-3', ticketFacts({ ticketId: 'T-3' })]]) })).items,
      ]),
    });
    const [after] = merged([all], 'T-2', 'T-1');
    expect(after?.writtenOff.map(({ ticketId, beforeMerge }) => `${ticketId} ${beforeMerge ?? false}`)).toEqual([
      'T-1 true',
      'T-2 true',
      'T-3 false',
    ]);
  });
});
