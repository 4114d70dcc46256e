import { Command, CommanderError } from 'commander';
import { ITEM_ID_PATTERN } from '@billtrail/kernel';
import { accessCommand } from './commands/access.js';
import { adoptCommand } from './commands/adopt.js';
import { approveCommand } from './commands/approve.js';
import { auditCommand } from './commands/audit.js';
import { clockCommand } from './commands/clock.js';
import { clusterCommand } from './commands/cluster.js';
import { configCommand } from './commands/config.js';
import { contractCommand } from './commands/contract.js';
import { demoCommand } from './commands/demo.js';
import { explainCommand } from './commands/explain.js';
import { approvalsCommand } from './commands/approvals.js';
import { healthCommand } from './commands/health.js';
import { importCommand } from './commands/import.js';
import { invoiceCommand } from './commands/invoice.js';
import { keyCommand } from './commands/key.js';
import { personCommand } from './commands/person.js';
import { milestonesCommand } from './commands/milestones.js';
import { prepaidCommand } from './commands/prepaid.js';
import { rateCommand } from './commands/rate.js';
import { reconcileCommand } from './commands/reconcile.js';
import { schemaCommand } from './commands/schema.js';
import { serveCommand } from './commands/serve.js';
import { sitesCommand } from './commands/sites.js';
import { slaCommand } from './commands/sla.js';
import { timelineCommand } from './commands/timeline.js';
import { rebuildCommand, verifyCommand } from './commands/verify.js';
import { vaultCommand } from './commands/vault.js';
import { whatIfCommand } from './commands/what-if.js';
import { RanElsewhere, type RunOnNode } from './elsewhere.js';
import { tellerByCommand, wordsOf } from './routes-of-commands.js';
import { onlyHere } from './run-here.js';
import { refused } from './session.js';
import { CommandFailed, EXIT, WaitsForAnother, type ExitCode } from './terminal/exit-codes.js';
import { printFailure } from './terminal/failures.js';
import { here, hostedBy, type HostingNode } from './terminal/host.js';

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  done
  ${EXIT.broken}  internal error: a bug or an unexpected failure
  ${EXIT.badInput}  the command line or an input file is wrong
  ${EXIT.refused}  refused by the rules; the message says why and what to do
  ${EXIT.found}  it ran and found something (verify: a changed event; health: not ready;
     --fail-on-gaps: gaps;
     --fail-on-unpriced: work without a price)
  ${EXIT.storeUnavailable}  the store is unavailable: locked, full, damaged, read-only
  ${EXIT.waits}  recorded as a request: it has no effect until another person approves it

Start here:
  npm run -s billtrail -- demo                                      a sample month with 57 gaps to find
  npm run -s billtrail -- import servicenow FILE --time-zone UTC    tickets from a ServiceNow audit log
  npm run -s billtrail -- audit --tickets T.csv --work W.csv --invoices I.csv --map M.yaml
