import { streamName, type PositionNumber, type StreamName } from '@billtrail/event-store';
import type { ClientPeriodFacts, ContractFacts, RatingResult, WorkItem } from '@billtrail/billing';
import type { ReadDatabase } from '../database/read-database.js';
import type { ToldBy } from '../parking/not-taken.js';
import { ToldEvents } from '../rating-facts/told-events.js';

type Rate = (facts: ClientPeriodFacts) => RatingResult;

/** Of a client-period that can't be rated: the event by which that became known. A function of the facts alone, so that a rebuild finds the same one. */
export class FirstNotTaken {
  private readonly statedAt;
  private readonly told: ToldEvents;

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
    const told = facts === null ? streamName('client', clientId) : this.lookedFor(facts);
    return typeof told === 'string' ? this.told.of(told, clientId) : told;
  }

  private lookedFor(facts: ClientPeriodFacts): StreamName | ToldBy {
    const { clientId, period } = facts;
    const contract = () => facts.contracts.find((one) => this.isTakenWithout(facts, one.contractId));
    if (facts.work.length > 0 && this.isTaken({ ...facts, work: [] })) return this.ofWork(facts, contract);
    const { contractId = null } = contract() ?? {};
    if (contractId !== null) return streamName('contract', contractId);
    const none = new Map<string, string>();
    const nothingHeld = { invoiced: [], invoicedCharges: [], claimed: none, drafted: [], writtenOff: [] };
    if (this.isTaken({ ...facts, ...nothingHeld, creditedWork: new Set<string>() }))
      return streamName('account', `${clientId}-${period}`);
    return streamName('client', clientId);
  }

  /** Without work it is taken. A contract that no work can be rated under is told from work that no contract takes by other work; where there is none, what came last. */
  private ofWork(facts: ClientPeriodFacts, contract: () => ContractFacts | undefined): ToldBy {
    const work = [...facts.work].sort((one, other) => one.position - other.position);
    const index = this.firstOf(facts, work);
    const told = this.toldOf(work[index]!);
    const others = work.filter((_, other) => other !== index);
    if (index > 0 || (others.length > 0 && this.isTaken({ ...facts, work: others }))) return told;
    const found = contract();
    if (found === undefined) return told;
    const ofContract = this.told.of(streamName('contract', found.contractId), facts.clientId);
    return others.length > 0 || ofContract.position > told.position ? ofContract : told;
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
