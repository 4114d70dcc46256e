import { describe, expect, it } from '@jest/globals';
import type { ApprovalTold, WhoMayDecide } from '@billtrail/application';
import { Position } from '@billtrail/event-store';
import { FORGOING_ACTS, type ForgoingAct } from '@billtrail/kernel';
import { nothingCameOf, requestText, requestsText } from './approvals.js';
import { here, hostedBy } from './host.js';

const REQUEST = '5b1d6e2c-6a0e-4f0a-9f5e-0a4f3c1d2e3f';
const HASH = '5f'.repeat(32);
const aud = (amount: string) => ({ amount, currency: 'AUD' });

const WAITING: ApprovalTold & WhoMayDecide = {
  mayDecide: ['bea', 'carl'],
  mayDecideInPlace: [{ personId: 'dora', inPlaceOf: 'emil' }],
  requestId: REQUEST,
  position: Position.parse('12.00000000')!,
  state: 'waiting',
  act: 'write-off',
  target: 'INC0042-E3',
  stream: 'account-acme',
  clientId: 'acme',
  period: '2026-04',
  ticketId: 'INC0042',
  forgone: [{ ticketId: 'INC0042', money: aud('1250.00') }],
  value: aud('1250.00'),
  hash: HASH,
  asked: {
    type: 'WriteOffWork',
    itemId: 'INC0042-E3',
    reasonCode: 'goodwill',
    comment: 'The client waited two days for the engineer and was promised that the visit would be free of charge',
    atMost: aud('1250.00'),
    items: ['a', 'b'],
  },
  workBy: ['eng-1'],
  requestedBy: 'anna',
  requestedAs: 'accounts',
  requestedAt: '2026-04-20T09:00:00Z',
  recordedAt: '2026-05-02T07:30:12.000Z',
  changes: null,
  reasonCode: 'goodwill',
  comment: 'The client waited two days for the engineer and was promised that the visit would be free of charge',
  waitsBecause: { because: 'above-limit', ticketId: 'INC0042', sum: aud('1250.00'), limit: aud('1000.00') },
  approvedBy: null,
  approvedAt: null,
  endedBy: null,
  endedReason: null,
  decidedInPlaceOf: null,
  lapse: null,
  why: 'This would bring what single people have forgone on ticket INC0042 to 1,250.00 AUD; the limit is 1,000.00 AUD.',
  decidedBy: ['accounts', 'admin'],
  you: { may: true, inPlaceOf: null },
};

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('requests to forgo money, as finance reads them', () => {
  it('lists each in a few lines: worth, act, place, who asked and why, and how to see it', () => {
    const text = requestsText([WAITING, { ...WAITING, value: null }], 'waiting');
    expect(text.split('\n\n')[0]).toBe('2 requests to forgo money: waiting for a second person.');
    expect(text.split('\n\n')[1]).toBe(
      [
        '1,250.00 AUD: write off INC0042-E3, of ticket INC0042, client acme, April 2026',
        '  asked by anna, accounts, on 2026-04-20: The client waited two days for the engineer and was promised that the visit',
        '  would be free of charge',
        '  recorded on 2026-05-02 07:30',
        '  This would bring what single people have forgone on ticket INC0042 to 1,250.00 AUD; the limit is 1,000.00 AUD.',
        `  billtrail approvals show ${REQUEST}`,
      ].join('\n'),
    );
    expect(text).toContain('of a value that nobody can state: write off');
    expect(requestsText([{ ...WAITING, recordedAt: WAITING.requestedAt }], 'waiting')).not.toContain('recorded on');
    expect(requestsText([], 'refused')).toBe('No request to forgo money is refused.');
  });

  it('shows one with each thing under its name, and what to type next', () => {
    const text = requestText(WAITING);
    expect(text.split('\n')[0]).toBe('anna asks to write off INC0042-E3, of ticket INC0042, client acme, April 2026.');
    for (const line of [
      'Worth         1,250.00 AUD',
      'State         waiting for a second person',
      'Recorded      on 2026-05-02 07:30. Times of UTC.',
      'Who decides   another person with the role accounts or admin',
      'Who may       bea, carl, dora in the place of emil',
      `  billtrail approvals refuse ${REQUEST} --reason TEXT`,
      `  billtrail approvals withdraw ${REQUEST} --reason TEXT`,
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toContain(`  billtrail approvals approve ${REQUEST} \\\n    --hash ${HASH}`);
    expect(text.split('\n')).toContain('With          reason code goodwill, at most 1,250.00 AUD, items 2 of them');
    expect(text).toMatch(/^Asked {9}by anna, accounts, on 2026-04-20: The client waited/m);
    expect(text).not.toMatch(/[{}"]/);
  });

  it('tells people by their names, and days and times as they are where the organisation is', async () => {
    const house = {
      timeZone: () => 'Australia/Sydney',
      names: new Map([
        ['anna', 'Anna Lind'],
        ['bea', 'Bea Ortiz'],
      ]),
    };
    const asked = { ...WAITING, requestedAt: '2026-04-20T15:00:00Z' };
    const text = await hostedBy({ ...here(), house }, () => Promise.resolve(requestText(asked)));
    expect(text.split('\n')[0]).toMatch(/^Anna Lind \(anna\) asks to write off INC0042-E3/);
    expect(text).toMatch(/^Asked {9}by Anna Lind \(anna\), accounts, on 2026-04-21: /m);
    expect(text).toMatch(/^Recorded {6}on 2026-05-02 17:30. Times of Australia\/Sydney.$/m);
    expect(text).toMatch(/^Who may {7}Bea Ortiz \(bea\), carl/m);
  });

  it('shows what a configuration would change, old and new, and marks what loosens a rule', () => {
    const changes = [
      { path: 'secondPersonAbove.amount', before: '5.00', after: '500.00', loosens: true },
      { path: 'paymentTermDays', before: undefined, after: 14, loosens: false },
    ];
    const text = requestText({ ...WAITING, act: 'configure', target: 'configuration', changes });
    expect(text).toContain(
      [
        'Changes',
        '  ! secondPersonAbove.amount: 5.00 -> 500.00',
        '    paymentTermDays: not stated -> 14',
        '  ! loosens a rule',
      ].join('\n'),
    );
  });

  const SENTENCES: Readonly<Record<ForgoingAct, string>> = {
    'accept-gap': 'accept gap X1',
    'write-off': 'write off X1',
    credit: 'issue credit note X1',
    courtesy: 'give X1 as a courtesy',
    'price-override': 'set another price for X1',
    'void-work': 'void X1',
    'correct-work': 'correct X1 to less',
    'reject-work': 'reject X1',
    'no-charge': 'declare ticket X1 free of charge',
    reclassify: 'classify ticket X1 differently',
    'back-date': 'back-date the terms of X1',
    configure: 'publish a configuration',
  };

  it.each(FORGOING_ACTS)('says in a sentence what is asked: %s', (act) => {
    const text = requestText({ ...WAITING, act, target: 'X1' });
    expect(text.split('\n')[0]).toBe(`anna asks to ${SENTENCES[act]}, of ticket INC0042, client acme, April 2026.`);
    expect(nothingCameOf({ act })).toBe(act === 'configure' ? 'nothing was published' : 'nothing was forgone');
  });

  it.each([
    ['MergeTicket', 'merge', 'merge ticket X1 into X2'],
    ['SplitTicket', 'split', 'split ticket X1 from the one it was merged into'],
  ] as const)('says of %s what it is, and not that the ticket is classified', (type, deed, sentence) => {
    const asked = { type, ticketId: 'X1', ...(deed === 'merge' && { into: 'X2' }), reason: 'one outage' };
    const text = requestText({ ...WAITING, act: 'reclassify', deed, target: 'X1', asked });
    expect(text.split('\n')[0]).toBe(`anna asks to ${sentence}, of ticket INC0042, client acme, April 2026.`);
  });

  it('tells which rules a configuration loosens, and no worth of it', () => {
    const rules = ['secondPersonAbove', 'limits.support'];
    const loosens = {
      ...WAITING,
      act: 'configure',
      target: 'configuration',
      clientId: null,
      ticketId: null,
      period: null,
      forgone: [],
      value: null,
      waitsBecause: { because: 'loosens', rules },
    } as const;
    const sentence = 'publish a configuration that loosens secondPersonAbove and limits.support';
    expect(requestText(loosens).split('\n')[0]).toBe(`anna asks to ${sentence}.`);
    expect(requestText(loosens)).not.toContain('Worth');
    expect(requestsText([loosens], 'waiting').split('\n')[2]).toBe(sentence);
    expect(requestsText([loosens], 'waiting')).toContain(
      '  This loosens secondPersonAbove, limits.support, so a second person must approve it.',
    );
  });

  it('tells why somebody may not decide, and what became of one that ended', () => {
    const no = { code: 'OwnRequest', message: 'anna asked for this.', remedy: 'Another person decides.', details: {} };
    const text = requestText({ ...WAITING, you: { may: false, ...no } });
    expect(text).toContain("You           can't decide it: anna asked for this. Another person decides.");
    expect(text).not.toContain('approvals approve');
    const ended = requestText({ ...WAITING, state: 'refused', endedBy: 'bea', endedReason: 'They pay', you: null });
    expect(ended).toContain('Since then    ended by bea: They pay');
    expect(ended).not.toContain('approvals withdraw');
    expect(requestText({ ...WAITING, mayDecide: [], mayDecideInPlace: [] })).toContain(
      'Who may       nobody yet who is registered',
    );
  });

  it('fits a screen of 120 columns', () => {
    expect(widest(requestsText([WAITING], 'waiting'))).toBeLessThanOrEqual(120);
    expect(widest(requestText(WAITING))).toBeLessThanOrEqual(120);
  });
});
