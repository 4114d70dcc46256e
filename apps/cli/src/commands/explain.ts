import { Command } from 'commander';
import { explain, type BillableItem, type Explained, type Explanation } from '@billtrail/billing';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money } from '../terminal/output.js';

export function explainCommand(): Command {
  return new Command('explain')
    .description('why this price: the tree from the recorded work, through every rule that was tried, to the amount')
    .argument(
      '<item>',
      'id of a billable item or of a charge; see: billtrail timeline TICKET, billtrail invoice show NUMBER',
    )
    .addHelpText(
      'after',
      '\nWith --json each item comes with its `explanation`: {step, text, facts, parts}, ready for a screen.',
    )
    .action(async (itemId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.settle();
        const found = await session.ask(async ({ models }): Promise<readonly Explained[]> => {
          const items = await models.billableItems.byId(itemId);
          return items.length > 0 ? items : models.charges.byId(itemId);
        });
        if (found.length === 0) {
          throw new CommandFailed(
            EXIT.refused,
            'BillableItemNotFound',
            `There is no billable item ${itemId}.`,
            'See the items of a ticket with: billtrail timeline TICKET',
          );
        }
        const explained = found.map((item) => ({ ...item, explanation: explain(item) }));
        session.out.answer(explained, () => found.map(explanationText).join('\n\n'));
      });
    });
}

/** The tree of an item, with where it stands and what shows it. */
export function explanationText(item: Explained): string {
  const { text, parts } = explain(item);
  return [text, ...standing(item), ...branches(parts, ''), `events ${item.sourceEventIds.join(', ')}`].join('\n');
}

function standing(item: Explained): readonly string[] {
  if (!('disposition' in item)) return [];
  const { approval } = item as Partial<BillableItem>;
  const unapproved = approval === undefined || approval === null || approval === 'approved' ? null : `(${approval})`;
  const parts = [item.disposition, item.net && money(item.net), unapproved, item.invoiceId && `on ${item.invoiceId}`];
  return [parts.filter(Boolean).join('  ')];
}

function branches(parts: readonly Explanation[], indent: string): string[] {
  return parts.flatMap(({ step, text, parts: below }, index) => {
    const isLast = index === parts.length - 1;
    const label = step === 'tried' ? '' : `${step.padEnd(13)} `;
    const own = `${indent}${isLast ? '└─' : '├─'} ${label}${text}`;
    return [own, ...branches(below, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}
