import { fold, isRefusal, type Instant, type LocalDate, type Refusal } from '@billtrail/kernel';
import { laterOf, streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import {
  endingOf,
  endingOfCharge,
  gap as gapDecider,
  gapIdOf,
  type GapCommand,
  type GapEnding,
  type GapEvent,
} from '@billtrail/billing';
import { readModelsDiffer, type DueGap, type Gap, type KeyedGap } from '@billtrail/read-models';
import { actorOf } from '../command-path/append-as.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { Fence, type Decided, type Looked } from './fence.js';
import { RefusedForNow, skippingParked, type Attempt } from './attempt.js';

const POLICY = 'record-gaps';
const BY = actorOf(POLICY);

/** In so many rounds after each other something was to be recorded of a gap, and nothing was: that is told. */
export const ROUNDS_UNTIL_TOLD = 3;
/** Most gaps of which the rounds are counted. */
const MAX_COUNTED = 10_000;

/** What is to be recorded of a gap, and in which stream. */
interface Act {
  readonly stream: string;
  readonly command: GapCommand;
  readonly clientId: string | null;
  /** The latest gap of its key, as the read models have it. null: none was recorded. */
  readonly recorded: Gap | null;
}

/**
 * Records the gaps that rating derives: a new gap is opened on its day, one with another value or cause is revalued, one that is gone is closed with its ending (law L7). The
 * ledger tells of which gaps something is to be recorded; what was recorded, or needs nothing any more, is no longer told. So there is no queue to lose and nothing to
 * acknowledge.
 */
export class RecordGaps {
  private readonly fence: Fence;
  private lookedAt: { readonly at: Position; readonly day: LocalDate; readonly timesFilled: number } | null = null;
  /** Gaps of which the last round found something to record, and recorded nothing; and how many rounds after each other that was so. */
  private unsettledFor: ReadonlyMap<string, number> = new Map();
  /** Clients of whom this round found something changed: nothing is looked at again for each of their gaps. */
  private readonly differing = new Map<string, Refusal>();

  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'models' | 'clock'>) {
    this.fence = new Fence(ports, POLICY);
  }

  /**
   * Tries each gap once of which something is to be recorded, page by page; where all were tried at this position of the same rows and on this day, nothing would come of another round. Answers
   * the position at which to look again, or null: nothing is left to do for now.
   */
  async round(attempt: Attempt = skippingParked): Promise<Position | null> {
    const { models } = this.ports;
    const at = models.position();
    const day = models.gapLedger.dayNow((await this.fence.now()).now);
    const timesFilled = models.timesFilled();
    if (this.lookedAt?.at.is(at) === true && this.lookedAt.day === day && this.lookedAt.timesFilled === timesFilled)
      return null;
    const unsettledFor = new Map<string, number>();
    this.differing.clear();
    let last: Position | null = null;
    let isWhole = true;
    for (let after: DueGap | null = null; ;) {
      const due: readonly DueGap[] = await models.gapLedger.due(day, after);
      after = due.at(-1) ?? null;
      if (after === null) break;
      const looks = await Promise.all(due.map(({ key }) => attempt(() => this.reconcile(key))));
      for (const [index, looked] of looks.entries()) {
        last = laterOf(last, looked?.again ?? null);
        isWhole &&= looked !== null;
        // What is parked, and what went wrong, is told as such.
        const key = looked === null || looked.isRecorded ? undefined : due[index]?.key;
        if (key !== undefined && unsettledFor.size < MAX_COUNTED)
          unsettledFor.set(key, (this.unsettledFor.get(key) ?? 0) + 1);
      }
    }
    this.unsettledFor = unsettledFor;
    this.lookedAt = isWhole ? { at, day, timesFilled } : null;
    return last;
  }

  /** How many gaps have not settled in {@link ROUNDS_UNTIL_TOLD} rounds, and one of them; null: none. */
  unsettled(): { readonly gaps: number; readonly key: string } | null {
    const keys = [...this.unsettledFor].filter(([, rounds]) => rounds >= ROUNDS_UNTIL_TOLD).map(([key]) => key);
    const [key] = keys;
    return key === undefined ? null : { gaps: keys.length, key };
  }

  private async reconcile(key: string): Promise<Looked> {
    const expected = this.actOn(key, (await this.fence.now()).now);
    if (expected === null) {
      this.refuseIfChanged(key);
      return { again: null, isRecorded: false };
    }
    const { stream } = expected;
    const before = streamOf(expected.recorded);
    const read = async () => ({
      slice: await this.ports.store.readStream(stream),
      latest: before === null || before === stream ? null : await this.ports.store.readStream(before),
    });
    return this.fence.record(read, ({ slice, latest }, now) => {
      this.refuseIfChanged(key);
      const act = this.actOn(key, now);
      // Of another gap by now: the next round finds it.
      if (act === null || act.stream !== stream || streamOf(act.recorded) !== before) return null;
      if (act.recorded !== null) refuseUnlessRecorded(act.recorded, latest ?? slice);
      return entryOf(act, slice, now);
    });
  }

  /** @throws RefusedForNow where another program changed what it rests on */
  private refuseIfChanged(key: string): void {
    const { derived, recorded } = this.gapsOf(key);
    const gap = derived ?? recorded;
    if (gap === null) return;
    const { ticketId, clientId, period } = gap;
    const whose = clientId ?? '';
    const differs =
      this.differing.get(whose) ?? this.ports.models.gapLedger.differenceNow({ ticketId, clientId, period });
    if (differs === null) return;
    this.differing.set(whose, differs);
    throw new RefusedForNow(differs);
  }

  private gapsOf(key: string): { readonly derived: KeyedGap | null; readonly recorded: Gap | null } {
    const { models } = this.ports;
    const derived = models.billableItems.derivedGapNow(key);
    return { derived, recorded: models.gaps.byKeyNow(key, derived?.formerKey) };
  }

  private actOn(key: string, now: Instant): Act | null {
    const { models } = this.ports;
    const { derived, recorded } = this.gapsOf(key);
    const isDue = derived !== null && (derived.dueOn === null || derived.dueOn <= models.gapLedger.dayNow(now));
    if (recorded?.state === 'open') {
      const isGone = derived === null || (!isDue && restsOnOthers(recorded, derived));
      return actOf(
        isGone
          ? { type: 'CloseBillingGap', gapId: recorded.gapId, ending: this.endingOf(recorded) }
          : revalued(recorded, derived),
        recorded,
        recorded.clientId,
      );
    }
    if (!isDue) return null;
    if (recorded?.state === 'accepted' && !hasAnotherValue(recorded, derived)) return null;
    return actOf(opened(derived, (recorded?.occurrence ?? 0) + 1), recorded, derived.clientId);
  }

  private endingOf({ kind, ticketId, workItemId, charge, clientId, period }: Gap): GapEnding {
    const { models } = this.ports;
    if (ticketId !== null) {
      // What is about a whole ticket is asked of the one that it was merged into: its own items say nothing of how it ended.
      if (workItemId === null && models.ticketMerges.isMergedNow(ticketId)) return 'corrected';
      const items = models.billableItems.ofTicketNow(ticketId);
      const noCharge = items.length === 0 && models.billableItems.isNoChargeNow(ticketId);
      return endingOf({ kind, ticketId, workItemId }, items, noCharge);
    }
    if (charge === null || clientId === null || period === null) return 'corrected';
    return endingOfCharge(charge, models.charges.ofPeriodNow(clientId, period));
  }
}

