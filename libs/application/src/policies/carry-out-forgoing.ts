import { isRefusal } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import type { Approval } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { carryOutFound } from '../command-path/carry-out-request.js';
import { isPassing, type CommandAnswer } from '../command-path/command-envelope.js';
import { definitionOfRequest } from '../commands/forgoing-acts.js';
import { RefusedForNow, skippingParked, type Attempt } from './attempt.js';

/** Carries out requests to forgo money that stand, where whoever asked or approved was interrupted before they had effect (ADR 20). */
export class CarryOutForgoing {
  constructor(
    private readonly ports: CommandPorts,
    private readonly attempt: Attempt = skippingParked,
  ) {}

  /** Returns the position at which to look again, or null: none stands without effect. The read models know which do, so nothing is scanned. */
  async run(): Promise<Position | null> {
    let isAny = false;
    for (const { requestId, stream } of await this.ports.models.approvals.standing()) {
      const answer = await this.attempt(() => this.carryOut({ requestId, stream }));
      if (answer !== null) isAny = true;
    }
    return isAny ? this.ports.store.head() : null;
  }

  /** @throws RefusedForNow where nothing can be said of the request: it still stands. */
  private async carryOut(request: Pick<Approval, 'requestId' | 'stream'>): Promise<CommandAnswer | null> {
    const answer = await carryOutFound(this.ports, definitionOfRequest, request);
    if (answer !== null && isRefusal(answer) && isPassing(answer)) throw new RefusedForNow(answer);
    return answer;
  }
}
