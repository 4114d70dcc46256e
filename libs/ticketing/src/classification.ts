export const PRIORITIES = ['critical', 'high', 'moderate', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What a ticket is about: known wholly or in part when it is requested, complete after triage. */
export interface Classification {
  readonly clientId: string | null;
  readonly contractId: string | null;
  readonly siteId: string | null;
  readonly category: string | null;
  readonly ticketType: string | null;
  readonly priority: Priority | null;
}
