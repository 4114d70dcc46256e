import { Command } from 'commander';
import { refuse } from '@billtrail/kernel';
import type { MilestoneShown } from '@billtrail/read-models';
import { refused, Session, type GlobalOptions } from '../session.js';
import { money, table } from '../terminal/output.js';

export function milestonesCommand(): Command {
  return new Command('milestones')
    .description('show the milestones of a contract: open, reached or billed')
    .argument('<contract>', 'id of the contract')
    .action(async (contractId: string, _options, self: Command) => {
      await Session.run(self.optsWithGlobals<GlobalOptions>(), async (session) => {
        const items = await session.ask(async (ports) => {
          await ports.upToDate();
          const found = await ports.models.milestones.of(contractId);
          if (found === null)
            throw refused(
              refuse(
                'ContractUnknown',
                `No contract with id ${contractId}.`,
                'Check the id, or activate the contract: POST /v1/contracts',
                {
                  contractId,
                },
              ),
            );
          return found;
        });
        session.out.answer({ contractId, items }, () => milestonesText(contractId, items));
      });
    });
}

function milestonesText(contractId: string, items: readonly MilestoneShown[]): string {
  if (items.length === 0) return `Contract ${contractId} has no milestones.`;
  return table(
    ['Milestone', 'Name', 'Amount', 'Planned', 'Reached', 'Accepted by', 'State', 'Invoice'],
    items.map(({ milestoneId, name, amount, plannedOn, reachedOn, acceptedBy, state, invoiceId }) => [
      milestoneId,
      name,
      amount === null ? 'not in the terms' : money(amount),
      plannedOn ?? '',
      reachedOn ?? '',
      acceptedBy ?? '',
      state,
      invoiceId ?? '',
    ]),
  );
}
