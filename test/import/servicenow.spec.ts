import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isRefusal } from '@billtrail/kernel';
import { SqliteEventStore, StoredNames } from '@billtrail/event-store';
import { storedContractEvents } from '@billtrail/contracts';
import { storedTicketEvents } from '@billtrail/ticketing';
import { importTicketHistory, type ImportReport, readTicketHistoryMapping } from '@billtrail/importing';
import { count } from './independent-count.mjs';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SAMPLE = at('samples/servicenow/incident_event_log_sample.csv');
/** Path of the whole log (.csv or .csv.gz); the sample stands in for it where it is not at hand. */
const WHOLE_LOG = process.env['BILLTRAIL_SERVICENOW_LOG'];

async function answerOf(
  store: SqliteEventStore,
  file: string,
  timeZone: string,
): ReturnType<typeof importTicketHistory> {
  const mappingFile = at('mappings/servicenow.yaml');
  const mapping = readTicketHistoryMapping(mappingFile, readFileSync(mappingFile, 'utf8'));
  if (isRefusal(mapping)) throw new Error(mapping.message);
  const materialWords = () => Promise.resolve([]);
  return importTicketHistory({
    file,
    mapping,
    store,
    actor: { id: 'import', role: 'system' },
    timeZone,
    materialWords,
  });
}

async function importInto(store: SqliteEventStore, file: string): Promise<ImportReport> {
  const report = await answerOf(store, file, 'UTC');
  if (isRefusal(report)) throw new Error(report.message);
  return report;
}

function emptyStore(): SqliteEventStore {
  return SqliteEventStore.open({ file: ':memory:', names: new StoredNames(storedTicketEvents, storedContractEvents) });
}

/** What the report and the independent count both tell. */
function sharedFigures(report: ImportReport): unknown {
  const { order, lifecycle, statedTimes, fates } = report;
  const { moved, 'changed-facts': changed, 'nothing-new': nothing, 'unknown-state': unknown } = fates;
  return {
    rows: report.rows,
    incidents: report.tickets.total,
    clients: report.clients.total,
    ticketsWithoutClient: report.clients.ticketsWithout,
    ties: order.ties,
    sequenceFallsBack: order.sequenceFallsBack,
    timeFallsBack: order.timeFallsBack,
    requestedAfterFirstRow: order.requestedAfterFirstRow,
    firstStates: lifecycle.firstStates,
    changes: lifecycle.changes,
    closedSeveralTimes: lifecycle.closedSeveralTimes,
    wentOnAfterClosed: lifecycle.wentOnAfterClosed,
    unknownStates: lifecycle.unknownStates,
    resolvedAt: statedTimes.resolvedAt,
    closedAt: statedTimes.closedAt,
    nulls: report.nulls,
    fates: { moved, 'changed-facts': changed, 'nothing-new': nothing, 'unknown-state': unknown },
    movesInto: { Resolved: report.events.byType['TicketResolved'], Closed: report.events.byType['TicketClosed'] },
  };
}

async function agreesWithCount(file: string): Promise<ImportReport> {
  const store = emptyStore();
  try {
    const report = await importInto(store, file);
    const counted = count(file);
    expect(sharedFigures(report)).toEqual({
      ...counted,
      movesInto: { Resolved: counted.movesInto['Resolved'], Closed: counted.movesInto['Closed'] },
    });
    expect(Object.values(report.fates).reduce((sum, rows) => sum + rows, 0)).toBe(counted.rows);
    expect((await store.head()).at).toBe(report.events.appended + report.clients.registered);
    const again = await importInto(store, file);
    expect(again.events).toEqual({ ...report.events, appended: 0 });
    return report;
  } finally {
    await store.close();
  }
}

describe('the ServiceNow log, imported and counted by other means', () => {
  it('agrees on the sample, which holds every irregularity of the whole log', async () => {
    const report = await agreesWithCount(SAMPLE);
    expect(report).toMatchObject({
      rows: 2196,
      tickets: { total: 300, created: 300 },
      order: { sequenceFallsBack: 4, timeFallsBack: 1, requestedAfterFirstRow: 5 },
      lifecycle: {
        wentOnAfterClosed: 8,
        unknownStates: { '-100': 2 },
        changes: { 'New -> Closed': 2, 'Active -> Closed': 1 },
      },
    });
    expect(report.order.ties).toBeGreaterThan(100);
    expect(report.lifecycle.closedSeveralTimes).toBeGreaterThan(15);
  });

  it('is refused a second time in another zone, and adds nothing', async () => {
    const store = emptyStore();
    try {
      await importInto(store, SAMPLE);
      const before = await store.head();
      const refusal = await answerOf(store, SAMPLE, 'Australia/Sydney');
      expect(refusal).toMatchObject({
        code: 'TimeZoneDiffers',
        details: { before: 'UTC', stated: 'Australia/Sydney' },
      });
      expect(await store.head()).toEqual(before);
    } finally {
      await store.close();
    }
  });

  it('ships its attribution beside the sample', () => {
    const notice = readFileSync(at('samples/servicenow/NOTICE'), 'utf8');
    expect(notice).toMatch(/CC BY 4\.0[\s\S]*Apache License 2\.0/);
  });

  // The whole log is not shipped. With its path in BILLTRAIL_SERVICENOW_LOG this is one more test; docs/proofs.md has its last run.
  if (WHOLE_LOG !== undefined && WHOLE_LOG !== '') {
    const whole = WHOLE_LOG;
    it('agrees on the whole log', async () => {
      expect(existsSync(whole)).toBe(true);
      expect(await agreesWithCount(whole)).toMatchObject({
        rows: 119_998,
        tickets: { total: 20_769 },
        order: { ties: 11_913, sequenceFallsBack: 4 },
        lifecycle: {
          closedSeveralTimes: 47,
          wentOnAfterClosed: 8,
          unknownStates: { '-100': 2 },
          changes: { 'New -> Closed': 2 },
          firstStates: { New: 20_769 - 7_386 },
        },
      });
    });
  }
});
