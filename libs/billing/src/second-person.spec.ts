import { describe, expect, it } from '@jest/globals';
import type { Issued } from '@billtrail/kernel';
import {
  type Forgone,
  type LimitsOfForgoing,
  MAX_COMMENT_LENGTH,
  MAX_REASON_CODE_LENGTH,
  isStated,
  refuseForgoer,
  refuseForgoing,
} from './second-person.js';
import { aud } from './testing/items.js';

const by: Issued['by'] = { id: 'acc-1', role: 'accounts' };
const configuration: LimitsOfForgoing = { secondPersonAbove: aud('500.00'), assumedPricePerHour: aud('120.00') };
const forgone = (changes: Partial<Forgone> = {}): Forgone => ({
  reasonCode: 'goodwill',
  comment: 'agreed by phone',
  secondPerson: null,
  workBy: ['eng-1'],
  configuration,
  ...changes,
});
const worth = (amount: string, currency = 'AUD') => ({ money: { amount, currency }, minutes: null });
const codeOf = (changes: Partial<Forgone>, value = worth('1.00'), reasonOf: 'credit' | 'writeOff' = 'credit') =>
  refuseForgoing(reasonOf, forgone(changes), value, by)?.code ?? null;

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
    const detailsOf = (changes: Partial<Forgone>) =>
      refuseForgoing('credit', forgone(changes), worth('1.00'), by)?.details;
    expect(detailsOf({ reasonCode: ' ' })).toEqual({ longest: MAX_REASON_CODE_LENGTH });
    expect(detailsOf({ comment: ' ' })).toEqual({ longest: MAX_COMMENT_LENGTH });
  });

  it('needs a reason code of the list for what is forgone, where the organisation has one', () => {
    const reason = (code: string) => ({ code, name: code });
    const reasonCodes = { credit: [reason('wrong-price'), reason('goodwill')], writeOff: [reason('small')] };
    const listed = { ...configuration, reasonCodes } as unknown as LimitsOfForgoing;
    expect(codeOf({ configuration: listed })).toBeNull();
    expect(refuseForgoing('writeOff', forgone({ configuration: listed }), worth('1.00'), by)).toMatchObject({
      code: 'ReasonCodeUnknown',
      message: 'goodwill is no reason code of a write-off.',
      remedy: 'Give one of small.',
      details: { reasonCode: 'goodwill', known: ['small'] },
    });
    expect(
      refuseForgoing('credit', forgone({ configuration: listed, reasonCode: 'small' }), worth('1.00'), by),
    ).toMatchObject({
      message: 'small is no reason code of a credit note.',
      remedy: 'Give one of wrong-price, goodwill.',
    });
    // No list for it: any code.
    const others = { ...configuration, reasonCodes: { writeOff: [reason('small')] } } as unknown as LimitsOfForgoing;
    expect(codeOf({ configuration: others })).toBeNull();
  });

  it('is nobody’s decision on their own work, the second person’s neither', () => {
    expect(codeOf({ workBy: ['eng-1', 'acc-1'] })).toBe('OwnWork');
    expect(codeOf({ secondPerson: 'eng-1' })).toBe('OwnWork');
    expect(refuseForgoer(forgone({ secondPerson: 'eng-1' }), worth('1.00'), by)?.details).toEqual({ person: 'eng-1' });
  });

  it('needs a second person above the limit, who is somebody else', () => {
    expect(codeOf({}, worth('500.00'))).toBeNull();
    expect(codeOf({}, worth('-500.00'))).toBeNull();
    expect(codeOf({}, worth('500.01'))).toBe('SecondPersonRequired');
    expect(codeOf({}, worth('-500.01'))).toBe('SecondPersonRequired');
    expect(codeOf({ secondPerson: 'acc-2' }, worth('500.01'))).toBeNull();
    expect(codeOf({ secondPerson: 'acc-1' })).toBe('SecondPersonSame');
    expect(refuseForgoer(forgone(), worth('500.01'), by)).toMatchObject({
      message: 'Above 500.00 AUD a second person must agree.',
      details: { value: aud('500.01'), limit: aud('500.00') },
    });
  });

  it('goes by the limit of the role, where it has one', () => {
    const limits = { accounts: { secondPersonAbove: aud('10.00') }, operations: { secondPersonAbove: aud('9000.00') } };
    expect(codeOf({ configuration: { ...configuration, limits } }, worth('10.01'))).toBe('SecondPersonRequired');
    const ofOthers = { operations: { secondPersonAbove: aud('9000.00') } };
    expect(codeOf({ configuration: { ...configuration, limits: ofOthers } }, worth('500.01'))).toBe(
      'SecondPersonRequired',
    );
  });

  it('counts as above the limit where it is in other money, which can not be compared', () => {
    expect(refuseForgoer(forgone(), worth('1.00', 'NZD'), by)).toMatchObject({
      code: 'SecondPersonRequired',
      message: "1.00 NZD can't be compared with the limit of 500.00 AUD, so a second person must agree.",
    });
  });

  it('counts minutes without a price at the assumed price of an hour; what nobody can value needs a second person', () => {
    const unpriced = (minutes: number | null, more: Partial<LimitsOfForgoing> = {}) =>
      refuseForgoer(forgone({ configuration: { ...configuration, ...more } }), { money: null, minutes }, by)?.message ??
      null;
    // 250 minutes at 120.00 an hour are 500.00.
    expect(unpriced(250)).toBeNull();
    expect(unpriced(251)).toBe('Above 500.00 AUD a second person must agree.');
    const unknown = 'Nobody can state yet what this is worth, so a second person must agree.';
    expect(unpriced(null)).toBe(unknown);
    expect(unpriced(1, { assumedPricePerHour: null })).toBe(unknown);
  });
});
