import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import fc from 'fast-check';
import type { ContractCommand, PurchasePrepaidBlock, RecordCount, ReturnPrepaidBlock } from './commands.js';
import { contract } from './contract.js';
import type { ContractEvent, ContractTerms } from './events.js';
import { PUBLISHED_CARDS } from './testing/index.js';

const issued: Issued = { at: '2026-03-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const occurredAt = issued.at;
const contractId = 'con-1';
const terms = PUBLISHED_CARDS[0]?.plans[0]?.terms as ContractTerms;
const activated: ContractEvent = {
  type: 'ContractActivated',
  data: { contractId, clientId: 'cli-1', name: 'Support', priority: 10 },
  occurredAt,
};
const version = (versionNumber: number, effectiveFrom: string, effectiveTo: string | null): ContractEvent => ({
  type: 'ContractVersionPublished',
  data: { contractId, versionNumber, effectiveFrom, effectiveTo, terms },
  occurredAt,
});
const ofTheYear = [activated, version(1, '2026-01-01', '2026-12-31')];
const terminated: ContractEvent = {
  type: 'ContractTerminated',
  data: { contractId, lastDay: '2027-06-30', reason: 'moved' },
  occurredAt,
};
const suspended = (from: string): ContractEvent => ({
  type: 'ContractSuspended',
  data: { contractId, from, reason: 'flood' },
  occurredAt,
});
const resumed = (resumedOn: string): ContractEvent => ({
  type: 'ContractResumed',
  data: { contractId, resumedOn },
  occurredAt,
});
const problemsOf = (command: ContractCommand, ...given: ContractEvent[]): string[] => {
  const decision = contract.decide({ ...command, ...issued }, fold(contract, given));
  return isRefusal(decision) ? (decision.details['problems'] as { path: string }[]).map((one) => one.path) : [];
};

describe('RenewContract', () => {
  const renew = (effectiveTo: string | null, versionNumber = 1) =>
    ({ type: 'RenewContract', contractId, versionNumber, effectiveTo, ...issued }) as const;
  const renewed = (effectiveTo: string | null): ContractEvent => ({
    type: 'ContractRenewed',
    data: { contractId, versionNumber: 1, effectiveTo },
    occurredAt,
  });
  const given = () => spec(contract).given(...ofTheYear);
  it('keeps the version in force to a later day, or without end', () => {
    given().when(renew('2027-12-31')).then(renewed('2027-12-31'));
    given().when(renew(null)).then(renewed(null));
    given()
      .when({ ...renew(null), occurredAt: '2026-01-05T00:00:00Z' })
      .then({ ...renewed(null), occurredAt: '2026-01-05T00:00:00Z' });
  });
  it('is quiet where it is so already', () => {
    given().when(renew('2026-12-31')).thenNothing();
    spec(contract)
      .given(...ofTheYear, renewed('2027-12-31'))
      .when(renew('2027-12-31'))
      .thenNothing();
    spec(contract)
      .given(...ofTheYear, renewed(null))
      .when(renew(null))
      .thenNothing();
  });
  it('refuses an unknown contract', () => spec(contract).given().when(renew(null)).thenRefused('ContractUnknown'));
  it('refuses a version that there is not', () => given().when(renew(null, 2)).thenRefused('VersionUnknown'));
  it('refuses an earlier day, and any day for a version without end', () => {
    given().when(renew('2026-12-30')).thenRefused('RenewalNotLater');
    spec(contract)
      .given(...ofTheYear, renewed(null))
      .when(renew('2030-01-01'))
      .thenRefused('RenewalNotLater');
  });
  it('says until when a version with a day of its own is in force, whichever of several it is', () => {
    const second = version(2, '2027-01-01', '2027-06-30');
    const decision = contract.decide(renew('2026-12-30'), fold(contract, [...ofTheYear, second]));
    expect(isRefusal(decision) && [decision.message, decision.details['present']]).toEqual([
      'Version 1 of contract con-1 is in force until 2026-12-31, and a renewal can only extend it.',
      '2026-12-31',
    ]);
    const later = contract.decide(renew('2027-06-29', 2), fold(contract, [...ofTheYear, second]));
    expect(isRefusal(later) && later.details['present']).toBe('2027-06-30');
  });
  it('says until when a version without a day of its own is in force, and what lets it end another day', () => {
    const told = (...events: readonly ContractEvent[]) => {
      const decision = contract.decide(renew('2030-01-01'), fold(contract, [...ofTheYear, renewed(null), ...events]));
      return isRefusal(decision) ? [decision.message, decision.remedy, decision.details['present']] : decision;
    };
    expect(told()).toEqual([
      'Version 1 of contract con-1 has no last day of its own: it is in force until something follows it.',
      'There is nothing to renew. To end the contract, terminate it; to change its terms, publish a new version.',
      null,
    ]);
    expect(told(terminated)).toEqual([
      'Version 1 of contract con-1 has no last day of its own: it is in force until the contract ends on 2027-06-30.',
      'To move its end, terminate the contract on another day; to go on after it, activate a new one.',
      '2027-06-30',
    ]);
    expect(told(version(2, '2026-08-01', null))).toEqual([
      'Version 1 of contract con-1 has no last day of its own: it is in force until 2026-07-31, when another version follows.',
      'Renew the version that follows, or publish a new one.',
      '2026-07-31',
    ]);
  });
  it('refuses a day after the end of the contract, and takes that day', () => {
    const ended = spec(contract).given(...ofTheYear, terminated);
    ended.when(renew('2027-07-01')).thenRefused('ContractEnded');
    ended.when(renew(null)).thenRefused('ContractEnded');
    ended.when(renew('2027-06-30')).then(renewed('2027-06-30'));
  });
});

describe('PublishContractVersion between versions', () => {
  const publish = (effectiveFrom: string, effectiveTo: string | null) =>
    ({ type: 'PublishContractVersion', contractId, effectiveFrom, effectiveTo, terms, ...issued }) as const;
  const given = () => spec(contract).given(...ofTheYear);
  it('refuses a hole after the last version and before the first', () => {
    given().when(publish('2027-01-02', null)).thenRefused('VersionLeavesHole');
    given().when(publish('2025-01-01', '2025-12-30')).thenRefused('VersionLeavesHole');
  });
  it('takes one that meets its neighbour, or lies over it', () => {
    given()
      .when(publish('2027-01-01', null))
      .then(version(2, '2027-01-01', null));
    given()
      .when(publish('2025-01-01', '2025-12-31'))
      .then(version(2, '2025-01-01', '2025-12-31'));
    given()
      .when(publish('2025-01-01', null))
      .then(version(2, '2025-01-01', null));
    given()
      .when(publish('2026-06-01', '2026-06-30'))
      .then(version(2, '2026-06-01', '2026-06-30'));
  });
  it('takes one that fills a part of a hole that history has', () =>
    spec(contract)
      .given(...ofTheYear, version(2, '2027-03-01', null))
      .when(publish('2027-02-01', '2027-02-28'))
      .then(version(3, '2027-02-01', '2027-02-28')));
});

describe('SuspendContract', () => {
  const suspend = (from: string) =>
    ({ type: 'SuspendContract', contractId, from, reason: 'flood', ...issued }) as const;
  const given = (...more: ContractEvent[]) => spec(contract).given(...ofTheYear, ...more);
  it('lets it rest', () => given().when(suspend('2026-02-01')).then(suspended('2026-02-01')));
  it('lets it rest again from the day on which it was resumed', () =>
    given(suspended('2026-02-01'), resumed('2026-02-10')).when(suspend('2026-02-10')).then(suspended('2026-02-10')));
  it('takes a suspension over one that never had a day', () =>
    given(suspended('2026-02-10'), resumed('2026-02-10')).when(suspend('2026-02-01')).then(suspended('2026-02-01')));
  it('is quiet on repeat', () => given(suspended('2026-02-01')).when(suspend('2026-02-01')).thenNothing());
  it('refuses an unknown contract', () =>
    spec(contract).given().when(suspend('2026-02-01')).thenRefused('ContractUnknown'));
  it('refuses one over another', () => {
    given(suspended('2026-02-01')).when(suspend('2026-02-02')).thenRefused('SuspensionsOverlap');
    const rested = given(suspended('2026-02-01'), resumed('2026-02-10'));
    rested.when(suspend('2026-02-09')).thenRefused('SuspensionsOverlap');
    rested.when(suspend('2026-01-15')).thenRefused('SuspensionsOverlap');
  });
  it('refuses one after the end, and takes one on the last day', () => {
    given(terminated).when(suspend('2027-07-01')).thenRefused('ContractEnded');
    given(terminated).when(suspend('2027-06-30')).then(suspended('2027-06-30'));
  });
});

describe('ResumeContract', () => {
  const resume = (resumedOn: string) => ({ type: 'ResumeContract', contractId, resumedOn, ...issued }) as const;
  const given = (...more: ContractEvent[]) => spec(contract).given(...ofTheYear, ...more);
  it('ends the suspension, also on its first day', () => {
    given(suspended('2026-02-01')).when(resume('2026-02-10')).then(resumed('2026-02-10'));
    given(suspended('2026-02-01')).when(resume('2026-02-01')).then(resumed('2026-02-01'));
  });
  it('is quiet on repeat', () =>
    given(suspended('2026-02-01'), resumed('2026-02-10')).when(resume('2026-02-10')).thenNothing());
  it('refuses an unknown contract', () =>
    spec(contract).given().when(resume('2026-02-10')).thenRefused('ContractUnknown'));
  it('refuses where it does not rest', () => {
    given().when(resume('2026-02-10')).thenRefused('ContractNotSuspended');
    given(suspended('2026-02-01'), resumed('2026-02-10'))
      .when(resume('2026-02-11'))
      .thenRefused('ContractNotSuspended');
  });
  it('refuses a day before the suspension', () =>
    given(suspended('2026-02-01')).when(resume('2026-01-31')).thenRefused('ResumptionBeforeSuspension'));
});

const block = {
  blockId: 'b-1',
  amount: { unit: 'minutes', minutes: 600 },
  purchasedOn: '2026-02-01',
  expiresOn: '2026-06-30',
  price: { net: { amount: '1400.00', currency: 'AUD' }, taxCategory: 'GST' },
} as const;
const purchased: ContractEvent = { type: 'PrepaidBlockPurchased', data: { contractId, ...block }, occurredAt };
const withdrawn: ContractEvent = {
  type: 'PrepaidBlockWithdrawn',
  data: { contractId, blockId: 'b-1', reason: 'typed twice' },
  occurredAt,
};

describe('PurchasePrepaidBlock', () => {
  const purchase = (changes: Partial<PurchasePrepaidBlock> = {}) =>
    ({ type: 'PurchasePrepaidBlock', contractId, ...block, ...issued, ...changes }) as const;
  const given = (...more: ContractEvent[]) => spec(contract).given(...ofTheYear, ...more);
  it('adds a block of hours or of money', () => {
    given().when(purchase()).then(purchased);
    const amount = { unit: 'money', money: { amount: '0.01', currency: 'AUD' } } as const;
    given().when(purchase({ amount })).thenLike({ type: 'PrepaidBlockPurchased', data: { amount } });
    given()
      .when(purchase({ expiresOn: block.purchasedOn, price: null }))
      .thenLike({ data: { expiresOn: block.purchasedOn, price: null } });
  });
  it('is quiet on repeat', () => given(purchased).when(purchase()).thenNothing());
  it('refuses an unknown contract', () => spec(contract).given().when(purchase()).thenRefused('ContractUnknown'));
  it('refuses what could not be drawn on, with every problem', () => {
    const money = { amount: '1.00', currency: 'NZD' };
    const price = { net: { amount: '1.005', currency: 'AUD' }, taxCategory: 'GST' };
    const changes = { amount: { unit: 'money', money }, expiresOn: '2026-01-31', price } as const;
    expect(problemsOf(purchase(changes), ...ofTheYear)).toEqual([
      'amount.money.currency',
      'expiresOn',
      'price.net.amount',
    ]);
  });
  it('refuses money below the minor unit, held or paid', () => {
    const price = (amount: string) => ({ net: { amount, currency: 'AUD' }, taxCategory: 'GST' });
    const holds = (amount: string) => ({ unit: 'money', money: { amount, currency: 'AUD' } }) as const;
    expect(problemsOf(purchase({ amount: holds('5.001'), price: price('0.005') }), ...ofTheYear)).toEqual([
      'amount.money.amount',
      'price.net.amount',
    ]);
    expect(problemsOf(purchase({ amount: holds('5.010'), price: price('0') }), ...ofTheYear)).toEqual([]);
  });
  it('refuses a purchase before the first day of any version, and takes one on it', () => {
    expect(problemsOf(purchase({ purchasedOn: '2025-12-31' }), ...ofTheYear)).toEqual(['purchasedOn']);
    expect(problemsOf(purchase({ purchasedOn: '2026-01-01' }), ...ofTheYear)).toEqual([]);
    const earlier = version(2, '2025-06-01', '2025-12-31');
    expect(problemsOf(purchase({ purchasedOn: '2025-12-31' }), ...ofTheYear, earlier)).toEqual([]);
  });
  it('refuses other facts under an id, and the id of a withdrawn block', () => {
    given(purchased)
      .when(purchase({ expiresOn: null }))
      .thenRefused('PrepaidBlockExists');
    given(purchased, withdrawn).when(purchase()).thenRefused('PrepaidBlockExists');
  });
  it('refuses a purchase after the end', () =>
    given(terminated)
      .when(purchase({ purchasedOn: '2027-07-01', expiresOn: null }))
      .thenRefused('ContractEnded'));
});

describe('ReturnPrepaidBlock', () => {
  const given = (...more: ContractEvent[]) => spec(contract).given(...ofTheYear, ...more);
  const giveBack = (changes: Partial<ReturnPrepaidBlock> = {}) =>
    ({
      type: 'ReturnPrepaidBlock',
      contractId,
      blockId: 'b-1',
      returnId: 'r-1',
      amount: { unit: 'minutes', minutes: 150 },
      returnedOn: '2026-03-01',
      reason: 'needs fewer',
      ...issued,
      ...changes,
    }) as const;
  const returned = (minutes: number, amount: string, returnId = 'r-1'): ContractEvent => ({
    type: 'PrepaidBlockReturned',
    data: {
      contractId,
      blockId: 'b-1',
      returnId,
      amount: { unit: 'minutes', minutes },
      net: { amount, currency: 'AUD' },
      returnedOn: '2026-03-01',
      reason: 'needs fewer',
    },
    occurredAt,
  });
  const net = (amount: string, currency = 'AUD') => ({ amount: null, net: { amount, currency } });

  it('gives minutes back with their share of the price, or money with what it buys', () => {
    given(purchased).when(giveBack()).then(returned(150, '350.00'));
    given(purchased)
      .when(giveBack(net('350.00')))
      .then(returned(150, '350.00'));
    given(purchased, returned(150, '350.00'))
      .when(giveBack({ returnId: 'r-2', amount: { unit: 'minutes', minutes: 1 } }))
      .then(returned(1, '2.33', 'r-2'));
  });
  it('is quiet on repeat', () => {
    given(purchased, returned(150, '350.00')).when(giveBack()).thenNothing();
    given(purchased, returned(150, '350.00'))
      .when(giveBack(net('350.00')))
      .thenNothing();
  });
  it('refuses an unknown contract or block, and another return under an id', () => {
    spec(contract).given().when(giveBack()).thenRefused('ContractUnknown');
    given().when(giveBack()).thenRefused('PrepaidBlockUnknown');
    given(purchased, withdrawn).when(giveBack()).thenRefused('PrepaidBlockUnknown');
    given(purchased, returned(150, '350.00'))
      .when(giveBack({ amount: { unit: 'minutes', minutes: 151 } }))
      .thenRefused('PrepaidReturnExists');
  });
  it('refuses more than nobody drew, or than was not returned yet', () => {
    const left = { unit: 'minutes', minutes: 149 } as const;
    given(purchased).when(giveBack({ left })).thenRefused('PrepaidReturnAboveLeft');
    given(purchased, returned(500, '1166.67', 'r-0'))
      .when(giveBack())
      .thenRefused('PrepaidReturnAboveLeft');
    given(purchased)
      .when(giveBack({ left: { unit: 'minutes', minutes: 0 } }))
      .thenRefused('PrepaidReturnAboveLeft');
  });
  it('gives money back of a block of money, with its share of the price, to the cent', () => {
    const { type, data, occurredAt: when } = purchased;
    const ofMoney = (amount: string) => ({ unit: 'money', money: { amount, currency: 'AUD' } }) as const;
    const bought = { type, data: { ...data, amount: ofMoney('1000.00') }, occurredAt: when } as typeof purchased;
    const other = { ...bought, data: { ...bought.data, blockId: 'b-0', amount: ofMoney('5.00') } };
    const answer = (changes: Partial<ReturnPrepaidBlock>) => {
      const decision = contract.decide(giveBack(changes), fold(contract, [...ofTheYear, other, bought]));
      return isRefusal(decision) ? decision : decision.map((event) => event.data);
    };
    // 1,000.00 were bought for 1,400.00: 250.00 of it are 350.00.
    const quarter = { amount: ofMoney('250.00'), net: { amount: '350.00', currency: 'AUD' } };
    expect(answer({ amount: ofMoney('250.00') })).toMatchObject([quarter]);
    expect(answer(net('350.00'))).toMatchObject([quarter]);
    expect(answer({ amount: ofMoney('1000.01') })).toMatchObject({
      code: 'PrepaidReturnAboveLeft',
      details: { left: ofMoney('1000.00') },
    });
  });
  it('refuses money that buys no whole minute', () => {
    given(purchased)
      .when(giveBack(net('351.00')))
      .thenRefused('PrepaidReturnUneven');
    given(purchased)
      .when(giveBack(net('9000.00')))
      .thenRefused('PrepaidReturnUneven');
  });
  it('refuses what says nothing that can be returned', () => {
    for (const changes of [
      { amount: null },
      { net: { amount: '1.00', currency: 'AUD' } },
      net('1.00', 'EUR'),
      { returnedOn: '2026-01-31' },
      { amount: { unit: 'money', money: { amount: '1.00', currency: 'AUD' } } } as const,
    ])
      given(purchased).when(giveBack(changes)).thenRefused('PrepaidReturnMalformed');
    const { type, data, occurredAt: when } = purchased;
    given({ type, data: { ...data, price: null }, occurredAt: when })
      .when(giveBack(net('1.00')))
      .thenRefused('PrepaidReturnMalformed');
  });
});

describe('WithdrawPrepaidBlock', () => {
  const withdraw = (changes: object = {}) =>
    ({
      type: 'WithdrawPrepaidBlock',
      contractId,
      blockId: 'b-1',
      reason: 'typed twice',
      ...issued,
      ...changes,
    }) as const;
  const given = (...more: ContractEvent[]) => spec(contract).given(...ofTheYear, ...more);
  it('takes it back', () => {
    given(purchased).when(withdraw()).then(withdrawn);
    expect(given(purchased, withdrawn).state).toMatchObject({ blocks: [], withdrawnBlockIds: ['b-1'] });
  });
  it('is quiet on repeat', () => given(purchased, withdrawn).when(withdraw()).thenNothing());
  it('refuses an unknown contract', () => spec(contract).given().when(withdraw()).thenRefused('ContractUnknown'));
  it('takes back one of several', () => {
    const { type, data, occurredAt: when } = purchased;
    const other = { type, data: { ...data, blockId: 'b-0' }, occurredAt: when } as typeof purchased;
    given(other, purchased).when(withdraw()).then(withdrawn);
  });
  it('refuses an unknown block', () =>
    given(purchased)
      .when(withdraw({ blockId: 'b-2' }))
      .thenRefused('PrepaidBlockUnknown'));
});

describe('RecordCount', () => {
  const record = (changes: Partial<RecordCount> = {}) =>
    ({
      type: 'RecordCount',
      contractId,
      countOf: 'server',
      count: 3,
      from: '2026-02-01',
      ...issued,
      ...changes,
    }) as const;
  const recorded = (count: number): ContractEvent => ({
    type: 'CountRecorded',
    data: { contractId, countOf: 'server', count, from: '2026-02-01' },
    occurredAt,
  });
  const given = (...more: ContractEvent[]) => spec(contract).given(...ofTheYear, ...more);
  it('states a count, none as well', () => {
    given().when(record()).then(recorded(3));
    given()
      .when(record({ count: 0 }))
      .then(recorded(0));
  });
  it('is quiet on repeat, but says again what was corrected since', () => {
    given(recorded(3)).when(record()).thenNothing();
    given(recorded(3), recorded(4)).when(record()).then(recorded(3));
    given(recorded(3))
      .when(record({ countOf: 'workstation' }))
      .thenLike({ data: { countOf: 'workstation' } });
  });
  it('refuses an unknown contract', () => spec(contract).given().when(record()).thenRefused('ContractUnknown'));
  it('refuses a count after the end, and takes one on the last day', () => {
    given(terminated)
      .when(record({ from: '2027-07-01' }))
      .thenRefused('ContractEnded');
    given(terminated)
      .when(record({ from: '2027-06-30' }))
      .thenLike({ data: { from: '2027-06-30' } });
  });
});

describe('folding', () => {
  it('never rejects history, in whatever order it comes', () => {
    const events = fc.constantFrom<ContractEvent>(
      activated,
      version(1, '2026-01-01', null),
      version(2, '2026-06-01', '2026-06-30'),
      { type: 'ContractRenewed', data: { contractId, versionNumber: 7, effectiveTo: null }, occurredAt },
      suspended('2026-02-01'),
      resumed('2026-01-01'),
      purchased,
      withdrawn,
      { type: 'CountRecorded', data: { contractId, countOf: 'pc', count: 1, from: '2026-01-01' }, occurredAt },
      terminated,
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 12 }), (history) => {
        const isKnown = history.some((event) => event.type === 'ContractActivated');
        expect(fold(contract, history).status === 'unknown').toBe(!isKnown);
      }),
    );
  });
});
