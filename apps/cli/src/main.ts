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
import { timelineCommand } from './commands/timeline.js';
import { rebuildCommand, verifyCommand } from './commands/verify.js';
import { whatIfCommand } from './commands/what-if.js';
import { tellFailure } from './terminal/failures.js';
import { EXIT } from './terminal/exit-codes.js';

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

const program = new Command('billtrail')
  .description('No work on a resolved ticket goes unbilled without an auditable gap.')
  .option('--data <dir>', 'folder of the store', './data')
  .option('--json', 'answer as one JSON value on stdout, failures as JSON on stderr', false)
  .addHelpText('after', EXIT_CODES)
  .showHelpAfterError('(add --help for what there is)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

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

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  else process.exitCode = tellFailure(error, program.opts<{ json: boolean }>().json);
}
