import { Command } from 'commander';
import { checkContractFile, coverageTable, unpricedWork, type ContractFileCheck } from '@billtrail/contracts';
import { isRefusal } from '@billtrail/kernel';
import { contractCommands, planContracts, statedContracts, type Accepted } from '@billtrail/application';
import { refused, Session, type GlobalOptions } from '../session.js';
import { plansText } from '../terminal/contract-plan.js';
import { ContractDocument, type ProblemInFile } from '../terminal/contract-document.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { counted, output, table } from '../terminal/output.js';

interface Checked extends ContractFileCheck {
  readonly problems: readonly ProblemInFile[];
}

/** What stating a contract came to. */
interface Stated extends Accepted {
  readonly contractId: string;
}

export function contractCommand(): Command {
  const command = new Command('contract').description('check contracts in a file, and put them in force');
  command
    .command('check')
    .description(
      'what a contract file means: its problems, its holes and overlaps, which rule and price wins for which work, and what has no price',
    )
    .argument('<file>', 'YAML or JSON; see docs/contracts.md')
    .option('--fail-on-unpriced', `exit with ${EXIT.found} where some work would have no price`, false)
    .addHelpText(
      'after',
      `
Nothing is opened or recorded. A file:
  clients:
    - clientId: acme
      currency: AUD
      contracts:
        - contractId: acme-tm
          name: Time and materials
          priority: 10
          effectiveFrom: 2026-01-01
          terms:
            coverage: [{ id: all, name: All work, match: {}, outcome: billable }]
            rateCard: { id: standard, name: Standard, currency: AUD, ... }
Exit code ${EXIT.badInput} with problems, holes, overlaps or contracts that match equally.`,
    )
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { failOnUnpriced: boolean }>();
      const checked = await check(file);
      const unpriced = unpricedOf(checked);
      output(options.json).answer(answerOf(checked), () => checkText(file, checked));
      refuseUnsound(file, checked);
      if (options.failOnUnpriced && unpriced > 0) {
        throw new CommandFailed(
          EXIT.found,
          'UnpricedWork',
          `${counted(unpriced, 'kind')} of work would have no price.`,
          'Give it a coverage rule or a rate, or leave it so: rating opens a gap for it.',
        );
      }
    });
  command
    .command('activate')
    .description('put the contracts of a file in force: their versions, blocks, counts, suspensions and ends')
    .argument('<file>', 'YAML or JSON; check it first with: billtrail contract check FILE')
    .option('--dry-run', 'only tell what it would record and what it would change in rated money', false)
    .addHelpText(
      'after',
      `
The clients must be registered. Nothing is recorded where any part of the file is refused. Each contract is recorded whole or not at all; after a
failure run the same file again: what is so already stays, the rest follows. Running the same file again changes nothing. Other terms for a
first day are published as a new version; what the file does not name stays as it is.`,
    )
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & { dryRun: boolean }>();
      const checked = await check(file);
      refuseUnsound(file, checked);
      await Session.run(options, async (session) => {
        const plans = await session.ask(async (around) => {
          const planned = await planContracts(around, checked.commands);
          if (isRefusal(planned)) throw refused(planned);
          return planned;
        });
        const done = options.dryRun ? [] : await stateAll(session, checked);
        session.out.answer(
          plans.map((plan) => {
            const stated = done.find((one) => one.contractId === plan.contractId);
            return { ...plan, version: stated?.version ?? null, warnings: stated?.warnings ?? [] };
          }),
          () => [plansText(plans, options.dryRun), ...warningTexts(done)].join('\n'),
        );
      });
    });
  return command;
}

async function check(file: string): Promise<Checked> {
  const document = await ContractDocument.read(file);
  const checked = checkContractFile(document.value);
  return { ...checked, problems: document.withLines(checked.problems) };
}

function refuseUnsound(file: string, { problems, analyses, isSound }: Checked): void {
  if (isSound) return;
  const errors = analyses.flatMap(({ analysis }) => analysis.findings.filter(({ severity }) => severity === 'error'));
  throw new CommandFailed(
    EXIT.badInput,
    'ContractMalformed',
    `${file} can't be put in force: ${counted(problems.length + errors.length, 'problem')}.`,
    'Correct them; docs/contracts.md says what each part means.',
    {
      problems: [
        ...problems.map(({ line, path, problem }) => ({ path: `line ${line}: ${path}`, message: problem })),
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
    clients: analyses.map(({ clientId, analysis }) => ({ clientId, ...analysis, unpriced: unpricedWork(analysis) })),
  };
}

function checkText(file: string, { analyses, isSound }: Checked): string {
  const parts = analyses.flatMap(({ clientId, analysis }) => {
    const { head, rows } = coverageTable(analysis);
    const unpriced = coverageTable({ ...analysis, stretches: unpricedStretches(analysis) }).rows;
    return [
      `Client ${clientId}: which rule wins, and at which price`,
      rows.length === 0 ? '(nothing to ask: no contract without a problem)' : table(head, rows),
      ...(analysis.isComplete ? [] : ['Not all of it: these contracts name too many kinds of work to list.']),
      ...(analysis.findings.length === 0
        ? []
        : ['', ...analysis.findings.map((one) => `${one.severity}: ${one.text}`)]),
      '',
      ...(unpriced.length === 0
        ? priced(analysis)
        : ['Work that would have no price (each a gap, never zero)', table(head, unpriced), '']),
    ];
  });
  return [...parts, isSound ? `${file} can be put in force: billtrail contract activate ${file}` : '']
    .join('\n')
    .trimEnd();
}

/** Nothing is said of work that was not asked for. */
function priced({ stretches, isComplete }: Analysis): readonly string[] {
  const asked = stretches.some(({ rows }) => rows.length > 0);
  return asked && isComplete ? ['Every kind of work has a price or needs none.', ''] : [];
}

type Analysis = Checked['analyses'][number]['analysis'];

function unpricedStretches({ stretches }: Analysis): Analysis['stretches'] {
  return stretches.map((stretch) => ({
    ...stretch,
    rows: stretch.rows.flatMap((row) => {
      const outcomes = row.outcomes.filter((outcome) => outcome.as === 'unpriced');
      return outcomes.length === 0 ? [] : [{ ...row, outcomes }];
    }),
  }));
}

/** What is in force now and may not be meant. */
function warningTexts(done: readonly Stated[]): readonly string[] {
  return done.flatMap(({ warnings = [] }) => warnings.map(({ code, message }) => `\nwarning ${code}: ${message}`));
}

/** One append for each contract. Whatever is so already is left out of it, so that the same file can be sent again at any time. */
async function stateAll(session: Session, { commands }: Checked): Promise<readonly Stated[]> {
  const done: Stated[] = [];
  for (const stated of statedContracts(commands))
    done.push({ contractId: stated.contractId, ...(await session.send(contractCommands.StateContract, stated)) });
  return done;
}
