import { Command, InvalidArgumentError } from 'commander';
import { zoneOfTicket } from '@billtrail/application';
import { Position } from '@billtrail/event-store';
import type { BillableItem } from '@billtrail/billing';
import { epochMillis, localTimeIn, type Instant, type TimeZone } from '@billtrail/kernel';
import { inOrderOfLog, type TicketOutcome, type TimelineEntry } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money, table } from '../terminal/output.js';
import { documentName, givenUpSentence, personText, waitingSentence } from '../terminal/words.js';

export function timelineCommand(): Command {
  return new Command('timeline')
    .description('show everything that happened to a ticket, and the outcome of its work')
    .argument('<ticket>', 'id of the ticket')
    .option('--up-to <position>', 'as it was at this position of the log', positionArgument)
    .action(async (ticketId: string, _options, self: Command) => {
      const { upTo, ...options } = self.optsWithGlobals<GlobalOptions & { upTo?: Position }>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const found = await session.ask(async (ports) => {
          const { models } = ports;
          const entries: TimelineEntry[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await models.timeline.timeline(ticketId, { limit: 200, cursor: cursor ?? undefined, upTo });
            if (page === null) return null;
            entries.push(...page.items);
            cursor = page.nextCursor;
          }
          return {
            entries,
            outcome: await models.timeline.outcome(ticketId),
            timeZone: await zoneOfTicket(ports, ticketId),
          };
        });
        if (!found)
          throw new CommandFailed(
            EXIT.refused,
            'TicketNotFound',
            `No ticket ${ticketId}.`,
            'Check the id; resolved tickets are listed by: billtrail reconcile --tickets all',
          );
        const { entries, outcome, timeZone } = found;
        session.out.answer({ ticketId, entries, ...outcome }, () =>
          [
            `Ticket ${ticketId}, as it happened, in the time of ${timeZone}`,
            '',
            table(
              ['Occurred', 'Recorded', 'Actor', 'Event'],
              asItHappened(entries).map((entry) => [
                localTimeIn(timeZone, entry.occurredAt),
                recordedText(entry, timeZone),
                personText(entry.actor.id),
                entry.irregular.length === 0
                  ? entry.sentence
                  : `${entry.sentence} [irregular: ${entry.irregular.join(', ')}]`,
              ]),
            ),
            ...(outcome.items.length === 0
              ? []
              : [
                  '',
                  'Work',
                  table(
                    ['Item', 'Date', 'Description', 'Disposition', 'Net', 'Invoice'],
                    outcome.items.map((item) => [
                      item.itemId,
                      item.workDate,
                      item.description.slice(0, 50),
                      item.disposition,
                      money(item.net),
                      documentOf(item, outcome),
                    ]),
                    ['Net'],
                  ),
                ]),
            ...(outcome.recordedGaps.length === 0
              ? []
              : [
                  '',
                  'Gaps',
                  table(
                    ['Gap', 'State', 'Value at risk', 'Cause'],
                    outcome.recordedGaps.map((gap) => [
                      gap.kind,
                      gap.ending ?? gap.state,
                      money(gap.valueAtRisk.money),
                      gap.cause,
                    ]),
                    ['Value at risk'],
                  ),
                ]),
            ...outcome.waiting.map((request) => `\n${waitingSentence(request)}`),
            ...outcome.givenUp.map((one) => `\n${givenUpSentence(one)}`),
            ...outcome.creditNotes.map(
              ({ number, creditNoteId, invoiceId, net, comment }) =>
                `\nCredit note ${number ?? creditNoteId}${invoiceId === null ? '' : ` of ${invoiceName(invoiceId, outcome)}`}: ${money(net)} back, ${comment}`,
            ),
          ].join('\n'),
        );
      });
    });
}

/** In the order of occurrence; what happened at one moment in that of the log. */
function asItHappened(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return [...entries].sort((a, b) => epochMillis(a.occurredAt) - epochMillis(b.occurredAt) || inOrderOfLog(a, b));
}

/** Where it was recorded at once there is no more to say. */
function recordedText({ occurredAt, recordedAt }: TimelineEntry, timeZone: TimeZone): string | null {
  const told = (at: Instant): string => localTimeIn(timeZone, at);
  return told(recordedAt) === told(occurredAt) ? null : told(recordedAt);
}

/** The number of the item's invoice, or `draft`. */
function documentOf({ invoiceId }: BillableItem, { invoices }: TicketOutcome): string | null {
  return invoiceId === null ? null : invoiceName(invoiceId, { invoices });
}

function invoiceName(invoiceId: string, { invoices }: Pick<TicketOutcome, 'invoices'>): string {
  const invoice = invoices.find((one) => one.invoiceId === invoiceId);
  return invoice === undefined ? invoiceId : documentName(invoice);
}

function positionArgument(value: string): Position {
  const position = Position.parse(value);
  if (position === null)
    throw new InvalidArgumentError(
      'Use a position as writes and this command with --json give it, such as 912.3f0a96d1.',
    );
  return position;
}
