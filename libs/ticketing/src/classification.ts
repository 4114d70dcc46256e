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

/** Fields of the classification. An absent field keeps the known value; so does null, which takes a ticket only off its site or its contract. */
export interface ClassificationInput {
  readonly clientId?: string | null;
  readonly contractId?: string | null;
  readonly siteId?: string | null;
  readonly category?: string | null;
  readonly ticketType?: string | null;
  readonly priority?: Priority | null;
}

/**
 * The classification with the fields of a command. What is absent stays, but a site does not outlive its client: it is a place of that client.
 */
export function withInput(known: Classification, input: ClassificationInput): Classification {
  const clientId = input.clientId ?? known.clientId;
  const isOfAnother = known.clientId !== null && clientId !== known.clientId;
  const siteThen = isOfAnother ? null : known.siteId;
  return {
    clientId,
    contractId: input.contractId === undefined ? known.contractId : input.contractId,
    siteId: input.siteId === undefined ? siteThen : input.siteId,
    category: input.category ?? known.category,
    ticketType: input.ticketType ?? known.ticketType,
    priority: input.priority ?? known.priority,
  };
}
