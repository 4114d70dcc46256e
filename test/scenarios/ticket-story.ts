import { monthOf, type Actor, type Instant, type LocalDate } from '@billtrail/kernel';
import { ticketCommands as tickets, type CommandClass } from '@billtrail/application';
import type { Scope } from '@billtrail/ticketing';
import type { Sending } from '../laws/kit/house.js';
import { OMAR, PRIYA } from './people.js';

export interface Work {
  readonly type?: string;
  readonly approved?: boolean;
  readonly rateClass?: string;
  readonly stated?: number;
  readonly by?: Actor;
  /** Whose time it is, where somebody else enters it. */
  readonly for?: Actor;
  readonly role?: string;
  /** When it began and ended; without, only how long it took is known. */
  readonly from?: Instant;
  readonly until?: Instant;
}

/** Whoever carries commands to the house; a refusal fails the story. */
interface Sender {
  send<C extends object>(type: CommandClass<C>, input: object, sending?: Sending): Promise<void>;
}

/** What happens on one ticket. */
export class TicketStory {
  private readonly versions = new Map<string, number>();

  constructor(
    private readonly msp: Sender,
    readonly ticketId: string,
  ) {}

  /** Priya's time, approved by Omar unless the story says otherwise. */
  async time(timeEntryId: string, minutes: number, workDate: LocalDate, work: Work = {}): Promise<void> {
    await this.msp.send(tickets.LogTimeEntry, this.entry(timeEntryId, minutes, workDate, work), {
      actor: work.by ?? PRIYA,
    });
    if (work.approved ?? true) await this.approves(timeEntryId);
  }

  async corrects(timeEntryId: string, minutes: number, workDate: LocalDate, work: Work = {}): Promise<void> {
    const entry = { ...this.entry(timeEntryId, minutes, workDate, work), reason: 'mistyped' };
    await this.msp.send(tickets.CorrectTimeEntry, entry, { actor: PRIYA });
    this.versions.set(timeEntryId, this.versionOf(timeEntryId) + 1);
    if (work.approved ?? true) await this.approves(timeEntryId);
  }

  /** What Omar approves is what was last recorded or corrected by this story. */
  approves(timeEntryId: string): Promise<void> {
    const version = this.versionOf(timeEntryId);
    return this.msp.send(tickets.ApproveTimeEntry, { ticketId: this.ticketId, timeEntryId, version }, { actor: OMAR });
  }

  voids(timeEntryId: string): Promise<void> {
    return this.msp.send(
      tickets.VoidTimeEntry,
      { ticketId: this.ticketId, timeEntryId, reason: 'was not done' },
      { actor: PRIYA },
    );
  }

  /** Approved by Omar, as what she spends. */
  async uses(materialUsageId: string, quantity: string, listPrice: string, workDate: LocalDate): Promise<void> {
    const price = { listPrice: { amount: listPrice, currency: 'AUD' }, workDate };
    const part = { itemCode: 'SSD-1T', description: 'Solid state disk', quantity, unit: 'piece' };
    const { ticketId } = this;
    const usage = { ticketId, materialUsageId, ...part, ...price };
    await this.msp.send(tickets.RecordMaterialUsage, usage, { actor: PRIYA });
    await this.msp.send(tickets.ApproveMaterialUsage, { ticketId, materialUsageId }, { actor: OMAR });
  }

  async spends(expenseId: string, description: string, amount: string, workDate: LocalDate): Promise<void> {
    const cost = { amount, currency: 'AUD' };
    const { ticketId } = this;
    const expense = { ticketId, expenseId, description, cost, workDate };
    await this.msp.send(tickets.RecordExpense, expense, { actor: PRIYA });
    await this.msp.send(tickets.ApproveExpense, { ticketId, expenseId }, { actor: OMAR });
  }

  notes(text: string): Promise<void> {
    return this.msp.send(tickets.AddNote, { ticketId: this.ticketId, noteId: 'note', text }, { actor: PRIYA });
  }

  isOf(changes: { clientId?: string; contractId?: string; category?: string }): Promise<void> {
    return this.msp.send(
      tickets.ReclassifyTicket,
      { ticketId: this.ticketId, ...changes, reason: 'put right' },
      { actor: OMAR },
    );
  }

  resolves(materials: 'listed' | 'none-used' = 'none-used', scope: Scope = 'in-contract'): Promise<void> {
    const input = { ticketId: this.ticketId, resolution: 'Works again', materials, scope };
    return this.msp.send(tickets.ResolveTicket, input, { actor: PRIYA });
  }

  /** Omar decides whether the work was in the contract. */
  isClassified(scope: Scope): Promise<void> {
    const input = { ticketId: this.ticketId, scope, reason: 'looked at the contract' };
    return this.msp.send(tickets.ClassifyScope, input, { actor: OMAR });
  }

  reopens(): Promise<void> {
    return this.msp.send(tickets.ReopenTicket, { ticketId: this.ticketId, reason: 'Broken again' }, { actor: OMAR });
  }

  private versionOf(workItemId: string): number {
    return this.versions.get(workItemId) ?? 1;
  }

  private entry(timeEntryId: string, minutes: number, workDate: LocalDate, work: Work): object {
    return {
      ticketId: this.ticketId,
      timeEntryId,
      engineerId: (work.for ?? work.by ?? PRIYA).id,
      engineerRole: work.role ?? 'engineer',
      workType: work.type ?? 'remote',
      minutes,
      statedBillableMinutes: work.stated ?? null,
      rateClass: work.rateClass ?? null,
      startedAt: work.from ?? null,
      endedAt: work.until ?? null,
      workDate,
      description: `Worked on ${monthOf(workDate)}`,
    };
  }
}
