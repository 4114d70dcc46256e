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
      () => overHistories({ histories: HISTORIES, seed, tally: reached.tally, onLook: reached.onLook }),
      TIMEOUT_MS,
    );

    it('carry out every command, are refused for many reasons, and lead to every kind of outcome', () => {
      expect(reached.histories).toBe(HISTORIES);
      expect(reached.commandsNever('accepted')).toEqual([]);
      expect(reached.commandsNever('refused')).toEqual([]);
      expect(reached.refusals()).toEqual(
        expect.arrayContaining(['DraftStale', 'NothingToBill', 'InvoiceIdTaken', 'InvoiceLocked', 'NegativeTotal']),
      );
      // `deferred` and the other kinds of gaps come with later issues.
      expect(reached.kinds('disposition')).toEqual([
        'billable',
        'claimed',
        'covered',
        'invoiced',
        'unpriced',
        'written-off',
      ]);
      expect(reached.kinds('gap')).toEqual([
        'contract-mismatch',
        'material-suspected',
        'scope-suspected',
        'time-unapproved',
        'unbilled',
        'unpriced',
        'work-not-recorded',
      ]);
      expect(reached.kinds('ending')).toEqual(['accepted', 'billed', 'corrected', 'covered', 'written-off']);
      for (const what of ['invoices', 'adjustments invoiced', 'credits', 'credit notes'])
        expect([what, reached.of(what)]).toEqual([what, expect.any(Number)]);
      expect(reached.of('invoices')).toBeGreaterThan(20);
      expect(reached.of('credit notes')).toBeGreaterThan(20);
    });
  });
}
