import { fold, type Refusal, refuse } from '@billtrail/kernel';
import {
  CommandIdReused,
  fingerprintOf,
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type RecordedEvent,
  type StreamName,
  type StreamSlice,
} from '@billtrail/event-store';
import {
  clientContracts,
  contract as contractDecider,
  type ClientContracts,
  type ClientContractsEvent,
  type ContractEvent,
  type ContractIdTaken,
  type ContractsListed,
  type ContractState,
} from '@billtrail/contracts';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';

type Listed = ContractsListed['data']['contracts'];
type Owned = { readonly clientId: string };

/** Blocks, counts and milestones of a contract; of one from before `contracts-{client}` also what was recorded until then. */
export const contractStream = (contractId: string): StreamName => streamName('contract', contractId);
/** Which contracts of a client are in force, and under which terms. */
export const contractsStream = (clientId: string): StreamName => streamName('contracts', clientId);

/** The client whose contract it is, or that took its id; null: nobody did. Never out of date. */
export async function clientOfContract(store: EventStore, contractId: string): Promise<string | null> {
  const { events } = await store.readStream(contractStream(contractId), { limit: 1 });
  return (events[0]?.data as Owned | undefined)?.clientId ?? null;
}

/** The contract as all that is recorded of it leaves it. Never out of date. */
export async function recordedContract(store: EventStore, contractId: string): Promise<ContractState> {
  return fold(contractDecider, await historyOfContract(store, await store.readStream(contractStream(contractId))));
}

/** What is recorded of a contract, whose own stream was read already. */
export async function historyOfContract(store: EventStore, own: StreamSlice): Promise<readonly ContractEvent[]> {
  const [first, ...rest] = own.events;
  if (first === undefined) return [];
  const { contractId, clientId } = first.data as ContractIdTaken['data'];
  const common = await store.readStream(contractsStream(clientId));
  const inForce = common.events.filter((event) => isOf(event, contractId)) as readonly ContractEvent[];
  // The two change nothing of each other, and nothing comes before the activation.
  return isIdTaken(first) ? [...inForce, ...asEvents(rest)] : [...asEvents(own.events), ...inForce];
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
  for (const { contractId } of await models.billableItems.contractsOf(clientId)) {
    const own = await store.readStream(contractStream(contractId), { limit: 1 });
    if (own.events[0] !== undefined && !isIdTaken(own.events[0])) found.push({ contractId, version: own.version });
  }
  return found;
}

/** What is recorded of the contracts of a client whose common stream was read already. `toList`: as `contractsToList`. `of`: the contract with its blocks and counts of now. */
export async function historyOfClient(
  store: EventStore,
  common: StreamSlice,
  { toList, of }: { readonly toList: Listed; readonly of: string | null },
): Promise<readonly ClientContractsEvent[]> {
  const events = common.events as readonly ClientContractsEvent[];
  const [first] = events;
  const listed = first?.type === 'ContractsListed' ? first.data.contracts : toList;
  const former: ContractEvent[] = [];
  for (const { contractId, version } of listed) {
    const upTo = contractId === of ? {} : { to: version };
    former.push(...asEvents((await store.readStream(contractStream(contractId), upTo)).events));
  }
  if (of === null || listed.some(({ contractId }) => contractId === of)) return [...former, ...events];
  const [taken, ...own] = (await store.readStream(contractStream(of))).events;
  const isOwn =
    taken !== undefined && isIdTaken(taken) && contractsStream((taken.data as Owned).clientId) === common.stream;
  return [...former, ...events, ...(isOwn ? asEvents(own) : [])];
}

/** A client's contracts, to be decided on, and what the append has to build on. The read models must have seen the end of the log. */
export async function readContracts(
  ports: Pick<CommandPorts, 'store' | 'models'>,
  clientId: string,
): Promise<{ readonly common: StreamSlice; readonly former: Listed; readonly state: ClientContracts }> {
  const former = await contractsToList(ports, clientId);
  const common = await ports.store.readStream(contractsStream(clientId));
  const history = await historyOfClient(ports.store, common, { toList: former, of: null });
  return { common, former, state: fold(clientContracts, history) };
}

/** Takes the contract's id for the client, for good; null on success, now or before. The second to ask is refused, also from another process. */
export async function takeContractId(
  store: EventStore,
  taken: ContractIdTaken['data'],
  { at, actor }: Pick<CommandContext, 'at' | 'actor'>,
): Promise<Refusal | null> {
  const { contractId, clientId } = taken;
  const commandId = `take/${clientId}`;
  for (;;) {
    const holder = await clientOfContract(store, contractId);
    if (holder !== null) return holder === clientId ? null : refuseTaken(contractId);
    try {
      await store.append({
        stream: contractStream(contractId),
        expected: 'none',
        events: [{ type: 'ContractIdTaken', data: { contractId, clientId }, occurredAt: at }],
        actor,
        commandId,
        correlationId: commandId,
        causationId: null,
        fingerprint: fingerprintOf('contract', taken),
      });
      return null;
    } catch (error) {
      // Another writer was first: the stream now says for whom.
      if (!(error instanceof WrongExpectedVersion || error instanceof CommandIdReused)) throw error;
    }
  }
}

function refuseTaken(contractId: string): Refusal {
  return refuse(
    'ContractAlreadyActive',
    `Contract ${contractId} exists already, of another client.`,
    'Use another id.',
    { contractId },
  );
}

/** The stream has the contract's id, and what puts it in force lies in the client's. */
function isIdTaken({ type }: RecordedEvent): boolean {
  return type === ('ContractIdTaken' satisfies ContractIdTaken['type']);
}

function isOf({ data }: RecordedEvent, contractId: string): boolean {
  return (data as { readonly contractId?: string }).contractId === contractId;
}

function asEvents(events: readonly RecordedEvent[]): readonly ContractEvent[] {
  return events as readonly ContractEvent[];
}
