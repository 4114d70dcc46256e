import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import { importTicketHistory, readTicketHistoryMapping, type ImportReport } from '@billtrail/importing';
import { OWNER, Session, type GlobalOptions } from '../session.js';
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

/** Mappings ship beside the code: `mappings/servicenow.yaml`. */
const MAPPINGS = fileURLToPath(new URL('../../../../../mappings/', import.meta.url));

export function importCommand(): Command {
  return new Command('import')
    .description("turn another system's ticket history into events with their own times; a second run adds nothing")
    .argument('<system>', 'servicenow, or any name with --map')
    .argument('<file>', 'a .csv or .csv.gz file: a row per update of a ticket')
    .option('--map <file>', 'mapping file (default: the shipped one of the system; see docs/importing.md)')
    .option('--time-zone <zone>', 'zone of the times in the file, like America/New_York', zoneArgument)
    .option('--rejects <file>', 'write rows that could not be taken here, to mend and import again')
    .option('--strict', 'stop at the first broken row instead of setting its ticket aside', false)
    .option('--no-rate', 'leave rating for later')
    .action(async (system: string, file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<ImportOptions>();
      const mappingFile = options.map ?? shippedMapping(system);
      const mapping = taken(readTicketHistoryMapping(mappingFile, await readInput(mappingFile)));
      await Session.run({ ...options, create: true }, async (session) => {
        const cancel = new AbortController();
        process.once('SIGINT', () => cancel.abort());
        const bar = progressBar('importing', session.out.json);
        const report = await importTicketHistory({
          file,
          mapping,
          store: session.billtrail.store,
          actor: { ...OWNER, role: 'system' },
          ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
          ...(options.rejects === undefined ? {} : { rejectsFile: options.rejects }),
          strict: options.strict,
          signal: cancel.signal,
          onProgress: ({ bytesRead, bytesTotal }) => bar.to(bytesRead, bytesTotal),
        });
        bar.done();
        const taking = taken(report);
        if (options.rate) await session.settle('rating');
        session.out.answer(taking, () => reportText(taking));
        if (taking.rejects.rows > 0) {
          throw new CommandFailed(
            EXIT.badInput,
            'RowsRejected',
            `${counted(taking.rejects.rows, 'row')} could not be taken.`,
            taking.rejects.file === null
              ? 'Run it again with --rejects FILE to get them, mend them, and import that file.'
              : `Mend ${taking.rejects.file} and import it with the same command.`,
          );
        }
      });
    });
}

function shippedMapping(system: string): string {
  const file = join(MAPPINGS, `${system}.yaml`);
  if (existsSync(file)) return file;
  throw new CommandFailed(
    EXIT.badInput,
    'MappingUnknown',
    `There is no shipped mapping for "${system}".`,
    'Name one with --map FILE; docs/importing.md tells how to write it, mappings/servicenow.yaml is an example.',
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
  return rows.length === 0 ? [] : ['', table([title, 'count'], rows, ['count'])];
}

/** Every row's fate, and what the history looks like. */
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
    ...counts('what became of each row', fates),
    ...counts('events', events.byType),
    '',
    table(
      ['what the history shows', 'count'],
      [
        ['rows that share their time with the one before', count(order.ties)],
        ['rows whose sequence number falls back', count(order.sequenceFallsBack)],
        ['rows whose time falls back', count(order.timeFallsBack)],
        ['tickets whose rows were put in order', count(order.ticketsReordered)],
        ['tickets closed several times', count(lifecycle.closedSeveralTimes)],
        ['tickets that went on after they were closed', count(lifecycle.wentOnAfterClosed)],
        ['moves that the lifecycle forbids, kept and marked', count(lifecycle.irregularMoves)],
        ...stated('resolved time stated', statedTimes.resolvedAt),
        ...stated('closed time stated', statedTimes.closedAt),
        ['times that happen twice in the zone', count(clockChanges.ambiguous)],
        ['times that never happen in the zone', count(clockChanges.nonexistent)],
      ],
      ['count'],
    ),
    ...counts('rules broken by irregular moves', lifecycle.irregularByRule),
    ...counts('unknown states, kept as notes', lifecycle.unknownStates),
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
