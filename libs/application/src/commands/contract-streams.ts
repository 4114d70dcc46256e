import { fold, type Refusal, refuse } from '@billtrail/kernel';
import {
  fingerprintOf,
  streamName,
  type Claim,
  type EventStore,
  type KeyClaimed,
  type RecordedEvent,
  type StreamName,
  type StreamSlice,
} from '@billtrail/event-store';
import {
  clientContracts,
  contract as contractDecider,
  type ClientContracts,
  type ClientContractsEvent,
  type ContractActivated,
  type ContractEvent,
  type ContractsListed,
  type ContractState,
} from '@billtrail/contracts';
import type { CommandPorts } from '../command-path/command-definition.js';

type Listed = ContractsListed['data']['contracts'];

/** Stands for the contract's id: its claim; of a contract from before `contracts-{client}` what was recorded of it until then. */
export const contractStream = (contractId: string): StreamName => streamName('contract', contractId);
/** All that is recorded of a client's contracts. */
export const contractsStream = (clientId: string): StreamName => streamName('contracts', clientId);
/** Whose contracts are recorded on it. */
export const clientOfContracts = (stream: StreamName): string => stream.slice(contractsStream('').length);

/** The client whose contract it is, or that has its id; null: nobody has. Never out of date. */
export async function clientOfContract(store: EventStore, contractId: string): Promise<string | null> {
  const { events } = await store.readStream(contractStream(contractId), { limit: 1 });
  const [first] = events as readonly (KeyClaimed | ContractActivated)[];
  if (first === undefined) return null;
  return first.type === 'KeyClaimed' ? clientOfContracts(first.data.stream) : first.data.clientId;
}

/** What takes the contract's id for the client, for good: nothing where it is theirs already; or the refusal where it is another's. */
export async function claimsOfContract(
  store: EventStore,
  { contractId, clientId }: { readonly contractId: string; readonly clientId: string },
): Promise<readonly Claim[] | Refusal> {
  const holder = await clientOfContract(store, contractId);
  if (holder === clientId) return [];
  if (holder === null)
    return [{ key: contractStream(contractId), fingerprint: fingerprintOf('contract', { contractId, clientId }) }];
  return refuse(
    'ContractAlreadyActive',
    `Contract ${contractId} exists already, of another client.`,
    'Use another id.',
    { contractId },
  );
}

/** The contract as all that is recorded of it leaves it. Never out of date. */
export async function recordedContract(store: EventStore, contractId: string): Promise<ContractState> {
  const clientId = await clientOfContract(store, contractId);
  if (clientId === null) return contractDecider.initialState;
  const former = await formerEvents(store, contractId);
  const { events } = await store.readStream(contractsStream(clientId));
  return fold(contractDecider, [...former, ...asEvents(events.filter((event) => isOf(event, contractId)))]);
}

/** What was recorded of a contract by the command that recorded something of it last. */
export async function lastRecorded(store: EventStore, contractId: string): Promise<readonly ContractEvent[]> {
  const clientId = await clientOfContract(store, contractId);
  if (clientId === null) return [];
  const { events } = await store.readStream(contractsStream(clientId));
  const own = events.filter((event) => isOf(event, contractId));
  return asEvents(own.filter(({ commandId }) => commandId === own.at(-1)?.commandId));
}

/**
 * The contracts of the client that have streams of their own from before `contracts-{client}`, and the versions of these; none where that stream has
 * begun, for it names them. They are found in the read models, which must have seen the end of the log.
 */
export async function contractsToList(
  { store, models }: Pick<CommandPorts, 'store' | 'models'>,
  clientId: string,
): Promise<Listed> {
  const { version } = await store.readStream(contractsStream(clientId), { limit: 1 });
  if (version > 0) return [];
  const found: Listed[number][] = [];
  for (const contractId of models.contractTerms.streamsNow(clientId)) {
    const former = await formerEvents(store, contractId);
    if (former.length > 0) found.push({ contractId, version: former.length });
  }
  return found;
}

/** What is recorded of the contracts of a client whose common stream was read already. `toList`: as `contractsToList`. */
export async function historyOfClient(
  store: EventStore,
  common: StreamSlice,
  toList: Listed,
): Promise<readonly ClientContractsEvent[]> {
  const events = common.events as readonly ClientContractsEvent[];
  const [first] = events;
  const listed = first?.type === 'ContractsListed' ? first.data.contracts : toList;
  const former: ContractEvent[] = [];
  for (const { contractId, version } of listed) former.push(...(await formerEvents(store, contractId, version)));
  return [...former, ...events];
}

/** A client's contracts, and the stream that they are recorded in, as it was read. */
export interface ContractsRead {
  readonly slice: StreamSlice;
  readonly former: Listed;
  readonly state: ClientContracts;
}

/** A client's contracts, to be decided on, and what the append has to build on. The read models must have seen the end of the log. */
export async function readContracts(
  ports: Pick<CommandPorts, 'store' | 'models'>,
  clientId: string,
): Promise<ContractsRead> {
  const former = await contractsToList(ports, clientId);
  const slice = await ports.store.readStream(contractsStream(clientId));
  return { slice, former, state: fold(clientContracts, await historyOfClient(ports.store, slice, former)) };
}

/** What a contract's own stream holds, up to a version of it, from before its client had a common one. */
async function formerEvents(store: EventStore, contractId: string, to?: number): Promise<readonly ContractEvent[]> {
  const { events } = await store.readStream(contractStream(contractId), to === undefined ? {} : { to });
  const [first] = events;
  return first?.type === ('KeyClaimed' satisfies KeyClaimed['type']) ? [] : asEvents(events);
}

function isOf({ data }: RecordedEvent, contractId: string): boolean {
  return (data as { readonly contractId?: string }).contractId === contractId;
}

function asEvents(events: readonly RecordedEvent[]): readonly ContractEvent[] {
  return events as readonly ContractEvent[];
}
