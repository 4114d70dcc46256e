import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit.js';
import { contractCommand } from './commands/contract.js';
import { demoCommand } from './commands/demo.js';
import { explainCommand } from './commands/explain.js';
import { importCommand } from './commands/import.js';
import { invoiceCommand } from './commands/invoice.js';
import { keyCommand } from './commands/key.js';
import { prepaidCommand } from './commands/prepaid.js';
import { rateCommand } from './commands/rate.js';
import { reconcileCommand } from './commands/reconcile.js';
import { serveCommand } from './commands/serve.js';
import { slaCommand } from './commands/sla.js';
import { timelineCommand } from './commands/timeline.js';
import { rebuildCommand, verifyCommand } from './commands/verify.js';
import { whatIfCommand } from './commands/what-if.js';
import { tellFailure } from './terminal/failures.js';
import { CommandFailed, EXIT } from './terminal/exit-codes.js';

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  done
  ${EXIT.broken}  something is broken: a bug or an unforeseen failure
  ${EXIT.badInput}  the command line or an input file is not as it must be
  ${EXIT.refused}  the rules forbid it; the answer says which and what to do
  ${EXIT.found}  it ran and found something (verify: a changed event; --fail-on-gaps: gaps;
     --fail-on-unpriced: work without a price)
  ${EXIT.storeUnavailable}  the store can't be used: locked, full, damaged, read-only

Start here:
  npm run -s billtrail -- demo                      a sample month with 57 leaks, found
  npm run -s billtrail -- import servicenow FILE    tickets from a real audit log
  npm run -s billtrail -- audit --tickets T.csv --work W.csv --invoices I.csv --map M.yaml
`;

/** Known before the command line is parsed, because what is wrong with it is told as JSON too. */
const asJson = process.argv.includes('--json');

// Whoever reads the output may stop reading (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const program = new Command('billtrail')
  .description('No work on a resolved ticket goes unbilled without an auditable gap.')
  .option('--data <dir>', 'folder of the store', './data')
  .option('--json', 'answer as one JSON value on stdout, failures as JSON on stderr', false)
  .addHelpText('after', EXIT_CODES)
  .showHelpAfterError('(add --help for what there is)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .configureOutput({ writeErr: (text) => void (asJson || process.stderr.write(text)) });

for (const command of [
  serveCommand(),
  demoCommand(),
  importCommand(),
  auditCommand(),
  contractCommand(),
  rateCommand(),
  whatIfCommand(),
  prepaidCommand(),
  invoiceCommand(),
  reconcileCommand(),
  slaCommand(),
  timelineCommand(),
  explainCommand(),
  verifyCommand(),
  rebuildCommand(),
  keyCommand(),
]) {
  program.addCommand(command);
}
inheritExit(program);

/** Subcommands throw too instead of ending the process, so that the exit code is ours. */
function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child
      .exitOverride()
      .showHelpAfterError('(add --help for what there is)')
      .configureHelp({ showGlobalOptions: true });
    inheritExit(child);
  }
}

/** Without JSON, commander itself has told it. */
function badUsage({ message }: CommanderError): CommandFailed {
  const what = message === '(outputHelp)' ? 'No command was given.' : message.replace(/^error: /, '');
  return new CommandFailed(EXIT.badInput, 'BadUsage', what, 'Add --help for what there is.');
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = tellFailure(error, asJson);
  else if (error.exitCode === 0) process.exitCode = EXIT.done;
  else process.exitCode = asJson ? tellFailure(badUsage(error), asJson) : EXIT.badInput;
}
