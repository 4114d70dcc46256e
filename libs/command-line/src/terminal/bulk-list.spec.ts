import { describe, expect, it } from '@jest/globals';
import type { BulkJob, BulkJobItem } from '@billtrail/application';
import { MAX_LISTED, bulkListText } from './bulk-list.js';

const piece = (index: number, exceptions: readonly string[] = []): BulkJobItem => ({
  index,
  command: 'ApproveTimeEntry',
  input: { ticketId: 'INC0042', timeEntryId: `E${index}`, version: 1 },
  about: { clientId: 'acme', personId: 'kim', on: '2026-03-10', minutes: 70 },
  exceptions,
  outcome: 'waiting',
  refusal: null,
});
const job = (items: readonly BulkJobItem[]): BulkJob => {
  const exceptions = items.filter((one) => one.exceptions.length > 0);
  return {
    jobId: 'bj-1',
    act: 'approve-work',
    preparedBy: 'olga',
    inPlaceOf: null,
    state: 'prepared',
    items: items.length,
    upTo: 0,
    done: 0,
    refused: 0,
    leftOut: 0,
    exceptions,
    refusals: [],
    groups: [{ week: '2026-03-09', personId: 'kim', items: items.length, minutes: 70, exceptions: exceptions.length }],
  };
};
const DESCRIPTION = 'Replaced the disk of the server, restored the data of two days and watched it for an hour';
const told = () => ({ description: DESCRIPTION, net: { amount: '1187.50', currency: 'AUD' } });
const ordinary = (items: readonly BulkJobItem[]) => items.filter((one) => one.exceptions.length === 0);

describe('work to approve, as whoever approves it reads it', () => {
  const items = [piece(1, ['overlaps', 'long']), piece(2)];
  const text = bulkListText(job(items), ordinary(items), told);

  it('tells exceptions first, each with client, amount, what was done, and why to look', () => {
    expect(text.split('\n').slice(0, 4)).toEqual([
      'To be looked at first:',
      '  E1 of INC0042: 2026-03-10, kim, acme, 70 min, 1,187.50 AUD',
      `    ${DESCRIPTION}`,
      '    because it overlaps other time of the same person, and it is longer than usual',
    ]);
  });

  it('lists the rest beside them, and what to type', () => {
    expect(text).toMatch(/^ 2026-03-10 +kim +acme +E2 of INC0042 +70 +1,187.50 AUD +Replaced the disk/m);
    expect(text).toContain(
      [
        'Nothing is approved yet.',
        'To approve what has no exceptions:',
        '  npm run -s billtrail -- approve --job bj-1 --yes',
        'Once you have looked at the exception, to approve all:',
        '  npm run -s billtrail -- approve --job bj-1 --yes --with-exceptions',
      ].join('\n'),
    );
  });

  it('where all have exceptions, names no command that would approve nothing', () => {
    const all = [piece(1, ['long']), piece(2, ['long'])];
    const listed = bulkListText({ ...job(all), inPlaceOf: 'dora' }, [], told);
    expect(listed.split('\n').slice(-3)).toEqual([
      'Nothing is approved yet.',
      'Once you have looked at the exceptions, to approve all:',
      '  npm run -s billtrail -- approve --job bj-1 --yes --with-exceptions --in-place-of dora',
    ]);
  });

  it('names the command that lists what was left out, in whose place it was', () => {
    const left = bulkListText({ ...job(items), state: 'finished', done: 1, leftOut: 1, inPlaceOf: 'dora' }, [], told);
    expect(left).toContain('To list what is left, and approve it once you have looked at it:');
    expect(left).toMatch(/^  npm run -s billtrail -- approve --in-place-of dora$/m);
  });

  it('says where a piece has no price, and how many it does not list', () => {
    const many = Array.from({ length: MAX_LISTED + 3 }, (_, index) => piece(index));
    const long = bulkListText(job(many), many, () => ({ description: DESCRIPTION, net: null }));
    expect(long).toContain('no price');
    expect(long).toContain('and 3 more pieces, which --json or a narrower filter lists.');
    expect(long.match(/of INC0042/g)).toHaveLength(MAX_LISTED);
  });

  it('fits a screen of 120 columns', () =>
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120));
});
