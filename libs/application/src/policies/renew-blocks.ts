import { laterOf, type Position } from '@billtrail/event-store';
import { listed, renewedBlock, stateOf } from '@billtrail/contracts';
import type { Instant } from '@billtrail/kernel';
import { actorOf } from '../command-path/append-as.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOfContract, readContracts, type ContractsRead } from '../commands/contract-streams.js';
import { Fence, type Decided, type Looked } from './fence.js';
import { skippingParked, type Attempt } from './attempt.js';

const POLICY = 'renew-blocks';
const BY = actorOf(POLICY);

/**
 * Buys the blocks that contracts renew by their terms, as rating says that they are due: one for each contract in a round, for what is due after it shows
 * once it is there. What is out of date, because another block was bought since, buys nothing.
 */
export class RenewBlocks {
  private readonly fence: Fence;

  constructor(
    private readonly ports: Pick<CommandPorts, 'store' | 'models' | 'clock'>,
    private readonly attempt: Attempt = skippingParked,
  ) {
    this.fence = new Fence(ports, POLICY);
  }

  /** Returns the position at which to look again, or null: nothing is due. */
  async run(): Promise<Position | null> {
    let last: Position | null = null;
    for (const { contractId } of await this.ports.models.prepaid.blocksDue()) {
      const clientId = await this.attempt(() => clientOfContract(this.ports.store, contractId));
      if (clientId === null) continue;
      const looked = await this.attempt(() => this.buy(contractId, clientId), clientId);
      last = laterOf(last, looked?.again ?? null);
    }
    return last;
  }

  private async buy(contractId: string, clientId: string): Promise<Looked> {
    const read = () => readContracts(this.ports, clientId);
    return this.fence.record(read, (contracts, now) => this.decide({ contractId, clientId }, contracts, now));
  }

  private decide(
    { contractId, clientId }: { readonly contractId: string; readonly clientId: string },
    { slice: { events, version }, former, state }: ContractsRead,
    now: Instant,
  ): Decided | null {
    const due = this.ports.models.prepaid.blockDueNow(contractId, clientId);
    if (due === null) return null;
    const bought = renewedBlock(stateOf(state, contractId), due, { at: now, by: BY });
    if (bought.length === 0) return null;
    return {
      events: [...listed({ at: now, former }, state), ...bought],
      commandId: `${POLICY}/${version}`,
      correlationId: contractId,
      causationId: events.at(-1)?.id ?? null,
      asked: { contractId, version },
      restsOn: { clients: [clientId], withMonths: true },
    };
  }
}
