import { Command, InvalidArgumentError } from 'commander';
import { ofPriceIncrease, type IncreaseWhere } from '@billtrail/contracts';
import { problemsOfShape } from '@billtrail/input';
import { isRefusal, type Shape } from '@billtrail/kernel';
import {
  planIncrease,
  publishIncrease,
  type ContractIncrease,
  type IncreaseAsked,
  type IncreasePlan,
  type PublishedIncrease,
} from '@billtrail/application';
import { refused, Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { asTyped } from '../terminal/host.js';
import { counted, money, table } from '../terminal/output.js';
import { dayArgument, monthArgument } from './options.js';

interface UpliftOptions extends GlobalOptions {
  readonly percent: string;
  readonly from: string;
  readonly roundTo?: string;
  readonly where?: IncreaseWhere;
  readonly month?: string;
  readonly yes: boolean;
}

/** What `--where` may name, and the member of `where` that it fills. */
const NAMED = {
  client: 'clientIds',
  contract: 'contractIds',
  currency: 'currencies',
  priority: 'priorities',
  term: 'terms',
} as const;

export function upliftCommand(): Command {
  return new Command('uplift')
    .description('increase the prices of many contracts from a day on: shows it, and publishes it with --yes')
    .requiredOption('--percent <number>', 'by how much, like 4', ofShape(ofPriceIncrease.percent))
    .requiredOption('--from <day>', 'first day of the new prices, like 2027-07-01', dayArgument)
    .option(
      '--where <name=value>',
      `which contracts: ${Object.keys(NAMED).join(', ')}; again for more; term: only its prices`,
      whereArgument,
    )
    .option('--round-to <amount>', 'make prices multiples of it, like 0.05 or 1', ofShape(ofPriceIncrease.roundTo))
    .option('--month <month>', 'the month whose cost is compared; by default the last one', monthArgument)
    .option('--yes', 'publish it; without it, nothing is recorded', false)
    .addHelpText(
      'after',
      `
Each contract whose prices are raised gets one version. Amounts that were agreed (minimums, caps, limits, committed units, fixedPrices) stay, and are
listed. After a failure, run it again: what was published is left alone. Example, with the sample month:
  npm run -s billtrail -- --data demo-data contract uplift --percent 4 --from 2027-07-01 --where currency=AUD`,
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<UpliftOptions>();
      const { percent, from, roundTo = null, where = {}, month = null } = options;
      const asked: IncreaseAsked = { percent, from, roundTo, where, month };
      await Session.run(options, async (session) => {
        const plan = await session.ask(async (ports) => {
          const planned = await planIncrease(ports, asked);
          if (isRefusal(planned)) throw refused(planned);
          return planned;
        });
        const done = options.yes ? await published(session, { ...asked, hash: plan.hash }) : null;
        session.out.answer({ ...plan, done }, () => upliftText(plan, done));
        if (done !== null && done.refused.length > 0)
          throw new CommandFailed(
            EXIT.found,
            'IncreaseIncomplete',
            `${counted(done.refused.length, 'contract')} could not be raised.`,
            'Mend what is listed, and run it again.',
            { refused: done.refused },
          );
      });
    });
}

async function published(
  session: Session,
  asked: IncreaseAsked & { readonly hash: string },
): Promise<PublishedIncrease> {
  return session.ask(async (ports) => {
    const done = await publishIncrease(ports, asked, (type, input) => session.try(type, input));
    if (isRefusal(done)) throw refused(done);
    return done;
  });
}

function ofShape(shape: Shape<string>): (value: string) => string {
  return (value) => {
    const [problem] = problemsOfShape(shape, value, '');
    if (problem !== undefined) throw new InvalidArgumentError(problem.problem);
    return value;
  };
}

function whereArgument(text: string, before: IncreaseWhere = {}): IncreaseWhere {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=');
  const member = NAMED[name as keyof typeof NAMED] as (typeof NAMED)[keyof typeof NAMED] | undefined;
  if (member === undefined || value === '')
    throw new InvalidArgumentError(`It is one of ${Object.keys(NAMED).join(', ')}, "=" and a value: client=acme`);
  const known: readonly unknown[] = before[member] ?? [];
  const where = { ...before, [member]: [...known, member === 'priorities' ? Number(value) : value] };
  const [problem] = problemsOfShape(ofPriceIncrease.where, where, '');
  if (problem !== undefined) throw new InvalidArgumentError(`${problem.path} ${problem.problem}`);
  return where;
}

function upliftText(plan: IncreasePlan, done: PublishedIncrease | null): string {
  const raised = plan.contracts.filter(({ as }) => as === 'raised');
  const parts = [
    done === null
      ? 'Nothing was recorded. To publish it: the same command with --yes'
      : `Published for ${counted(done.published.length, 'contract')}.`,
    ...(done === null || done.waiting.length === 0
      ? []
      : [`Waiting for another person: ${done.waiting.join(', ')}. See why: ${asTyped('billtrail approvals list')}`]),
    ...clientsText(plan),
    ...raised.flatMap((one) => raisedText(one)),
    ...leftText(plan.contracts),
  ];
  return parts.join('\n');
}

function clientsText({ clients, month, percent, from }: IncreasePlan): readonly string[] {
  if (clients.length === 0) return [];
  const columns = [`${month} as it is`, `with ${percent} % more`];
  return [
    '',
    `What ${month} would cost each client at the prices from ${from} on, whatever is on documents`,
    table(
      ['Client', ...columns],
      clients.map(({ clientId, before, after }) => [clientId, money(before), money(after)]),
      columns,
    ),
  ];
}

function raisedText({ contractId, clientId, prices, left, notes, versionNumber }: ContractIncrease): readonly string[] {
  return [
    '',
    `${contractId} of ${clientId}, version ${versionNumber ?? ''}`,
    table(
      ['Price', 'Before', 'After'],
      prices.map(({ path, before, after }) => [path, String(before), String(after)]),
      ['Before', 'After'],
    ),
    ...left.map(({ term, why }) => `Stays: ${term}, ${why}`),
    ...notes.map((note) => `Note: ${note}`),
  ];
}

function leftText(contracts: readonly ContractIncrease[]): readonly string[] {
  const rows = contracts.flatMap(({ as, contractId, clientId, why, versionNumber, left }) => {
    if (as === 'raised') return [];
    const told = as === 'raised-before' ? `raised already, by version ${versionNumber ?? ''}` : why;
    return [[contractId, clientId, [told, ...left.map((one) => `${one.term}: ${one.why}`)].join('; ')]];
  });
  return rows.length === 0 ? [] : ['', 'Left as they are', table(['Contract', 'Client', 'Why'], rows)];
}
