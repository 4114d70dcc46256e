import { Command, Option } from 'commander';
import { WithdrawForgoingRequest } from '@billtrail/application';
import { APPROVAL_STATES, MAX_PAGE, whyLapsed, type Approval, type ApprovalState } from '@billtrail/read-models';
import { Session, type GlobalOptions } from '../session.js';
import { money, table } from '../terminal/output.js';
import { idArgument } from './options.js';

interface ListOptions extends GlobalOptions {
  readonly state: ApprovalState;
  readonly client?: string;
  readonly ticket?: string;
}

interface WithdrawOptions extends GlobalOptions {
  readonly reason: string;
}

export function approvalsCommand(): Command {
  return new Command('approvals')
    .description('requests to forgo money: what waits for a second person, and how to withdraw it')
    .addCommand(listCommand())
    .addCommand(withdrawCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('list requests to forgo money, by default those that wait')
    .addOption(new Option('--state <state>', 'how they stand').choices(APPROVAL_STATES).default('waiting'))
    .option('--client <id>', 'only those of this client', idArgument)
    .option('--ticket <id>', 'only those of this ticket', idArgument)
    .action(async (_options, self: Command) => {
      const { state, client: clientId, ticket: ticketId, ...options } = self.optsWithGlobals<ListOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const items = await session.ask(async ({ models }) => {
          const all: Approval[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await models.approvals.list({ state, clientId, ticketId }, { limit: MAX_PAGE, cursor });
            all.push(...page.items);
            cursor = page.nextCursor;
          }
          return all;
        });
        session.out.answer(items, () => requestsText(items, state));
      });
    });
}

function withdrawCommand(): Command {
  return new Command('withdraw')
    .description('withdraw a request to forgo money that has no effect yet')
    .argument('<request>', 'its id, as the list shows it', idArgument)
    .requiredOption('--reason <text>', 'why')
    .action(async (requestId: string, _options, self: Command) => {
      const options = self.optsWithGlobals<WithdrawOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const { reason } = options;
        await session.send(WithdrawForgoingRequest, { requestId, reason });
        await session.catchUp();
        const request = await session.ask(({ models }) => models.approvals.get(requestId));
        session.out.answer(request, () => `Request ${requestId} is withdrawn: nothing was forgone.`);
      });
    });
}

function requestsText(items: readonly Approval[], state: ApprovalState): string {
  if (items.length === 0) return `No request to forgo money is ${state}.`;
  return table(
    [
      'Request',
      'Act',
      'Of',
      'Ticket',
      'Client',
      'Month',
      'Value',
      'Sum with it',
      'Limit',
      'Asked by',
      'Comment',
      'Lapsed because',
    ],
    items.map(
      ({ requestId, act, target, ticketId, clientId, period, value, aboveLimit, requestedBy, comment, lapse }) => [
        requestId,
        act,
        target,
        ticketId ?? '',
        clientId ?? '',
        period ?? '',
        money(value),
        aboveLimit === null ? '' : sumText(aboveLimit),
        aboveLimit === null ? '' : money(aboveLimit.limit),
        requestedBy,
        comment ?? '',
        lapse === null ? '' : whyLapsed(lapse),
      ],
    ),
  );
}

/** What it would bring the sum to, and whose sum that is. */
function sumText({ ticketId, sum }: NonNullable<Approval['aboveLimit']>): string {
  if (sum === null) return 'another currency';
  return `${money(sum)} of the ${ticketId === null ? 'month' : 'ticket'}`;
}
