import { Command, InvalidArgumentError } from 'commander';
import type { TimelineEntry } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { money, table } from '../terminal/output.js';

export function timelineCommand(): Command {
  return new Command('timeline')
    .description('everything that happened to a ticket, in order, and what became of its work')
    .argument('<ticket>', 'id of the ticket')
    .option('--up-to <position>', 'as it was at this position of the log', positionArgument)
    .action(async (ticketId: string, _options, self: Command) => {
      const { upTo, ...options } = self.optsWithGlobals<GlobalOptions & { upTo?: number }>();
      await Session.run(options, async (session) => {
        await session.settle();
        const found = await session.ask(async ({ models }) => {
          const entries: TimelineEntry[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await models.timeline.timeline(ticketId, { limit: 200, cursor: cursor ?? undefined, upTo });
            if (page === null) return null;
            entries.push(...page.items);
            cursor = page.nextCursor;
          }
          return { entries, outcome: await models.timeline.outcome(ticketId) };
        });
        if (!found)
          throw new CommandFailed(EXIT.refused, 'TicketNotFound', `There is no ticket ${ticketId}.`, 'Correct the id.');
        const { entries, outcome } = found;
        session.out.answer({ ticketId, entries, ...outcome }, () =>
          [
            table(
              ['occurred', 'recorded', 'who', 'what'],
              entries.map((entry) => [
                entry.occurredAt,
                entry.recordedAt,
                entry.actor.id,
                entry.irregular.length === 0
                  ? entry.sentence
                  : `${entry.sentence} [irregular: ${entry.irregular.join(', ')}]`,
              ]),
            ),
            ...(outcome.items.length === 0
              ? []
              : [
                  '',
                  'What became of its work',
                  table(
                    ['item', 'date', 'what', 'disposition', 'net', 'invoice'],
                    outcome.items.map((item) => [
                      item.itemId,
                      item.workDate,
                      item.description.slice(0, 50),
                      item.disposition,
                      money(item.net),
                      item.invoiceId,
                    ]),
                    ['net'],
                  ),
                ]),
            ...(outcome.recordedGaps.length === 0
              ? []
              : [
                  '',
                  'Gaps',
                  table(
                    ['gap', 'state', 'value at risk', 'cause'],
                    outcome.recordedGaps.map((gap) => [
                      gap.kind,
                      gap.ending ?? gap.state,
                      money(gap.valueAtRisk.money),
                      gap.cause,
                    ]),
                    ['value at risk'],
                  ),
                ]),
          ].join('\n'),
        );
      });
    });
}

function positionArgument(value: string): number {
  const position = Number(value);
  if (value === '' || !Number.isSafeInteger(position) || position < 0)
    throw new InvalidArgumentError('A position is a whole number, as writes answer it.');
  return position;
}
