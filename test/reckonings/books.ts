import { parse } from 'yaml';
import { addTo, daysBetween, invariant, minorUnitDigits } from '@billtrail/kernel';
import { contractCommands as contracts } from '@billtrail/application';
import type { PrepaidSource } from '@billtrail/billing';
import { type ContractCommand } from '@billtrail/contracts';
import { checkContractFile } from '@billtrail/input';
import { MAX_PAGE } from '@billtrail/read-models';
import { Msp } from '../scenarios/msp.js';
import { plain, reckoned } from './arithmetic.js';
import type { Reckoning, Stage } from './reckoning.js';

/** What is on paper after a stage, in lines: of the page, and of the product. */
export interface Paper {
  readonly document: readonly string[];
  readonly gaps: readonly string[];
  readonly left: readonly string[];
}

/** The MSP, its client and the client's contracts, on the first day of the story. */
export async function opened({ client, contracts: file, opens }: Reckoning): Promise<Msp> {
  const { clientId, currency = 'AUD', timeZone = 'Australia/Sydney', taxRates } = client;
  const msp = await Msp.opens(opens, taxRates === undefined ? {} : { taxRates });
  await msp.send(contracts.RegisterClient, { clientId, name: clientId, currency, timeZone });
  for (const [contractId, parts] of contractsIn(file)) await msp.send(contracts.StateContract, { contractId, parts });
  return msp;
}

function contractsIn(file: string): ReadonlyMap<string, readonly ContractCommand[]> {
  const { commands, isSound, problems, analyses } = checkContractFile(parse(file));
  invariant(isSound, () => `the contract file is not sound: ${JSON.stringify([problems, analyses])}`);
  const byContract = new Map<string, ContractCommand[]>();
  for (const command of commands) addTo(byContract, command.contractId, command);
  return byContract;
}

/** The story goes on to the day of the stage, and what it tells happens. */
export async function played(msp: Msp, { on, happens, ...stage }: Stage, clientId: string): Promise<void> {
  const days = daysBetween(await msp.house.today(), on);
  if (days > 0) await msp.days(days);
  await happens?.(msp);
  await issued(msp, stage, clientId);
  await msp.house.settle();
}

async function issued(
  msp: Msp,
  { invoice, creditNote }: Pick<Stage, 'invoice' | 'creditNote'>,
  clientId: string,
): Promise<void> {
  if (invoice) await msp.bills(invoice.invoiceId, clientId, invoice.period);
  if (!creditNote) return;
  const { creditNoteId, invoiceId, period, credits } = creditNote;
  const answer = await msp.credits(creditNoteId, invoiceId, clientId, period, credits);
  invariant(answer === 'accepted', `credit note ${creditNoteId} was refused: ${answer}`);
}

/** The page of a stage. Its own arithmetic is held to first: each sum comes to what is written beside it. */
export function onPage({ invoice, creditNote, gaps = [], left = {} }: Stage, currency: string): Paper {
  const digits = minorUnitDigits(currency);
  const held = (sum: string, amount: string): string => {
    const value = reckoned(sum, digits);
    invariant(value === plain(amount), `${sum} is ${value}, and the page says ${amount}`);
    return value;
  };
  const document: string[] = [];
  for (const { id, quantity, price, sum, net } of invoice?.lines ?? [])
    document.push(`${id}: ${quantity} at ${plain(price)} = ${held(sum, net)}`);
  for (const { id, sum, net } of creditNote?.lines ?? []) document.push(`${id}: ${held(sum, net)} back`);
  document.sort();
  const page = invoice ?? creditNote;
  if (page) {
    const nets = (invoice?.lines ?? creditNote?.lines ?? []).map(({ net }) => net);
    const net = held(nets.join(' + '), reckoned(nets.join(' + '), digits));
    const taxes = page.tax.map(([category, sum, amount]) => `${category} ${held(sum, amount)}`);
    const total = held([net, ...page.tax.map(([, , amount]) => amount)].join(' + '), page.total);
    document.push(`net ${net}`, ...taxes, `total ${total}`);
  }
  return {
    document,
    gaps: gaps
      .map(({ kind, of, value, sum }) => `${kind} of ${of}: ${sum === undefined ? plain(value) : held(sum, value)}`)
      .sort(),
    left: Object.entries(left).map(([what, amount]) => `${what}: ${amount}`),
  };
}

