import { localDateIn, type Instant } from '@billtrail/kernel';
import { laterOf, type Position } from '@billtrail/event-store';
import { contractsBeside, listed, renewalsDue, stateOf } from '@billtrail/contracts';
import type { DueForRenewal } from '@billtrail/read-models';
import { actorOf } from '../command-path/append-as.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { readContracts, type ContractsRead } from '../commands/contract-streams.js';
import { Fence, type Decided } from './fence.js';
import { skippingParked, type Attempt } from './attempt.js';
import { EASTERNMOST } from './open-months.js';

const POLICY = 'renew-contracts';
const BY = actorOf(POLICY);

/**
 * Renews the contracts that renew by themselves, on the last day of their term where they are, unless notice was recorded in time. A term of which
 * that day has passed is renewed too. Where the renewal would overlap with another contract of the client at the same priority, the contract ends.
 */
export class RenewContracts {
  private readonly fence: Fence;

  constructor(
    private readonly ports: Pick<CommandPorts, 'store' | 'models' | 'clock'>,
    private readonly attempt: Attempt = skippingParked,
  ) {
    this.fence = new Fence(ports, POLICY);
  }

  /** Returns the position at which to look again, or null: there is nothing to renew. */
  async run(): Promise<Position | null> {
    const { now } = await this.fence.now();
    const due = await this.ports.models.contractTerms.dueForRenewal(localDateIn(EASTERNMOST, now));
    let last: Position | null = null;
    for (const one of due) {
      const read = () => readContracts(this.ports, one.clientId);
      const looked = await this.attempt(
        () => this.fence.record(read, (contracts, at) => this.decide(one, contracts, at)),
        one.clientId,
      );
      last = laterOf(last, looked?.again ?? null);
    }
    return last;
  }

  /** What is due is decided on the contracts' own events, where the client is at that moment; that it may be is all else that the read models say. */
  private decide(
    { contractId, clientId }: DueForRenewal,
    { slice: { events, version }, former, state }: ContractsRead,
    now: Instant,
  ): Decided | null {
    const clientTimeZone = this.ports.models.contractTerms.timeZoneNow(clientId);
    if (clientTimeZone === null) return null;
    const beside = contractsBeside(state, contractId);
    const renewals = renewalsDue(stateOf(state, contractId), { at: now, by: BY }, { clientTimeZone, beside });
    if (renewals.length === 0) return null;
    return {
      events: [...listed({ at: now, former }, state), ...renewals],
      commandId: `${POLICY}/${version}`,
      correlationId: contractId,
      causationId: events.at(-1)?.id ?? null,
      asked: { contractId, version },
      restsOn: { clients: [clientId] },
    };
  }
}
