import type { BillingGapOpened, InvoiceLinesAdded } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { Law } from './law.js';
import { LAWS } from './laws.js';
import { documentsOf, type Look, type Twice } from './look.js';
import type { Observed } from './observed.js';
import { minorOf, minorUnits } from './integers.js';

/** What a bug leaves of a look; null: there is nothing in it that the bug could spoil. */
type Bug = (look: Look) => Partial<Look> | null;

function without<Element>(list: readonly Element[], one: Element | undefined): readonly Element[] | null {
  return one === undefined ? null : list.filter((other) => other !== one);
}

function observing(look: Look, change: Partial<Observed>): Partial<Look> {
  return { observed: { ...look.observed, ...change } };
}

/** A line of a stored event is edited, of an invoice that was issued before. */
function edited(
  look: Look,
  change: (line: InvoiceLinesAdded['data']['lines'][number]) => object,
): Partial<Look> | null {
  const isIssued = ({ type, data }: RecordedEvent): boolean =>
    type === 'InvoiceLinesAdded' &&
    (data as InvoiceLinesAdded['data']).lines.length > 0 &&
    look.issuedBefore.has((data as InvoiceLinesAdded['data']).invoiceId);
  const event = look.events.find(isIssued);
  if (event === undefined) return null;
  const { lines, ...rest } = event.data as InvoiceLinesAdded['data'];
  const data = { ...rest, lines: lines.map((line, index) => (index === 0 ? { ...line, ...change(line) } : line)) };
  return documentsOf(
    look.events.map((one) => (one === event ? { ...one, data } : one)),
    look.observed,
  );
}

function aUnitMore(net: { readonly amount: string; readonly currency: string }): object {
  const digits = minorUnits(net.currency).toString().length - 1;
  const minor = (minorOf(net) + 1n).toString();
  const sign = minor.startsWith('-') ? '-' : '';
  const text = minor.replace('-', '').padStart(digits + 1, '0');
  const amount = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return { amount: `${sign}${amount}`, currency: net.currency };
}

function aRowLess(compared: readonly Twice[]): readonly Twice[] | null {
  const [first, ...others] = compared.filter(({ other }) => other.length > 0);
  return first === undefined ? null : [{ ...first, other: first.other.slice(1) }, ...others];
}

/** One defect for each law, of the kind that it is there to find. */
const BUGS: Readonly<Record<Law['number'], Bug>> = {
  L1: (look) => {
    const { items } = look.observed;
    const left = without(
      items,
      items.find(({ actualMinutes }) => actualMinutes !== null && actualMinutes > 0),
    );
    return left && observing(look, { items: left });
  },
  L2: (look) => {
    const { fates, derivedGaps } = look.observed;
    const missed = look.model.tickets.get(fates.find(({ fate }) => fate === 'gap')?.ticketId ?? '');
    if (missed === undefined) return null;
    // The gap may be of the work of a ticket that was merged into it.
    const ids = new Set(look.model.treeOf(missed).map(({ ticketId }) => ticketId));
    return observing(look, { derivedGaps: derivedGaps.filter(({ ticketId }) => !ids.has(ticketId ?? '')) });
  },
  L3: ({ invoices, creditNotes }) => {
    // What was credited may be billed again.
    const isWhole = (invoiceId: string): boolean => !creditNotes.some(({ request }) => request.invoiceId === invoiceId);
    const issued = invoices.find(
      ({ invoiceId, request, lines }) =>
        request !== null && isWhole(invoiceId) && lines.some(({ net }) => minorOf(net) > 0n),
    );
    return issued === undefined ? null : { invoices: [...invoices, { ...issued, invoiceId: 'billed again' }] };
  },
  L4: (look) => edited(look, ({ description }) => ({ description: `${description}.` })),
  L5: (look) => edited(look, ({ net }) => ({ net: aUnitMore(net) })),
  L6: (look) => edited(look, () => ({ sourceEventIds: [] })),
  L7: (look) => {
    const { recordedGaps, derivedGaps, asOf } = look.observed;
    // One that is not due any more need not be recorded, nor one whose loss was accepted before.
    const due = new Set(derivedGaps.flatMap(({ key, dueOn }) => (dueOn === null || dueOn <= asOf ? [key] : [])));
    const left = without(
      recordedGaps,
      recordedGaps.find(
        ({ state, key }) =>
          state === 'open' &&
          due.has(key) &&
          !recordedGaps.some((other) => other.key === key && other.state === 'accepted'),
      ),
    );
    return left && observing(look, { recordedGaps: left });
  },
  L8: ({ rebuilt }) => {
    const less = aRowLess(rebuilt);
    return less && { rebuilt: less };
  },
  L9: ({ travelled }) => {
    const less = aRowLess(travelled);
    return less && { travelled: less };
  },
  // Its effect stands, and nobody asked for it.
  L11: (look) => {
    const ids = new Set(look.events.flatMap(({ id, type }) => (type === 'ForgoingRequested' ? [id] : [])));
    const effect = look.events.find(
      ({ type, causationId }) => type === 'BillingGapAccepted' && ids.has(causationId ?? ''),
    );
    if (effect === undefined || !isOfMoney(look, effect)) return null;
    return { events: look.events.filter(({ id }) => id !== effect.causationId) };
  },
};

/** The last that was said of a gap before it was accepted is an amount. */
function isOfMoney({ events }: Look, { stream, position }: RecordedEvent): boolean {
  const valued = events.findLast(
    (event) =>
      event.stream === stream &&
      event.position < position &&
      (event.type === 'BillingGapOpened' || event.type === 'BillingGapRevalued'),
  );
  const { money } = (valued?.data as BillingGapOpened['data'] | undefined)?.valueAtRisk ?? { money: null };
  return money !== null && minorOf(money) > 0n;
}

/** How often a law was shown its defect, and found it. */
export class PlantedBugs {
  private readonly counts = new Map(LAWS.map(({ number }) => [number, { planted: 0, found: 0 }]));

  /** Plants each defect alone into a look that breaks no law. */
  plant(look: Look): void {
    for (const law of LAWS) {
      const counted = this.counts.get(law.number);
      const change = BUGS[law.number]?.(look) ?? null;
      if (change === null || counted === undefined) continue;
      counted.planted += 1;
      if (law.check({ ...look, ...change }).length > 0) counted.found += 1;
    }
  }

  figures(): readonly { readonly law: Law['number']; readonly planted: number; readonly found: number }[] {
    return [...this.counts].map(([law, counted]) => ({ law, ...counted }));
  }
}
