import { Command } from 'commander';
import { unreachable } from '@billtrail/kernel';
import {
  explain,
  type BillableItem,
  type ChargeItem,
  type DocumentNumbers,
  type ExplainedItem,
} from '@billtrail/billing';
import { withWaiting } from '@billtrail/application';
import type { CreditNote, DocumentOfItem, Invoice, ReadModels, WaitingRequest } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money } from '../terminal/output.js';
import { clientOption, periodOption } from './options.js';
import { documentName, monthText, waitingSentence } from '../terminal/words.js';

/** The name of a line stands before it, as wide as `Not applied`. */
const NAME_WIDTH = 11;

/** An item with the documents that have it, where there are any: an invoice or draft, and the credit note that took of it or gave it; and with all that ever had it. */
interface Found {
  readonly item: (ExplainedItem & { readonly waiting?: readonly WaitingRequest[] }) | ChargeItem;
  readonly invoice: Invoice | null;
  readonly note: CreditNote | null;
  readonly documents: readonly DocumentOfItem[];
  /** Of the documents that its story names. */
  readonly numbers: DocumentNumbers;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('explain a price: every step from the recorded work or the terms to the amount')
    .argument(
      '<item>',
      'id of a billable item or a charge; see: billtrail timeline TICKET, billtrail invoice show NUMBER',
    )
    .addOption(clientOption())
    .addOption(periodOption())
    .addHelpText(
      'after',
      '\nAn id may have an item in several months: each is explained, or the one of --period. With --json each item has its `explanation`: {step, text, facts, story, parts}.',
    )
    .action(async (itemId: string, _options, self: Command) => {
      const { client, period, ...options } = self.optsWithGlobals<
        GlobalOptions & { client?: string; period?: string }
      >();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const found = await session.ask(async ({ models }): Promise<readonly Found[]> => {
          const place = { clientId: client, period };
          const work = await withWaiting(models, await models.billableItems.explained(itemId, place));
          const items = work.length > 0 ? work : await models.charges.byId(itemId, place);
          return Promise.all(
            items.map(async (item) => ({
              item,
              invoice: item.invoiceId === null ? null : await models.invoices.get(item.invoiceId),
              note: item.creditNoteId === undefined ? null : await models.creditNotes.get(item.creditNoteId),
              documents: await documentsOf(item, models),
              numbers: await models.documents.numbersTold(item),
            })),
          );
        });
        if (found.length === 0) {
          throw new CommandFailed(
            EXIT.refused,
            'BillableItemNotFound',
            `No billable item or charge ${itemId}${period === undefined ? '' : ` in ${period}`}.`,
            'See the items of a ticket: billtrail timeline TICKET, or of an invoice: billtrail invoice show NUMBER',
          );
        }
        const explained = found.map(({ item, documents, numbers }) => ({
          ...item,
          documents,
          explanation: explain(item, numbers),
        }));
        session.out.answer(explained, () => found.map(explanationText).join('\n\n'));
      });
    });
}

/** `Workstations, March 2026: 829.50 AUD net, on INV-000013`, its id, and its story. */
function explanationText({ item, invoice, note, documents, numbers }: Found): string {
  const lines = explain(item, numbers).story.map(({ label, text }) => `${label.padEnd(NAME_WIDTH)}  ${text}`);
  const net = item.net === null ? 'no price' : `${money(item.net)} net`;
  const headline = `${item.description}, ${monthText(item.period)}: ${[net, ...stateOf(item, invoice, note)].join(', ')}`;
  return [
    headline,
    `Item ${idOf(item)} of ${item.period}`,
    ...lines,
    ...documentsText(documents),
    ...waitingText(item),
    eventsText(item),
  ].join('\n');
}

function waitingText(item: Found['item']): readonly string[] {
  return ('waiting' in item ? (item.waiting ?? []) : []).map(
    (request) => `${'Waits'.padEnd(NAME_WIDTH)}  ${waitingSentence(request)}`,
  );
}

async function documentsOf(item: Found['item'], { documents }: ReadModels): Promise<readonly DocumentOfItem[]> {
  const { clientId, period } = item;
  // Work of tickets without a client is on no document.
  return clientId === null
    ? []
    : documents.of(idOf(item), 'chargeItemId' in item ? 'charge' : 'work', { clientId, period });
}

/** Its way through documents, where a credit note is among them: `on INV-000003; 50.00 AUD taken back by CN-000002, to be billed again`. */
function documentsText(documents: readonly DocumentOfItem[]): readonly string[] {
  if (documents.every(({ outcome }) => outcome === null)) return [];
  return [`${'Documents'.padEnd(NAME_WIDTH)}  ${documents.map(documentText).join('; ')}`];
}

function documentText({ documentId, number, net, outcome }: DocumentOfItem): string {
  if (outcome === null) return `on ${number ?? `draft ${documentId}`}`;
  const by = `by ${number ?? documentId}`;
  switch (outcome) {
    case 'bill-again':
      return `${money(net)} taken back ${by}, to be billed again`;
    case 'written-off':
      return `${money(net)} credited ${by}`;
    case 'corrected':
      return `${money(net)} given ${by}`;
    default:
      return unreachable(outcome);
  }
}

function eventsText({ sourceEventIds }: Found['item']): string {
  return `Source events: ${sourceEventIds.join(', ')}`;
}

/** Where the item stands: on a document, or in words. */
function stateOf(item: Found['item'], invoice: Invoice | null, note: CreditNote | null): readonly string[] {
  if (note !== null) return [creditedBy(item, note)];
  const { disposition, approval } = item as Partial<BillableItem>;
  const unapproved = approval === 'unapproved' || approval === 'rejected' ? [`time ${approval}`] : [];
  const document = invoice === null ? null : `on ${documentName(invoice)}`;
  const state = document ?? disposition;
  return [...(state === undefined ? [] : [state]), ...unapproved];
}

/** What a credit note did with the item: it wrote it off, gave it, or took a part of it back. */
function creditedBy(item: Found['item'], { number, creditNoteId, invoiceNumber }: CreditNote): string {
  const note = `credit note ${number ?? creditNoteId}`;
  if (invoiceNumber === null) return `given by ${note}`;
  if (item.disposition === 'written-off') return `written off by ${note} for ${invoiceNumber}`;
  if (item.net?.amount.startsWith('-') === true) return `given by ${note} for ${invoiceNumber}`;
  const taken = 'credited' in item && item.credited !== undefined ? `${money(item.credited)} of it` : 'the rest';
  return `on ${invoiceNumber}, ${taken} taken back by ${note}`;
}

function idOf(item: Found['item']): string {
  return 'chargeItemId' in item ? item.chargeItemId : item.itemId;
}
