import { LOST, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import type { BillingConfiguration, PartyOnDocument } from '../events.js';
import { partyOf } from './document.js';

type Organisation = BillingConfiguration['organisation'];

/** Who sells, as drafts show it. null: the organisation has no name yet. */
export function sellerOnDraft({ name, taxId, address }: Organisation): PartyOnDocument | null {
  return name === null ? null : partyOf({ name, taxId, address });
}

/** Who sells, as a document that is issued has it. Refuses: OrganisationUnnamed. */
export function sellerOf(organisation: Organisation): PartyOnDocument | Refusal {
  return sellerOnDraft(organisation) ?? refuseUnnamed();
}

function refuseUnnamed(): Refusal {
  return refuse(
    'OrganisationUnnamed',
    'Nothing is issued before the organisation is named: a document states who sells.',
    'Write a configuration: billtrail config example, name your organisation in it, and publish it: billtrail config publish FILE, or POST /v1/configuration. Then discard a draft that was approved without a seller, and draft it anew.',
  );
}

/** A document states who sells and who buys: not where that is lost with the key of its stream. null: both are known. Refuses: PartyLost. */
export function refuseLostParties(parties: Readonly<Record<'buyer' | 'seller', PartyOnDocument>>): Refusal | null {
  const lost = (['seller', 'buyer'] as const).flatMap((party) =>
    (['name', 'taxId', 'address'] as const).flatMap((field) =>
      parties[party][field] === LOST ? [{ party, field }] : [],
    ),
  );
  if (lost.length === 0) return null;
  return refuse(
    'PartyLost',
    `The ${lost.map(({ party, field }) => `${field} of the ${party}`).join(', the ')} can't be read any more: the key of its stream is lost.`,
    'State it again: the organisation by POST /v1/configuration or billtrail config publish FILE, a client by POST /v1/clients/CLIENT/details. Discard earlier drafts and draft them again. To credit an earlier invoice, bring back its key, from a copy of the vault that holds it: billtrail vault merge FILE',
    { lost },
  );
}

/** Who stood on documents of early versions where nobody had named the organisation. The tax id is somebody else's. */
const SAMPLE = { name: 'Example MSP', taxId: '51 824 753 556' };

/**
 * Who stands on a credit note: the seller of its invoice, as it was there; the organisation of now where that named the sample of early versions.
 * Refuses: OrganisationUnnamed.
 */
export function sellerOfCredit(invoiced: PartyOnDocument, organisation: Organisation): PartyOnDocument | Refusal {
  const now = sellerOf(organisation);
  if (isRefusal(now)) return now;
  return invoiced.name === SAMPLE.name && invoiced.taxId === SAMPLE.taxId ? now : invoiced;
}
