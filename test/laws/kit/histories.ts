import { describe, expect, it } from '@jest/globals';
import { Reached } from './reached.js';
import { overHistories } from './run.js';

/** Histories of each of the two suites: they run side by side, on two cores. */
const HISTORIES = 150;
/** A bound on what hangs. */
const TIMEOUT_MS = 3_600_000;

/** Half of the random histories of `npm test`, with what they must come to. */
export function describeHistories(seed: number): void {
  describe(`${HISTORIES} random histories`, () => {
    const reached = new Reached();
    it(
      'keep all laws at chosen positions and at their end',
      () => overHistories({ ...reached.watching(), histories: HISTORIES, seed }),
      TIMEOUT_MS,
    );

    it('carry out and refuse every command, and come to every kind of item, charge, gap and ending', () => {
      expect(reached.histories).toBe(HISTORIES);
      expect(reached.missing()).toEqual([]);
      expect(reached.refusals()).toEqual(
        expect.arrayContaining(['DraftStale', 'NothingToBill', 'InvoiceIdTaken', 'InvoiceLocked', 'NegativeTotal']),
      );
      // `deferred` and the other kinds of gaps come with later issues.
      expect(reached.kinds('gap')).toEqual([
        'cap-exceeded',
        'contract-mismatch',
        'material-suspected',
        'scope-suspected',
        'time-unapproved',
        'unbilled',
        'unpriced',
        'work-not-recorded',
      ]);
      expect(reached.kinds('ending')).toEqual(['accepted', 'billed', 'corrected', 'covered', 'written-off']);
    });
  });
}
