import { Command } from 'commander';
import { type CommandClass, billingCommands, redraftOf } from '@billtrail/application';
import { isRefusal } from '@billtrail/kernel';
import { type GlobalOptions, refused, Session, toldHere } from '../session.js';
import { invoiceTable, warningLines } from '../terminal/invoice-table.js';
import { invoiceNamed } from './credit.js';
import { warningsOf } from './invoice-run.js';
import { madeId } from '../under-key.js';
import { dayArgument, draftHashArgument } from './options.js';

/** What becomes of a draft that somebody has looked at: approved, issued, or discarded. */
export function draftCommands(): readonly Command[] {
  return [
    onDraft('approve', 'approve a draft as it was shown', billingCommands.ApproveInvoice, ({ hash }) => ({
      hash,
    })).option(
      '--hash <hash>',
      'hash of the draft that you have seen, from invoice show; refused if it has another',
      draftHashArgument,
    ),
    onDraft('issue', 'issue an approved draft', billingCommands.IssueInvoice, ({ date }) => ({
      issueDate: date,
    })).option(
      '--date <day>',
      'date on the document (default: the one that it was drafted for, else today)',
      dayArgument,
    ),
    onDraft(
      'discard',
      'discard a draft; its items become billable again',
      billingCommands.DiscardInvoiceDraft,
      ({ reason }) => ({
        reason,
      }),
    ).requiredOption('--reason <text>', 'why'),
    redraftCommand(),
  ];
}

function redraftCommand(): Command {
  return new Command('redraft')
    .description('discard a draft, and draft anew what it was made of: its tickets and charges, and no others')
    .argument('<draft>', 'its id')
    .option('--date <day>', 'date on the document (default: the one that it was drafted for)', dayArgument)
    .action(async (draft: string, _options, self: Command) => {
      const options = self.optsWithGlobals<DraftOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const { invoiceId, clientId, period, issueDate: meantFor } = await invoiceNamed(session, draft);
        const issueDate = options.date ?? meantFor ?? undefined;
        const dated = issueDate === undefined ? {} : { issueDate };
        const of = { clientId, period, ...dated };
        const [reason, anewId] = ['Drafted anew', madeId('inv', invoiceId)];
        const { actor: by } = await session.acting();
        // Before anything is discarded: where the new one can't be made, the old one stays.
        const anew = await redraftOf(session.billtrail, { ...of, invoiceId, reason, anewId, by });
        if (isRefusal(anew)) throw refused(toldHere(anew));
        await session.send(billingCommands.DiscardInvoiceDraft, { invoiceId, clientId, period, reason });
        session.out.say(`Draft ${invoiceId} is discarded.`);
        await session.send(billingCommands.DraftInvoice, { ...of, ...anew, invoiceId: anewId });
        await session.catchUp();
        const invoice = await session.ask(({ models }) => models.invoices.get(anewId));
        const invoices = invoice === null ? [] : [invoice];
        const warnings = await warningsOf(session, invoices);
        session.out.answer({ discarded: invoiceId, invoices, warnings }, () =>
          [invoiceTable(invoices, []), ...warningLines(warnings)].join('\n'),
        );
      });
    });
}

interface DraftOptions extends GlobalOptions {
  readonly hash?: string;
  readonly date?: string;
  readonly reason?: string;
}

function onDraft<C extends object>(
  name: string,
  description: string,
  command: CommandClass<C>,
  fieldsOf: (options: DraftOptions) => object,
): Command {
  return new Command(name)
    .description(description)
    .argument('<draft>', 'its id')
    .action(async (draft: string, _options, self: Command) => {
      const options = self.optsWithGlobals<DraftOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const { invoiceId, clientId, period } = await invoiceNamed(session, draft);
        const stated = Object.entries(fieldsOf(options)).filter(([, value]) => value !== undefined);
        await session.send(command, { invoiceId, clientId, period, ...Object.fromEntries(stated) });
        await session.catchUp();
        const invoice = await session.ask(({ models }) => models.invoices.get(invoiceId));
        // Once it is issued there is a document, and what it lacks is told where that is shown.
        const warnings = name === 'approve' ? await warningsOf(session, [{ invoiceId }]) : [];
        session.out.answer(warnings.length === 0 ? invoice : { ...invoice, warnings }, () =>
          [invoiceTable(invoice === null ? [] : [invoice], []), ...warningLines(warnings)].join('\n'),
        );
      });
    });
}
