import { fold, isRefusal, type Instant } from '@billtrail/kernel';
import { laterOf, streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import {
  daysAround,
  ruleThatApproves,
  ticketDecider,
  type RuleNamed,
  type TicketEvent,
  type TimeOfEngineer,
} from '@billtrail/ticketing';
import type { EngineerDay, RecordedPiece } from '@billtrail/read-models';
import { actorOf } from '../command-path/append-as.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { Fence, type Decided, type Looked } from './fence.js';
import { skippingParked, type Attempt } from './attempt.js';

const POLICY = 'approve-by-rule';
const BY = actorOf(POLICY);
const decider = ticketDecider();

/** Most entries, or days, that are asked for at once. */
const PAGE = 500;

/** Up to where all was looked at, by which rules, in which filling of the read models. */
interface LookedUpTo {
  readonly at: Position;
  readonly configuredAt: number;
  readonly timesFilled: number;
}

/** Entries by their ticket. */
type Places = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Approves the time that needs nobody by a rule of the configuration. All that waits is looked at once by the rules in force; after that the days of engineers of which
 * something changed, for what is out of the ordinary about an entry is so by the others beside it. So what it comes to is the same whenever it looks.
 */
export class ApproveByRule {
  private readonly fence: Fence;
  private upTo: LookedUpTo | null = null;
  /** What could not be decided: the read models were behind, or it went wrong. It is tried again in the next round. */
  private left: Places = new Map();

  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'models' | 'clock' | 'inTurn'>) {
    this.fence = new Fence(ports, POLICY);
  }

  /** Returns the position at which to look again, or null: nothing was to be approved. */
  async round(attempt: Attempt = skippingParked): Promise<Position | null> {
    const { models } = this.ports;
    const published = models.work.approvalRulesNow();
    if (published === null) return null;
    const upTo = { at: models.position(), configuredAt: published.configuredAt, timesFilled: models.timesFilled() };
    const left = new Map<string, ReadonlySet<string>>();
    let last: Position | null = null;
    const look = async (places: Places): Promise<void> => {
      for (const [ticketId, entries] of places) {
        const looked = await attempt(() => this.ticket(ticketId, entries));
        last = laterOf(last, looked?.again ?? null);
        const isLeft = looked === null || (!looked.isRecorded && looked.again !== null);
        if (isLeft) left.set(ticketId, new Set([...(left.get(ticketId) ?? []), ...entries]));
      }
    };
    await look(this.left);
    for (const waiting of this.isAnew(upTo) ? this.waiting() : this.besideChanges()) await look(byTicket(waiting));
    this.left = left;
    this.upTo = upTo;
    return last;
  }

  private isAnew({ configuredAt, timesFilled }: LookedUpTo): boolean {
    return this.upTo?.configuredAt !== configuredAt || this.upTo.timesFilled !== timesFilled;
  }

  /** All time that waits, page by page. */
  private *waiting(): Generator<readonly RecordedPiece[]> {
    const { work } = this.ports.models;
    for (let after: RecordedPiece | null = null; ;) {
      const page: readonly RecordedPiece[] = work.timeWaitingNow(after, PAGE);
      after = page.at(-1) ?? null;
      if (after === null) return;
      yield page;
    }
  }

  /** What waits on and beside the days of which something changed since the last round. */
  private *besideChanges(): Generator<readonly RecordedPiece[]> {
    const { work } = this.ports.models;
    const since = this.upTo?.at;
    if (since === undefined) return;
    for (let after: EngineerDay | null = null; ;) {
      const days: readonly EngineerDay[] = work.daysChangedNow(since, after, PAGE);
      after = days.at(-1) ?? null;
      if (after === null) return;
      yield days.flatMap(({ engineerId, workDate }) => {
        const { from, to } = daysAround(workDate);
        return work.timeWaitingOfEngineerNow(engineerId, from, to);
      });
    }
  }

  /** All of a ticket at once: what is recorded of one entry would keep the others waiting for the read models. */
  private async ticket(ticketId: string, entries: ReadonlySet<string>): Promise<Looked> {
    const approvable = () => this.approvableNow(ticketId, entries);
    // Most of what waits is for people: that is seen without its ticket.
    if (approvable().length === 0) return { again: null, isRecorded: false };
    const stream = streamName('ticket', ticketId);
    const read = async () => ({ slice: await this.ports.store.readStream(stream) });
    return this.ports.inTurn(stream, () =>
      this.fence.record(read, ({ slice }, now) => {
        this.ports.models.known.of('rating-facts').check({ ticketId });
        return decided(ticketId, approvable(), slice, now);
      }),
    );
  }

  /** The entries that a rule approves. All others need a person, or nobody any more. */
  private approvableNow(ticketId: string, entries: ReadonlySet<string>): readonly Approving[] {
    const { work } = this.ports.models;
    const published = work.approvalRulesNow();
    if (published === null) return [];
    const { configuredAt } = published;
    // Entries of a ticket are mostly of one engineer and a few days.
    const days = new Map<string, readonly TimeOfEngineer[]>();
    const around = ({ engineerId, workDate }: TimeOfEngineer): readonly TimeOfEngineer[] => {
      const key = JSON.stringify([engineerId, workDate]);
      const { from, to } = daysAround(workDate);
      const found = days.get(key) ?? work.ofEngineerNow(engineerId, from, to);
      days.set(key, found);
      return found;
    };
    return [...entries].flatMap((timeEntryId) => {
      const piece = work.pieceNow(ticketId, timeEntryId);
      if (piece?.approval !== 'unapproved' || piece.time === null) return [];
      const { time, version, clientId } = piece;
      const rule = ruleThatApproves({ ...piece, time }, around(time), published);
      return rule === null ? [] : { timeEntryId, version, clientId, rule: { name: rule.name, configuredAt } };
    });
  }
}

interface Approving {
  readonly timeEntryId: string;
  readonly version: number;
  readonly clientId: string | null;
  readonly rule: RuleNamed;
}

/** What a person decided on before is left to people. null: nothing is to be approved. */
function decided(
  ticketId: string,
  approving: readonly Approving[],
  { events, version }: StreamSlice,
  now: Instant,
): Decided | null {
  const state = fold(decider, events as readonly TicketEvent[]);
  if (state.stage === 'not-requested') return null;
  const approved = approving.flatMap(({ timeEntryId, version: seen, rule }) => {
    if (state.record.workItems.get(timeEntryId)?.isForPeople === true) return [];
    const command = { type: 'ApproveTimeEntry', ticketId, timeEntryId, version: seen, rule, at: now, by: BY } as const;
    const decision = decider.decide(command, state);
    return isRefusal(decision) ? [] : decision;
  });
  if (approved.length === 0) return null;
  const clients = new Set(approving.flatMap(({ clientId }) => clientId ?? []));
  return {
    events: approved,
    commandId: `${POLICY}/${version}`,
    correlationId: ticketId,
    causationId: events.at(-1)?.id ?? null,
    asked: { ticketId, version },
    restsOn: { clients: [...clients], withMonths: true },
  };
}

function byTicket(waiting: readonly RecordedPiece[]): Places {
  const found = new Map<string, Set<string>>();
  for (const { ticketId, workItemId } of waiting) {
    const entries = found.get(ticketId) ?? new Set();
    found.set(ticketId, entries.add(workItemId));
  }
  return found;
}
