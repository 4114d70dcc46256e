import { Command } from 'commander';
import { chargesTable, coverageTable, unpricedTable, unpricedWork, type ContractFileCheck } from '@billtrail/contracts';
import { checkContractFile } from '@billtrail/input';
import { invariant, isRefusal } from '@billtrail/kernel';
import { checkAgainst, contractCommands, planContracts, contractsOf, type Accepted } from '@billtrail/application';
import { refused, Session, type GlobalOptions } from '../session.js';
import { plansText } from '../terminal/contract-plan.js';
import { ContractDocument, placeText, type ProblemInFile } from '../terminal/contract-document.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { asTyped } from '../terminal/host.js';
import { counted, output, table } from '../terminal/output.js';
import { upliftCommand } from './uplift.js';

interface Checked extends ContractFileCheck {
  readonly problems: readonly ProblemInFile[];
}

/** The answer to applying a contract of a file. */
interface Applied extends Accepted {
  readonly contractId: string;
}

export function contractCommand(): Command {
  const command = new Command('contract').description('check contract files, activate them, and raise their prices');
  command
    .command('check')
    .description(
      'check a contract file: problems, holes, overlaps, the rule and price for each kind of work, and work without a price',
    )
    .argument('<file>', 'YAML or JSON; see docs/contracts.md')
    .option('--store', 'ask the store which tax categories, rate classes, sites and ticket categories there are', false)
    .option('--fail-on-unpriced', `exit with ${EXIT.found} if some work would have no price`, false)
    .addHelpText(
      'after',
      `
Nothing is recorded. Without --store no store is opened, and names that nobody listed are told as not checked. Example of a file:
  clients:
    - clientId: acme
      currency: AUD
      contracts:
        - name: Time and materials
          effectiveFrom: 2026-01-01
          terms:
            taxCategory: GST
            rateCard: { labour: [{ pricePerHour: '150.00' }] }
Exit code ${EXIT.badInput} for problems, holes, overlaps, or contracts that overlap at the same priority.`,
    )
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { failOnUnpriced: boolean; store: boolean }>();
      const checked = options.store ? await checkInStore(file, options) : await check(file);
      const unpriced = unpricedOf(checked);
      output(options.json).answer(answerOf(checked), () => checkText(file, checked));
      refuseUnsound(file, checked);
      if (options.failOnUnpriced && unpriced > 0) {
        throw new CommandFailed(
          EXIT.found,
          'UnpricedWork',
          `${counted(unpriced, 'kind')} of work would have no price.`,
          'Add a coverage rule or a rate, or leave it: such work becomes a gap.',
        );
      }
    });
  command
    .command('activate')
    .description('activate the contracts of a file: versions, blocks, counts, suspensions and terminations')
    .argument('<file>', 'YAML or JSON; check it first with: billtrail contract check FILE')
    .option('--dry-run', 'only show what it would record, and the change of rated amounts', false)
    .addHelpText(
      'after',
      `
The clients must be registered first. If any part of the file is refused, nothing is recorded. Each contract is recorded as a whole; after a
failure, run the same file again to record the rest. Running the same file twice changes nothing. Changed terms are published as a new
version; what the file does not mention stays as it is.`,
    )
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { dryRun: boolean }>();
      const checked = await check(file);
      refuseUnsound(file, checked);
      await Session.run(options, async (session) => {
        const plans = await session.ask(async (ports) => {
          const planned = await planContracts(ports, checked.commands);
          if (isRefusal(planned)) throw refused(planned);
          return planned;
        });
        const done = options.dryRun ? [] : await applyAll(session, checked);
        session.out.answer(
          plans.map((plan) => {
            const applied = done.find((one) => one.contractId === plan.contractId);
            return { ...plan, version: applied?.version ?? null, warnings: applied?.warnings ?? [] };
          }),
          () => [plansText(plans, options.dryRun, waitingOf(done)), ...warningTexts(done)].join('\n'),
        );
      });
    });
  command.addCommand(upliftCommand());
  return command;
}

async function check(file: string): Promise<Checked> {
  const document = await ContractDocument.read(file);
  const checked = checkContractFile(document.value);
  return { ...checked, problems: document.placed(checked.problems) };
}

