import type { ToldCreditNote } from './credit-notes.js';
import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import { minorOf } from './integers.js';
import { type Line, type TaxView, type TaxedPart, isTaxedAs, partsOf, taxOn, viewsOf } from './taxes.js';

type Invoice = Pick<ToldInvoice, 'invoiceId' | 'lines' | 'charges' | 'request'>;

interface Amounts {
  net: bigint;
  tax: bigint;
}

/**
 * L5 over all documents: what credit notes of an invoice, credit notes of none, and lines of other invoices give back of each of its tax totals is
 * no more than it asked for, in net and in tax; and the tax is that on all of it, where the invoice gave nothing back itself.
 */
export function givenBackTooMuch(invoices: readonly Invoice[], notes: readonly ToldCreditNote[]): Findings {
  const credits = creditsOnDocuments(invoices, notes);
  return invoices.flatMap((invoice) => {
    if (invoice.request === null) return [];
    const { invoiceId, request } = invoice;
    const own = notes.filter((note) => note.request.invoiceId === invoiceId);
    const elsewhere = credits.filter(({ stated }) => stated?.givesBack?.documentId === invoiceId);
    const carried = linesOf(invoice).flatMap(partsOf).filter(isCredit);
    const views = request.taxTotals.flatMap((total) => viewsOf(total).map((view) => ({ total, view })));
    return views.flatMap(({ total, view }) => {
      const whole = { net: minorOf(total.net), tax: view.of(total) };
      const asked = { ...whole };
      for (const part of carried.filter(({ stated }) => stated !== null && isTaxedAs(stated, total)))
        take(asked, part, view);
      const at = `${invoiceId}, ${view.name} at ${view.rate}`;
      const isPlain = carried.length === 0 && request.taxRounding === 'document';
      const given: Amounts = { net: 0n, tax: 0n };
      const findings: string[] = [];
      for (const one of own.flatMap((note) => note.request.taxTotals).filter((of) => isTaxedAs(of, total))) {
        given.net += minorOf(one.net);
        given.tax += view.of(one);
        if (isPlain && elsewhere.length === 0) findings.push(...notOfAll(at, view, given));
      }
      for (const part of elsewhere.filter(({ stated }) => stated !== null && isTaxedAs(stated, total)))
        take(given, part, view);
      return [...findings, ...(isPlain ? notOfAll(at, view, given) : []), ...tooMuch(at, asked, whole, given)];
    });
  });
}

/**
 * At most what was asked. `whole`: with what the invoice gave back itself, which its notes may take back; a total may have nothing else, and then it asked
 * for nothing and all of it is below zero.
 */
function tooMuch(at: string, asked: Amounts, whole: Amounts, given: Amounts): Findings {
  return (['net', 'tax'] as const)
    .filter((of) => {
      const bounds = [0n, asked[of], whole[of], whole[of] - asked[of]];
      return bounds.every((bound) => given[of] < bound) || bounds.every((bound) => given[of] > bound);
    })
    .map((of) => `${at}: ${given[of]} of ${asked[of]} of ${of} is given back by all documents`);
}

function notOfAll(at: string, view: TaxView, { net, tax }: Amounts): Findings {
  return tax === taxOn(view, net) ? [] : [`${at}: ${tax} of tax is given back on ${net}`];
}

/** Takes off what a line, which is negative, gives back. */
function take(amounts: Amounts, { net, stated }: TaxedPart, view: TaxView): void {
  amounts.net -= net;
  amounts.tax -= stated === null ? 0n : view.of(stated);
}

function isCredit({ stated }: TaxedPart): boolean {
  return stated?.givesBack !== undefined;
}

/** What lines of issued invoices, as far as no note took them back, and of notes of no invoice give back. */
function creditsOnDocuments(invoices: readonly Invoice[], notes: readonly ToldCreditNote[]): readonly TaxedPart[] {
  const lines = invoices.flatMap((invoice) => {
    if (invoice.request === null) return [];
    const freed = new Set(
      notes
        .filter(({ request }) => request.invoiceId === invoice.invoiceId)
        .flatMap((note) => linesOfNote(note).filter(({ outcome }) => outcome === 'bill-again'))
        .map(({ line }) => nameOf(line)),
    );
    return linesOf(invoice).filter((line) => !freed.has(nameOf(line)));
  });
  const ofNone = notes.filter(({ request }) => request.invoiceId === null).flatMap(linesOfNote);
  return [...lines, ...ofNone.map(({ line }) => line)].flatMap(partsOf).filter(isCredit);
}

function linesOf({ lines, charges }: Invoice): readonly Line[] {
  return [...lines, ...charges];
}

function linesOfNote({ lines, charges }: ToldCreditNote): readonly { readonly line: Line; readonly outcome: string }[] {
  return [...lines, ...charges.map(({ charge, ...rest }) => ({ ...rest, line: charge }))];
}

function nameOf(line: Line): string {
  return 'workItemId' in line ? `work ${line.itemId}` : `charge ${line.chargeItemId}`;
}
