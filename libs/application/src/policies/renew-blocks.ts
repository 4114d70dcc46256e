import type { Instant } from '@billtrail/kernel';
import { CommandIdReused, fingerprintOf, laterOf, WrongExpectedVersion, type Position } from '@billtrail/event-store';
import { listed, renewedBlock, stateOf, type BlockDue } from '@billtrail/contracts';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOfContract, readContracts } from '../commands/contract-streams.js';
import { skippingParked } from './left-alone.js';

const POLICY = { id: 'renew-blocks', role: 'system' } as const;

/**
 * Buys the blocks that contracts renew by their terms, as rating says that they are due: one for each contract in a round, for what is due after it shows
 * once it is there. What is out of date, because another block was bought since, buys nothing.
 */
export class RenewBlocks {
  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'models'>) {}

  /** Returns the position of the last event, or null: nothing is due. The read models must be at the log's end. */
  async run(now: Instant): Promise<Position | null> {
    let last: Position | null = null;
    for (const due of await this.ports.models.prepaid.blocksDue()) {
      const position = await skippingParked(() => this.buy(due, now));
      last = laterOf(last, position);
    }
    return last;
  }

  private async buy(due: BlockDue, now: Instant): Promise<Position | null> {
    const { store } = this.ports;
    const clientId = await clientOfContract(store, due.contractId);
    if (clientId === null) return null;
    const { common, former, state } = await readContracts(this.ports, clientId);
    const bought = renewedBlock(stateOf(state, due.contractId), due, { at: now, by: POLICY });
    if (bought.length === 0) return null;
    const events = [...listed({ at: now, former }, state), ...bought];
    const { version } = common;
    try {
      const appended = await store.append({
        stream: common.stream,
        expected: version,
        events,
        actor: POLICY,
        commandId: `${POLICY.id}/${version}`,
        correlationId: due.contractId,
        causationId: common.events.at(-1)?.id ?? null,
        fingerprint: fingerprintOf(POLICY.id, { contractId: due.contractId, version }),
      });
      return appended.position;
    } catch (error) {
      // Another writer was first. Where the block is still due, the read models say so again.
      if (error instanceof WrongExpectedVersion || error instanceof CommandIdReused) return store.head();
      throw error;
    }
  }
}
