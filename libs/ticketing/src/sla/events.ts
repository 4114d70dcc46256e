import type { DomainEvent, Instant, LocalDate, Minutes } from '@billtrail/kernel';
import type { Priority } from '../classification.js';

export const SLA_TARGETS = ['response', 'resolution'] as const;
export type SlaTarget = (typeof SLA_TARGETS)[number];

/** Which target of the ticket, under which terms: those that held at the instant of the event. */
export interface SlaFacts {
  readonly ticketId: string;
  readonly clientId: string;
  readonly contractId: string;
  readonly contractVersion: number;
  readonly policyId: string;
  readonly target: SlaTarget;
  /** 1 from the request on, 2 from the first time that the ticket went on after it was closed, and so on. */
  readonly run: number;
  readonly priority: Priority;
  readonly targetMinutes: Minutes;
  /** `business`: minutes of the policy's calendar; `elapsed`: all minutes. */
  readonly clock: 'business' | 'elapsed';
}
/** A share of the target's time is used up, and the target is not met. It occurred when the share was used up. */
export type SlaWarned = DomainEvent<
  'SlaWarned',
  SlaFacts & {
    readonly percent: number;
    /** When the rest is used up, if nothing happens; null: that was not to be told. */
    readonly dueAt: Instant | null;
  }
>;
/** The target was not met in its time. It occurred when it was due. */
export type SlaBreached = DomainEvent<
  'SlaBreached',
  SlaFacts & {
    readonly dueAt: Instant;
    /** Its day in the contract's zone: it finds the version and the period of a service credit. */
    readonly breachedOn: LocalDate;
  }
>;
/**
 * A recorded breach that the facts no longer support. `in-time`: the target was met, or is not due yet; `no-sla`: the ticket has no such target;
 * `restated`: it was missed otherwise than recorded, as the `SlaBreached` beside this tells.
 */
export type SlaBreachWithdrawn = DomainEvent<
  'SlaBreachWithdrawn',
  Pick<SlaFacts, 'ticketId' | 'target' | 'run'> & {
    readonly breachEventId: string;
    readonly reason: 'in-time' | 'no-sla' | 'restated';
  }
>;
