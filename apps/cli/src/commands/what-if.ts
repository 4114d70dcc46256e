import { Command } from 'commander';
import { invariant, isRefusal } from '@billtrail/kernel';
import {
  contract as contractDecider,
  readContractFile,
  type ContractCommand,
  type ContractState,
} from '@billtrail/contracts';
import type { ContractFacts } from '@billtrail/billing';
import { supposedContract, systemClock, whatIfContract, type WhatIfAnswer } from '@billtrail/application';
import { OWNER, refused, Session, type GlobalOptions } from '../session.js';
import { ContractDocument } from '../terminal/contract-document.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money, table, type Cell } from '../terminal/output.js';
import { monthArgument } from './options.js';

interface WhatIfOptions extends GlobalOptions {
  readonly client: string;
  readonly period: string;
  readonly contract: string;
  readonly contractId?: string;
  readonly item?: string;
  readonly includeFrozen: boolean;
}

export function whatIfCommand(): Command {
  return new Command('what-if')
    .description(
      'what a month would cost under the contract in a file: the difference item by item; nothing is recorded',
    )
    .requiredOption('--client <id>', 'the client')
    .requiredOption('--period <month>', 'the month, like 2026-03', monthArgument)
    .requiredOption(
      '--contract <file>',
      'a contract file (docs/contracts.md); its contract stands in for the recorded one of its id',
    )
    .option('--contract-id <id>', 'which contract, where the file has several of the client')
    .option('--item <work item>', 'compare only this piece of work')
    .option('--include-frozen', 'rate what is on drafts and invoices too, as if it were not', false)
    .addHelpText(
      'after',
      '\nExample: what March would have cost with 160.00 an hour\n  npm run -s billtrail -- what-if --client acme --period 2026-03 --contract acme-160.yaml',
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<WhatIfOptions>();
      const { client: clientId, period, item, includeFrozen: thaw } = options;
      const contract = await contractOf(options);
      await Session.run(options, async (session) => {
        const answer = await session.ask((around) =>
          whatIfContract(around, {
            clientId,
            period,
            contract,
            thaw,
            ...(item === undefined ? {} : { workItemId: item }),
          }),
        );
        if (isRefusal(answer)) throw refused(answer);
        session.out.answer(answer, () => differenceText(answer));
      });
    });
}

async function contractOf({ contract: file, client, contractId }: WhatIfOptions): Promise<ContractFacts> {
  const document = await ContractDocument.read(file);
  const { problems, commands } = readContractFile(document.value);
  if (problems.length > 0) {
    throw new CommandFailed(
      EXIT.badInput,
      'ContractMalformed',
      `${file} has problems.`,
      `See them all with: billtrail contract check ${file}`,
      {
        problems: document
          .withLines(problems)
          .map(({ line, path, problem }) => ({ path: `line ${line}: ${path}`, message: problem })),
      },
    );
  }
  const ids = commands.flatMap((one) =>
    one.type === 'ActivateContract' && one.clientId === client ? [one.contractId] : [],
  );
  const named = ids.filter((id) => contractId === undefined || id === contractId);
  const [only] = named;
  if (only !== undefined && named.length === 1) return factsOf(commands.filter((one) => one.contractId === only));
  throw new CommandFailed(
    EXIT.badInput,
    'ContractNotNamed',
    named.length === 0
      ? `${file} has no such contract of client ${client}.`
      : `${file} has ${named.length} contracts of client ${client}: ${ids.join(', ')}.`,
    'Name one with --contract-id.',
    { contracts: ids },
  );
}

/** The contract that the commands of a sound file make. */
function factsOf(commands: readonly ContractCommand[]): ContractFacts {
  const issued = { at: systemClock(), by: OWNER };
  const state = commands.reduce<ContractState>((before, command) => {
    const decision = contractDecider.decide({ ...command, ...issued }, before);
    return isRefusal(decision) ? before : decision.reduce(contractDecider.evolve, before);
  }, contractDecider.initialState);
  const contract = supposedContract(state);
  invariant(contract !== null, 'a sound file makes a contract');
  return contract;
}

function differenceText({ clientId, period, contractId, differences, totals, net }: WhatIfAnswer): string {
  const rows = differences.map((one): Cell[] => [
    one.itemId,
    one.kind,
    one.changed.join(', '),
    priced(one.before),
    priced(one.after),
    money(one.net),
  ]);
  return [
    `Client ${clientId} in ${period} under contract ${contractId} as supposed (nothing is recorded)`,
    '',
    rows.length === 0
      ? 'No item would be different.'
      : table(['item', 'it is', 'what differs', 'as it is', 'as supposed', 'difference'], rows, [
          'as it is',
          'as supposed',
          'difference',
        ]),
    '',
    `as it is ${money(totals.before)}, as supposed ${money(totals.after)}: ${money(net)}`,
  ].join('\n');
}

function priced(item: WhatIfAnswer['differences'][number]['before']): string {
  if (item === null) return '–';
  return item.net === null ? item.disposition : `${item.disposition} ${money(item.net)}`;
}