async function checkInStore(file: string, options: GlobalOptions): Promise<Checked> {
  const document = await ContractDocument.read(file);
  let checked: ContractFileCheck | undefined;
  await Session.run(options, async (session) => {
    checked = await session.ask((ports) => checkAgainst(ports, document.value));
  });
  invariant(checked !== undefined, 'the store did not check the file');
  return { ...checked, problems: document.placed(checked.problems) };
}

function refuseUnsound(file: string, { problems, analyses, isSound }: Checked): void {
  if (isSound) return;
  const errors = analyses.flatMap(({ analysis }) => analysis.findings.filter(({ severity }) => severity === 'error'));
  throw new CommandFailed(
    EXIT.badInput,
    'ContractMalformed',
    `${file} can't be activated: ${counted(problems.length + errors.length, 'problem')}.`,
    'Correct them; docs/contracts.md explains each part.',
    {
      problems: [
        ...problems.map((one) => ({ path: `${placeText(one)}: ${one.path}`, message: one.problem })),
        ...errors.map(({ text }) => ({ message: text })),
      ],
    },
  );
}

function unpricedOf({ analyses }: Checked): number {
  return analyses.reduce((sum, { analysis }) => sum + unpricedWork(analysis).length, 0);
}

function answerOf({ isSound, problems, analyses }: Checked) {
  return {
    isSound,
    problems,
    clients: analyses.map(({ clientId, analysis, notChecked }) => ({
      clientId,
      ...analysis,
      notChecked,
      unpriced: unpricedWork(analysis),
    })),
  };
}

function checkText(file: string, { analyses, isSound }: Checked): string {
  const parts = analyses.flatMap(({ clientId, analysis, notChecked }) => {
    const { head, rows } = coverageTable(analysis);
    const charges = chargesTable(analysis);
    const unpriced = unpricedTable(analysis).rows;
    return [
      `Client ${clientId}: the rule and price for each kind of work`,
      rows.length === 0 ? '(none: no contract without a problem)' : table(head, rows),
      ...(analysis.isComplete ? [] : ['Incomplete: these contracts name too many kinds of work to list.']),
      ...(charges.rows.length === 0 ? [] : ['', 'Besides the prices of work', table(charges.head, charges.rows)]),
      ...(analysis.findings.length === 0
        ? []
        : ['', ...analysis.findings.map((one) => `${one.severity}: ${one.text}`)]),
      ...notCheckedText(notChecked),
      '',
      ...(unpriced.length === 0
        ? priced(analysis)
        : ['Work that would have no price (a gap, never zero)', table(head, unpriced), '']),
    ];
  });
  return [...parts, isSound ? asTyped(`${file} can be activated: billtrail contract activate ${file}`) : '']
    .join('\n')
    .trimEnd();
}

const PARTS = {
  taxCategories: 'tax categories',
  rateClasses: 'rate classes',
  sites: 'sites',
  payers: 'clients that pay',
  calendars: 'calendars',
  holidaySets: 'holiday sets',
  rateCards: 'rate cards',
} as const;

function notCheckedText(notChecked: Checked['analyses'][number]['notChecked']): readonly string[] {
  if (notChecked.length === 0) return [];
  const parts = notChecked.map(({ part, names }) => `${PARTS[part]} (${names.join(', ')})`);
  return [
    '',
    `Not checked, because the file alone can't say whether they exist: ${parts.join(', ')}. With --store they are checked.`,
  ];
}

/** Says nothing about work that was not checked. */
function priced({ stretches, isComplete }: Analysis): readonly string[] {
  const asked = stretches.some(({ rows }) => rows.length > 0);
  return asked && isComplete ? ['Every kind of work has a price or needs none.', ''] : [];
}

type Analysis = Checked['analyses'][number]['analysis'];

function waitingOf(done: readonly Applied[]): ReadonlySet<string> {
  return new Set(done.flatMap(({ contractId, waits }) => (waits === true ? [contractId] : [])));
}

/** Warnings about what is in force now. */
function warningTexts(done: readonly Applied[]): readonly string[] {
  return done.flatMap(({ warnings = [] }) => warnings.map(({ code, message }) => `\nWarning ${code}: ${message}`));
}

/** One append per contract. What is recorded already is left out, so the same file can be run again at any time. */
async function applyAll(session: Session, { commands }: Checked): Promise<readonly Applied[]> {
  const done: Applied[] = [];
  for (const contract of contractsOf(commands))
    done.push({ contractId: contract.contractId, ...(await session.send(contractCommands.StateContract, contract)) });
  return done;
}
