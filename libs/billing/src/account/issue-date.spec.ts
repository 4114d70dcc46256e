import { describe, expect, it } from '@jest/globals';
import {
  dayOfIssue,
  refuseBeforeCredited,
  refuseIssueDate,
  refuseOtherDate,
  refuseOtherDayOfDraft,
} from './issue-date.js';

describe('the day of issue of a document', () => {
  const refused = (issueDate: string, more: Partial<Parameters<typeof refuseIssueDate>[0]> = {}) => {
    const asked = { issueDate, suppliedOn: ['2026-03-10', '2026-03-31', '2026-03-01'], configuration: {}, ...more };
    const refusal = refuseIssueDate(asked);
    return refusal === null ? null : [refusal.code, refusal.details['earliest'] ?? refusal.details['latest'] ?? ''];
  };

  it('exists, and lies neither a month before the last that it is about nor a month after today', () => {
    expect(refused('2026-02-30')).toEqual(['IssueDateMalformed', '']);
    expect(refused('2026-02-27')).toEqual(['IssueDateTooEarly', '2026-02-28']);
    expect(refused('2026-02-28')).toBeNull();
    const today = '2026-04-01';
    expect(refused('2026-05-02', { today })).toBeNull();
    expect(refused('2026-05-03', { today })).toEqual(['IssueDateTooLate', '2026-05-02']);
    expect(refused('2026-01-01', { suppliedOn: [], today })).toBeNull();
  });

  it('goes by the limits of the organisation, where it has some', () => {
    const configuration = { issueDates: { daysBeforeWork: 0, daysAhead: 7 } };
    expect(refused('2026-03-30', { configuration })).toEqual(['IssueDateTooEarly', '2026-03-31']);
    expect(refused('2026-03-31', { configuration })).toBeNull();
    expect(refused('2026-04-09', { configuration, today: '2026-04-01' })).toEqual(['IssueDateTooLate', '2026-04-08']);
  });

  it('is not before any of the invoices that it credits', () => {
    const credited = ['2026-04-01', '2026-04-05', '2026-04-03'].map((issueDate, index) => ({
      invoiceId: `I${index}`,
      issueDate,
    }));
    expect(refuseBeforeCredited('2026-04-04', credited)).toMatchObject({
      code: 'IssueDateTooEarly',
      details: { issueDate: '2026-04-04', earliest: '2026-04-05', invoiceId: 'I1' },
    });
    expect(refuseBeforeCredited('2026-04-05', credited)).toBeNull();
    expect(refuseBeforeCredited('2020-01-01', [])).toBeNull();
  });

  it('is the one that is named, else that of the draft, else today', () => {
    const today = { issueDate: '2026-04-02', isDateStated: false };
    expect(dayOfIssue({ issueDate: '2026-04-02' }, '2026-04-01')).toBe('2026-04-02');
    expect(dayOfIssue(today, '2026-04-01')).toBe('2026-04-01');
    expect(dayOfIssue(today, null)).toBe('2026-04-02');
  });

  it('never changes: another that is named is refused', () => {
    const asked = { issueDate: '2026-04-02' };
    expect(refuseOtherDayOfDraft('inv-1', '2026-04-01', asked)).toMatchObject({
      code: 'IssueDateDiffers',
      message: 'Draft inv-1 exists already, made for issue on 2026-04-01 and not for 2026-04-02.',
      details: { invoiceId: 'inv-1', meantFor: '2026-04-01', issueDate: '2026-04-02' },
    });
    expect(refuseOtherDayOfDraft('inv-1', null, asked)?.message).toContain('made for no day of issue');
    expect(refuseOtherDayOfDraft('inv-1', '2026-04-02', asked)).toBeNull();
    expect(refuseOtherDayOfDraft('inv-1', '2026-04-01', { ...asked, isDateStated: false })).toBeNull();
    expect(refuseOtherDate('Invoice inv-1', '2026-04-01', asked)).toMatchObject({
      code: 'IssueDateDiffers',
      details: { issuedOn: '2026-04-01', issueDate: '2026-04-02' },
    });
    expect(refuseOtherDate('Invoice inv-1', '2026-04-02', asked)).toBeNull();
    expect(refuseOtherDate('Invoice inv-1', '2026-04-01', { ...asked, isDateStated: false })).toBeNull();
  });
});
