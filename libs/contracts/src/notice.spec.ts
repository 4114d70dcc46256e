import { describe, expect, it } from '@jest/globals';
import { type Issued, fold } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import { contract } from './contract.js';
import { warningsOfNotice, warningsOfRenewedTerm } from './contract-warnings.js';
import type { ContractEvent, ContractTerms } from './events.js';
import { endsByDecision, renewalOf } from './renewal.js';
import { PUBLISHED_CARDS } from './testing/index.js';

type RenewalTerms = NonNullable<ContractTerms['renewal']>;

const issued: Issued = { at: '2029-03-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const occurredAt = issued.at;
const contractId = 'con-1';
const card = PUBLISHED_CARDS[0]?.plans[0]?.terms as ContractTerms;
const YEARLY: RenewalTerms = { automatic: true, months: 12, noticeDays: 60 };

function told(effectiveFrom: string, effectiveTo: string | null, renewal?: RenewalTerms): readonly ContractEvent[] {
  const terms: ContractTerms = { ...card, ...(renewal === undefined ? {} : { renewal }) };
  return [
    {
      type: 'ContractActivated',
      data: { contractId, clientId: 'cli-1', name: 'Support', priority: 10 },
      occurredAt,
    },
    {
      type: 'ContractVersionPublished',
      data: { contractId, versionNumber: 1, effectiveFrom, effectiveTo, terms },
      occurredAt,
    },
  ];
}
const ofTheYear = told('2026-01-01', '2026-12-31', YEARLY);
const record = (givenOn: string, reason = 'moves') =>
  ({ type: 'RecordNotice', contractId, givenOn, reason, ...issued }) as const;
const withdraw = { type: 'WithdrawNotice', contractId, reason: 'stays', ...issued } as const;
const recorded = (givenOn: string): ContractEvent => ({
  type: 'NoticeRecorded',
  data: { contractId, givenOn, reason: 'moves' },
  occurredAt,
});
const withdrawn: ContractEvent = { type: 'NoticeWithdrawn', data: { contractId, reason: 'stays' }, occurredAt };
const renewed = (effectiveTo: string): ContractEvent => ({
  type: 'ContractRenewed',
  data: { contractId, versionNumber: 1, effectiveTo },
  occurredAt,
});
const reversed = (effectiveTo: string): ContractEvent => ({
  type: 'ContractRenewalReversed',
  data: { contractId, versionNumber: 1, effectiveTo },
  occurredAt,
});
const terminated = (lastDay: string): ContractEvent => ({
  type: 'ContractTerminated',
  data: { contractId, lastDay, reason: 'left' },
  occurredAt,
});

describe('RecordNotice', () => {
  it('records that the contract shall end with its term', () => {
    spec(contract)
      .given(...ofTheYear)
      .when(record('2026-10-01'))
      .then(recorded('2026-10-01'));
    spec(contract)
      .given(...ofTheYear, recorded('2026-10-01'))
      .when({ ...record('2026-09-01'), at: '2026-12-31T00:00:00Z' })
      .then({ ...recorded('2026-09-01'), occurredAt: '2026-12-31T00:00:00Z' });
    spec(contract)
      .given(...ofTheYear, recorded('2026-10-01'), withdrawn)
      .when(record('2026-10-01'))
      .then(recorded('2026-10-01'));
  });
  it('is quiet on repeat', () =>
    spec(contract)
      .given(...ofTheYear, recorded('2026-10-01'))
      .when(record('2026-10-01'))
      .thenNothing());
  it('refuses a contract that is unknown, has ended, or does not renew by itself', () => {
    spec(contract).given().when(record('2026-10-01')).thenRefused('ContractUnknown');
    spec(contract)
      .given(...ofTheYear, terminated('2026-08-31'))
      .when(record('2026-10-01'))
      .thenRefused('ContractEnded');
    for (const other of [
      told('2026-01-01', null, YEARLY),
      told('2026-01-01', '2026-12-31'),
      told('2026-01-01', '2026-12-31', { ...YEARLY, automatic: false }),
    ])
      spec(contract)
        .given(...other)
        .when(record('2026-10-01'))
        .thenRefused('RenewalNotAutomatic');
  });
  it('undoes the renewals that came before it was recorded, back to the end of the first term for which it is in time', () => {
    const renewals = [renewed('2027-12-31'), renewed('2028-12-31')];
    const after = (givenOn: string, ...events: readonly ContractEvent[]) =>
      spec(contract)
        .given(...ofTheYear, ...events)
        .when(record(givenOn));
    after('2026-11-01', renewed('2027-12-31')).then(recorded('2026-11-01'), reversed('2026-12-31'));
    after('2026-11-01', ...renewals).then(recorded('2026-11-01'), reversed('2026-12-31'));
    after('2026-11-02', ...renewals).then(recorded('2026-11-02'), reversed('2027-12-31'));
    after('2027-11-01', ...renewals).then(recorded('2027-11-01'), reversed('2027-12-31'));
    // Too late for both: it counts for the end of the present term.
    after('2027-11-02', ...renewals).then(recorded('2027-11-02'));
    // Recorded before it could undo anything, as older logs have it: the same notice once more undoes it.
    after('2026-11-01', renewed('2027-12-31'), recorded('2026-11-01')).then(reversed('2026-12-31'));
    after('2026-11-01', renewed('2027-12-31'), recorded('2026-11-01'), reversed('2026-12-31')).thenNothing();
  });
  it('leaves a renewal by hand, and one over which another version was published', () => {
    const year2: ContractEvent = {
      type: 'ContractVersionPublished',
      data: {
        contractId,
        versionNumber: 2,
        effectiveFrom: '2027-03-01',
        effectiveTo: '2027-12-31',
        terms: { ...card, renewal: YEARLY },
      },
      occurredAt,
    };
    for (const since of [[renewed('2027-06-30')], [renewed('2027-12-31'), renewed('2028-06-30')]])
      spec(contract)
        .given(...ofTheYear, ...since)
        .when(record('2026-10-01'))
        .then(recorded('2026-10-01'));
    spec(contract)
      .given(...ofTheYear, renewed('2027-12-31'), year2)
      .when(record('2026-10-01'))
      .then(recorded('2026-10-01'));
  });
  it('renews once more where the notice that undid a renewal is taken back', () => {
    const events = [...ofTheYear, renewed('2027-12-31'), recorded('2026-10-01'), reversed('2026-12-31')];
    expect(renewalOf(stateOf(...events))).toBeNull();
    expect(renewalOf(stateOf(...events, withdrawn))?.until).toBe('2027-12-31');
    expect(endsByDecision(stateOf(...events))).toBe(true);
  });
  it('refuses a day long before the first of the contract, whatever it would undo', () => {
    const given = (day: string) =>
      spec(contract)
        .given(...ofTheYear, renewed('2027-12-31'))
        .when(record(day));
    given('1990-01-01').thenRefused('NoticeMalformed');
    // 730 days before 1 January 2026: the longest notice.
    given('2024-01-01').thenRefused('NoticeMalformed');
    given('2024-01-02').then(recorded('2024-01-02'), reversed('2026-12-31'));
    given('2026-01-01').then(recorded('2026-01-01'), reversed('2026-12-31'));
  });
  it('refuses another notice on a contract that ended by the one before, unless it ends earlier by it', () => {
    const ended = [...ofTheYear, renewed('2027-12-31'), recorded('2026-10-01'), reversed('2026-12-31')];
    const other = (givenOn: string, ...events: readonly ContractEvent[]) =>
      spec(contract)
        .given(...events)
        .when(record(givenOn));
    other('2026-09-01', ...ended).thenRefused('ContractEnded');
    other('2026-12-01', ...ended).thenRefused('ContractEnded');
    other('2026-10-01', ...ended).thenNothing();
    other('2026-09-01', ...ended, withdrawn).then(recorded('2026-09-01'));
    const second = [...ofTheYear, renewed('2027-12-31'), renewed('2028-12-31'), recorded('2027-10-01')];
    other('2026-10-01', ...second, reversed('2027-12-31')).then(recorded('2026-10-01'), reversed('2026-12-31'));
    // On its last day it has not ended yet.
    const at = '2026-12-31T00:00:00Z';
    spec(contract)
      .given(...ended)
      .when({ ...record('2026-12-01'), at })
      .then({ ...recorded('2026-12-01'), occurredAt: at });
  });
  it('refuses a day after today, where the contract is', () => {
    const sydney = { timeZone: 'Australia/Sydney' };
    const events = told('2026-01-01', '2029-12-31', YEARLY).map((event) =>
      event.type === 'ContractVersionPublished'
        ? { ...event, data: { ...event.data, terms: { ...event.data.terms, ...sydney } } }
        : event,
    );
    const given = (at: string, day: string) =>
      spec(contract)
        .given(...events)
        .when({ ...record(day), at });
    // 13:00 UTC is midnight in Sydney.
    given('2029-03-01T12:59:00Z', '2029-03-02').thenRefused('NoticeMalformed');
    given('2029-03-01T13:00:00Z', '2029-03-02').then({ ...recorded('2029-03-02'), occurredAt: '2029-03-01T13:00:00Z' });
  });
});

describe('WithdrawNotice', () => {
  it('takes it back, and is quiet on repeat', () => {
    spec(contract)
      .given(...ofTheYear, recorded('2026-10-01'))
      .when(withdraw)
      .then(withdrawn);
    spec(contract)
      .given(...ofTheYear, recorded('2026-10-01'), withdrawn)
      .when(withdraw)
      .thenNothing();
  });
  it('refuses a contract that is unknown or has no notice', () => {
    spec(contract).given().when(withdraw).thenRefused('ContractUnknown');
    spec(contract)
      .given(...ofTheYear)
      .when(withdraw)
      .thenRefused('NoticeUnknown');
  });
});

function stateOf(...events: readonly ContractEvent[]) {
  const state = fold(contract, events);
  if (state.status === 'unknown') throw new Error('no contract');
  return { ...state, lastDay: state.status === 'terminated' ? state.lastDay : null };
}

describe('a contract that renews by itself', () => {
  const next = (...events: readonly ContractEvent[]) => {
    const renewal = renewalOf(stateOf(...events));
    return renewal && [renewal.lastDay, renewal.until, renewal.noticeBy];
  };
  it('does so for another term, term after term', () => {
    expect(next(...ofTheYear)).toEqual(['2026-12-31', '2027-12-31', '2026-11-01']);
    expect(next(...ofTheYear, renewed('2027-12-31'))).toEqual(['2027-12-31', '2028-12-31', '2027-11-01']);
  });
  it.each([
    ['2026-01-01', '2026-10-31', 1, '2026-11-30'],
    ['2026-01-01', '2026-11-30', 1, '2026-12-31'],
    ['2026-03-15', '2027-03-14', 12, '2028-03-14'],
    ['2024-02-29', '2025-02-27', 12, '2026-02-27'],
    ['2024-02-29', '2027-02-27', 12, '2028-02-28'],
    ['2026-01-31', '2026-02-27', 1, '2026-03-30'],
    // A first term of another length than those that follow.
    ['2026-01-10', '2026-03-31', 3, '2026-06-30'],
  ])('begun on %s, over on %s, goes on for %i months until %s', (from, to, months, until) => {
    expect(next(...told(from, to, { ...YEARLY, months }))?.[1]).toBe(until);
  });
  it('does not where notice was given in time', () => {
    expect(next(...ofTheYear, recorded('2026-11-01'))).toBeNull();
    expect(next(...ofTheYear, recorded('2026-11-02'))?.[1]).toBe('2027-12-31');
    expect(next(...ofTheYear, recorded('2026-11-02'), renewed('2027-12-31'))).toBeNull();
    expect(next(...ofTheYear, recorded('2026-11-01'), withdrawn)?.[1]).toBe('2027-12-31');
  });
  it('does so no longer than until its termination', () => {
    expect(next(...ofTheYear, terminated('2026-12-31'))).toBeNull();
    expect(next(...ofTheYear, terminated('2027-03-31'))?.[1]).toBe('2027-03-31');
  });
  it('is none that is open-ended, or has another version without an end', () => {
    expect(next(...told('2026-01-01', null, YEARLY))).toBeNull();
    const open: ContractEvent = {
      type: 'ContractVersionPublished',
      data: { contractId, versionNumber: 2, effectiveFrom: '2027-01-01', effectiveTo: null, terms: card },
      occurredAt,
    };
    expect(next(...ofTheYear, open)).toBeNull();
  });
  it('ends by decision where it was terminated, or notice is in time', () => {
    const ends = (...events: readonly ContractEvent[]) => endsByDecision(stateOf(...events));
    expect(ends(...ofTheYear)).toBe(false);
    expect(ends(...ofTheYear, recorded('2026-11-02'))).toBe(false);
    expect(ends(...ofTheYear, recorded('2026-11-01'))).toBe(true);
    expect(ends(...ofTheYear, terminated('2026-08-31'))).toBe(true);
  });
  it('ends by a notice in time, whatever reminder followed, until it is taken back', () => {
    const ends = (...events: readonly ContractEvent[]) => endsByDecision(stateOf(...events));
    expect(ends(...ofTheYear, recorded('2026-10-01'), recorded('2026-12-01'))).toBe(true);
    expect(ends(...ofTheYear, recorded('2026-12-01'), recorded('2026-10-01'))).toBe(true);
    expect(ends(...ofTheYear, recorded('2026-10-01'), withdrawn, recorded('2026-12-01'))).toBe(false);
    spec(contract)
      .given(...ofTheYear, recorded('2026-10-01'), recorded('2026-12-01'))
      .when(record('2026-12-01'))
      .thenNothing();
  });
  it('is warned of where the notice comes too late, or was recorded too late', () => {
    const codes = (...events: readonly ContractEvent[]) => warningsOfNotice(stateOf(...events)).map(({ code }) => code);
    expect(codes(...ofTheYear)).toEqual([]);
    expect(codes(...ofTheYear, recorded('2026-11-01'))).toEqual([]);
    expect(codes(...ofTheYear, recorded('2026-11-02'))).toEqual(['NoticeTooLate']);
    const undone = [...ofTheYear, renewed('2027-12-31'), recorded('2026-10-01'), reversed('2026-12-31')];
    // Another notice undoes nothing more.
    expect(codes(...undone, recorded('2026-12-01'))).toEqual([]);
    expect(codes(...undone)).toEqual(['RenewalReversed']);
    expect(codes(...ofTheYear, renewed('2028-06-30'), recorded('2026-10-01'))).toEqual(['NoticeAfterRenewal']);
    expect(codes(...ofTheYear, renewed('2027-12-31'), recorded('2027-10-01'))).toEqual([]);
  });
  describe('of a term that a later version ends on', () => {
    const version = (effectiveFrom: string, effectiveTo: string | null): ContractEvent => ({
      type: 'ContractVersionPublished',
      data: { contractId, versionNumber: 2, effectiveFrom, effectiveTo, terms: card },
      occurredAt,
    });
    const warned = (...events: readonly ContractEvent[]) =>
      warningsOfRenewedTerm(stateOf(...ofTheYear, renewed('2027-12-31'), ...events));

    it('is in force again after it, and warned of with what can be done', () => {
      expect(warned(version('2026-12-15', '2026-12-31'))).toEqual([
        {
          code: 'EndsBeforeRenewal',
          message:
            'Version 2 of contract con-1 ends on 2026-12-31, but the term to 2026-12-31 was renewed: from 2027-01-01 to 2027-12-31 version 1 is in force again. If version 2 shall go on, publish it with its last day on 2027-12-31: POST /v1/contracts/con-1/versions. If the contract shall end: POST /v1/contracts/con-1/terminate',
          details: { contractId, versionNumber: 2, ends: '2026-12-31', renewed: 1, until: '2027-12-31' },
        },
      ]);
      expect(warned(version('2026-12-15', '2027-02-28')).map(({ code }) => code)).toEqual(['EndsBeforeRenewal']);
      const twice = warned(renewed('2028-12-31'), version('2027-12-15', '2027-12-31'));
      expect(twice.map(({ details }) => details['until'])).toEqual(['2028-12-31']);
    });
    it('is not where it goes on as long, where the contract ends, or where it is of some days within a term', () => {
      expect(warned(version('2026-12-15', '2027-12-31'))).toEqual([]);
      expect(warned(version('2026-12-15', null))).toEqual([]);
      expect(warned(version('2026-12-15', '2026-12-31'), terminated('2026-12-31'))).toEqual([]);
      expect(warned(version('2026-11-01', '2026-11-30'))).toEqual([]);
      expect(warned(version('2027-02-01', '2027-02-28'))).toEqual([]);
      expect(warningsOfRenewedTerm(stateOf(...ofTheYear, version('2026-12-15', '2026-12-31')))).toEqual([]);
      expect(warningsOfRenewedTerm(stateOf(...ofTheYear))).toEqual([]);
    });
  });
});
