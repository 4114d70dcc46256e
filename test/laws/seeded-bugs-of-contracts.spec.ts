import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts } from '@billtrail/application';
import { DEFAULT_CONFIGURATION, type FrozenCharge } from '@billtrail/billing';
import { versionOf, type Msp } from '../scenarios/msp.js';
import { ACCOUNTANT, House } from './kit/house.js';
import { lookAt, type Look } from './kit/look.js';
import { tellManaged } from './kit/sample.js';
import * as bugs from './kit/seeded.js';

const { cents, findings, law } = bugs;

let msp: Msp;
let look: Look;
beforeAll(async () => {
  msp = await tellManaged();
  look = await lookAt(msp, { isSettled: true });
});
afterAll(() => msp.closes());

function charges(change: (charge: Look['observed']['charges'][number]) => object | null): Partial<Look> {
  const changed = look.observed.charges.flatMap((charge) => {
    const more = change(charge);
    return more === null ? [] : [{ ...charge, ...more }];
  });
  return bugs.seen(look, { charges: changed });
}

function prepaid(left: number, drawn: number): Partial<Look> {
  const amount = (minutes: number) => ({ unit: 'minutes' as const, minutes });
  return bugs.seen(look, {
    prepaid: look.observed.prepaid.map((one) => ({ ...one, left: amount(left), drawn: amount(drawn) })),
  });
}

describe('L1 over all periods of a client', () => {
  it('finds a fee that is not charged, twice, or a cent short', () => {
    const isFee = (kind: string, period: string) => kind === 'recurring' && period === '2026-02';
    expect(
      findings(
        'L1',
        look,
        charges(({ kind, period }) => (isFee(kind, period) ? null : {})),
      ),
    ).toHaveLength(1);
    const fee = look.observed.charges.find(({ kind, period }) => isFee(kind, period));
    const twice = bugs.seen(look, { charges: [...look.observed.charges, fee!] });
    expect(findings('L1', look, twice)).toHaveLength(1);
    const short = charges(({ kind, period }) => (isFee(kind, period) ? { net: cents('309.99') } : {}));
    expect(findings('L1', look, short)).toEqual([
      'bluegum 2026-02, Fee: comes to 31000, and 30999 minor units are charged',
    ]);
  });

  it('finds hours that are left though they were drawn, were drawn twice, or were paid back', () => {
    expect(look.observed.prepaid.map(({ left, drawn }) => [left, drawn])).toEqual([
      [
        { unit: 'minutes', minutes: 360 },
        { unit: 'minutes', minutes: 240 },
      ],
    ]);
    expect(findings('L1', look, prepaid(361, 240))).not.toEqual([]);
    expect(findings('L1', look, prepaid(120, 480))).not.toEqual([]);
    const draw = look.observed.items[0]!.draw!;
    const drewLess = { draw: { ...draw, amount: { unit: 'minutes' as const, minutes: 239 } } };
    expect(findings('L1', look, bugs.item(look, 'W1', drewLess))).not.toEqual([]);
    const paidBack = charges(({ kind }) => (kind === 'prepaid-block' ? { credited: cents('720.00') } : {}));
    expect(findings('L1', look, paidBack)).toHaveLength(1);
  });
});

describe('L2 of charges', () => {
  it('finds a fee that is on no invoice, and that no gap shows', () => {
    const derivedGaps = look.observed.derivedGaps.filter(({ charge }) => charge === undefined);
    expect(derivedGaps.length).toBeLessThan(look.observed.derivedGaps.length);
    const silent = findings('L2', look, bugs.seen(look, { derivedGaps }));
    expect(silent.join('\n')).toContain('is in silence');
  });

  it('counts the days that hold where nobody has published a configuration', async () => {
    const house = await House.open('2026-03-02T09:00:00+11:00');
    const client = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
    const by = { actor: ACCOUNTANT };
    await house.must(contracts.RegisterClient, client, by);
    const fee = { id: 'fee', name: 'Fee', basis: 'fixed', price: '310.00', billed: 'in-advance', taxCategory: 'GST' };
    const terms = versionOf({ from: '2026-03-01', besides: { recurringCharges: [fee as never] } });
    const contract = { contractId: 'bluegum-1', clientId: 'bluegum', name: 'bluegum-1', priority: 10 };
    await house.must(contracts.ActivateContract, { ...contract, ...terms }, by);
    const silent = async () => {
      await house.settle();
      const seen = await lookAt({ house }, { isSettled: true });
      const derivedGaps = seen.observed.derivedGaps.filter(({ charge }) => charge === undefined);
      expect(law('L2').check(seen)).toEqual([]);
      return law('L2').check({ ...seen, observed: { ...seen.observed, derivedGaps } });
    };
    house.passDays(DEFAULT_CONFIGURATION.unbilledAfterDays - 2);
    expect(await silent()).toEqual([]);
    house.passDays(1);
    expect(await silent()).toEqual(['charge bluegum-1@fee@fee@2026-03-01 (billable) is in silence']);
    await house.close();
  });
});

describe('L3 over all periods of a client', () => {
  it('finds a charge on two invoices, and work that two accounts have invoiced', () => {
    const issued = bugs.firstIssued(look);
    const again = { ...issued, invoiceId: 'I2', lines: [] };
    expect(findings('L3', look, { invoices: [...look.invoices, again] })).toHaveLength(issued.charges.length);
    const moved = { ...issued, invoiceId: 'I2', account: 'bluegum-2026-02', charges: [] };
    expect(findings('L3', look, { invoices: [...look.invoices, moved] })).toEqual([
      'T1 W1: 240 recorded, 480 on I1 and I2',
    ]);
  });
});

describe('L5 and L6 of charges', () => {
  const withCharges = (change: (charge: FrozenCharge) => Partial<FrozenCharge>): Partial<Look> =>
    bugs.invoiced(look, { charges: bugs.firstIssued(look).charges.map((one) => ({ ...one, ...change(one) })) });

  it('finds a cent in a charge', () => {
    expect(
      findings(
        'L5',
        look,
        withCharges(() => ({ net: cents('310.01') })),
      ),
    ).not.toEqual([]);
  });

  it('finds a charge without its purchase, under no contract version, or with steps that say otherwise', () => {
    const wrong: readonly Partial<FrozenCharge>[] = [
      { sourceEventIds: [] },
      { sourceEventIds: ['no-such-event'] },
      { contractVersion: 7 },
      { trace: [] },
      { net: cents('0.01') },
    ];
    for (const change of wrong)
      expect(
        findings(
          'L6',
          look,
          withCharges(() => change),
        ),
      ).not.toEqual([]);
  });
});
