import { fold, isRefusal, known, type Actor, type LocalDate, type Refusal } from '@billtrail/kernel';
import { account, redraft, type AccountEvent } from '@billtrail/billing';
import { NotSettled, type DocumentFacts, type Invoice } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { withDraftableItems } from '../commands/account.definitions.js';
import { MAX_NAMED_ON_DRAFT, type DraftInvoice } from '../commands/billing.commands.js';
import { accountStream } from '../invoicing/account.js';

/** A draft that takes the place of another, and who asks for it. */
export interface RedraftAsked extends Pick<Invoice, 'invoiceId' | 'clientId' | 'period'> {
  /** Why the old one is discarded. */
  readonly reason: string;
  /** Id of the new one. */
  readonly anewId: string;
  readonly issueDate?: LocalDate;
  readonly by: Actor;
}

/** As `POST /v1/invoices` takes it, without what says which draft it is. */
export type RedraftFields = Pick<DraftInvoice, 'recipientId' | 'contractId' | 'siteId'> & {
  readonly tickets?: readonly string[];
  readonly charges?: readonly string[];
};

/**
 * What a draft has to ask for to take the place of another: what that was made of, and no more. Both its discard and the new draft are decided as they would be, and nothing is
 * recorded: where one is refused, nothing need be discarded.
 */
export async function redraftOf(ports: CommandPorts, asked: RedraftAsked): Promise<RedraftFields | Refusal> {
  const { invoiceId, clientId, period, anewId, issueDate, reason, by } = asked;
  const at = ports.clock();
  const { events } = await ports.store.readStream(accountStream(asked));
  const state = fold(account, events as readonly AccountEvent[]);
  const discarded = account.decide({ type: 'DiscardDraft', invoiceId, reason, at, by }, state);
  if (isRefusal(discarded)) return discarded;
  // Sent again, the new one is there already.
  const own = state.invoices.has(anewId) ? anewId : invoiceId;
  const facts = await factsOf(ports, { clientId, period, invoiceId: own });
  if (isRefusal(facts)) return facts;
  const command = { type: 'DraftInvoice', invoiceId: own, clientId, period, ...(issueDate && { issueDate }) } as const;
  const all = { ...withDraftableItems(command, facts, { at }), invoiceId: anewId, receiving: facts.receiving, at, by };
  const without = discarded.reduce(account.evolve, state);
  const rated = facts.withOthersNamed;
  const draft = known(state.invoices, invoiceId, 'draft');
  const anew = redraft(draft, { ...all, rated }, without, MAX_NAMED_ON_DRAFT);
  if (isRefusal(anew)) return { ...anew, remedy: `${keptText(invoiceId)} ${anew.remedy}` };
  const { named, ...limits } = anew;
  return {
    ...limits,
    ...(named && named.tickets.length > 0 ? { tickets: named.tickets } : {}),
    ...(named && named.charges.length > 0 ? { charges: named.charges } : {}),
  };
}

function keptText(invoiceId: string): string {
  return `Draft ${invoiceId} is kept as it is; to discard it: POST /v1/invoices/${invoiceId}/discard.`;
}

async function factsOf(
  ports: CommandPorts,
  about: Pick<Invoice, 'invoiceId' | 'clientId' | 'period'>,
): Promise<DocumentFacts | Refusal> {
  let from = await ports.store.head();
  for (;;) {
    await ports.upToDate(from);
    const facts = ports.models.documentFacts.of(about, from);
    if (!(facts instanceof NotSettled)) return facts;
    from = facts.until;
  }
}
