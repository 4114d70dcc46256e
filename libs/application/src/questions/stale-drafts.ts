import { addTo, fold, isRefusal, Money, readableMoney, type MoneyJson } from '@billtrail/kernel';
import { StoreUnavailable } from '@billtrail/event-store';
import { account, netsOfLinesNow, refuseStale, type AccountEvent } from '@billtrail/billing';
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
  /** How much more the same lines come to now, net; negative: less. null: they are in another currency now, and nobody can say. */
  readonly net: MoneyJson | null;
  /** What they came to, as they were drafted. */
  readonly drafted: MoneyJson;
  /** What they come to now; null: in another currency, as `message` says. */
  readonly now: MoneyJson | null;
}

/** Whether a draft can still be issued as it is. */
export interface Freshness {
  /** `not-known`: not all is known of its client, or the log can't be read now. null: it is no draft, or none any more. */
  readonly freshness: 'fresh' | 'stale' | 'not-known' | null;
  /** What is stale of it; null: nothing, or that is not known. */
  readonly stale: StaleDraft | null;
}

/** Most invoices of a page that says of each whether it is stale: it may rate as many months. */
export const MAX_RATED_ON_A_PAGE = 50;

/** A draft whose lines are others by now. null: it has none. */
export async function staleDraft(ports: CommandPorts, invoice: Invoice): Promise<StaleDraft | null> {
  if (!isDraft(invoice)) return null;
  const found = await staleOfAccount(ports, [invoice]).catch(unlessNotKnown);
  return found?.get(invoice.invoiceId) ?? null;
}

/** Invoices as they are listed: each draft says whether it is stale. Each month of a client is rated once; where the log is away, nothing is asked of it again. */
export async function withFreshness(
  ports: CommandPorts,
  invoices: readonly Invoice[],
): Promise<readonly (Invoice & Freshness)[]> {
  const byAccount = new Map<string, Invoice[]>();
  for (const invoice of invoices.filter(isDraft)) addTo(byAccount, accountStream(invoice), invoice);
  const told = new Map<string, Freshness>();
  let isLogAway = false;
  for (const drafts of byAccount.values()) {
    if (isLogAway) break;
    const found = await staleOfAccount(ports, drafts).catch((error: unknown) => {
      isLogAway = error instanceof StoreUnavailable && error.mayPass;
      return isLogAway ? null : unlessNotKnown(error);
    });
    if (found === null) continue;
    for (const { invoiceId } of drafts) {
      const stale = found.get(invoiceId) ?? null;
      told.set(invoiceId, { freshness: stale === null ? 'fresh' : 'stale', stale });
    }
  }
  return invoices.map((invoice) => ({
    ...invoice,
    ...(told.get(invoice.invoiceId) ?? { freshness: isDraft(invoice) ? 'not-known' : null, stale: null }),
  }));
}

function isDraft({ status }: Invoice): boolean {
  return status === 'draft' || status === 'approved';
}

function unlessNotKnown(error: unknown): null {
  if (error instanceof NotKnown) return null;
  throw error;
}

/** The stale ones of one client and month, by their ids. null: the client is not known. */
async function staleOfAccount(
  { store, models }: CommandPorts,
  drafts: readonly Invoice[],
): Promise<ReadonlyMap<string, StaleDraft> | null> {
  const [first] = drafts;
  if (first === undefined) return new Map();
  const { clientId, period } = first;
  if (isRefusal(await clientOf(store, clientId))) return null;
  const { events } = await store.readStream(accountStream(first));
  const state = fold(account, events as readonly AccountEvent[]);
  const { items, charges, siteOfTicket } = await models.billableItems.explainedOfPeriod(clientId, period);
  const contracts = await models.billableItems.contractsOf(clientId);
  const elsewhere = models.documentFacts.askedElsewhere(clientId, charges);
  const stale = drafts.flatMap(({ invoiceId }): readonly (readonly [string, StaleDraft])[] => {
    const draft = state.invoices.get(invoiceId);
    if (draft?.status !== 'draft' && draft?.status !== 'approved') return [];
    const received = { items, charges, siteOfTicket, contracts, elsewhere, invoiceId };
    const now = { items, charges, receiving: models.documentFacts.receiving(clientId, received) };
    const refusal = refuseStale(draft, now);
    if (refusal === null) return [];
    const nets = [...draft.lines, ...draft.charges].map(({ net }) => Money.from(net));
    const [drafted, all] = [Money.sum(nets, draft.currency), netsOfLinesNow(draft, now)];
    const told = all.map((each) => readableMoney(each.toJSON())).join(' and ');
    const message = `${refusal.message} Its lines come to ${told} net now, drafted as ${readableMoney(drafted.toJSON())}.`;
    const is = all.every(({ currency }) => currency === draft.currency) ? Money.sum(all, draft.currency) : null;
    const amounts = {
      net: is?.minus(drafted).toJSON() ?? null,
      drafted: drafted.toJSON(),
      now: is?.toJSON() ?? null,
    };
    return [[invoiceId, { code: 'DraftStale', invoiceId, message, remedy: refusal.remedy, ...amounts }]];
  });
  return new Map(stale);
}
