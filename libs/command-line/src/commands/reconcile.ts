import { Command, Option } from 'commander';
import { isRefusal } from '@billtrail/kernel';
import { FATES, type Fate } from '@billtrail/read-models';
import { clientAskedFor, reconciled, todayAsked } from '@billtrail/application';
import { refused, Session, type GlobalOptions } from '../session.js';
import { CommandFailed, EXIT } from '../terminal/exit-codes.js';
import { counted, table } from '../terminal/output.js';
import { reconciliationText } from '../terminal/reconciliation.js';
import { asOfOption, clientOption, periodOption } from './options.js';

interface Options extends GlobalOptions {
  readonly client?: string;
  readonly period?: string;
  readonly asOf?: string;
  readonly tickets?: Fate | 'all';
  readonly failOnGaps: boolean;
}

export function reconcileCommand(): Command {
  return new Command('reconcile')
    .description('check that all work is accounted for, and list the gaps with their value')
    .addOption(clientOption())
    .addOption(periodOption())
    .addOption(asOfOption())
    .addOption(
      new Option('--tickets <result>', 'also list the resolved tickets with this result').choices([...FATES, 'all']),
    )
    .option('--fail-on-gaps', `exit with ${EXIT.found} if a resolved ticket has a gap`, false)
    .action(async (_options, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const scope = { clientId: options.client, period: options.period };
        const { reconciliation, tickets } = await session.ask(async (ports) => {
          const { models, store, clock } = ports;
          const client = options.client === undefined ? null : await clientAskedFor({ models, store }, options.client);
          if (isRefusal(client)) throw refused(client);
          const asOf = options.asOf ?? todayAsked({ models, clock });
          const found = [];
          for (let cursor: string | null | undefined; options.tickets !== undefined && cursor !== null;) {
            const fate = options.tickets === 'all' ? undefined : options.tickets;
            const page = await models.reconciliation.tickets(
              asOf,
              { ...scope, fate },
              { limit: 200, cursor: cursor ?? undefined },
            );
            found.push(...page.items);
            cursor = page.nextCursor;
          }
          return { reconciliation: await reconciled(ports, asOf, scope), tickets: found };
        });
        session.out.answer(
          options.tickets === undefined ? reconciliation : { ...reconciliation, ticketList: tickets },
          () =>
            [
              reconciliationText(reconciliation, scope),
              ...(options.tickets === undefined
                ? []
                : [
                    '',
                    table(
                      ['Ticket', 'Client', 'Resolved', 'Result', 'Open again', 'Summary'],
                      tickets.map((ticket) => [
                        ticket.ticketId,
                        ticket.clientId,
                        ticket.resolvedOn,
                        ticket.fate,
                        ticket.reopenedOn ?? '',
                        ticket.summary.slice(0, 60),
                      ]),
                    ),
                  ]),
            ].join('\n'),
        );
        const { tickets: results, gaps, reopened } = reconciliation;
        if (options.failOnGaps && results.gap > 0) {
          throw new CommandFailed(
            EXIT.found,
            'GapsFound',
            `${counted(results.gap, 'resolved ticket')} with gaps.`,
            'List them: billtrail reconcile --tickets gap',
          );
        }
        if (options.failOnGaps && gaps.length > 0) {
          throw new CommandFailed(
            EXIT.found,
            'GapsFound',
            `Of ${counted(reopened?.tickets ?? 0, 'ticket')} that were opened again some have gaps.`,
            'List them: billtrail reconcile --tickets reopened',
          );
        }
      });
    });
}
