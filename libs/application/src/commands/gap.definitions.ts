import { isRefusal, refuse, type Refusal } from '@billtrail/kernel';
import { streamName, type Position } from '@billtrail/event-store';
import type { NotSettled, ReadModels } from '@billtrail/read-models';
import {
  gap as gapDecider,
  moneyForgone,
  type AcceptBillingGap as AcceptBillingGapDecision,
  type BillingGapOpened,
  type GapState,
} from '@billtrail/billing';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import * as commands from './billing.commands.js';
import { forgoingOf } from './forgone.js';

/** What a gap is about, as the log has it. */
type About = Pick<BillingGapOpened['data'], 'ticketId' | 'workItemId'>;
type AcceptKnown = commands.AcceptBillingGap & { readonly about: About };

async function knownToday(command: commands.AcceptBillingGap, _context: CommandContext, ports: CommandPorts) {
  await ports.upToDate();
  const { events } = await ports.store.readStream(gapStream(command), { limit: 1 });
  const [opened] = events;
  if (opened === undefined) return gapNotFound(command);
  return { ...command, about: opened.data as About };
}

/** Who did the work and what the configuration says of limits, of one moment. */
function withEngineers(
  { about, ...command }: AcceptKnown,
  _context: CommandContext,
  models: ReadModels,
  from: Position,
): AcceptBillingGapDecision | Refusal | NotSettled {
  return models.settled(from, () => {
    if (models.gaps.getNow(command.gapId) === null) return gapNotFound(command);
    const { ticketId, workItemId } = about;
    // A charge is nobody's work.
    const rules = models.approvals.rulesNow(ticketId === null ? [] : [{ ticketId, workItemId }]);
    return isRefusal(rules) ? rules : { ...command, ...rules };
  });
}

function gapNotFound({ gapId }: Pick<commands.AcceptBillingGap, 'gapId'>): Refusal {
  return refuse('GapNotFound', `No gap ${gapId}.`, 'Check the id: GET /v1/gaps', { gapId });
}

/** What is at risk of the gap as it stands in its stream. Of work without a value nothing is: it is billed all the same once it has a price. */
function forgoneOf({ gapId, workBy, configuration }: AcceptBillingGapDecision, state: GapState) {
  if (state.status === 'unknown') return null;
  const { ticketId, clientId, period, workItemId, valueAtRisk } = state.facts;
  const money = moneyForgone(valueAtRisk, configuration);
  const about = { target: gapId, clientId, period, workBy };
  const forgoing = money === null ? null : forgoingOf(about, [{ ticketId, money }]);
  return forgoing === null || workItemId === null ? forgoing : { ...forgoing, workItemId };
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
