import { Command } from 'commander';
import { type CommandClass, billingCommands } from '@billtrail/application';
import { type GlobalOptions, refused, Session } from '../session.js';
import { invoiceTable, warningLines } from '../terminal/invoice-table.js';
import { invoiceNamed } from './credit.js';
import { runInvoices, warningsOf } from './invoice-run.js';
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
    redraftCommand(),
  ];
}

function redraftCommand(): Command {
  return new Command('redraft')
    .description('give a draft up, and draft anew what its client is to be billed for in that month')
    .argument('<draft>', 'its id')
    .option('--date <day>', 'date on the document (default: the one that it was drafted for)', dayArgument)
    .action(async (draft: string, _options, self: Command) => {
      const options = self.optsWithGlobals<DraftOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const { invoiceId, clientId, period, issueDate } = await invoiceNamed(session, draft);
        const given = { invoiceId, clientId, period, reason: 'Drafted anew' };
        await session.send(billingCommands.DiscardInvoiceDraft, given);
        session.out.say(`Draft ${invoiceId} is given up.`);
        const date = options.date ?? issueDate ?? undefined;
        const dated = date === undefined ? {} : { date };
        const lines = await runInvoices(session, {
          client: clientId,
          period,
          ticket: [],
          charge: [],
          issue: false,
          ...dated,
        });
        await session.catchUp();
        const ids = lines.map((line) => line.invoiceId);
        const invoices = await session.ask(async ({ models }) =>
          (await Promise.all(ids.map((id) => models.invoices.get(id)))).filter((one) => one !== null),
        );
        const [refusal] = lines.flatMap((line) => line.refusal ?? []);
        // There is nothing to show beside the reason: the old draft is given up, and nothing is left to bill.
        if (refusal !== undefined && invoices.length === 0) throw refused(refusal);
        const warnings = await warningsOf(session, invoices);
        session.out.answer({ discarded: invoiceId, invoices, warnings }, () =>
          [invoiceTable(invoices, lines), ...warningLines(warnings)].join('\n'),
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