function actOf(command: GapCommand, recorded: Gap | null, clientId: string | null): Act {
  return { stream: streamName('gap', command.gapId), command, clientId, recorded };
}

function streamOf(gap: Gap | null): string | null {
  return gap === null ? null : streamName('gap', gap.gapId);
}

/** What is recorded is what its own stream says. @throws RefusedForNow where another program changed it in the read models */
function refuseUnlessRecorded(gap: Gap, { events }: StreamSlice): void {
  const state = fold(gapDecider, events as readonly GapEvent[]);
  const told =
    state.status === 'unknown' ? null : identityOf(state.facts, state.status === 'open' ? null : state.ending);
  if (told !== identityOf(gap, gap.ending))
    throw new RefusedForNow(
      readModelsDiffer({ model: 'gaps', clientId: gap.clientId ?? '', period: gap.period ?? '' }),
    );
}

function identityOf(
  {
    kind,
    ticketId,
    clientId,
    period,
    workItemId,
    valueAtRisk,
  }: Pick<Gap, 'kind' | 'ticketId' | 'clientId' | 'period' | 'workItemId' | 'valueAtRisk'>,
  ending: Gap['ending'],
): string {
  const { money, minutes } = valueAtRisk;
  return JSON.stringify([
    kind,
    ticketId,
    clientId,
    period,
    workItemId,
    money?.amount,
    money?.currency,
    minutes,
    ending,
  ]);
}

/** null: the gap's own stream says so already, or refuses it, for somebody was first. */
function entryOf({ command, clientId }: Act, { events, version }: StreamSlice, now: Instant): Decided | null {
  const state = fold(gapDecider, events as readonly GapEvent[]);
  const decision = gapDecider.decide({ ...command, at: now, by: BY }, state);
  if (isRefusal(decision) || decision.length === 0) return null;
  return {
    events: decision,
    commandId: `${command.type}/${version}`,
    correlationId: command.gapId,
    causationId: null,
    asked: { ...command, version },
    restsOn: { clients: clientId === null ? [] : [clientId] },
  };
}

function opened(derived: KeyedGap, occurrence: number): GapCommand {
  const { key, formerKey: _formerKey, dueOn: _dueOn, ...facts } = derived;
  return { type: 'OpenBillingGap', gapId: gapIdOf(key, occurrence), ...facts };
}

function revalued({ gapId }: Gap, { valueAtRisk, cause, sourceEventIds }: KeyedGap): GapCommand {
  return { type: 'RevalueBillingGap', gapId, valueAtRisk, cause, sourceEventIds };
}

/**
 * The due day opens a gap, and closes none: one that is open stays open where its day moves on. Where other events make the gap, or it is worth something else, what was recorded
 * is a gap no longer, and this one is none until its own day.
 */
function restsOnOthers(recorded: Gap, derived: KeyedGap): boolean {
  const [before, now] = [recorded, derived].map(({ sourceEventIds }) => JSON.stringify(sourceEventIds));
  return before !== now || hasAnotherValue(recorded, derived);
}

/** A gap is accepted at its value at that time; with another value it is a gap again. */
function hasAnotherValue({ valueAtRisk: { money, minutes } }: Gap, { valueAtRisk: now }: KeyedGap): boolean {
  return money?.amount !== now.money?.amount || money?.currency !== now.money?.currency || minutes !== now.minutes;
}
