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

/** Fields of the classification. An absent field or null keeps the known value. */
export interface ClassificationInput {
  readonly clientId?: string | null;
  readonly contractId?: string | null;
  readonly siteId?: string | null;
  readonly category?: string | null;
  readonly ticketType?: string | null;
  readonly priority?: Priority | null;
}

/** The classification with the fields of a command; a field that is absent or null keeps its value. */
export function withInput(known: Classification, input: ClassificationInput): Classification {
  return {
    clientId: input.clientId ?? known.clientId,
    contractId: input.contractId ?? known.contractId,
    siteId: input.siteId ?? known.siteId,
    category: input.category ?? known.category,
    ticketType: input.ticketType ?? known.ticketType,
    priority: input.priority ?? known.priority,
  };
}
