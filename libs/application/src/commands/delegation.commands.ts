import { refuse, type LocalDate, type Refusal } from '@billtrail/kernel';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { rolesOf } from '../deciding/keyed-by.js';
import { configurationOf, todayOf } from '../configuration.js';
import {
  delegationDecider,
  DELEGATIONS_STREAM,
  type EndOfDelegation,
  type NameDelegation,
} from '../deciding/delegations.js';
import { CommandName, IsALocalDate, IsAnId } from './fields.js';
import { refuseStranger } from '../deciding/two-persons.js';

/** Names a person who approves in your place, as what you are by the key that you send this with. */
export class NameDelegate {
  @CommandName('NameDelegate')
  readonly type = 'NameDelegate';
  @IsAnId()
  delegationId: string;
  /** A registered person of the house. */
  @IsAnId()
  delegateId: string;
  /** First day. */
  @IsALocalDate()
  from: LocalDate;
  /** Last day: within a year of the first. */
  @IsALocalDate()
  until: LocalDate;
}

/** Ends a delegation before its last day: whoever named, was named, or an admin. */
export class EndDelegation implements EndOfDelegation {
  @CommandName('EndDelegation')
  readonly type = 'EndDelegation';
  @IsAnId()
  delegationId: string;
}

/** Both are persons whom the log knows, and the delegate works for the organisation. Refuses, in this order: DelegateUnknown, NotAPerson. */
async function ofPersons(
  command: NameDelegate,
  { actor, at }: CommandContext,
  { store }: CommandPorts,
): Promise<NameDelegation | Refusal> {
  const { delegateId } = command;
  const roles = await rolesOf(store, delegateId);
  if (!roles.some((role) => role !== 'client'))
    return refuse(
      'DelegateUnknown',
      roles.length === 0
        ? `${delegateId} is not a registered person.`
        : `${delegateId} is a client's user, and does not work for the organisation.`,
      'Name a registered person of the organisation, or have an admin register them: POST /v1/persons',
      { delegateId },
    );
  const stranger = await refuseStranger({ store }, actor);
  if (stranger !== null) return stranger;
  return { ...command, today: todayOf(await configurationOf(store), at) };
}

export const delegationFamily: CommandFamily = {
  heading: 'Delegations',
  path: 'delegations',
  commands: [
    define({
      command: NameDelegate,
      roles: ['operations', 'accounts'],
      route: {
        summary: 'Name a person who approves in your place',
        path: '',
        adds: true,
        makes: { delegationId: 'd' },
      },
      stream: () => DELEGATIONS_STREAM,
      prepare: ofPersons,
      decider: delegationDecider,
    }),
    define({
      command: EndDelegation,
      // Whoever was named gives it back.
      roles: ['support', 'operations', 'accounts'],
      route: { summary: 'End a delegation before its last day', path: ':delegationId/end' },
      stream: () => DELEGATIONS_STREAM,
      decider: delegationDecider,
    }),
  ],
};
