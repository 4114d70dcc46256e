// Counts what is in a ServiceNow incident log, by other means than Billtrail's: no CSV library, no mapping, none of its code.
// It splits lines at commas and therefore refuses a file with quotes. Numbers that it and the import report share must be equal.
//
//   node test/import/independent-count.mjs LOG.csv[.gz]
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** d/m/yyyy hh:mm as a number that sorts; null for `?`. */
function when(text) {
  if (text === '?') return null;
  const [date, clock] = text.split(' ');
  const [day, month, year] = date.split('/').map(Number);
  const [hour, minute] = clock.split(':').map(Number);
  return (((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute;
}

function readRows(file) {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  if (text.includes('"')) throw new Error(`${file} has quotes: this script only splits at commas`);
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const header = lines[0].split(',');
  return lines.slice(1).map((line, index) => {
    const fields = line.split(',');
    if (fields.length !== header.length) throw new Error(`line ${index + 2} has ${fields.length} fields`);
    return Object.fromEntries(header.map((name, column) => [name, fields[column]]));
  });
}

const bump = (counts, key) => (counts[key] = (counts[key] ?? 0) + 1);
const USED =
  'number incident_state sys_mod_count caller_id opened_at sys_updated_at location category subcategory u_symptom priority assignment_group assigned_to closed_code resolved_at closed_at';

/** The stage that a row stands for: New with an engineer is Assigned, a state that nobody knows leaves the stage before. */
function stageOf(row, before) {
  switch (row.incident_state) {
    case 'New':
      return row.assigned_to === '?' ? 'triage' : 'assigned';
    case 'Active':
      return 'in progress';
    case 'Awaiting User Info':
    case 'Awaiting Evidence':
      return 'client';
    case 'Awaiting Vendor':
    case 'Awaiting Problem':
      return 'third party';
    case 'Resolved':
    case 'Closed':
      return row.incident_state;
    default:
      return before;
  }
}

export function count(file) {
  const rows = readRows(file);
  const incidents = new Map();
  for (const row of rows) incidents.set(row.number, [...(incidents.get(row.number) ?? []), row]);
  const result = {
    rows: rows.length,
    incidents: incidents.size,
    clients: new Set(rows.map((row) => row.location).filter((location) => location !== '?')).size,
    ticketsWithoutClient: 0,
    ties: 0,
    sequenceFallsBack: 0,
    timeFallsBack: 0,
    requestedAfterFirstRow: 0,
    firstStates: {},
    changes: {},
    closedSeveralTimes: 0,
    wentOnAfterClosed: 0,
    unknownStates: {},
    resolvedAt: { same: 0, differs: 0, missing: 0 },
    closedAt: { same: 0, differs: 0, missing: 0 },
    nulls: {},
    fates: { moved: 0, 'changed-facts': 0, 'nothing-new': 0, 'unknown-state': 0 },
    movesInto: {},
  };
  for (const column of USED.split(' ')) result.nulls[column] = rows.filter((row) => row[column] === '?').length;
  for (const history of incidents.values()) countIncident(history, result);
  return result;
}

function countIncident(history, result) {
  const states = history.map((row) => row.incident_state);
  bump(result.firstStates, states[0]);
  if (history[0].location === '?') result.ticketsWithoutClient++;
  if (when(history[0].opened_at) > when(history[0].sys_updated_at)) result.requestedAfterFirstRow++;
  if (states.filter((state) => state === 'Closed').length > 1) result.closedSeveralTimes++;
  const firstClosed = states.indexOf('Closed');
  if (firstClosed >= 0 && states.slice(firstClosed).some((state) => state !== 'Closed')) result.wentOnAfterClosed++;
  for (const state of states) if (state.startsWith('-')) bump(result.unknownStates, state);
  for (let index = 1; index < history.length; index++) {
    const [before, row] = [history[index - 1], history[index]];
    if (when(row.sys_updated_at) === when(before.sys_updated_at)) result.ties++;
    if (when(row.sys_updated_at) < when(before.sys_updated_at)) result.timeFallsBack++;
    if (Number(row.sys_mod_count) < Number(before.sys_mod_count)) result.sequenceFallsBack++;
    if (row.incident_state !== before.incident_state)
      bump(result.changes, `${before.incident_state} -> ${row.incident_state}`);
  }
  countStatedTimes(history, 'Resolved', 'resolved_at', result.resolvedAt);
  countStatedTimes(history, 'Closed', 'closed_at', result.closedAt);
  countFates(history, result);
}

function countStatedTimes(history, state, column, tally) {
  history.forEach((row, index) => {
    if (row.incident_state !== state || history[index - 1]?.incident_state === state) return;
    if (row[column] === '?') tally.missing++;
    else tally[row[column] === row.sys_updated_at ? 'same' : 'differs']++;
  });
}

function countFates(history, result) {
  let stage = 'requested';
  const known = {};
  for (const row of history) {
    const now = stageOf(row, stage);
    let changed = row.assigned_to !== known.assigned_to || row.assignment_group !== known.assignment_group;
    for (const column of ['location', 'category', 'priority']) {
      if (row[column] === '?') continue;
      if (known[column] !== row[column]) changed = true;
      known[column] = row[column];
    }
    known.assigned_to = row.assigned_to;
    known.assignment_group = row.assignment_group;
    if (row.incident_state.startsWith('-')) result.fates['unknown-state']++;
    else if (now !== stage) result.fates.moved++;
    else result.fates[changed ? 'changed-facts' : 'nothing-new']++;
    if (now !== stage) bump(result.movesInto, now);
    stage = now;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file] = process.argv.slice(2);
  if (!file) throw new Error('usage: node test/import/independent-count.mjs LOG.csv[.gz]');
  console.log(JSON.stringify(count(file), null, 2));
}
