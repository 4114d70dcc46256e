import { Command, Option } from 'commander';
import {
  ApproveForgoingRequest,
  mineToDecide,
  RefuseForgoingRequest,
  seenBy,
  toldTo,
  whoMayDecide,
  WithdrawForgoingRequest,
} from '@billtrail/application';
import { refuse } from '@billtrail/kernel';
import { APPROVAL_STATES, MAX_PAGE, type Approval, type ApprovalState } from '@billtrail/read-models';
import { askerHere } from '../acting.js';
import { refused, Session, toldHere, type GlobalOptions } from '../session.js';
import { nothingCameOf, requestText, requestsText } from '../terminal/approvals.js';
import { delegateCommand, delegationsCommand, endDelegationCommand } from './delegations.js';
import { idArgument, inPlaceOfOption } from './options.js';

interface ListOptions extends GlobalOptions {
  readonly state: ApprovalState;
  readonly client?: string;
  readonly ticket?: string;
  readonly mine?: true;
}

interface DecideOptions extends GlobalOptions {
  readonly reason: string;
  readonly hash: string;
  readonly comment?: string;
  readonly inPlaceOf?: string;
}

export function approvalsCommand(): Command {
  return new Command('approvals')
    .description('requests to forgo money: what waits for a second person, who approves or refuses it')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(approveCommand())
    .addCommand(
      endCommand('refuse', 'refuse a request to forgo money that waits for a second person', (session, given) =>
        session.send(RefuseForgoingRequest, given),
      ).addOption(inPlaceOfOption()),
    )
    .addCommand(
      endCommand('withdraw', 'withdraw a request to forgo money that has no effect yet', (session, given) =>
        session.send(WithdrawForgoingRequest, given),
      ),
    )
    .addCommand(delegateCommand())
    .addCommand(delegationsCommand())
    .addCommand(endDelegationCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('list requests to forgo money, by default those that wait')
    .addOption(new Option('--state <state>', 'how they stand').choices(APPROVAL_STATES).default('waiting'))
    .option('--client <id>', 'only those of this client', idArgument)
    .option('--ticket <id>', 'only those of this ticket', idArgument)
    .option('--mine', 'only those that you may decide')
    .action(async (_options, self: Command) => {
      const { state, client: clientId, ticket: ticketId, mine, ...options } = self.optsWithGlobals<ListOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        const by = mine === undefined ? null : (await session.acting()).actor;
        const asker = await askerHere(session.billtrail);
        const where = { state, clientId, ticketId, ...(asker === null ? {} : await seenBy(session.billtrail, asker)) };
        const items = await session.ask(async (ports) => {
          const toDecide = by === null ? undefined : await mineToDecide(ports, by);
          const all: Approval[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await ports.models.approvals.list(where, { limit: MAX_PAGE, cursor }, toDecide);
            all.push(...page.items);
            cursor = page.nextCursor;
          }
          return all;
        });
        session.out.answer(items, () => requestsText(items, state));
      });
    });
}

function showCommand(): Command {
  return new Command('show')
    .description('show a request to forgo money: what it would do, why it waits, who may decide')
    .argument('<request>', 'its id, as the list shows it', idArgument)
    .action(async (requestId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.catchUp();
        const by = await askerHere(session.billtrail);
        const told = await session.ask(async (ports) => {
          const found = await ports.models.approvals.get(requestId);
          const { requestedBy } = by === null ? {} : await seenBy(session.billtrail, by);
          if (found === null || (requestedBy !== undefined && found.requestedBy !== requestedBy)) return null;
          const who = await whoMayDecide(ports, found, ports.clock());
          const { you, ...request } = await toldTo(ports, found, by);
          return { ...request, you: you === null || you.may ? you : toldHere(you), ...who };
        });
        if (told === null) throw refused(unknown(requestId));
        session.out.answer(told, () => requestText(told));
      });
    });
}

function approveCommand(): Command {
  return new Command('approve')
    .description('approve a request to forgo money that waits for a second person: it has its effect')
    .argument('<request>', 'its id, as the list shows it', idArgument)
    .requiredOption('--hash <hash>', 'of what it would do, as approvals show tells it')
    .option('--comment <text>', 'why')
    .addOption(inPlaceOfOption())
    .action(async (requestId: string, _options, self: Command) => {
      const { hash, comment = null, inPlaceOf = null, ...options } = self.optsWithGlobals<DecideOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        await session.send(ApproveForgoingRequest, { requestId, hash, comment, inPlaceOf });
        await answerWith(session, requestId, () => 'approved, and has its effect');
      });
    });
}

function endCommand(
  name: 'refuse' | 'withdraw',
  description: string,
  send: (
    session: Session,
    given: { readonly requestId: string; readonly reason: string; readonly inPlaceOf?: string },
  ) => Promise<unknown>,
): Command {
  return new Command(name)
    .description(description)
    .argument('<request>', 'its id, as the list shows it', idArgument)
    .requiredOption('--reason <text>', 'why')
    .action(async (requestId: string, _options, self: Command) => {
      const { reason, inPlaceOf, ...options } = self.optsWithGlobals<DecideOptions>();
      await Session.run(options, async (session) => {
        await session.catchUp();
        await send(session, { requestId, reason, ...(inPlaceOf === undefined ? {} : { inPlaceOf }) });
        const ended = name === 'refuse' ? 'refused' : 'withdrawn';
        await answerWith(session, requestId, (request) => `${ended}: ${nothingCameOf(request)}`);
      });
    });
}

async function answerWith(session: Session, requestId: string, became: (request: Approval) => string): Promise<void> {
  await session.catchUp();
  const request = await session.ask(({ models }) => models.approvals.get(requestId));
  if (request === null) throw refused(unknown(requestId));
  session.out.answer(request, () => `Request ${requestId} is ${became(request)}.`);
}

function unknown(requestId: string) {
  return refuse(
    'ApprovalNotFound',
    `No request ${requestId} to forgo money.`,
    'Check the id: billtrail approvals list',
    { requestId },
  );
}
