import { Command } from 'commander';
import { explain, type BillableItem, type Explained, type Explanation } from '@billtrail/billing';
import type { Month } from '@billtrail/kernel';
import type { Invoice } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money } from '../terminal/output.js';
import { documentName, monthText } from '../terminal/words.js';

/** What each step of rating is called on the screen. */
const STEP_NAMES: Readonly<Record<string, string>> = {
  adjustment: 'Adjustment',
  amount: 'Net',
  'billable-time': 'Time',
  cap: 'Cap',
  charge: 'Terms',
  contract: 'Contract',
  coverage: 'Rule',
  credit: 'Credit',
  discount: 'Discount',
  multiplier: 'Multiplier',
  'no-charge': 'No charge',
  override: 'Price set',
  prepaid: 'Prepaid',
  proration: 'Count',
  rate: 'Rate',
  segment: 'Rate class',
  warranty: 'Warranty',
  work: 'Work',
};
const NAME_WIDTH = 11;

/** An item with the document that has it, where there is one. */
interface Found {
  readonly item: Explained;
  readonly invoice: Invoice | null;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('explain a price: every step from the recorded work or the terms to the amount')
    .argument(
      '<item>',
      'id of a billable item or a charge; see: billtrail timeline TICKET, billtrail invoice show NUMBER',
    )
    .addHelpText('after', '\nWith --json each item has its `explanation`: {step, text, facts, parts}.')
    .action(async (itemId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.catchUp();
        const found = await session.ask(async ({ models }): Promise<readonly Found[]> => {
          const work = await models.billableItems.explained(itemId);
          const items = work.length > 0 ? work : await models.charges.byId(itemId);
          return Promise.all(
            items.map(async (item) => ({
              item,
              invoice: item.invoiceId === null ? null : await models.invoices.get(item.invoiceId),
            })),
          );
        });
        if (found.length === 0) {
          throw new CommandFailed(
            EXIT.refused,
            'BillableItemNotFound',
            `No billable item or charge ${itemId}.`,
            'See the items of a ticket: billtrail timeline TICKET, or of an invoice: billtrail invoice show NUMBER',
          );
        }
        const explained = found.map(({ item }) => ({ ...item, explanation: explain(item) }));
        session.out.answer(explained, () => found.map(explanationText).join('\n\n'));
      });
    });
}

/** `Workstations, March 2026: 829.50 AUD net, on INV-000013`, its id, and the steps that led there. */
function explanationText({ item, invoice }: Found): string {
  const { parts } = explain(item);
  return [headline(item, invoice), `Item ${idOf(item)}`, ...branches(parts, ''), eventsText(item)].join('\n');
}

function headline(item: Explained, invoice: Invoice | null): string {
  const net = item.net === null ? 'no price' : `${money(item.net)} net`;
  return `${item.description}, ${monthText(monthOf(item))}: ${[net, ...stateOf(item, invoice)].join(', ')}`;
}

function eventsText({ sourceEventIds }: Explained): string {
  return `Source events: ${sourceEventIds.join(', ')}`;
}

/** Where the item stands: on a document, or in words. */
function stateOf(item: Explained, invoice: Invoice | null): readonly string[] {
  const { disposition, approval } = item as Partial<BillableItem>;
  const unapproved = approval === 'unapproved' || approval === 'rejected' ? [`time ${approval}`] : [];
  const document = invoice === null ? null : `on ${documentName(invoice)}`;
  const state = document ?? disposition;
  return [...(state === undefined ? [] : [state]), ...unapproved];
}

function idOf(item: Explained): string {
  return 'chargeItemId' in item ? item.chargeItemId : item.itemId;
}

function monthOf(item: Explained): Month {
  if ('period' in item) return item.period;
  return ('chargeItemId' in item ? item.from : item.workDate).slice(0, 7);
}

/** The name of a step in a column before its text, which does not repeat it. */
function stepText(step: string, text: string): string {
  const name = STEP_NAMES[step] ?? step;
  const repeated = `${name.toLowerCase()} `;
  return `${name.padEnd(NAME_WIDTH)} ${text.startsWith(repeated) ? text.slice(repeated.length) : text}`;
}

function branches(parts: readonly Explanation[], indent: string): string[] {
  return parts.flatMap(({ step, text, parts: below }, index) => {
    const isLast = index === parts.length - 1;
    const own = `${indent}${isLast ? '└─' : '├─'} ${step === 'tried' ? text : stepText(step, text)}`;
    // A list with one member repeats its step.
    const shown = below.length > 1 ? below : [];
    return [own, ...branches(shown, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}
