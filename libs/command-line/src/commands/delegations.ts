import { Command, Option } from 'commander';
import {
  DELEGATION_STATES,
  EndDelegation,
  NameDelegate,
  toldDelegations,
  type DelegationState,
  type DelegationTold,
} from '@billtrail/application';
import { Session, type GlobalOptions } from '../session.js';
import { table } from '../terminal/output.js';
import { personText } from '../terminal/words.js';
import { dayArgument, idArgument } from './options.js';
import { madeId } from '../under-key.js';

interface NameOptions extends GlobalOptions {
  readonly from: string;
  readonly until: string;
  readonly id?: string;
}

interface ListOptions extends GlobalOptions {
  readonly state?: DelegationState;
}

export function delegateCommand(): Command {
  return new Command('delegate')
    .description('name a person who approves in your place on these days')
    .argument('<person>', 'their id, from billtrail person list', idArgument)
    .requiredOption('--from <date>', 'first day', dayArgument)
    .requiredOption('--until <date>', 'last day, within a year', dayArgument)
    .option('--id <id>', 'of the delegation; made where it is left out', idArgument)
    .action(async (delegateId: string, _options, self: Command) => {
      const { from, until, id: delegationId = madeId('d'), ...options } = self.optsWithGlobals<NameOptions>();
      await Session.run(options, async (session) => {
        await session.send(NameDelegate, { delegationId, delegateId, from, until });
        await answerWith(session, delegationId);
      });
    });
}

export function endDelegationCommand(): Command {
  return new Command('end-delegation')
    .description('end a delegation before its last day: who named, was named, or an admin')
    .argument('<delegation>', 'its id, as approvals delegations shows it', idArgument)
    .action(async (delegationId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        await session.send(EndDelegation, { delegationId });
        await answerWith(session, delegationId);
      });
    });
}

export function delegationsCommand(): Command {
  return new Command('delegations')
    .description('list who approves in whose place, and on which days')
    .addOption(new Option('--state <state>', 'only those that are so today').choices(DELEGATION_STATES))
    .action(async (_options, self: Command) => {
      const { state, ...options } = self.optsWithGlobals<ListOptions>();
      await Session.run(options, async (session) => {
        const all = await session.ask((ports) => toldDelegations(ports, { state }));
        session.out.answer(all, () => delegationsText(all));
      });
    });
}

async function answerWith(session: Session, delegationId: string): Promise<void> {
  const all = await session.ask((ports) => toldDelegations(ports));
  const told = all.filter((one) => one.delegationId === delegationId);
  session.out.answer(told[0] ?? null, () => delegationsText(told));
}

function delegationsText(all: readonly DelegationTold[]): string {
  if (all.length === 0) return 'Nobody approves in the place of another.';
  return table(
    ['Delegation', 'Delegate', 'In the place of', 'As', 'From', 'Until', 'State', 'Ended by'],
    all.map((one) => [
      one.delegationId,
      personText(one.delegateId),
      personText(one.personId),
      one.role,
      one.from,
      one.until,
      one.state,
      one.endedBy === null ? '' : personText(one.endedBy),
    ]),
  );
}
