import { localDateIn, type Instant } from '@billtrail/kernel';
import { CommandIdReused, fingerprintOf, laterOf, WrongExpectedVersion, type Position } from '@billtrail/event-store';
import { contractsBeside, listed, renewalsDue, stateOf } from '@billtrail/contracts';
import type { DueForRenewal } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { readContracts } from '../commands/contract-streams.js';
import { skippingParked } from './left-alone.js';
import { EASTERNMOST } from './open-months.js';

const POLICY = { id: 'renew-contracts', role: 'system' } as const;

/**
 * Renews the contracts that renew by themselves, on the last day of their term where they are, unless notice was recorded in time. A term of which
 * that day has passed is renewed too. Where the renewal would overlap with another contract of the client at the same priority, the contract ends.
 */
export class RenewContracts {
  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'models'>) {}

  /** Returns the position of the last event, or null: there is nothing to renew. The read models must be at the log's end. */
  async run(now: Instant): Promise<Position | null> {
    const due = await this.ports.models.contractTerms.dueForRenewal(localDateIn(EASTERNMOST, now));
    let last: Position | null = null;
    for (const one of due) {
      const position = await skippingParked(() => this.renew(one, now));
      last = laterOf(last, position);
    }
    return last;
  }

  private async renew({ contractId, clientId, clientTimeZone }: DueForRenewal, now: Instant): Promise<Position | null> {
    const { store } = this.ports;
    const { common, former, state } = await readContracts(this.ports, clientId);
    const beside = contractsBeside(state, contractId);
    const renewed = renewalsDue(stateOf(state, contractId), { at: now, by: POLICY }, { clientTimeZone, beside });
    if (renewed.length === 0) return null;
    const events = [...listed({ at: now, former }, state), ...renewed];
    const { version } = common;
    try {
      const appended = await store.append({
        stream: common.stream,
        expected: version,
        events,
        actor: POLICY,
        // From the version decided on: deciding on it again, after a restart or in another process, is the same command.
        commandId: `${POLICY.id}/${version}`,
        correlationId: contractId,
        causationId: common.events.at(-1)?.id ?? null,
        fingerprint: fingerprintOf(POLICY.id, { contractId, version }),
      });
      return appended.position;
    } catch (error) {
      // Another writer was first. The read models bring the contract back if it is still to be renewed.
      if (error instanceof WrongExpectedVersion || error instanceof CommandIdReused) return store.head();
      throw error;
    }
  }
}
