import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import { configurationOf } from '@billtrail/application';
import { importTicketHistory, readTicketHistoryMapping, type ImportReport } from '@billtrail/importing';
import { adminHere } from '../acting.js';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { count, counted, table, type Cell } from '../terminal/output.js';
import { progressBar } from '../terminal/progress.js';
import { readInput } from '../terminal/read-input.js';
import { zoneArgument } from './options.js';

interface ImportOptions extends GlobalOptions {
  readonly map?: string;
  readonly timeZone?: string;
  readonly rejects?: string;
  readonly strict: boolean;
  readonly rate: boolean;
}

/** Mappings included with the code: `mappings/servicenow.yaml`. */
const MAPPINGS = ['../../../../../mappings/', '../../../../mappings/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  // The build lies one folder deeper than the sources.
  .find((folder) => existsSync(folder));

export function importCommand(): Command {
  return new Command('import')
    .description(
      "import another system's ticket history as events with their original times; a second run adds nothing",
    )
    .argument('<system>', 'servicenow, or any name with --map')
    .argument('<file>', 'a .csv or .csv.gz file with a row per update of a ticket')
    .option('--map <file>', 'mapping file (default: the included one for the system; see docs/importing.md)')
    .option('--time-zone <zone>', 'time zone of the times in the file, like America/New_York', zoneArgument)
    .option('--rejects <file>', 'write rejected rows to this file, to correct and import again')
    .option('--strict', 'stop at the first invalid row instead of setting its ticket aside', false)
    .option('--no-rate', 'do not rate now')
    .action(async (system: string, file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<ImportOptions>();
      const mappingFile = options.map ?? includedMapping(system);
      const mapping = taken(readTicketHistoryMapping(mappingFile, await readInput(mappingFile)));
      await Session.run({ ...options, create: true }, async (session) => {
        const cancel = new AbortController();
        process.once('SIGINT', () => cancel.abort());
        const { actor } = await adminHere(session.billtrail);
        const bar = progressBar('importing', session.out.json);
        const report = await importTicketHistory({
          file,
          mapping,
          store: session.billtrail.store,
          // What it records happened elsewhere, and is not held to what a person may do here; who brought it is told.
          actor: { id: actor.id, role: 'system' },
          materialWords: async () => (await configurationOf(session.billtrail.store)).materialWords,
          ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
          ...(options.rejects === undefined ? {} : { rejectsFile: options.rejects }),
          strict: options.strict,
          signal: cancel.signal,
          onProgress: ({ bytesRead, bytesTotal }) => bar.to(bytesRead, bytesTotal),
        });
        bar.done();
        const imported = taken(report);
        if (options.rate) await session.catchUp('rating');
        session.out.answer(imported, () => reportText(imported));
        if (imported.rejects.rows > 0) {
          throw new CommandFailed(
            EXIT.badInput,
            'RowsRejected',
            `${counted(imported.rejects.rows, 'row')} rejected.`,
            imported.rejects.file === null
              ? 'Run it again with --rejects FILE, correct the rows in that file, and import it.'
              : `Correct ${imported.rejects.file} and import it with the same command.`,
          );
        }
      });
    });
}

function includedMapping(system: string): string {
  const file = MAPPINGS && join(MAPPINGS, `${system}.yaml`);
  if (file !== undefined && existsSync(file)) return file;
  throw new CommandFailed(
    EXIT.badInput,
    'MappingUnknown',
    `No mapping for "${system}" is included.`,
    'Use your own with --map FILE; see docs/importing.md and the example mappings/servicenow.yaml.',
  );
}

function taken<Result>(result: Result | Refusal): Result {
  if (isRefusal(result))
    throw new CommandFailed(EXIT.badInput, result.code, result.message, result.remedy, result.details);
  return result;
}

function counts(title: string, of: Readonly<Record<string, number>>): string[] {
  const rows: Cell[][] = Object.entries(of)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => [name, count(value)]);
  return rows.length === 0 ? [] : ['', table([title, 'Count'], rows, ['Count'])];
}

/** What became of every row, and what the history looks like. */
export function reportText(report: ImportReport): string {
  const { rows, fates, tickets, clients, events, order, lifecycle, statedTimes, clockChanges, rejects } = report;
  const stated = (name: string, times: ImportReport['statedTimes']['resolvedAt']): Cell[][] =>
    times === null
      ? []
      : [
          [
            `${name} differs from the time of its row`,
            `${count(times.differs)} of ${count(times.same + times.differs)}`,
          ],
        ];
  return [
    `${report.file}: ${counted(rows, 'row')}, ${counted(tickets.total, 'ticket')}, ${counted(clients.total, 'client')}; times in ${report.timeZone.name}`,
    `${counted(events.appended, 'event')} added of ${count(events.total)}; tickets: ${count(tickets.created)} new, ${count(tickets.grown)} grown, ${count(tickets.unchanged)} unchanged, ${count(tickets.heldBack)} set aside`,
    ...counts('Result', fates),
    ...counts('Event', events.byType),
    '',
    table(
      ['In the history', 'Count'],
      [
        ['rows with the same time as the one before', count(order.ties)],
        ['rows with a lower sequence number than the one before', count(order.sequenceFallsBack)],
        ['rows with an earlier time than the one before', count(order.timeFallsBack)],
        ['tickets whose rows were sorted', count(order.ticketsReordered)],
        ['tickets closed several times', count(lifecycle.closedSeveralTimes)],
        ['tickets changed after they were closed', count(lifecycle.wentOnAfterClosed)],
        ['moves the lifecycle forbids, kept and marked', count(lifecycle.irregularMoves)],
        ...stated('stated time of resolution', statedTimes.resolvedAt),
        ...stated('stated time of closing', statedTimes.closedAt),
        ['times that occur twice in the time zone', count(clockChanges.ambiguous)],
        ['times that do not exist in the time zone', count(clockChanges.nonexistent)],
      ],
      ['Count'],
    ),
    ...counts('Rule broken by irregular moves', lifecycle.irregularByRule),
    ...counts('Unknown state, kept as a note', lifecycle.unknownStates),
    ...(rejects.rows === 0
      ? []
      : [
          '',
          `Set aside: ${counted(rejects.rows, 'row')}`,
          ...rejects.listed.map(
            (row) => `  line ${row.line}${row.column === null ? '' : `, ${row.column}`}: ${row.reason}`,
          ),
        ]),
  ].join('\n');
}