/** The same, as the product has it. */
export async function inProduct(msp: Msp, { invoice, creditNote, left = {} }: Stage, clientId: string): Promise<Paper> {
  const document = invoice
    ? await invoiceLines(msp, invoice.invoiceId)
    : creditNote
      ? await creditLines(msp, creditNote.creditNoteId)
      : [];
  return { document, gaps: await gapLines(msp), left: await leftLines(msp, clientId, Object.keys(left)) };
}

async function invoiceLines(msp: Msp, invoiceId: string): Promise<readonly string[]> {
  const { invoices } = msp.house.billtrail.models;
  const invoice = await invoices.get(invoiceId);
  invariant(invoice, `there is no invoice ${invoiceId}`);
  const page = { limit: MAX_PAGE };
  const lines = (await invoices.lines(invoiceId, page)).items.map((one) => ({ ...one, id: one.itemId }));
  const charges = (await invoices.charges(invoiceId, page)).items.map((one) => ({ ...one, id: one.chargeItemId }));
  const texts = [...lines, ...charges].map(
    ({ id, quantity, unit, unitPrice, net }) => `${id}: ${quantity} ${unit} at ${unitPrice.amount} = ${net.amount}`,
  );
  return [...texts.sort(), ...totals(invoice.net.amount, invoice.taxTotals, invoice.total?.amount)];
}

async function creditLines(msp: Msp, creditNoteId: string): Promise<readonly string[]> {
  const { creditNotes } = msp.house.billtrail.models;
  const note = await creditNotes.get(creditNoteId);
  invariant(note, `there is no credit note ${creditNoteId}`);
  const { items } = await creditNotes.lines(creditNoteId, { limit: MAX_PAGE });
  const texts = items.map((one) => {
    const id = 'line' in one ? one.line.itemId : one.charge.chargeItemId;
    return `${id}: ${one.net.amount} back`;
  });
  return [...texts.sort(), ...totals(note.net.amount, note.taxTotals, note.total.amount)];
}

function totals(
  net: string,
  taxes: readonly { readonly taxCategory: string; readonly tax: { readonly amount: string } }[],
  total: string | undefined,
): readonly string[] {
  return [
    `net ${net}`,
    ...taxes.map(({ taxCategory, tax }) => `${taxCategory} ${tax.amount}`),
    `total ${total ?? '?'}`,
  ];
}

async function gapLines(msp: Msp): Promise<readonly string[]> {
  const { items } = await msp.house.billtrail.models.gaps.list({ state: 'open' }, { limit: MAX_PAGE });
  return items
    .map(({ kind, workItemId, ticketId, charge, valueAtRisk: { money, minutes } }) => {
      const value = money === null ? (minutes === null ? 'of no stated value' : `${minutes} min`) : money.amount;
      return `${kind} of ${charge?.chargeId ?? workItemId ?? ticketId ?? '?'}: ${value}`;
    })
    .sort();
}

async function leftLines(msp: Msp, clientId: string, names: readonly string[]): Promise<readonly string[]> {
  const { items } = await msp.house.billtrail.models.prepaid.balances({ clientId }, { limit: MAX_PAGE });
  return names.map((name) => {
    const found = items.find(({ source }) => nameOf(source) === name);
    invariant(found, `there is no block or allotment ${name}`);
    const { left } = found;
    return `${name}: ${left.unit === 'minutes' ? `${left.minutes} min` : left.money.amount}`;
  });
}

function nameOf(source: PrepaidSource): string {
  return source.from === 'block' ? source.blockId : `${source.allotmentId} of ${source.month}`;
}
