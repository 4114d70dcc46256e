import { refuse, type Refusal } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import { gap as gapDecider, type AcceptBillingGap as AcceptBillingGapDecision } from '@billtrail/billing';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { configurationOf } from '../configuration.js';
import * as commands from './billing.commands.js';
import { engineersOf } from './engineers.js';

async function withEngineers(
  command: commands.AcceptBillingGap,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<AcceptBillingGapDecision | Refusal> {
  await ports.upToDate();
  const gap = await ports.models.gaps.get(command.gapId);
  if (!gap)
    return refuse('GapNotFound', `No gap ${command.gapId}.`, 'Check the id: GET /gaps', { gapId: command.gapId });
  return {
    ...command,
    // A charge is nobody's work.
    workBy: gap.ticketId === null ? [] : await engineersOf(ports, gap.ticketId, gap.workItemId),
    configuration: await configurationOf(ports.store),
  };
}

const gapStream = (command: { gapId: string }) => streamName('gap', command.gapId);

export const gapFamily: CommandFamily = {
  heading: 'Gaps',
  path: 'gaps',
  commands: [
    define({
      command: commands.AssignBillingGap,
      route: { summary: 'Assign a gap to an owner', path: ':gapId/assign' },
      roles: ['operations', 'accounts'],
      stream: gapStream,
      decider: gapDecider,
    }),
    define({
      command: commands.AcceptBillingGap,
      route: { summary: 'Accept a gap with a reason: it will not be billed', path: ':gapId/accept' },
      roles: ['operations', 'accounts'],
      stream: gapStream,
      decider: gapDecider,
      prepare: withEngineers,
    }),
  ],
};
