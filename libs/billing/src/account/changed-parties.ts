import { type Refusal, refuse } from '@billtrail/kernel';
import type { PartyOnDocument } from '../events.js';
import type { Invoice } from './state.js';

interface Parties {
  readonly buyer: PartyOnDocument;
  readonly seller: PartyOnDocument;
}

/**
 * What was approved is what is issued: who buys and who sells too; where nobody had named the organisation, nobody approved who sells. A draft of schema version 1, without
 * a hash, says nothing of them. null: they are as it shows them.
 */
export function refuseChangedParties({ invoiceId, hash, ...draft }: Invoice, now: Parties): Refusal | null {
  const differences = (['buyer', 'seller'] as const).flatMap((party) => {
    const was = draft[party];
    if (was === null && hash === null) return [];
    return (['name', 'taxId', 'address'] as const).flatMap((field) => {
      const before = was?.[field] ?? null;
      const is = now[party][field];
      return before === (is ?? null) ? [] : [{ party, field, was: before, is }];
    });
  });
  if (differences.length === 0) return null;
  const told = differences.map(
    ({ party, field, was, is }) => `${field} of the ${party} ${was ?? 'none'}, now ${is ?? 'none'}`,
  );
  return refuse(
    'PartiesChanged',
    `Draft ${invoiceId} was approved with another buyer or seller: ${told.join('; ')}.`,
    'Discard it, and draft it anew; check it and approve that. Or put back what was changed.',
    { invoiceId, differences },
  );
}
