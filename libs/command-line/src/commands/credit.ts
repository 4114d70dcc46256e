import { Command, InvalidArgumentError, Option } from 'commander';
import { isDecimalString } from '@billtrail/kernel';
import { billingCommands } from '@billtrail/application';
import { CREDIT_OUTCOMES, type CreditAsked, type CreditOutcome } from '@billtrail/billing';
import type { CreditNote, Invoice, NumberedCredit, ReadModels } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { sumOf } from '../terminal/line-parts.js';
import { count, money, table } from '../terminal/output.js';
import { monthText, partyLine, taxLines } from '../terminal/words.js';
import { dayArgument, idArgument, itemIdsArgument } from './options.js';
import { madeId } from '../under-key.js';

interface CreditOptions extends GlobalOptions {
  readonly item: readonly string[];
  readonly all: boolean;
  readonly outcome: CreditOutcome;
  readonly net?: string;
  readonly reason: string;
  readonly comment: string;
  readonly date?: string;
  readonly id?: string;
}

function decimalArgument(value: string): string {
  if (!isDecimalString(value)) throw new InvalidArgumentError('Use an amount like 12.50.');
  return value;
}

/** Every page of a list. */
async function all<Item>(
  list: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly Item[]; readonly nextCursor: string | null }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await list(cursor ?? undefined);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

export function creditCommand(): Command {
  return new Command('credit')
    .description('issue a credit note for items of an issued invoice')
    .argument('<invoice>', 'its number or id')
    .option(
      '--item <id>',
      'an item or charge of the invoice, or a credit that is owed; repeatable',
      itemIdsArgument,
      [],
    )
    .option('--all', 'everything on the invoice', false)
    .addOption(
      new Option('--outcome <outcome>', 'bill the item again, write it off, or give a credit that is owed')
        .choices(CREDIT_OUTCOMES)
        .makeOptionMandatory(),
    )
    .option('--net <amount>', 'only this part of the item, which stays invoiced (with written-off)', decimalArgument)
    .requiredOption('--reason <code>', 'reason code')
    .requiredOption('--comment <text>', 'why, as printed on the document')
    .option('--date <day>', 'date on the document (default: today)', dayArgument)
    .option('--id <id>', 'id of the credit note (default: generated)', idArgument)
    .action(async (name: string, _options, self: Command) => {
      const options = self.optsWithGlobals<CreditOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const invoice = await invoiceNamed(session, name);
        const { invoiceId, clientId, period } = invoice;
        const creditNoteId = options.id ?? madeId('cn', invoiceId);
        const { waits, warnings = [] } = await session.send(billingCommands.IssueCreditNote, {
          creditNoteId,
          invoiceId,
          clientId,
          period,
          items: await itemsOf(session, invoice, options),
          reasonCode: options.reason,
          comment: options.comment,
          issueDate: options.date ?? null,
        });
        if (waits === true) {
          session.out.answer({ creditNoteId, warnings }, () => warnings.map(({ message }) => message).join('\n'));
          return;
        }
        await session.catchUp();
        await showCreditNote(session, creditNoteId);
      });
    });
}

export function creditNotesCommand(): Command {
  return new Command('credit-notes')
    .description('list credit notes, of all invoices or one')
    .argument('[invoice]', 'its number or id')
    .action(async (name: string | undefined, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.catchUp();
        const of = name === undefined ? {} : { invoiceId: (await invoiceNamed(session, name)).invoiceId };
        const notes = await session.ask(({ models }) =>
          all((cursor) => models.creditNotes.list(of, { limit: 200, cursor })),
        );
        session.out.answer(notes, () => noteTable(notes));
      });
    });
}

export async function invoiceNamed(session: Session, name: string): Promise<Invoice> {
  const invoice = theOne(
    name,
    (await session.ask(({ models }) => models.invoices.named(name))).map((one) => [one.invoiceId, one]),
  );
  if (invoice) return invoice;
  throw new CommandFailed(
    EXIT.refused,
    'InvoiceNotFound',
    `No invoice ${name}.`,
    'List all invoices: billtrail invoice list',
  );
}

function documentId({ number, invoiceId }: Invoice): string {
  return number ?? invoiceId;
}

