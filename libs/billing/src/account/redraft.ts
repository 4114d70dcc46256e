import { type Issued, type Refusal, isRefusal } from '@billtrail/kernel';
import type { DraftInvoice } from './commands.js';
import { draftInvoice } from './draft.js';
import { missingOf, onlyNamed, refuseNamed } from './named.js';
import { type Receiving, recipientOf, siteOf } from './recipients.js';
import type { AccountState, Invoice } from './state.js';

/** What a draft is limited to that takes the place of another: it never takes more than that was made of. */
export type Redraft = Pick<DraftInvoice, 'named' | 'recipientId' | 'contractId' | 'siteId'>;

/** Everything that can be drafted now, what the old draft has too. */
type Asked = Omit<DraftInvoice, keyof Redraft> & Issued & { readonly receiving: Receiving };

/**
 * How to draft anew what a draft was made of: its tickets with all their items, and its charges, as far as there is something of them left, for the recipient, the contract and the
 * site of the draft where they would go to several now. `state`: without the draft. A draft of more than `mostNamed` can't have been made by names, and takes everything. Refuses
 * what the new draft would be refused for.
 */
export function redraft(draft: Invoice, asked: Asked, state: AccountState, mostNamed: number): Redraft | Refusal {
  const tickets = [...new Set(draft.lines.map(({ ticketId }) => ticketId))];
  const charges = draft.charges.map(({ chargeItemId }) => chargeItemId);
  const isNamed = tickets.length <= mostNamed && charges.length <= mostNamed;
  const all = isNamed ? { named: { tickets, charges } } : {};
  const limits = limitsOf(draft, onlyNamed({ ...asked, ...all }), asked.receiving);
  const limited = onlyNamed({ ...asked, ...all, ...limits });
  const missing = missingOf(limited, state);
  const left = {
    tickets: tickets.filter((id) => !missing.tickets.includes(id)),
    charges: charges.filter((id) => !missing.charges.includes(id)),
  };
  if (isNamed && left.tickets.length + left.charges.length === 0) {
    const nothing = refuseNamed(limited, state);
    if (nothing !== null) return nothing;
  }
  const anew = { ...(isNamed ? { named: left } : {}), ...limits };
  const drafted = draftInvoice({ ...asked, ...anew }, state);
  return isRefusal(drafted) ? drafted : anew;
}

/** Where the draft went, as far as what it was made of would go to several now. */
function limitsOf(draft: Invoice, { items, charges = [] }: DraftInvoice, receiving: Receiving): Omit<Redraft, 'named'> {
  const now = [...items, ...charges];
  const drafted = [...new Set([...draft.lines, ...draft.charges].map(({ contractId }) => contractId))];
  const [contractId, ...others] = drafted;
  const isOfOne = contractId !== undefined && others.length === 0;
  const { recipientId, siteId } = draft;
  return {
    ...(areSeveral(now.map((one) => recipientOf(one, receiving))) ? { recipientId } : {}),
    ...(isOfOne && areSeveral(now.map((one) => one.contractId)) ? { contractId } : {}),
    ...(siteId !== undefined && areSeveral(now.map((one) => siteOf(one, receiving))) ? { siteId } : {}),
  };
}

function areSeveral(all: readonly (string | null)[]): boolean {
  return new Set(all).size > 1;
}
