import { Command } from 'commander';
import { invoiceWarnings, withFreshness, type Freshness, type InvoiceWarning } from '@billtrail/application';
import type { Draw } from '@billtrail/billing';
import type { CreditOfItem, Invoice, ReadModels } from '@billtrail/read-models';
import { Session, refused, toldHere, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money, table } from '../terminal/output.js';
import { runInvoices, type InvoiceRunLine, type RunOptions, warningsOf } from './invoice-run.js';
import { invoiceTable, warningLines } from '../terminal/invoice-table.js';
import { draftCommands } from './drafts.js';
import { giveCreditCommand } from './give-credit.js';
import { creditCommand, creditNotesCommand, showCreditNote, theOne } from './credit.js';
import { monthText, partyLine, taxLines, whomText } from '../terminal/words.js';
import { priceOf, quantityOf, sumOf, type Summed } from '../terminal/line-parts.js';
import {
  clientOption,
  dayArgument,
  idArgument,
  idsArgument,
  itemIdsArgument,
  monthArgument,
  periodOption,
} from './options.js';

export function invoiceCommand(): Command {
  const command = new Command('invoice').description('draft, issue, show and credit invoices');
  command
    .command('run')
    .description(
      'draft an invoice for each client of a month and who pays, or for each contract or site where the client says so; with --issue, approve and issue them too',
    )
    .requiredOption('--period <month>', 'the month, like 2026-03', monthArgument)
    .addOption(clientOption())
    .option('--recipient <client>', 'only what this client receives and pays', idArgument)
    .option('--ticket <id>', 'only the items of this ticket of the client; repeatable', idsArgument, [])
    .option('--charge <id>', 'only this charge of the client; repeatable', itemIdsArgument, [])
    .option('--issue', 'approve and issue the drafts', false)
    .option('--date <day>', 'date on the documents (default: today)', dayArgument)
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<RunOptions>();
      await Session.run(options, async (session) => {
        const lines = await runInvoices(session, options);
        await session.catchUp();
        const invoices = await invoicesOf(session, lines);
        const warnings = await warningsOf(session, invoices);
        const refusal =
          options.client === undefined ? null : (lines.find((line) => line.refusal !== null)?.refusal ?? null);
        // Refused as a whole: there is nothing to show beside the reason.
        if (refusal !== null && invoices.length === 0) throw refused(refusal);
        // The client that is asked for is known, or the run was refused.
        const all = options.client === undefined ? session.billtrail.models.known.now().notKnown() : [];
        const notKnown = all.filter(({ period }) => period === null || period === options.period);
        const left =
          notKnown.length === 0 ? [] : [`Left out, for not all is known of them: ${notKnown.map(whomText).join(', ')}`];
        session.out.answer(
          {
            invoices,
            refused: lines.filter((line) => line.refusal !== null),
            warnings,
            ...(notKnown.length === 0 ? {} : { notKnown }),
          },
          () => [invoiceTable(invoices, lines), ...warningLines(warnings), ...left].join('\n'),
        );
        if (refusal !== null) throw refused(refusal);
      });
    });
  command
    .command('list')
    .description('list invoices in the order they were drafted')
    .addOption(clientOption())
    .option('--recipient <client>', 'only those that this client receives and pays', idArgument)
    .addOption(periodOption())
    .option('--stale', 'say which drafts are stale, and by how much; their months are rated for it', false)
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<
        GlobalOptions & { client?: string; recipient?: string; period?: string; stale: boolean }
      >();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const invoices = await session.ask(async (ports) => {
          const { models } = ports;
          const all: (Invoice & Partial<Freshness>)[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await models.invoices.list(
              { clientId: options.client, recipientId: options.recipient, period: options.period },
              { limit: 200, cursor: cursor ?? undefined },
            );
            all.push(...(options.stale ? await withFreshness(ports, page.items) : page.items));
            cursor = page.nextCursor;
          }
          return all;
        });
        session.out.answer(invoices, () => invoiceTable(invoices, []));
      });
    });
  command
    .command('show')
    .description('show an invoice or credit note with its lines')
    .argument('<document>', 'its number or id')
    .action(async (name: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.catchUp();
        const named = theOne(name, await session.ask(({ models }) => documentsNamed(models, name)));
        if (named === null)
          throw new CommandFailed(
            EXIT.refused,
            'InvoiceNotFound',
            `No invoice or credit note ${name}.`,
            'List all invoices: billtrail invoice list',
          );
        if (!('invoice' in named)) return showCreditNote(session, named.creditNoteId);
        const { invoice } = named;
        const shown = await session.ask(async (ports) => {
          const { models } = ports;
          const lines = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await models.invoices.lines(invoice.invoiceId, { limit: 200, cursor: cursor ?? undefined });
            lines.push(...page.items);
            cursor = page.nextCursor;
          }
          const charges = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await models.invoices.charges(invoice.invoiceId, { limit: 200, cursor: cursor ?? undefined });
            charges.push(...page.items);
            cursor = page.nextCursor;
          }
          return { lines, charges, warnings: (await invoiceWarnings(ports, invoice.invoiceId)).map(toldHere) };
        });
        session.out.answer({ ...invoice, ...shown }, () =>
          document(invoice, shown.warnings, [
            ...shown.lines,
            ...shown.charges.map((charge) => ({ ...charge, workDate: charge.from, itemId: charge.chargeItemId })),
          ]),
        );
      });
    });
  for (const one of draftCommands()) command.addCommand(one);
  command.addCommand(creditCommand());
  command.addCommand(giveCreditCommand());
  command.addCommand(creditNotesCommand());
  return command;
}

