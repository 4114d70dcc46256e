import type { BusinessCalendarFacts, Minutes } from '@billtrail/kernel';

export const SLA_TARGETS = ['response', 'resolution'] as const;
export type SlaTarget = (typeof SLA_TARGETS)[number];

/** Time that may pass. A business day of a published page is its hours in minutes. */
export interface TargetTime {
  readonly minutes: Minutes;
  /** `business`: minutes while the policy's calendar is open; `elapsed`: all minutes. */
  readonly clock: 'business' | 'elapsed';
}

/** The client-facing service level of a contract. The clock always pauses in Pending Client (domain.md, SLA). */
export interface SlaPolicy {
  readonly id: string;
  readonly name: string;
  readonly calendar: BusinessCalendarFacts;
  /** By priority of the ticket. null: best effort, no target. A priority that is absent has none. */
  readonly targets: Readonly<Record<string, Readonly<Record<SlaTarget, TargetTime | null>>>>;
  readonly pausesOnThirdParty: boolean;
  /** Percents of a target at which a warning is given, rising. */
  readonly warnAtPercent: readonly number[];
}

/** What one breach gives back: an amount, or a percentage of the period's recurring charges of the contract before credits. */
export interface ServiceCredit {
  readonly id: string;
  readonly name: string;
  readonly target: SlaTarget;
  /** Absent: any. The first credit that matches a breach is given, so a breach gives one credit at most. */
  readonly priorities?: readonly string[];
  readonly credit:
    | { readonly kind: 'amount'; readonly amount: string }
    | { readonly kind: 'percent-of-recurring'; readonly percent: string };
  readonly taxCategory: string;
}

export interface ServiceLevels {
  readonly policy: SlaPolicy;
  readonly credits: readonly ServiceCredit[];
  /** All credits of a billing period together are at most this, decimal string. Absent: at most the period's recurring charges. */
  readonly maximumCreditPerPeriod?: string;
}