`;

const HELP_HINT = '(add --help to see the options)';

/** The command line of Billtrail. It throws instead of ending the process; `asJson` silences commander's own messages. */
export function createProgram(asJson: boolean): Command {
  const program = new Command('billtrail')
    .description(
      'Billing for managed service providers: prices the work on every ticket, invoices it, and lists what was missed.',
    )
    .option('--data <dir>', 'data folder', './data')
    .option('--url <address>', 'have the server at this address do it, and not a data folder here')
    .option('--again <key>', 'with --url: the key of a command of which nobody could tell whether it was done')
    .option('--json', 'print one JSON value to stdout, and failures as JSON to stderr', false)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError(HELP_HINT)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void here().stdout.write(text),
      writeErr: (text) => void (asJson || here().stderr.write(text)),
    });
  for (const command of [
    serveCommand(),
    demoCommand(),
    importCommand(),
    auditCommand(),
    configCommand(),
    contractCommand(),
    schemaCommand(),
    rateCommand(),
    whatIfCommand(),
    sitesCommand(),
    milestonesCommand(),
    prepaidCommand(),
    approveCommand(),
    invoiceCommand(),
    reconcileCommand(),
    slaCommand(),
    timelineCommand(),
    explainCommand(),
    approvalsCommand(),
    healthCommand(),
    verifyCommand(),
    rebuildCommand(),
    personCommand(),
    keyCommand(),
    accessCommand(),
    clockCommand(),
    adoptCommand(),
    vaultCommand(),
    clusterCommand(),
  ]) {
    program.addCommand(command);
  }
  program.hook('preAction', (_program, action) => {
    const words = wordsOf(action);
    const { node } = here();
    if (program.getOptionValue('url') !== undefined && program.getOptionValueSource('data') === 'cli')
      throw new CommandFailed(
        EXIT.badInput,
        'BadUsage',
        '--url has a server do it, and --data a data folder here: only one of them can be given.',
        'Leave out --data to have the server do it, or --url to work on the folder.',
      );
    const isElsewhere = node !== null || program.getOptionValue('url') !== undefined;
    const refusal = (isElsewhere ? onlyHere(words) : null) ?? node?.refuses(words) ?? null;
    if (refusal !== null) throw refused(refusal);
    if (!isElsewhere && program.getOptionValue('again') !== undefined)
      throw new CommandFailed(EXIT.badInput, 'BadUsage', '--again is for a command that --url sends.', 'Leave it out.');
    program.setOptionValue('commandLine', commandLineOf(action));
  });
  inheritSettings(program);
  return program;
}

/** Runs a command line (without `node` and the script) and returns its exit code. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  return hostedBy({ ...here(), args, files: new Map() }, () => ranHere(args));
}

/** Runs a command line on a node, for who has asked it to, with the files that its command has read there. */
export type RunsCommands = (
  node: HostingNode,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
) => Promise<RunOnNode>;

export const runOnNode: RunsCommands = async (node, args, files) => {
  const [stdout, stderr] = [new Said(), new Said()];
  const host = { ...here(), stdout, stderr, args, files: new Map(Object.entries(files)), node };
  const exitCode = await hostedBy(host, () => ranHere(args));
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
};

/** What a command has said. */
class Said {
  text = '';

  write(text: string | Uint8Array): boolean {
    this.text += String(text);
    return true;
  }
}

async function ranHere(args: readonly string[]): Promise<ExitCode> {
  // Needed before the command line is parsed, because an error in it is printed as JSON too.
  const asJson = args.includes('--json');
  const program = createProgram(asJson);
  return hostedBy({ ...here(), byCommand: tellerByCommand(program) }, () => parsedAndRun(program, args, asJson));
}

async function parsedAndRun(program: Command, args: readonly string[], asJson: boolean): Promise<ExitCode> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof WaitsForAnother) return EXIT.waits;
    if (error instanceof RanElsewhere) return error.exitCode;
    if (!(error instanceof CommanderError)) return printFailure(error, asJson);
    if (error.exitCode === 0) return EXIT.done;
    return asJson ? printFailure(badUsage(error), asJson) : EXIT.badInput;
  }
}

/** The words of a command and the ids that it is given: nothing else of what somebody has typed, which may be anything. */
function commandLineOf(action: Command): string {
  return [wordsOf(action), ...action.args.filter((word) => ITEM_ID_PATTERN.test(word) && !word.startsWith('bt_'))].join(
    ' ',
  );
}

/** Subcommands throw and print like the program itself: otherwise they would end the process with a code of their own. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}

/** Without JSON, commander itself has printed it. */
function badUsage({ message }: CommanderError): CommandFailed {
  const what = message === '(outputHelp)' ? 'No command was given.' : message.replace(/^error: /, '');
  return new CommandFailed(EXIT.badInput, 'BadUsage', what, 'Add --help to see the options.');
}
