import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import {
  auditCsv,
  auditHtml,
  auditLeakage,
  auditTables,
  readLeakageAuditMapping,
  type LeakageAudit,
} from '@billtrail/importing';
import { systemClock } from '@billtrail/application';
import type { GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { count, money, output, table } from '../terminal/output.js';
import { readInput } from '../terminal/read-input.js';
import { zoneArgument } from './options.js';

/** Rows of each list that a terminal shows; the files and `--json` have all. */
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
    .description("the leakage audit over another system's exports: every resolved ticket billed, covered or a gap")
    .requiredOption('--tickets <file>', 'export of tickets (.csv or .csv.gz)')
    .option('--work <file>', 'export of time, materials and expenses')
    .option('--invoices <file>', 'export of invoice lines')
    .requiredOption('--map <file>', 'mapping of its columns; see docs/importing.md, mappings/audit-generic.yaml')
    .option('--time-zone <zone>', 'zone of the times in the files', zoneArgument)
    .option('--csv <file>', 'write every resolved ticket with its fate here')
    .option('--html <file>', 'write a report that needs nothing else here, to send or print')
    .option('--fail-on-gaps', `exit with ${EXIT.found} when there is a gap`, false)
    .addHelpText(
      'after',
      '\nExample, with the shipped sample:\n  npm run -s billtrail -- audit --tickets samples/audit/tickets.csv --work samples/audit/work.csv \\\n    --invoices samples/audit/invoices.csv --map mappings/audit-generic.yaml --html audit.html',
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
      if (options.html !== undefined)
        await written(options.html, auditHtml(audit, { createdAt: systemClock().slice(0, 10) }));
      output(options.json).answer(audit, () => auditText(audit, options));
      if (options.failOnGaps && audit.totals.gaps > 0) {
        throw new CommandFailed(
          EXIT.found,
          'GapsFound',
          `${count(audit.totals.gaps)} gaps, ${money(audit.totals.valueAtRisk)} at risk.`,
          'See the lists above, or write them with --csv FILE.',
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
      'Name a file in a folder that exists and can be written.',
    );
  }
}

function auditText(audit: LeakageAudit, { csv, html }: AuditOptions): string {
  const parts = auditTables(audit, MAX_SHOWN).flatMap(({ title, columns, rows, more }) => [
    title,
    table(
      columns.map((column) => column.title),
      rows,
      columns.filter((column) => column.align === 'right').map((column) => column.title),
    ),
    ...(more > 0 ? [`... and ${count(more)} more (--csv FILE, --html FILE or --json show all)`] : []),
    '',
  ]);
  const notShown =
    audit.cannotShow.length === 0
      ? []
      : ['What these exports cannot show', ...audit.cannotShow.map((sentence) => `  - ${sentence}`), ''];
  const files = [csv, html].filter((file) => file !== undefined).map((file) => `Written: ${file}`);
  return [...parts, ...notShown, ...files].join('\n').trimEnd();
}
