import { describe, expect, it } from '@jest/globals';
import { commandDefinitions } from '@billtrail/application/testing';
import { toldInvoices } from './kit/documents.js';
import type { Tally } from './kit/history.js';
import { TIMEOUT_MS, lookAt, overHistories } from './kit/run.js';

/** What a law is only worth something over, when the histories reach it. */
interface Reached {
  readonly dispositions: Set<string>;
  readonly gaps: Set<string>;
  readonly endings: Set<string>;
  readonly refusals: Set<string>;
  invoices: number;
  adjustmentsInvoiced: number;
  credits: number;
}

/** Laws with blocks, counts, suspensions and overrides are proved over the random stories of the read models and the facts of rating. */
const TOLD_ELSEWHERE = [
  'OverrideTimeEntryPrice',
  'PurchasePrepaidBlock',
  'RecordCount',
  'RenewContract',
  'ResumeContract',
  'StateContract',
  'SuspendContract',
  'WithdrawPrepaidBlock',
];

describe('the random histories of the laws', () => {
  it(
    'carry out every command, are refused for many reasons, and lead to every kind of outcome',
    async () => {
      const tally: Tally = new Map();
      const reached: Reached = {
        dispositions: new Set(),
        gaps: new Set(),
        endings: new Set(),
        refusals: new Set(),
        invoices: 0,
        adjustmentsInvoiced: 0,
        credits: 0,
      };
      await overHistories(async (history, isEnd) => {
        if (!isEnd) return [];
        await history.house.settle();
        const { observed } = await lookAt(history);
        for (const item of observed.items) reached.dispositions.add(item.disposition);
        for (const gap of observed.recordedGaps) {
          reached.gaps.add(gap.kind);
          if (gap.ending !== null) reached.endings.add(gap.ending);
        }
        const issued = toldInvoices(await history.house.events()).filter((invoice) => invoice.issued !== null);
        const lines = issued.flatMap((invoice) => invoice.lines);
        reached.invoices += issued.length;
        reached.adjustmentsInvoiced += lines.filter(({ itemId, workItemId }) => itemId !== workItemId).length;
        reached.credits += observed.items.filter(({ net }) => net?.amount.startsWith('-')).length;
        return [];
      }, tally);

      const names = commandDefinitions.map(({ command }) => command.name);
      expect(names.filter((name) => (tally.get(name)?.accepted ?? 0) === 0).sort()).toEqual(TOLD_ELSEWHERE);
      for (const { refused } of tally.values()) for (const code of refused.keys()) reached.refusals.add(code);
      expect([...reached.refusals]).toEqual(
        expect.arrayContaining(['DraftStale', 'NothingToBill', 'InvoiceIdTaken', 'InvoiceLocked', 'NegativeTotal']),
      );
      // `deferred` and the other kinds of gaps come with later issues.
      expect([...reached.dispositions].sort()).toEqual([
        'billable',
        'claimed',
        'covered',
        'invoiced',
        'unpriced',
        'written-off',
      ]);
      expect([...reached.gaps].sort()).toEqual([
        'contract-mismatch',
        'material-suspected',
        'scope-suspected',
        'time-unapproved',
        'unbilled',
        'unpriced',
        'work-not-recorded',
      ]);
      expect([...reached.endings].sort()).toEqual(['accepted', 'billed', 'corrected', 'covered', 'written-off']);
      expect(reached.invoices).toBeGreaterThan(20);
      expect(reached.adjustmentsInvoiced).toBeGreaterThan(0);
      expect(reached.credits).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
