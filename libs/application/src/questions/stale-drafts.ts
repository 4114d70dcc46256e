import { addTo, fold, isRefusal, Money, readableMoney, type MoneyJson } from '@billtrail/kernel';
import { account, netOfLinesNow, refuseStale, type AccountEvent } from '@billtrail/billing';
import { NotKnown, type Invoice } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';
import { accountStream } from '../invoicing/account.js';

/** A draft with lines that are not what the work and the terms come to now: its issue is refused. */
export interface StaleDraft {
  readonly code: 'DraftStale';
  readonly invoiceId: string;
  /** Which lines, and what they were and are. */
  readonly message: string;
  readonly remedy: string;
  /** How much more the same lines come to now, net; negative: less. */
  readonly net: MoneyJson;
  /** What they came to, as they were drafted. */
  readonly drafted: MoneyJson;
  /** What they come to now. */
  readonly now: MoneyJson;
}

/** Whether a draft can still be issued as it is. */
export interface Freshness {
  /** null: it is no draft, its lines are what they were, or not all is known of the client. */
  readonly stale: StaleDraft | null;
}

/** Drafts whose lines are others by now, by their ids. Each month of a client is rated once. */
export async function staleDrafts(
  ports: CommandPorts,
  invoices: readonly Invoice[],
): Promise<ReadonlyMap<string, StaleDraft>> {
  const byAccount = new Map<string, Invoice[]>();
  for (const invoice of invoices)
    if (invoice.status === 'draft' || invoice.status === 'approved') addTo(byAccount, accountStream(invoice), invoice);
  const stale = new Map<string, StaleDraft>();
  for (const drafts of byAccount.values()) {
    const found = await staleOfAccount(ports, drafts).catch((error: unknown) => {
      if (error instanceof NotKnown) return [];
      throw error;
    });
    for (const [invoiceId, one] of found) stale.set(invoiceId, one);
  }
  return stale;
}

/** Invoices as they are listed: each draft says whether it is stale. */
export async function withFreshness(
  ports: CommandPorts,
  invoices: readonly Invoice[],
): Promise<readonly (Invoice & Freshness)[]> {
  const stale = await staleDrafts(ports, invoices);
  return invoices.map((invoice) => ({ ...invoice, stale: stale.get(invoice.invoiceId) ?? null }));
}

/** All of one client and month. */
async function staleOfAccount(
  { store, models }: CommandPorts,
  drafts: readonly Invoice[],
): Promise<readonly (readonly [invoiceId: string, stale: StaleDraft])[]> {
  const [first] = drafts;
  if (first === undefined) return [];
  const { clientId, period } = first;
  if (isRefusal(await clientOf(store, clientId))) return [];
  const { events } = await store.readStream(accountStream(first));
  const state = fold(account, events as readonly AccountEvent[]);
  const { items, charges, siteOfTicket } = await models.billableItems.explainedOfPeriod(clientId, period);
  const contracts = await models.billableItems.contractsOf(clientId);
  const elsewhere = models.documentFacts.askedElsewhere(clientId, charges);
  return drafts.flatMap(({ invoiceId }): readonly (readonly [string, StaleDraft])[] => {
    const draft = state.invoices.get(invoiceId);
    if (draft?.status !== 'draft' && draft?.status !== 'approved') return [];
    const received = { items, charges, siteOfTicket, contracts, elsewhere, invoiceId };
    const now = { items, charges, receiving: models.documentFacts.receiving(clientId, received) };
    const refusal = refuseStale(draft, now);
    if (refusal === null) return [];
    const nets = [...draft.lines, ...draft.charges].map(({ net }) => Money.from(net));
    const [drafted, is] = [Money.sum(nets, draft.currency), netOfLinesNow(draft, now)];
    const message = `${refusal.message} Its lines come to ${readableMoney(is.toJSON())} net now, drafted as ${readableMoney(drafted.toJSON())}.`;
    const amounts = { net: is.minus(drafted).toJSON(), drafted: drafted.toJSON(), now: is.toJSON() };
    return [[invoiceId, { code: 'DraftStale', invoiceId, message, remedy: refusal.remedy, ...amounts }]];
  });
}
