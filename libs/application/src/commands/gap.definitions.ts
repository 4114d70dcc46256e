import { refuse, type Refusal } from '@billtrail/kernel';
import { streamName, type Position } from '@billtrail/event-store';
import type { NotSettled, ReadModels } from '@billtrail/read-models';
import {
  gap as gapDecider,
  moneyForgone,
  type AcceptBillingGap as AcceptBillingGapDecision,
  type GapState,
} from '@billtrail/billing';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import * as commands from './billing.commands.js';
import { forgoingOf } from './forgone.js';

async function knownToday(command: commands.AcceptBillingGap, _context: CommandContext, ports: CommandPorts) {
  await ports.upToDate();
  return command;
}

/** Who did the work and what the configuration says of limits, of one moment. */
function withEngineers(
  command: commands.AcceptBillingGap,
  _context: CommandContext,
  models: ReadModels,
  from: Position,
): AcceptBillingGapDecision | Refusal | NotSettled {
  return models.settled(from, () => {
    const gap = models.gaps.getNow(command.gapId);
    if (!gap)
      return refuse('GapNotFound', `No gap ${command.gapId}.`, 'Check the id: GET /gaps', { gapId: command.gapId });
    // A charge is nobody's work.
    const workBy = gap.ticketId === null ? [] : models.forgoing.peopleNow(gap.ticketId, gap.workItemId);
    return { ...command, workBy, configuration: models.forgoing.limitsNow() };
  });
}

/** What is at risk of the gap as it stands in its stream. */
function forgoneOf(command: AcceptBillingGapDecision, state: GapState) {
  if (state.status === 'unknown') return null;
  const { ticketId, clientId, period, valueAtRisk } = state.facts;
  const money = moneyForgone(valueAtRisk, command.configuration);
  return forgoingOf({ target: command.gapId, clientId, period }, [{ ticketId, money }]);
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
      prepare: knownToday,
      collect: withEngineers,
      forgoes: { act: 'accept-gap', of: forgoneOf },
    }),
  ],
};
