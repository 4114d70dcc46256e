import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import { approved, CONFIGURATION, configured, event, logged, requested, resolved, Story } from '../spec-kit/story.js';
import { GAP_LEDGER } from './tables.js';

const KEY = 'unbilled|T1|W1|2026-03|acme';
/** 30 days after the resolution on 5 March. */
const DUE = '2026-04-04';
const BEFORE = '2026-04-03';
const LATER = '2026-05-31';
const ACCEPTED = { reasonCode: 'goodwill', comment: 'ours', acceptedBy: 'acc-1', secondPerson: null };

describe('the gap ledger', () => {
  let folder: string;
  let file: string;
  let story: Story;
  let models: ReadModels;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gap-ledger-'));
    file = join(folder, 'read-models.db');
    story = new Story();
    models = await ReadModels.open({ file, store: story.store });
    await story.house();
    await story.ticket('T1', requested('T1'), logged('W1'), approved('W1'), resolved());
    await models.catchUp();
  });
  afterEach(async () => {
    await models.close();
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  const due = (asOf: string) => models.gapLedger.due(asOf);
  const tell = async (...events: Parameters<Story['tell']>[1][]) => {
    await story.tell('gap-G1', ...events);
    await models.catchUp();
  };
  const onTicket = async (...events: Parameters<Story['tell']>[1][]) => {
    await story.ticket('T1', ...events);
    await models.catchUp();
  };
  const facts = () => {
    const { key: _, formerKey: __, dueOn: ___, ...of } = models.billableItems.derivedGapNow(KEY)!;
    return of;
  };
  const opened = () => event('BillingGapOpened', { gapId: 'G1', ...facts() });
  const revalued = (more: object) =>
    event('BillingGapRevalued', {
      gapId: 'G1',
      valueAtRisk: facts().valueAtRisk,
      cause: facts().cause,
      sourceEventIds: facts().sourceEventIds,
      ...more,
    });

  it('tells of a gap from its day on', async () => {
    expect(await due(BEFORE)).toEqual([]);
    expect(await due(DUE)).toEqual([{ key: KEY, actsFrom: DUE }]);
    expect(await due(LATER)).toEqual([{ key: KEY, actsFrom: DUE }]);
  });

  it('tells of none that is recorded as it is derived, whoever owns it', async () => {
    await tell(opened(), event('BillingGapAssigned', { gapId: 'G1', ownerId: 'ops-1' }));
    expect(await due(LATER)).toEqual([]);
  });

  const others: readonly (readonly [string, object])[] = [
    ['value', { valueAtRisk: { money: { amount: '1.00', currency: 'AUD' }, minutes: null } }],
    ['currency', { valueAtRisk: { money: { amount: '187.50', currency: 'NZD' }, minutes: null } }],
    ['number of minutes', { valueAtRisk: { money: { amount: '187.50', currency: 'AUD' }, minutes: 1 } }],
    ['cause', { cause: 'another' }],
    ['source', { sourceEventIds: ['another'] }],
  ];
  it.each(others)(
    'tells at once of one that is recorded with another %s, until it is the same again',
    async (_what, other) => {
      await tell(opened(), revalued(other));
      expect(await due(BEFORE)).toEqual([{ key: KEY, actsFrom: '' }]);
      await tell(revalued({}));
      expect(await due(LATER)).toEqual([]);
    },
  );

  it('tells at once of one that is derived no longer, and of nothing once it has ended', async () => {
    await tell(opened());
    await onTicket(event('TimeEntryVoided', { timeEntryId: 'W1', reason: 'never was' }));
    expect((await due(BEFORE)).map(({ key }) => key)).toContain(KEY);
    await tell(event('BillingGapClosed', { gapId: 'G1', ending: 'corrected' }));
    expect((await due(LATER)).map(({ key }) => key)).not.toContain(KEY);
  });

  it('never closes one because its day moves on: the day only opens', async () => {
    await tell(opened());
    await story.tell('configuration', configured({ ...CONFIGURATION, unbilledAfterDays: 300 }));
    await models.catchUp();
    expect(models.billableItems.derivedGapNow(KEY)?.dueOn).toBe('2026-12-30');
    // Its cause names the day: that is stated anew.
    expect(await due(LATER)).toEqual([{ key: KEY, actsFrom: '' }]);
    await tell(revalued({}));
    expect(await due(LATER)).toEqual([]);
    await tell(event('BillingGapClosed', { gapId: 'G1', ending: 'corrected' }));
    expect(await due(LATER)).toEqual([]);
    expect(await due('2026-12-30')).toEqual([{ key: KEY, actsFrom: '2026-12-30' }]);
  });

  it('tells of one that a person accepted only where it has another value by now', async () => {
    await tell(opened(), event('BillingGapAccepted', { gapId: 'G1', ...ACCEPTED }));
    expect(await due(LATER)).toEqual([]);
    await onTicket(
      event('TimeEntryCorrected', {
        ...(logged('W1', 140) as { data: object }).data,
        timeEntryId: 'W1',
        correctedBy: 'eng-1',
        reason: 'mistyped',
      } as never),
      approved('W1'),
    );
    expect(facts().valueAtRisk.money?.amount).toBe('375.00');
    expect(await due(LATER)).toEqual([{ key: KEY, actsFrom: DUE }]);
  });

  it('is read page by page, in the order of days and keys, each gap once', async () => {
    await story.ticket('T2', requested('T2'), logged('W2', 70), logged('W3', 70), resolved());
    await models.catchUp();
    const all = await due(LATER);
    expect(all.length).toBeGreaterThan(2);
    const pages: string[] = [];
    for (let after = null as (typeof all)[number] | null; ;) {
      const page = await models.gapLedger.due(LATER, after, 1);
      if (page.length === 0) break;
      after = page[0]!;
      pages.push(after.key);
    }
    expect(pages).toEqual(all.map(({ key }) => key));
  });

  it('is looked at by an index that holds only what differs', () => {
    const database = new BetterSqlite(file, { readonly: true });
    const [index = ''] = GAP_LEDGER.created.slice(1);
    expect(index).toContain('WHERE acts_from IS NOT NULL');
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT gap_key AS key, acts_from AS actsFrom FROM gap_ledger
         WHERE acts_from <= ? AND (acts_from, gap_key) > (?, ?) ORDER BY acts_from, gap_key LIMIT ?`,
      )
      .all('2026-01-01', '', '', 1) as { readonly detail: string }[];
    database.close();
    expect(plan).toHaveLength(1);
    expect(plan[0]?.detail).toMatch(
      /^SEARCH gap_ledger USING (COVERING )?INDEX gap_ledger_by_act \(\(acts_from,gap_key\)>/,
    );
  });
});
