import { isRefusal, type Decision, type LocalDate } from '@billtrail/kernel';
import {
  CommandIdReused,
  laterOf,
  streamName,
  WrongExpectedVersion,
  fingerprintOf,
  type Position,
} from '@billtrail/event-store';
import {
  endingOf,
  endingOfCharge,
  gap as gapDecider,
  gapIdOf,
  type GapCommand,
  type GapEnding,
  type GapEvent,
} from '@billtrail/billing';
import { MAX_GAP_CHANGES, type Gap, type KeyedGap } from '@billtrail/read-models';
import { fold, invariant } from '@billtrail/kernel';
import type { CommandPorts } from '../command-path/command-definition.js';
import { skippingParked } from './attempt.js';

const POLICY = { id: 'record-gaps', role: 'system' } as const;

/** A gap is accepted at its value at that time; with another value it is a gap again. */
function hasGrown({ state, valueAtRisk }: Gap, derived: KeyedGap): boolean {
  const { money, minutes } = valueAtRisk;
  const now = derived.valueAtRisk;
  return (
    state === 'accepted' &&
    (money?.amount !== now.money?.amount || money?.currency !== now.money?.currency || minutes !== now.minutes)
  );
}

/**
 * Records the gaps that rating derives: a new gap is opened, one with another value is revalued, one that is gone is closed with its
 * ending (law L7). Follows the changes queued by the read models. When it begins, and each new day, it also looks at the gaps that become due and
 * at the open ones that have lapsed: the queue is lost with the file of the read models.
 */
export class RecordGaps {
  private lastDay: LocalDate | null = null;
  /** The last of the lapsed gaps of the day that it looked at. */
  private lapsedUpTo = '';

  constructor(private readonly ports: CommandPorts) {}

  /**
   * One round over at most {@link MAX_GAP_CHANGES} keys. Returns the position of the last event it appended, or null if there was nothing left
   * to look at. The read models must have reached that position before the next round, so that a gap just opened is seen as open.
   */
  async round(today: LocalDate): Promise<{ readonly appended: Position | null; readonly looked: number }> {
    const { models } = this.ports;
    const changes = await models.billableItems.takeGapChanges(MAX_GAP_CHANGES);
    const isNewDay = this.lastDay !== today;
    const due = isNewDay ? await models.billableItems.dueGaps(today, MAX_GAP_CHANGES) : [];
    const lapsed = isNewDay ? await models.billableItems.lapsedGaps(today, this.lapsedUpTo, MAX_GAP_CHANGES) : [];
    if (changes.length === 0 && due.length === 0 && lapsed.length === 0) {
      this.lastDay = today;
      this.lapsedUpTo = '';
      return { appended: null, looked: 0 };
    }
    this.lapsedUpTo = lapsed.at(-1)?.gapId ?? this.lapsedUpTo;
    const keys = new Set(due.map((gap) => gap.key));
    // A gap that old logs name otherwise is asked for under both keys, and is one.
    for (const { key } of [...changes, ...lapsed])
      keys.add((await skippingParked(() => models.billableItems.derivedGap(key)))?.key ?? key);
    const positions = await Promise.all([...keys].map((key) => skippingParked(() => this.reconcile(key, today))));
    await models.billableItems.ackGapChanges(changes);
    const appended = positions.reduce(laterOf, null);
    return { appended, looked: keys.size };
  }

  private async reconcile(key: string, today: LocalDate): Promise<Position | null> {
    const { models } = this.ports;
    const derived = await models.billableItems.derivedGap(key);
    const recorded = await models.gaps.byKey(key, derived?.formerKey);
    if (recorded !== null) models.known.check(recorded);
    const isGap = derived !== null && (derived.dueOn === null || derived.dueOn <= today);
    if (isGap && (recorded === null || recorded.state === 'closed' || hasGrown(recorded, derived)))
      return this.open(derived, (recorded?.occurrence ?? 0) + 1);
    if (isGap && recorded?.state === 'open') return this.revalue(recorded, derived);
    if (!isGap && recorded?.state === 'open') return this.close(recorded);
    return null;
  }

  private open(derived: KeyedGap, occurrence: number): Promise<Position | null> {
    const gapId = gapIdOf(derived.key, occurrence);
    const { key: _key, formerKey: _formerKey, dueOn: _dueOn, ...facts } = derived;
    return this.decide({ type: 'OpenBillingGap', gapId, ...facts }, true);
  }

  private revalue({ gapId }: Gap, { valueAtRisk, cause, sourceEventIds }: KeyedGap): Promise<Position | null> {
    return this.decide({ type: 'RevalueBillingGap', gapId, valueAtRisk, cause, sourceEventIds });
  }

  private async close(recorded: Gap): Promise<Position | null> {
    return this.decide({ type: 'CloseBillingGap', gapId: recorded.gapId, ending: await this.endingOf(recorded) });
  }

  private async endingOf({ ticketId, workItemId, charge, clientId, period }: Gap): Promise<GapEnding> {
    const { models } = this.ports;
    if (ticketId !== null) {
      // What is about a whole ticket is asked of the one that it was merged into: its own items say nothing of how it ended.
      if (workItemId === null && (await models.ticketMerges.isMerged(ticketId))) return 'corrected';
      const items = await models.billableItems.ofTicket(ticketId);
      const noCharge = items.length === 0 && (await this.noChargeDeclared(ticketId));
      return endingOf({ ticketId, workItemId }, items, noCharge);
    }
    if (charge === null || clientId === null || period === null) return 'corrected';
    return endingOfCharge(charge, await models.charges.ofPeriod(clientId, period));
  }

  private async noChargeDeclared(ticketId: string): Promise<boolean> {
    const { events } = await this.ports.store.readStream(streamName('ticket', ticketId));
    const last = events.findLast(({ type }) => type === 'NoChargeDeclared' || type === 'TicketReopened');
    return last?.type === 'NoChargeDeclared';
  }

  /** `isNew`: the stream does not exist yet, as far as the read models know; the expected version catches another writer. */
  private async decide(command: GapCommand, isNew = false): Promise<Position | null> {
    const { store, clock } = this.ports;
    const stream = streamName('gap', command.gapId);
    const slice = isNew ? { version: 0, events: [] } : await store.readStream(stream);
    const state = fold(gapDecider, slice.events as readonly GapEvent[]);
    const decision: Decision<GapEvent> = gapDecider.decide({ ...command, at: clock(), by: POLICY }, state);
    invariant(
      !isRefusal(decision),
      `the policy's own command was refused: ${isRefusal(decision) ? decision.message : ''}`,
    );
    if (decision.length === 0) return null;
    const commandId = `${command.type}/${slice.version}`;
    try {
      const appended = await store.append({
        stream,
        expected: slice.version,
        events: decision,
        actor: POLICY,
        commandId,
        correlationId: command.gapId,
        causationId: null,
        fingerprint: fingerprintOf(POLICY.id, { ...command, version: slice.version }),
      });
      return appended.position;
    } catch (error) {
      // Another process records gaps too and was first: what it wrote comes back through the read models.
      if (error instanceof WrongExpectedVersion || error instanceof CommandIdReused) return store.head();
      throw error;
    }
  }
}
