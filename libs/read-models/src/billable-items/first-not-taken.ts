import { createHash } from 'node:crypto';
import { streamName, type PositionNumber, type StreamName } from '@billtrail/event-store';
import type { ClientPeriodFacts, ContractFacts, RatingResult, WorkItem } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { ToldBy } from '../parking/not-taken.js';
import { ToldEvents } from '../rating-facts/told-events.js';

type Rate = (facts: ClientPeriodFacts) => RatingResult;

/** Client-periods of which it is remembered what they could not be rated for. */
const MAX_REMEMBERED = 1_000;

/** What a client-period can't be rated for, whenever that was told. */
type Culprit =
  | { readonly stream: StreamName }
  | { readonly work: WorkItem }
  /** Or `orWork`, where that was told later. */
  | { readonly contractId: string; readonly orWork: WorkItem | null };

/** Of a client-period that can't be rated: the event by which that became known. A function of the facts alone, so that a rebuild finds the same one. */
export class FirstNotTaken {
  private readonly statedAt;
  private readonly told: ToldEvents;
  /** By client-period, the last at the end. The search rates many times: it is done again only where the facts are others. */
  private readonly remembered = new Map<string, { readonly hash: string; readonly culprit: Culprit }>();

  constructor(
    database: ReadDatabase,
    private readonly rate: Rate,
  ) {
    this.statedAt = database
      .statement<[string, string], PositionNumber>('SELECT stated_at FROM work_items WHERE ticket_id = ? AND name = ?')
      .pluck();
    this.told = new ToldEvents(database);
  }

  /** null: the facts could not even be put together. */
  of(clientId: string, facts: ClientPeriodFacts | null): ToldBy {
    const culprit = facts === null ? { stream: streamName('client', clientId) } : this.culpritOf(facts);
    if ('work' in culprit) return this.toldOf(culprit.work);
    if ('stream' in culprit) return this.told.of(culprit.stream, clientId);
    const ofContract = this.told.of(streamName('contract', culprit.contractId), clientId);
    const ofWork = culprit.orWork === null ? null : this.toldOf(culprit.orWork);
    return ofWork === null || ofContract.position > ofWork.position ? ofContract : ofWork;
  }

  private culpritOf(facts: ClientPeriodFacts): Culprit {
    const key = `${facts.clientId} ${facts.period}`;
    const hash = hashOf(facts);
    const known = this.remembered.get(key);
    if (known?.hash === hash) return known.culprit;
    const culprit = this.lookedFor(facts);
    this.remembered.delete(key);
    this.remembered.set(key, { hash, culprit });
    for (const oldest of this.remembered.keys()) {
      if (this.remembered.size <= MAX_REMEMBERED) break;
      this.remembered.delete(oldest);
    }
    return culprit;
  }

  private lookedFor(facts: ClientPeriodFacts): Culprit {
    const { clientId, period } = facts;
    const contract = () => facts.contracts.find((one) => this.isTakenWithout(facts, one.contractId));
    if (facts.work.length > 0 && this.isTaken({ ...facts, work: [] })) return this.ofWork(facts, contract);
    const { contractId = null } = contract() ?? {};
    if (contractId !== null) return { contractId, orWork: null };
    const none = new Map<string, string>();
    const nothingHeld = { invoiced: [], invoicedCharges: [], claimed: none, drafted: [], writtenOff: [] };
    if (this.isTaken({ ...facts, ...nothingHeld, creditedWork: new Set<string>() }))
      return { stream: streamName('account', `${clientId}-${period}`) };
    return { stream: streamName('client', clientId) };
  }

  /** Without work it is taken. A contract that no work can be rated under is told from work that no contract takes by other work; where there is none, what came last. */
  private ofWork(facts: ClientPeriodFacts, contract: () => ContractFacts | undefined): Culprit {
    const sorted = [...facts.work].sort((one, other) => one.position - other.position);
    const index = this.firstOf(facts, sorted);
    const work = sorted[index]!;
    const others = sorted.filter((_, other) => other !== index);
    if (index > 0 || (others.length > 0 && this.isTaken({ ...facts, work: others }))) return { work };
    const found = contract();
    if (found === undefined) return { work };
    return { contractId: found.contractId, orWork: others.length > 0 ? null : work };
  }

  private isTakenWithout(facts: ClientPeriodFacts, contractId: string): boolean {
    return this.isTaken({ ...facts, contracts: facts.contracts.filter((one) => one.contractId !== contractId) });
  }

  /** Without any of it the rest is taken, and with all it is not: the last of the fewest with which it is not, as far as what is wrong stays wrong with more. */
  private firstOf(facts: ClientPeriodFacts, work: readonly WorkItem[]): number {
    let taken = 0;
    let notTaken = work.length;
    while (notTaken - taken > 1) {
      const middle = Math.floor((taken + notTaken) / 2);
      if (this.isTaken({ ...facts, work: work.slice(0, middle) })) taken = middle;
      else notTaken = middle;
    }
    return taken;
  }

  private toldOf({ ticketId, workItemId, sourceEventIds }: WorkItem): ToldBy {
    const position = this.statedAt.get(ticketId, workItemId)!;
    return { stream: streamName('ticket', ticketId), eventId: sourceEventIds.at(-1)!, position };
  }

  private isTaken(facts: ClientPeriodFacts): boolean {
    try {
      this.rate(facts);
      return true;
    } catch {
      return false;
    }
  }
}

function hashOf(facts: ClientPeriodFacts): string {
  const text = JSON.stringify(facts, (_, value: unknown) => {
    if (value instanceof Map || value instanceof Set) return [...value];
    return typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
  });
  return createHash('sha256').update(text).digest('base64');
}
