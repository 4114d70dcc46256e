import { Command } from 'commander';
import type { BillableItem, Trace } from '@billtrail/billing';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money } from '../terminal/output.js';

export function explainCommand(): Command {
  return new Command('explain')
    .description('why this price: from the recorded work to the amount, step by step')
    .argument('<item>', 'id of a billable item (or of its work item)')
    .action(async (itemId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.settle();
        const items = await session.ask(({ models }) => models.billableItems.byId(itemId));
        if (items.length === 0) {
          throw new CommandFailed(
            EXIT.refused,
            'BillableItemNotFound',
            `There is no billable item ${itemId}.`,
            'See the items of a ticket with: billtrail timeline TICKET',
          );
        }
        session.out.answer(items, () => items.map(explained).join('\n\n'));
      });
    });
}

export function explained(item: BillableItem): string {
  const unapproved = item.approval === null || item.approval === 'approved' ? null : `(${item.approval})`;
  const standing = [
    item.disposition,
    item.net && money(item.net),
    unapproved,
    item.invoiceId && `on ${item.invoiceId}`,
  ];
  const head = [`${item.itemId}  ${item.description}`, standing.filter(Boolean).join('  ')];
  return [...head, ...branches(item.trace), `events ${item.sourceEventIds.join(', ')}`].join('\n');
}

function branches(trace: Trace): string[] {
  return trace.map(({ step, text }, index) => `${index === trace.length - 1 ? '└─' : '├─'} ${step.padEnd(13)} ${text}`);
}
