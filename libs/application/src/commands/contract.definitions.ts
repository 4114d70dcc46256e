import { isRefusal, type Refusal, type Role } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import {
  client as clientDecider,
  contract as contractDecider,
  type ContractCommand,
  type ContractEvent,
} from '@billtrail/contracts';
import {
  define,
  type CommandClass,
  type CommandDefinition,
  type Surroundings,
} from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import * as commands from './contract.commands.js';
import { clientOf } from './references.js';

/** The rate card must be in the client's currency, so the decision needs to know it. */
async function withClientCurrency<C extends object>(
  command: C,
  clientId: string,
  { store }: Surroundings,
): Promise<(C & { clientCurrency: string }) | Refusal> {
  const client = await clientOf(store, clientId);
  return isRefusal(client) ? client : { ...command, clientCurrency: client.currency };
}

async function withCurrencyOfItsClient(
  command: commands.PublishContractVersion,
  _context: CommandContext,
  around: Surroundings,
): Promise<commands.PublishContractVersion | Refusal> {
  const { events } = await around.store.readStream(streamName('contract', command.contractId), { limit: 1 });
  const activated = events[0]?.data as Extract<ContractEvent, { type: 'ContractActivated' }>['data'] | undefined;
  // Without a contract the decider refuses by itself.
  return activated ? withClientCurrency(command, activated.clientId, around) : command;
}

async function withCurrencyOfStatedClient(
  command: commands.StateContract,
  _context: CommandContext,
  around: Surroundings,
): Promise<commands.StateContract | Refusal> {
  const activation = command.parts.find((part) => part.type === 'ActivateContract');
  // Without an activation the decider refuses by itself, unless the contract is there.
  return activation ? withClientCurrency(command, activation.clientId, around) : command;
}

const clientStream = (command: { clientId: string }) => streamName('client', command.clientId);
const contractStream = (command: { contractId: string }) => streamName('contract', command.contractId);

/** A command on a contract that is decided from its own stream alone. */
function ofContract<C extends ContractCommand>(
  command: CommandClass<C>,
  roles: readonly Role[] = ['accounts'],
): CommandDefinition {
  return define({ command, roles, stream: contractStream, decider: contractDecider });
}

export const contractDefinitions: readonly CommandDefinition[] = [
  define({
    command: commands.RegisterClient,
    roles: ['operations', 'accounts'],
    stream: clientStream,
    decider: clientDecider,
  }),
  define({
    command: commands.ChangeClientDetails,
    roles: ['accounts'],
    stream: clientStream,
    decider: clientDecider,
    prepare: async (command, _context, { store }) => {
      const known = await clientOf(store, command.clientId);
      return isRefusal(known) ? known : command;
    },
  }),
  define({
    command: commands.ActivateContract,
    roles: ['accounts'],
    stream: contractStream,
    decider: contractDecider,
    prepare: (command, _context, around) => withClientCurrency(command, command.clientId, around),
  }),
  define({
    command: commands.PublishContractVersion,
    roles: ['accounts'],
    stream: contractStream,
    decider: contractDecider,
    prepare: withCurrencyOfItsClient,
  }),
  define({
    command: commands.StateContract,
    roles: ['accounts'],
    stream: contractStream,
    decider: contractDecider,
    prepare: withCurrencyOfStatedClient,
  }),
  ofContract(commands.TerminateContract),
  ofContract(commands.RenewContract),
  ofContract(commands.SuspendContract),
  ofContract(commands.ResumeContract),
  ofContract(commands.PurchasePrepaidBlock),
  ofContract(commands.WithdrawPrepaidBlock),
  // Who looks after the devices counts them.
  ofContract(commands.RecordCount, ['operations', 'accounts']),
];