type NamedDocument = { readonly invoice: Invoice } | { readonly creditNoteId: string };

/** The invoices and credit notes with a number; where there are none, those with it as their id. */
async function documentsNamed(
  { invoices, creditNotes }: ReadModels,
  name: string,
): Promise<readonly (readonly [id: string, NamedDocument])[]> {
  const found = [
    ...(await invoices.named(name)).map((invoice) => ({
      id: invoice.invoiceId,
      number: invoice.number,
      document: { invoice },
    })),
    ...(await creditNotes.named(name)).map(({ creditNoteId, number }) => ({
      id: creditNoteId,
      number,
      document: { creditNoteId },
    })),
  ];
  const numbered = found.filter(({ number }) => number === name);
  return (numbered.length > 0 ? numbered : found).map(({ id, document: one }) => [id, one]);
}

async function invoicesOf(session: Session, lines: readonly InvoiceRunLine[]): Promise<readonly Invoice[]> {
  return session.ask(async ({ models }) => {
    const found = await Promise.all(lines.map((line) => models.invoices.get(line.invoiceId)));
    return found.filter((invoice) => invoice !== null);
  });
}

function document(
  invoice: Invoice,
  warnings: readonly InvoiceWarning[],
  lines: readonly ({
    workDate: string;
    description: string;
    quantity: string;
    unit: string;
    unitPrice: Invoice['net'];
    net: Invoice['net'];
    itemId: string;
    credits?: readonly CreditOfItem[];
    draw?: Draw;
    purchaseOrder: string | null;
  } & Summed)[],
): string {
  const isCredited = lines.some(({ credits }) => credits !== undefined);
  return [
    `${invoice.status === 'issued' ? 'Tax Invoice' : warnings.some(({ code }) => code === 'DraftStale') ? 'Stale draft' : 'Draft'} ${invoice.number ?? invoice.invoiceId}, ${monthText(invoice.period)}, ${datedText(invoice)}`,
    ...partyLine('From', invoice.seller),
    ...partyLine('To', invoice.buyer),
    ...servedLine(invoice),
    ...dueLine(invoice),
    ...orderLine(lines),
    '',
    table(
      ['Date', 'Description', 'Quantity', 'Price', 'Net', 'Item', ...(isCredited ? ['Credited'] : [])],
      lines.flatMap((line) => [
        [
          line.workDate,
          line.description.slice(0, 50),
          quantityOf(line),
          line.draw === undefined ? money(priceOf(line)) : coveredBy(line.draw),
          money(line.net),
          line.itemId,
          ...(isCredited
            ? [(line.credits ?? []).map(({ outcome, net }) => `${outcome} ${money(net)}`).join(', ')]
            : []),
        ],
        ...sumOf(line).map(([text, amount]) => ['', `  ${text}`, '', amount, '', '', ...(isCredited ? [''] : [])]),
      ]),
      ['Quantity', 'Price', 'Net'],
    ),
    '',
    `Net ${money(invoice.net)}`,
    ...invoice.taxTotals.flatMap(taxLines),
    `Total ${money(invoice.total)}`,
    ...(invoice.status === 'draft' && invoice.hash !== null ? [`Hash ${invoice.hash}`] : []),
    ...(invoice.credited === null ? [] : [`Credited ${money(invoice.credited.total)}`]),
    ...warningLines(warnings),
  ].join('\n');
}

/** Of a draft the day that was named for it. */
function datedText({ status, issueDate }: Invoice): string {
  const isDraft = status === 'draft' || status === 'approved';
  if (issueDate === null) return 'not issued';
  return isDraft ? `to be dated ${issueDate}` : `dated ${issueDate}`;
}

/** Who was served, where another pays, and the site that it is for. */
function servedLine({ clientId, recipientId, siteId }: Invoice): readonly string[] {
  return [
    ...(recipientId === clientId ? [] : [`Served: client ${clientId}`]),
    ...(siteId === null ? [] : [`Site ${siteId}`]),
  ];
}

/** When it is to be paid, and why then. */
function dueLine({ dueDate, terms }: Invoice): readonly string[] {
  if (terms === null) return [];
  return [dueDate === null ? terms : `${terms}: ${dueDate}`];
}

/** The client's orders that the lines name. */
function orderLine(lines: readonly { readonly purchaseOrder: string | null }[]): readonly string[] {
  const orders = [...new Set(lines.flatMap(({ purchaseOrder }) => purchaseOrder ?? []))];
  return orders.length === 0 ? [] : [`Purchase order ${orders.join(', ')}`];
}

/** What a zero line shows instead of a price, so that the client sees it was prepaid. */
function coveredBy({ source, weight }: Draw): string {
  const by = source.from === 'block' ? `block ${source.blockId}` : `${source.allotmentId} of ${source.month}`;
  return weight === undefined ? by : `${by} x ${weight}`;
}