async function itemsOf(session: Session, invoice: Invoice, options: CreditOptions): Promise<readonly CreditAsked[]> {
  const { item, outcome, net } = options;
  if (options.all === item.length > 0) {
    const why = 'Name what to credit: --item ID (repeatable), or --all.';
    const remedy = `See the items: billtrail invoice show ${documentId(invoice)}`;
    throw new CommandFailed(EXIT.badInput, 'InvalidInput', why, remedy);
  }
  const ids = options.all ? await session.ask(({ models }) => everythingOn(models, invoice.invoiceId)) : item;
  const part = net === undefined ? {} : { net: { amount: net, currency: invoice.currency } };
  return ids.map((itemId) => ({ itemId, outcome, ...part }));
}

async function everythingOn({ invoices }: ReadModels, invoiceId: string): Promise<readonly string[]> {
  const lines = await all((cursor) => invoices.lines(invoiceId, { limit: 200, cursor }));
  const charges = await all((cursor) => invoices.charges(invoiceId, { limit: 200, cursor }));
  return [...lines.map(({ itemId }) => itemId), ...charges.map(({ chargeItemId }) => chargeItemId)];
}

/** The document that a number or id means, of those that have it; null: none has. Several with one number are refused, never guessed. */
export function theOne<Document>(name: string, found: readonly (readonly [id: string, Document])[]): Document | null {
  if (found.length > 1)
    throw new CommandFailed(
      EXIT.refused,
      'NumberAmbiguous',
      `${found.length} documents have the number ${name}: ${found.map(([id]) => id).join(', ')}.`,
      'Name the one that you mean by its id.',
    );
  return found[0]?.[1] ?? null;
}

/** Prints a credit note. */
export async function showCreditNote(session: Session, creditNoteId: string): Promise<void> {
  const { note, lines } = await session.ask(async ({ models: { creditNotes } }) => ({
    note: await creditNotes.get(creditNoteId),
    lines: await all((cursor) => creditNotes.lines(creditNoteId, { limit: 200, cursor })),
  }));
  if (note) session.out.answer({ ...note, lines }, () => document(note, lines));
}

function noteTable(notes: readonly CreditNote[]): string {
  return table(
    ['Number', 'Invoice', 'Client', 'Month', 'Status', 'Lines', 'Net', 'Tax', 'Total', 'Id'],
    notes.map((note) => [
      note.number,
      note.invoiceNumber ?? '-',
      note.clientId,
      note.period,
      note.status,
      count(note.lineCount),
      money(note.net),
      money(note.tax),
      money(note.total),
      note.creditNoteId,
    ]),
    ['Lines', 'Net', 'Tax', 'Total'],
  );
}

function document(note: CreditNote, lines: readonly NumberedCredit[]): string {
  const rows = lines.flatMap((one) => {
    const { description, itemId, date, unit, parts, net } =
      'line' in one
        ? { ...one.line, date: one.line.workDate }
        : { ...one.charge, date: one.charge.from, itemId: one.charge.chargeItemId };
    // The sum of the whole line tells nothing of a part of it that goes back. What is owed is a line of its own, below zero.
    const isAll = one.outcome === 'corrected' || (one.isWhole && net.amount === one.net.amount);
    const sum = sumOf({ unit, parts: isAll ? parts : [], creditOf: one.creditOf });
    return [
      [date, description.slice(0, 50), one.outcome, money(one.net), itemId],
      ...sum.map(([text, amount]) => ['', `  ${text}`, '', amount, '']),
    ];
  });
  return [
    `Credit note ${note.number ?? note.creditNoteId}${note.invoiceNumber === null ? '' : ` for invoice ${note.invoiceNumber}`}, ${monthText(note.period)}, dated ${note.issueDate}`,
    ...partyLine('From', note.seller),
    ...partyLine('To', note.buyer),
    `Reason  ${note.reasonCode}: ${note.comment}`,
    '',
    table(['Date', 'Description', 'Outcome', 'Net', 'Item'], rows, ['Net']),
    '',
    `Net ${money(note.net)}`,
    ...note.taxTotals.flatMap(taxLines),
    `Total ${money(note.total)}`,
  ].join('\n');
}
