import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { speltOut, type ContractTerms, type RateCard, type RecurringCharge } from '@billtrail/contracts';
import { Msp, versionOf } from './msp.js';
import { BEA, OMAR } from './people.js';

const MARCH = ['bluegum', '2026-03'] as const;
/** A Tuesday. */
const DAY = '2026-03-10';
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const HOLIDAY = [{ date: DAY, name: 'Town day' }];
const BLUEGUM = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
const SITE = { clientId: 'bluegum', siteId: 'hall', name: 'Town hall', timeZone: null };
const SEATS: RecurringCharge = {
  id: 'seats',
  name: 'Seats',
  basis: 'per-user',
  countOf: 'user',
  price: '310.00',
  billed: 'in-advance',
  taxCategory: 'GST',
};

const FEE: RecurringCharge = {
  id: 'fee',
  name: 'Fee',
  basis: 'fixed',
  price: '3100.00',
  billed: 'in-advance',
  taxCategory: 'GST',
};
const MINIMUM = {
  id: 'least',
  name: 'Minimum',
  amountPerPeriod: '3100.00',
  countsRecurring: false,
  taxCategory: 'GST',
};
const SETUP = { id: 'setup', name: 'Setup', amount: '3000.00', taxCategory: 'GST' };
const INCLUDED = { id: 'all', name: 'All work', match: {}, outcome: 'included' } as const;

/** 150.00 an hour, twice as much on a holiday; hours from 8 to 18. */
function onHolidays(): Partial<ContractTerms> {
  const { terms } = versionOf({}) as { readonly terms: ContractTerms };
  const rateCard: RateCard = {
    ...speltOut(terms).rateCard,
    rateClassMultipliers: [{ rateClass: 'holiday', multiplier: '2' }],
  };
  return { rateCard, rateCalendar: { hours: { tuesday: [{ opens: '08:00', closes: '18:00' }] }, holidays: [] } };
}

