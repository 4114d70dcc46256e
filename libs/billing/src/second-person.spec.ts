import { describe, expect, it } from '@jest/globals';
import type { Issued } from '@billtrail/kernel';
import {
  type Forgone,
  type LimitsOfForgoing,
  MAX_COMMENT_LENGTH,
  MAX_REASON_CODE_LENGTH,
  isStated,
  limitOf,
  moneyForgone,
  refuseForgoing,
  refuseOwnWork,
} from './second-person.js';
import { aud } from './testing/items.js';

const by: Issued['by'] = { id: 'acc-1', role: 'accounts' };
const configuration: LimitsOfForgoing = { secondPersonAbove: aud('500.00'), assumedPricePerHour: aud('120.00') };
const forgone = (changes: Partial<Forgone> = {}): Forgone => ({
  reasonCode: 'goodwill',
  comment: 'agreed by phone',
  workBy: ['eng-1'],
  configuration,
  ...changes,
});
const codeOf = (changes: Partial<Forgone>) => refuseForgoing('credit', forgone(changes), by)?.code ?? null;

describe('a text that says something', () => {
  it('is not blank, and not too long', () => {
    expect([isStated('x'), isStated(' \n'), isStated('')]).toEqual([true, false, false]);
    expect(isStated('x'.repeat(MAX_COMMENT_LENGTH))).toBe(true);
    expect(isStated('x'.repeat(MAX_COMMENT_LENGTH + 1))).toBe(false);
    expect(isStated('xx', 1)).toBe(false);
  });
});

describe('forgoing money', () => {
  it('needs a reason code and a comment, in this order', () => {
    expect(codeOf({})).toBeNull();
    expect(codeOf({ reasonCode: ' ', comment: ' ' })).toBe('ReasonMissing');
    expect(codeOf({ reasonCode: 'x'.repeat(MAX_REASON_CODE_LENGTH) })).toBeNull();
    expect(codeOf({ reasonCode: 'x'.repeat(MAX_REASON_CODE_LENGTH + 1) })).toBe('ReasonMissing');
    expect(codeOf({ comment: ' ', workBy: ['acc-1'] })).toBe('CommentMissing');
    const detailsOf = (changes: Partial<Forgone>) => refuseForgoing('credit', forgone(changes), by)?.details;
    expect(detailsOf({ reasonCode: ' ' })).toEqual({ longest: MAX_REASON_CODE_LENGTH });
    expect(detailsOf({ comment: ' ' })).toEqual({ longest: MAX_COMMENT_LENGTH });
  });

  it('needs a reason code of the list for what is forgone, where the organisation has one', () => {
    const reason = (code: string) => ({ code, name: code });
    const reasonCodes = { credit: [reason('wrong-price'), reason('goodwill')], writeOff: [reason('small')] };
    const listed = { ...configuration, reasonCodes } as unknown as LimitsOfForgoing;
    expect(codeOf({ configuration: listed })).toBeNull();
    expect(refuseForgoing('writeOff', forgone({ configuration: listed }), by)).toMatchObject({
      code: 'ReasonCodeUnknown',
      message: 'goodwill is no reason code of a write-off.',
      remedy: 'Give one of small.',
      details: { reasonCode: 'goodwill', known: ['small'] },
    });
    expect(refuseForgoing('credit', forgone({ configuration: listed, reasonCode: 'small' }), by)).toMatchObject({
      message: 'small is no reason code of a credit note.',
      remedy: 'Give one of wrong-price, goodwill.',
    });
    // No list for it: any code.
    const others = { ...configuration, reasonCodes: { writeOff: [reason('small')] } } as unknown as LimitsOfForgoing;
    expect(codeOf({ configuration: others })).toBeNull();
  });

  it('is nobody’s decision on their own work', () => {
    expect(codeOf({ workBy: ['eng-1', 'acc-1'] })).toBe('OwnWork');
    expect(refuseOwnWork({ workBy: ['acc-1'] }, by)?.details).toEqual({ person: 'acc-1' });
    expect(refuseOwnWork({ workBy: ['eng-1'] }, by)).toBeNull();
  });

  it('goes by the limit of the role, where it has one', () => {
    const limits = { accounts: { secondPersonAbove: aud('10.00') }, operations: { secondPersonAbove: aud('9000.00') } };
    expect(limitOf(by, { ...configuration, limits })).toEqual(aud('10.00'));
    expect(limitOf({ role: 'operations' }, { ...configuration, limits })).toEqual(aud('9000.00'));
    expect(limitOf({ role: 'admin' }, { ...configuration, limits })).toEqual(aud('500.00'));
  });

  it('counts minutes without a price at the assumed price of an hour; without one nobody can state it', () => {
    const unpriced = (minutes: number | null, more: Partial<LimitsOfForgoing> = {}) =>
      moneyForgone({ money: null, minutes }, { ...configuration, ...more })?.toJSON() ?? null;
    // 250 minutes at 120.00 an hour are 500.00.
    expect(unpriced(250)).toEqual(aud('500.00'));
    expect(unpriced(null)).toBeNull();
    expect(unpriced(1, { assumedPricePerHour: null })).toBeNull();
    expect(moneyForgone({ money: aud('1.00'), minutes: 600 }, configuration)?.toJSON()).toEqual(aud('1.00'));
  });
});
