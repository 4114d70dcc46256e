import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { isRefusal, localDateIn, type Refusal } from '@billtrail/kernel';
import {
  auditCsv,
  auditHtml,
  auditLeakage,
  auditTables,
  auditTitle,
  readLeakageAuditMapping,
  type LeakageAudit,
} from '@billtrail/importing';
import { systemClock } from '@billtrail/application';
import type { GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { count, counted, money, output, table } from '../terminal/output.js';
import { readInput } from '../terminal/read-input.js';
import { zoneArgument } from './options.js';

/** Rows of each list shown in a terminal; the files and `--json` have all. */
const MAX_SHOWN = 20;

interface AuditOptions extends GlobalOptions {
  readonly tickets: string;
  readonly work?: string;
  readonly invoices?: string;
  readonly map: string;
  readonly timeZone?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly failOnGaps: boolean;
}

export function auditCommand(): Command {
  return new Command('audit')
    .description("audit another system's exports for leakage: is every resolved ticket billed or covered?")
    .requiredOption('--tickets <file>', 'export of tickets (.csv or .csv.gz)')
    .option('--work <file>', 'export of time, materials and expenses')
    .option('--invoices <file>', 'export of invoice lines')
    .requiredOption('--map <file>', 'mapping of the columns; see docs/importing.md and mappings/audit-generic.yaml')
    .option('--time-zone <zone>', 'time zone of the times in the files', zoneArgument)
    .option('--csv <file>', 'write every resolved ticket with its result to this file')
    .option('--html <file>', 'write a self-contained report to this file, to send or print')
    .option('--fail-on-gaps', `exit with ${EXIT.found} if there is a gap`, false)
    .addHelpText(
      'after',
      '\nExample, with the sample files:\n  npm run -s billtrail -- audit --tickets samples/audit/tickets.csv --work samples/audit/work.csv \\\n    --invoices samples/audit/invoices.csv --map mappings/audit-generic.yaml --html audit.html',
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<AuditOptions>();
      const mapping = taken(readLeakageAuditMapping(options.map, await readInput(options.map)));
      const { tickets, work, invoices, timeZone } = options;
      const audit = taken(
        await auditLeakage({
          tickets,
          mapping,
          ...(work === undefined ? {} : { work }),
          ...(invoices === undefined ? {} : { invoices }),
          ...(timeZone === undefined ? {} : { timeZone }),
        }),
      );
      if (options.csv !== undefined) await written(options.csv, auditCsv(audit));
      const createdAt = localDateIn(audit.timeZone, systemClock());
      if (options.html !== undefined) await written(options.html, auditHtml(audit, { createdAt }));
      output(options.json).answer(audit, () => auditText(audit, createdAt, options));
      if (options.failOnGaps && audit.totals.gaps > 0) {
        throw new CommandFailed(
          EXIT.found,
          'GapsFound',
          `${counted(audit.totals.gaps, 'gap')}, ${money(audit.totals.valueAtRisk)} at risk.`,
          'See the lists above, or write them to a file with --csv FILE.',
        );
      }
    });
}

function taken<Result>(result: Result | Refusal): Result {
  if (isRefusal(result)) {
    throw new CommandFailed(EXIT.badInput, result.code, result.message, result.remedy, result.details);
  }
  return result;
}

async function written(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new CommandFailed(
      EXIT.badInput,
      'FileUnwritable',
      `${file} can't be written: ${(error as Error).message}.`,
      'Use a file in a folder that exists and is writable.',
    );
  }
}

function auditText(audit: LeakageAudit, createdAt: string, { csv, html }: AuditOptions): string {
  const parts = auditTables(audit, MAX_SHOWN).flatMap(({ title, columns, rows, more }) => [
    title,
    table(
      columns.map((column) => column.title),
      rows,
      columns.filter((column) => column.align === 'right').map((column) => column.title),
    ),
    ...(more > 0 ? [`... and ${count(more)} more; --csv FILE, --html FILE or --json has all`] : []),
    '',
  ]);
  const notShown =
    audit.cannotShow.length === 0
      ? []
      : ['What these exports cannot show', ...audit.cannotShow.map((sentence) => `  - ${sentence}`), ''];
  const files = [csv, html].filter((file) => file !== undefined).map((file) => `Written: ${file}`);
  return [auditTitle(audit, createdAt), '', ...parts, ...notShown, ...files].join('\n').trimEnd();
}
