import { Command } from 'commander';
import { billingCommands, creditsOwed } from '@billtrail/application';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { showCreditNote } from './credit.js';
import { dayArgument, idArgument, itemIdsArgument, monthArgument } from './options.js';
import { madeId } from '../under-key.js';

interface GiveOptions extends GlobalOptions {
  readonly item: readonly string[];
  readonly all: boolean;
  readonly recipient?: string;
  readonly reason: string;
  readonly comment: string;
  readonly date?: string;
  readonly id?: string;
}

export function giveCreditCommand(): Command {
  return new Command('give-credit')
    .description('give credits that are owed, by a credit note of no invoice')
    .argument('<client>', 'client id', idArgument)
    .argument('<month>', 'billing month, YYYY-MM', monthArgument)
    .option('--item <id>', 'an item or charge with a negative net; repeatable', itemIdsArgument, [])
    .option('--all', 'every credit that is owed and due', false)
    .option('--recipient <client>', 'with --all, only what this client is owed', idArgument)
    .requiredOption('--reason <code>', 'reason code')
    .requiredOption('--comment <text>', 'why, as printed on the document')
    .option('--date <day>', 'date on the document (default: today)', dayArgument)
    .option('--id <id>', 'id of the credit note (default: generated)', idArgument)
    .action(async (clientId: string, period: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GiveOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        if (options.all === options.item.length > 0) {
          const why = 'Name what to give: --item ID (repeatable), or --all.';
          throw new CommandFailed(
            EXIT.badInput,
            'InvalidInput',
            why,
            '`--all` gives everything that is owed and due in the month.',
          );
        }
        const items = options.all
          ? await session.ask((ports) =>
              creditsOwed(ports, clientId, period, { date: options.date, recipientId: options.recipient }),
            )
          : options.item;
        if (items.length === 0)
          throw new CommandFailed(
            EXIT.refused,
            'NothingOwed',
            `Nothing is owed to client ${clientId} in ${period} that is due and on no document.`,
            'Look at the items and charges of the month with a negative net: GET /v1/billable-items and GET /v1/charges.',
          );
        const creditNoteId = options.id ?? madeId('cn', clientId, period);
        await session.send(billingCommands.GiveCredits, {
          creditNoteId,
          clientId,
          period,
          items,
          reasonCode: options.reason,
          comment: options.comment,
          issueDate: options.date ?? null,
        });
        await session.catchUp();
        await showCreditNote(session, creditNoteId);
      });
    });
}
