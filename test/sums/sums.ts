import { fold, isRefusal, type Issued } from '@billtrail/kernel';
import { PUBLISHED_CARDS } from '@billtrail/contracts/testing';
import {
  account,
  draftableItems,
  imbalances,
  rate,
  rateExplained,
  type AccountCommand,
  type AccountEvent,
  type ExplainedItem,
  type ClientPeriodFacts,
  type InvoiceLine,
} from '@billtrail/billing';
import { Random } from '../crash/random.js';
import { Sums, roundedMinor, wholeMinor } from './ledger.js';
import { randomPeriod } from './random-period.js';

export interface SumsOptions {
  /** At least so many items are rated. */
  readonly items: number;
  readonly seed: number;
  /** The seeded bug: one line of the first document asks a minor unit more than its work is worth. */
  readonly addsACent?: boolean;
  readonly onPeriod?: (figures: SumsFigures) => void;
}

/** One currency's sums, in minor units. */
export interface SumsOfCurrency {
  readonly currency: string;
  /** Nets of the items that are put on documents. */
  readonly items: bigint;
  readonly lines: bigint;
  /** Nets as the issued documents state them. */
  readonly documents: bigint;
  /** What each line's exact price comes to when it is rounded by integers alone. */
  readonly ledger: bigint;
  /** Nets of what is invoiced, when the same work is rated again. */
  readonly ratedAgain: bigint;
}

export interface SumsFigures {
  readonly periods: number;
  readonly items: number;
  readonly lines: number;
  /** Items that are on no document: covered by nothing that shows, above a cap, or without a price. */
  readonly notOnDocuments: number;
  readonly currencies: readonly SumsOfCurrency[];
  /** Measures in which items do not hold the work that was recorded (law L1). */
  readonly imbalances: number;
  /** Items that were to be billed again, or gaps of lines, after everything was invoiced. */
  readonly leftovers: number;
}

const ITEMS_A_PERIOD = 1_500;
const ISSUED: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const INVOICE = 'inv-1';

/** Rates random months until there are so many items, invoices all of it, and adds up at every step. */
export function proveSums({ items: wanted, seed, addsACent = false, onPeriod }: SumsOptions): SumsFigures {
  const random = new Random(seed);
  const tally = new Tally();
  while (tally.items < wanted) {
    const facts = randomPeriod(random, PUBLISHED_CARDS, Math.min(ITEMS_A_PERIOD, wanted));
    tally.add(facts, addsACent && tally.periods === 0);
    onPeriod?.(tally.figures());
  }
  return tally.figures();
}

class Tally {
  periods = 0;
  items = 0;
  private lines = 0;
  private notOnDocuments = 0;
  private imbalances = 0;
  private leftovers = 0;
  private readonly ofItems = new Sums();
  private readonly ofLines = new Sums();
  private readonly ofDocuments = new Sums();
  private readonly ofLedger = new Sums();
  private readonly ofRatedAgain = new Sums();

  add(facts: ClientPeriodFacts, addsACent: boolean): void {
    const { items } = rateExplained(facts);
    const onDocument = draftableItems(items);
    this.periods += 1;
    this.items += items.length;
    this.notOnDocuments += items.length - onDocument.length;
    this.imbalances += imbalances(facts.work, items).length;
    for (const { net } of onDocument) if (net !== null) this.ofItems.add(net.currency, wholeMinor(net));
    if (onDocument.length === 0) return;
    const lines = this.invoice(facts, addsACent ? withACentMore(onDocument) : onDocument);
    this.lines += lines.length;
    for (const line of lines) {
      this.ofLines.add(line.net.currency, wholeMinor(line.net));
      this.ofLedger.add(line.net.currency, roundedMinor(exactOf(line), line.net.currency));
    }
    this.again({ ...facts, invoiced: lines.map((line) => ({ line, invoiceId: INVOICE })) });
  }

  /** By the account's own decisions: drafted, approved, issued. Answers the lines of its events. */
  private invoice(
    { clientId, period, configuration }: ClientPeriodFacts,
    items: readonly ExplainedItem[],
  ): readonly InvoiceLine[] {
    const client = { name: 'Acme', taxId: null, address: null, taxExemption: null };
    const commands: readonly AccountCommand[] = [
      {
        type: 'DraftInvoice',
        invoiceId: INVOICE,
        issueDate: '2026-04-01',
        clientId,
        period,
        items,
        configuration,
        client,
      },
      { type: 'ApproveInvoice', invoiceId: INVOICE, configuration, related: null },
      { type: 'RequestInvoiceIssue', invoiceId: INVOICE, issueDate: '2026-04-01', items, configuration, client },
    ];
    const events: AccountEvent[] = [];
    for (const command of commands) {
      const decision = account.decide({ ...command, ...ISSUED }, fold(account, events));
      if (isRefusal(decision)) throw new Error(`${command.type}: ${decision.code}, ${decision.message}`);
      events.push(...decision);
    }
    for (const { type, data } of events)
      if (type === 'InvoiceIssueRequested') this.ofDocuments.add(data.net.currency, wholeMinor(data.net));
    return events.flatMap(({ type, data }) => (type === 'InvoiceLinesAdded' ? data.lines : []));
  }

  private again(facts: ClientPeriodFacts): void {
    const { items, gaps } = rate(facts);
    for (const { disposition, net } of items)
      if (disposition === 'invoiced' && net !== null) this.ofRatedAgain.add(net.currency, wholeMinor(net));
    this.leftovers +=
      draftableItems(items).length +
      gaps.filter(({ kind, ticketId }) => kind === 'contract-mismatch' && ticketId !== null).length;
    this.imbalances += imbalances(facts.work, items).length;
  }

  figures(): SumsFigures {
    const { periods, items, lines, notOnDocuments, imbalances: unbalanced, leftovers } = this;
    const currencies = this.ofItems.currencies().map((currency) => ({
      currency,
      items: this.ofItems.of(currency),
      lines: this.ofLines.of(currency),
      documents: this.ofDocuments.of(currency),
      ledger: this.ofLedger.of(currency),
      ratedAgain: this.ofRatedAgain.of(currency),
    }));
    return { periods, items, lines, notOnDocuments, currencies, imbalances: unbalanced, leftovers };
  }
}

/** The exact price of a line before its one rounding; of what a block covers nothing. */
function exactOf(line: InvoiceLine): string {
  if (line.draw !== undefined) return '0';
  const exact = line.trace.findLast(({ step }) => step === 'amount')?.facts['exact'];
  if (typeof exact !== 'string') throw new Error(`line ${line.itemId} does not tell its exact price`);
  return exact;
}

function withACentMore(items: readonly ExplainedItem[]): readonly ExplainedItem[] {
  const [first, ...rest] = items;
  if (first === undefined || first.net === null) return items;
  const { amount, currency } = first.net;
  const digits = (amount.split('.')[1] ?? '').length;
  const more = String(wholeMinor(first.net) + 1n).padStart(digits + 1, '0');
  const text = digits === 0 ? more : `${more.slice(0, -digits)}.${more.slice(-digits)}`;
  return [{ ...first, net: { amount: text, currency } }, ...rest];
}

/** The cents by which any two sums of a currency are off, most of all currencies. */
export function centsOff({ currencies }: SumsFigures): bigint {
  let most = 0n;
  for (const { items, lines, documents, ledger, ratedAgain } of currencies) {
    for (const one of [lines, documents, ledger, ratedAgain]) {
      const off = one > items ? one - items : items - one;
      if (off > most) most = off;
    }
  }
  return most;
}