/** Y2: the work stays, and what prices or counts it for days that have passed is another. */
describe('what approved work is asked for by details and counts', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', LIMIT);
  });
  afterEach(() => msp.closes());

  async function requests() {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({});
    return items.map(({ act, target, state, value, period }) =>
      [act, target, state, value?.amount ?? 'unstated', period].join(' '),
    );
  }
  async function agrees(): Promise<void> {
    const [request] = (await msp.house.billtrail.models.approvals.list({})).items;
    expect(isRefusal(await msp.house.approve(request?.requestId ?? '', BEA))).toBe(false);
  }

  describe('of places', () => {
    beforeEach(async () => {
      await msp.signs('bluegum', { besides: onHolidays() });
      await msp.send(contracts.ChangeClientDetails, { ...BLUEGUM, holidays: HOLIDAY });
      await msp.send(contracts.RegisterSite, { ...SITE, from: '2026-01-01', holidays: HOLIDAY });
      const ticket = await msp.ticket('T1', 'bluegum');
      await ticket.time('W1', 600, DAY);
      await msp.house.settle();
    });
    const WAS = ['W1 billable 10 h 3000.00 AUD'];
    const changes = (details: object) => msp.tries(contracts.ChangeClientDetails, { ...BLUEGUM, ...details });

    it('waits where the holiday of the client goes, and has its effect once a second person agrees', async () => {
      expect(await changes({ holidays: [] })).toBe('waits');
      expect(await msp.items(...MARCH)).toEqual(WAS);
      expect(await requests()).toEqual(['back-date bluegum waiting 1500.00 2026-03']);
      await agrees();
      expect(await msp.items(...MARCH)).toEqual(['W1 billable 10 h 1500.00 AUD']);
    });

    it('waits for nobody by another name, nor where it is asked more', async () => {
      expect(await changes({ name: 'Blue Gum', holidays: HOLIDAY })).toBe('accepted');
      expect(await changes({ holidays: [...HOLIDAY, { date: '2026-03-17', name: 'Another' }] })).toBe('accepted');
      expect(await requests()).toEqual([]);
    });

    it('waits where its site has no holiday, from a day that has passed on', async () => {
      await msp.send(tickets.ReclassifyTicket, { ticketId: 'T1', siteId: 'hall', reason: 'there' }, { actor: OMAR });
      const changed = (from: string, more: object) =>
        msp.tries(contracts.ChangeSiteDetails, { ...SITE, from, holidays: [], ...more });
      expect(await changed('2026-03-22', {})).toBe('accepted');
      expect(await changed('2026-03-11', {})).toBe('accepted');
      expect(await changed('2026-03-10', { name: 'Hall', holidays: HOLIDAY })).toBe('accepted');
      expect(await requests()).toEqual([]);
      expect(await changed('2026-03-10', {})).toBe('waits');
      expect(await requests()).toEqual(['back-date hall waiting 1500.00 2026-03']);
      expect(await msp.items(...MARCH)).toEqual(WAS);
    });
  });

  describe('of counts, blocks and milestones', () => {
    const counts = (count: number, from: string) =>
      msp.tries(contracts.RecordCount, { contractId: 'bluegum-1', countOf: 'user', count, from }, { actor: OMAR });
    const charges = async () => {
      await msp.house.settle();
      const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum', period: '2026-03' });
      return items.map(({ quantity, net, disposition }) => `${quantity} ${net.amount} ${disposition}`);
    };

    it('waits where fewer users are reported for days that have passed', async () => {
      await msp.signs('bluegum', { from: '2026-03-01', besides: { recurringCharges: [SEATS] } });
      expect(await counts(20, '2026-03-01')).toBe('accepted');
      expect(await charges()).toEqual(['20 6200.00 billable']);
      // 19 days that have passed, of 31, of 310.00.
      expect(await counts(10, '2026-03-01')).toBe('waits');
      expect(await requests()).toEqual(['back-date bluegum-1/user waiting 1900.00 2026-03']);
      expect(await charges()).toEqual(['20 6200.00 billable']);
      await agrees();
      expect(await charges()).toEqual(['10 3100.00 billable']);
    });

    it('waits where an invoice has them, and not from today on, nor for more of them', async () => {
      await msp.signs('bluegum', { from: '2026-03-01', besides: { recurringCharges: [SEATS] } });
      await counts(20, '2026-03-01');
      await msp.bills('I1', ...MARCH);
      expect(await counts(10, '2026-03-01')).toBe('waits');
      expect(await counts(21, '2026-03-05')).toBe('accepted');
      expect(await counts(5, '2026-03-20')).toBe('accepted');
      expect(await requests()).toEqual(['back-date bluegum-1/user waiting 1900.00 2026-03']);
    });

    it('waits where more than one person may forgo goes back of a block, or all of it', async () => {
      await msp.signs('bluegum', { from: '2026-03-01' });
      const amount = (count: number) => ({ unit: 'minutes', minutes: count });
      for (const blockId of ['b', 'c'])
        await msp.send(contracts.PurchasePrepaidBlock, {
          contractId: 'bluegum-1',
          blockId,
          purchasedOn: '2026-03-02',
          amount: amount(1_200),
          price: { net: { amount: '3000.00', currency: 'AUD' }, taxCategory: 'GST' },
        });
      await msp.house.settle();
      const block = (blockId: string) => ({ contractId: 'bluegum-1', blockId, reason: 'x' });
      const gives = (returnId: string, count: number) =>
        msp.tries(contracts.ReturnPrepaidBlock, { ...block('b'), returnId, amount: amount(count) });
      expect(await gives('r1', 240)).toBe('accepted');
      expect(await msp.tries(contracts.WithdrawPrepaidBlock, block('c'))).toBe('waits');
      expect(await gives('r2', 300)).toBe('waits');
      expect(await gives('r3', 10)).toBe('ForgoingRequestOpen');
      expect(await requests()).toEqual([
        'back-date bluegum-1/b carried-out 600.00 2026-03',
        'back-date bluegum-1/c waiting 3000.00 2026-03',
        'back-date bluegum-1/b waiting 750.00 2026-03',
      ]);
    });

    it('waits where a milestone that was declared is declared no more', async () => {
      const milestones = [{ id: 'live', name: 'Live', amount: '5000.00', taxCategory: 'GST' }];
      await msp.signs('bluegum', { from: '2026-03-01', besides: { milestones } });
      const live = { contractId: 'bluegum-1', milestoneId: 'live' };
      const reached = { ...live, reachedOn: '2026-03-05', acceptedBy: 'Kim' };
      await msp.send(contracts.DeclareMilestoneReached, reached);
      await msp.house.settle();
      expect(await msp.tries(contracts.WithdrawMilestoneDeclaration, { ...live, reason: 'x' })).toBe('waits');
      expect(await requests()).toEqual(['back-date bluegum-1/live waiting 5000.00 2026-03']);
      expect(await charges()).toEqual(['1 5000.00 billable']);
    });
  });

  /** 19 days of March have passed, of 31. */
  describe('of fees, minimums and what is charged once', () => {
    const publishes = (from: string, besides: Partial<ContractTerms>, rules?: [typeof INCLUDED]) =>
      msp.tries(contracts.PublishContractVersion, {
        contractId: 'bluegum-1',
        ...versionOf({ from, besides, ...(rules && { rules }) }),
      });
    const ends = (lastDay: string) =>
      msp.tries(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay, reason: 'x' });
    const rests = (from: string) =>
      msp.tries(contracts.SuspendContract, { contractId: 'bluegum-1', from, reason: 'x' });
    const charged = (price: string) => ({ recurringCharges: [{ ...FEE, price }] });

    it.each<[string, Partial<ContractTerms>, () => Promise<string>, string]>([
      ['a fee is next to nothing', charged('3100.00'), () => publishes('2026-03-01', charged('0.01')), '1899.99'],
      ['a fee is dropped', charged('3100.00'), () => publishes('2026-03-01', {}), '1900.00'],
      ['a fee rests', charged('3100.00'), () => rests('2026-03-01'), '1900.00'],
      ['a contract ends', charged('3100.00'), () => ends('2026-03-01'), '1800.00'],
      ['a minimum is dropped', { minimumCommitment: MINIMUM }, () => publishes('2026-03-01', {}), '1900.00'],
      ['what is charged once is dropped', { oneTimeFees: [SETUP] }, () => publishes('2026-03-01', {}), '3000.00'],
      [
        'a fee is made free until yesterday, and nothing from then on',
        charged('3100.00'),
        async () => {
          expect(await publishes('2026-03-20', charged('3100.00'))).toBe('accepted');
          return publishes('2026-03-01', charged('0.01'));
        },
        '1899.99',
      ],
    ])('waits where %s for days that have passed', async (_what, besides, changes, value) => {
      await msp.signs('bluegum', { from: '2026-03-01', besides });
      await msp.house.settle();
      expect(await changes()).toBe('waits');
      expect(await requests()).toEqual([`back-date bluegum-1 waiting ${value} 2026-03`]);
    });

    it('waits where an invoice has the fee, and gives nothing back until a second person agrees', async () => {
      await msp.signs('bluegum', { from: '2026-03-01', besides: charged('3100.00') });
      await msp.bills('I1', ...MARCH);
      expect(await publishes('2026-03-01', charged('0.01'))).toBe('waits');
      const open = async () => {
        await msp.house.settle();
        const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum', period: '2026-03' });
        return items.filter(({ disposition }) => disposition === 'billable').map(({ net }) => net.amount);
      };
      expect(await open()).toEqual([]);
      await agrees();
      expect(await open()).toEqual(['-3099.99']);
    });

    it('waits where a new fee takes the place of work that was approved', async () => {
      await msp.signs('bluegum', { from: '2026-03-01' });
      await (await msp.ticket('T1', 'bluegum')).time('W1', 1_200, DAY);
      await msp.house.settle();
      expect(await publishes('2026-03-01', charged('9300.00'), [INCLUDED])).toBe('waits');
      expect(await requests()).toEqual(['back-date bluegum-1 waiting 3000.00 2026-03']);
    });

    it('waits for nobody from today on, where it is asked more, nor in other words', async () => {
      await msp.signs('bluegum', { from: '2026-03-01', besides: charged('3100.00') });
      await msp.house.settle();
      expect(await publishes('2026-03-05', charged('3100.00'))).toBe('accepted');
      expect(await publishes('2026-03-06', charged('3133.33'))).toBe('accepted');
      expect(await publishes('2026-03-06', { recurringCharges: [{ ...FEE, price: '3133.33', name: 'Care' }] })).toBe(
        'accepted',
      );
      expect(await publishes('2026-03-20', charged('0.01'))).toBe('accepted');
      expect(await rests('2026-03-20')).toBe('accepted');
      expect(await ends('2026-03-19')).toBe('accepted');
      expect(await requests()).toEqual([]);
    });
  });
});
