import { describe, expect, it } from '@jest/globals';
import { ruleThatApproves, type TimeToApprove } from './approval-rules.js';
import type { ApprovalRule } from './configuration-shape.js';
import { timeFacts } from './testing/history.js';

const RULE: ApprovalRule = { name: 'Short', upToMinutes: 45 };
const place = { ticketId: 'T-1', workItemId: 'E-1' };

/** Recorded on the day of the work, 45 minutes by Ana. */
function entry(facts: object = {}, more: Partial<TimeToApprove> = {}): TimeToApprove {
  const time = { ...timeFacts, ...place, ...facts };
  const { workDate } = time;
  return {
    ...place,
    time,
    workDate,
    writtenBy: ['ana'],
    recordedAt: '2026-03-17T10:00:00Z',
    hasOwnPrice: false,
    isChangeRequested: false,
    ...more,
  };
}

describe('a rule of approval', () => {
  it.each<[string, Partial<ApprovalRule>, TimeToApprove, boolean]>([
    ['as long as it says', {}, entry(), true],
    ['longer than it says', {}, entry({ minutes: 46 }), false],
    ['of a work type that it names', { workTypes: ['remote'] }, entry(), true],
    ['of another work type', { workTypes: ['onsite'] }, entry(), false],
    ['of a role that it names', { engineerRoles: ['engineer'] }, entry(), true],
    ['of another role', { engineerRoles: ['senior'] }, entry(), false],
    ['with its times, where it wants them', { withTimesOnly: true }, entry(), true],
    ['without its times', { withTimesOnly: true }, entry({ startedAt: null, endedAt: null }), false],
    ['without its times, where it wants none', {}, entry({ startedAt: null, endedAt: null }), true],
    ['within the minutes of the day', { upToMinutesOfDay: 45 }, entry(), true],
    ['beyond the minutes of the day', { upToMinutesOfDay: 44 }, entry(), false],
    ['recorded on its last day', {}, entry({}, { recordedAt: '2026-03-24T23:59:00Z' }), true],
    ['recorded a day later', {}, entry({}, { recordedAt: '2026-03-25T00:00:00Z' }), false],
    [
      'recorded after the days that it says',
      { withinDays: 0 },
      entry({}, { recordedAt: '2026-03-18T00:00:00Z' }),
      false,
    ],
    ['that states minutes to bill', {}, entry({ statedBillableMinutes: 45 }), false],
    ['that states its class of hours', {}, entry({ rateClass: 'business' }), false],
    ['with a price that a person set', {}, entry({}, { hasOwnPrice: true }), false],
    ['of whoever published it', {}, entry({ engineerId: 'olga' }), false],
    ['that whoever published it entered', {}, entry({}, { writtenBy: ['ana', 'olga'] }), false],
  ])('of an entry %s', (_what, more, work, isApproved) => {
    const inForce = { rules: [{ ...RULE, ...more }], publishedBy: 'olga' };
    expect(ruleThatApproves(work, [work.time], inForce)?.name ?? null).toBe(isApproved ? 'Short' : null);
  });

  it('is the first that approves', () => {
    const rules = [
      { ...RULE, upToMinutes: 10 },
      { ...RULE, name: 'Longer' },
      { ...RULE, name: 'Longest' },
    ];
    expect(ruleThatApproves(entry(), [], { rules, publishedBy: 'olga' })?.name).toBe('Longer');
  });
});
