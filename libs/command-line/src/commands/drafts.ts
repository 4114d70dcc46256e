import { Command } from 'commander';
import { type CommandClass, billingCommands } from '@billtrail/application';
import { type GlobalOptions, Session } from '../session.js';
import { invoiceTable } from '../terminal/invoice-table.js';
import { invoiceNamed } from './credit.js';
import { dayArgument, draftHashArgument } from './options.js';

/** What becomes of a draft that somebody has looked at: approved, issued, or given up. */
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
      'give a draft up; its items become billable again',
      billingCommands.DiscardInvoiceDraft,
      ({ reason }) => ({
        reason,
      }),
    ).requiredOption('--reason <text>', 'why'),
  ];
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
        session.out.answer(invoice, () => invoiceTable(invoice === null ? [] : [invoice], []));
      });
    });
}
