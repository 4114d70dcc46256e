import { PRIORITIES, type Priority } from '@billtrail/kernel';

export { PRIORITIES, type Priority };

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

/**
 * The classification with the fields of a command; a field that is absent or null keeps its value. Only a site does not outlive its client: it is a
 * place of that client.
 */
export function withInput(known: Classification, input: ClassificationInput): Classification {
  const clientId = input.clientId ?? known.clientId;
  const isOfAnother = known.clientId !== null && clientId !== known.clientId;
  return {
    clientId,
    contractId: input.contractId ?? known.contractId,
    siteId: input.siteId ?? (isOfAnother ? null : known.siteId),
    category: input.category ?? known.category,
    ticketType: input.ticketType ?? known.ticketType,
    priority: input.priority ?? known.priority,
  };
}
