import { Command } from 'commander';
import { isRefusal } from '@billtrail/kernel';
import { readContracts } from '@billtrail/input';
import { contractsOf, whatIfStated, type WhatIfAnswer } from '@billtrail/application';
import { forgoesText } from '../terminal/contract-plan.js';
import { refused, Session, type GlobalOptions } from '../session.js';
import { ContractDocument, placeText } from '../terminal/contract-document.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money, table, type Cell } from '../terminal/output.js';
import { monthText } from '../terminal/words.js';
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
    .description('show what a month would cost under the contract in a file, item by item; nothing is recorded')
    .requiredOption('--client <id>', 'the client')
    .requiredOption('--period <month>', 'the month, like 2026-03', monthArgument)
    .requiredOption(
      '--contract <file>',
      'a contract file (docs/contracts.md), compared with the records as if it were activated',
    )
    .option('--contract-id <id>', 'which contract, if the file has several of the client')
    .option('--item <work item>', 'compare only this work item')
    .option('--include-frozen', 'also rate again what is already on drafts and invoices', false)
    .addHelpText(
      'after',
      '\nExample, with the sample month: what March would have cost at 180.00 an hour\n  npm run -s billtrail -- --data demo-data what-if --client C-005 --period 2026-03 \\\n    --contract samples/contracts/demo-client-at-180.yaml --include-frozen',
    )
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<WhatIfOptions>();
      const { client: clientId, period, item, includeFrozen: thaw } = options;
      const stated = await statedIn(options);
      await Session.run(options, async (session) => {
        const answer = await session.ask((ports) =>
          whatIfStated(ports, {
            clientId,
            period,
            ...stated,
            thaw,
            ...(item === undefined ? {} : { workItemId: item }),
          }),
        );
        if (isRefusal(answer)) throw refused(answer);
        session.out.answer(answer, () => differenceText(answer));
      });
    });
}

/** The one contract of the file that is meant, in parts as `contract activate` would record them. */
async function statedIn({
  contract: file,
  client,
  contractId,
}: WhatIfOptions): Promise<ReturnType<typeof contractsOf>[number]> {
  const document = await ContractDocument.read(file);
  const { problems, commands } = readContracts(document.value);
  if (problems.length > 0) {
    throw new CommandFailed(
      EXIT.badInput,
      'ContractMalformed',
      `${file} has problems.`,
      `See all of them: billtrail contract check ${file}`,
      {
        problems: document
          .placed(problems)
          .map((one) => ({ path: `${placeText(one)}: ${one.path}`, message: one.problem })),
      },
    );
  }
  const ids = commands.flatMap((one) =>
    one.type === 'ActivateContract' && one.clientId === client ? [one.contractId] : [],
  );
  const named = contractsOf(commands).filter(
    (one) => ids.includes(one.contractId) && (contractId === undefined || one.contractId === contractId),
  );
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  throw new CommandFailed(
    EXIT.badInput,
    'ContractNotNamed',
    named.length === 0
      ? `${file} has no such contract for client ${client}.`
      : `${file} has ${named.length} contracts for client ${client}: ${ids.join(', ')}.`,
    'Choose one with --contract-id ID.',
    { contracts: ids },
  );
}

function differenceText(answer: WhatIfAnswer): string {
  const { clientId, period, contractId, differences, totals, net } = answer;
  const rows = differences.map((one): Cell[] => [
    one.itemId,
    one.kind,
    one.changed.join(', '),
    priced(one.before),
    priced(one.after),
    money(one.net),
  ]);
  return [
    `Client ${clientId}, ${monthText(period)}, under contract ${contractId} of the file (nothing is recorded)`,
    '',
    rows.length === 0
      ? 'No item would change.'
      : table(['Item', 'Change', 'What differs', 'Now', 'With the file', 'Difference'], rows, [
          'Now',
          'With the file',
          'Difference',
        ]),
    '',
    `Now ${money(totals.before)}, with the file ${money(totals.after)}: difference ${money(net)}`,
    ...forgoesText(answer, true),
  ].join('\n');
}

function priced(item: WhatIfAnswer['differences'][number]['before']): string {
  if (item === null) return '–';
  return item.net === null ? item.disposition : `${item.disposition} ${money(item.net)}`;
}
