import type { Position } from '@billtrail/event-store';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { Attempt } from './attempt.js';
import { ApproveByRule } from './approve-by-rule.js';
import { CarryOutForgoing } from './carry-out-forgoing.js';
import { CompleteIssues } from './complete-issues.js';
import { OpenMonths } from './open-months.js';
import { RecordGaps, ROUNDS_UNTIL_TOLD } from './record-gaps.js';
import { RecordSla } from './record-sla.js';
import { RenewBlocks } from './renew-blocks.js';
import { RenewContracts } from './renew-contracts.js';
import { SplitCrossedMerges } from './split-crossed-merges.js';
import { Troubles, type Concerns, type PolicyTrouble, type TroublesOptions } from './troubles.js';

/** Resolves once the read models have seen a position. */
type UntilSeen = (position: Position) => Promise<unknown>;

/**
 * What Billtrail records of its own accord, in rounds. Each policy follows what the read models derive, behind one fence ({@link Fence}), and whatever one of them throws
 * is kept from the others and from the process ({@link Troubles}).
 */
export class Policies {
  readonly troubles: Troubles;
  private readonly gaps: RecordGaps;
  private readonly approvals: ApproveByRule;

  constructor(
    private readonly ports: CommandPorts,
    options: TroublesOptions,
  ) {
    this.troubles = new Troubles(options);
    this.gaps = new RecordGaps(ports);
    this.approvals = new ApproveByRule(ports);
  }

  /** What policies could not do in their last round, and gaps that do not settle. */
  inTrouble(): readonly PolicyTrouble[] {
    const unsettled = this.gaps.unsettled();
    if (unsettled === null) return this.troubles.all();
    const { gaps, key } = unsettled;
    const cause = `nothing came of recording ${key} in ${ROUNDS_UNTIL_TOLD} rounds`;
    return [...this.troubles.all(), { policy: 'record-gaps', cause, times: gaps }];
  }

  /** One round, until nothing is left to do or `signal` is aborted. It never throws. */
  round(untilSeen: UntilSeen, signal: AbortSignal): Promise<void> {
    return this.troubles.round(async () => {
      await untilSeen(await this.ports.store.head());
      if (signal.aborted) return;
      await this.once('carry-out-forgoing', untilSeen, (attempt) => new CarryOutForgoing(this.ports, attempt).run());
      await this.once('complete-issues', untilSeen, (attempt) => new CompleteIssues(this.ports, attempt).run());
      await this.once('split-crossed-merges', untilSeen, (attempt) =>
        new SplitCrossedMerges(this.ports, attempt).run(),
      );
      // Before all that approved work brings: what needs nobody is in no gap for a moment.
      const approve = () => this.once('approve-by-rule', untilSeen, (attempt) => this.approvals.round(attempt));
      while (!signal.aborted && (await approve()) !== null);
      await this.timePassed(untilSeen);
      await this.once('record-sla', untilSeen, (attempt) => new RecordSla(this.ports, attempt).run());
      const record = () => this.once('record-gaps', untilSeen, (attempt) => this.gaps.round(attempt));
      while (!signal.aborted && (await record()) !== null);
    });
  }

  /**
   * What time alone brings: the months that have come, the renewals of contracts, and the blocks that are renewed.
   * @throws PolicyFailed where a failure concerns whoever waits
   */
  async timePassed(untilSeen: UntilSeen, concerns?: Concerns): Promise<void> {
    const once: typeof this.once = (name, until, run) => this.once(name, until, run, concerns);
    await once('renew-contracts', untilSeen, (attempt) => new RenewContracts(this.ports, attempt).run());
    await once('open-months', untilSeen, () => new OpenMonths(this.ports).run());
    // A block that was bought may be used up by the same work: one after the other, until nothing is due.
    const buy = () => once('renew-blocks', untilSeen, (attempt) => new RenewBlocks(this.ports, attempt).run());
    while ((await buy()) !== null);
  }

  /**
   * Runs a policy, and waits until the read models have seen where it is to look again; null: nothing was to be done.
   * @throws PolicyFailed, with what it came to: see {@link Troubles.policy}
   * @keepsRefusals
   */
  private async once(
    name: string,
    untilSeen: UntilSeen,
    run: (attempt: Attempt) => Promise<Position | null>,
    concerns?: Concerns,
  ): Promise<Position | null> {
    const position = await this.troubles.policy(name, run, concerns);
    if (position !== null) await untilSeen(position);
    return position;
  }
}
