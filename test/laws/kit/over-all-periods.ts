import { monthOf } from '@billtrail/kernel';
import type { PrepaidBlock } from '@billtrail/contracts';
import type { BillableItem, ChargeItem, Draw, FrozenItem } from '@billtrail/billing';
import type { Prepaid } from '@billtrail/read-models';
import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import type { Look } from './look.js';
import { ownId, type ModelWork } from './model.js';
import { feesByMonth, prepaidValueOf, type ModelBlock, type ModelContract } from './model-contracts.js';
import { joinedFees } from './model-fees.js';
import { unbalancedIncidents } from './model-incidents.js';
import { unbalancedOnce } from './model-once.js';
import { fraction, minorOf, minorUnits, sumOf } from './integers.js';

/** L1 over all periods of a client at once: what its fees come to, and what it paid for in advance. Work is summed by `conservation`. */
export function unbalancedContracts(look: Look): Findings {
  return [...look.model.contracts.byId.values()].flatMap((contract) => [
    ...unbalancedFees(contract, look),
    ...unbalancedOnce(contract, look),
    ...unbalancedIncidents(contract, look),
    ...contract.blocks.flatMap((block) => unbalancedBlock(contract, block, look)),
    ...look.observed.items.flatMap((item) => misweighed(item, contract)),
    ...look.observed.prepaid.flatMap((one) =>
      isAllotmentOf(one, contract) ? wrongDraws(one, look.observed.items) : [],
    ),
  ]);
}

/**
 * Each fee, over the charges that carry it: what the versions in force on its days say, and no more. What a credit note forwent is charged and given
 * back.
 */
function unbalancedFees(contract: ModelContract, { model, observed }: Look): Findings {
  const { contractId, clientId } = contract;
  const charges = observed.charges.filter((one) => one.contractId === contractId && one.kind === 'recurring');
  const fees = feesByMonth(contract, model.horizon);
  const names = new Set([...fees.keys(), ...charges.map(({ description }) => description)]);
  return [...names].flatMap((name) => {
    const joined = joinedFees(contract, name, model.horizon);
    if (joined !== null) {
      const own = charges.filter(({ description }) => description === name);
      const charged = sumOf(own.map(({ net }) => minorOf(net)));
      const forgone = sumOf(own.map(({ credited }) => (credited === undefined ? 0n : minorOf(credited))));
      if (charged >= joined && charged <= joined + forgone) return [];
      return [`${clientId}, ${name}: comes to ${joined} over all months, and ${charged} minor units are charged`];
    }
    const months = new Set([...(fees.get(name)?.keys() ?? []), ...charges.map(({ period }) => period)]);
    return [...months].flatMap((month) => {
      const own = charges.filter(({ description, period }) => description === name && period === month);
      const due = fees.get(name)?.get(month) ?? 0n;
      const charged = sumOf(own.map(({ net }) => minorOf(net)));
      const forgone = sumOf(own.map(({ credited }) => (credited === undefined ? 0n : minorOf(credited))));
      const isOver = contract.lastDay !== null && monthOf(contract.lastDay) < model.horizon;
      if (own.length === 0 && month > model.horizon && !isOver) return [];
      if (charged >= due && charged <= due + forgone) return [];
      return [`${clientId} ${month}, ${name}: comes to ${due}, and ${charged} minor units are charged`];
    });
  });
}

function isAllotmentOf({ source }: Prepaid, { contractId }: ModelContract): boolean {
  return source.from === 'allotment' && source.contractId === contractId;
}

function sameSource(one: Draw['source'], other: Draw['source']): boolean {
  if (one.contractId !== other.contractId) return false;
  if (one.from === 'block') return other.from === 'block' && one.blockId === other.blockId;
  return other.from === 'allotment' && one.allotmentId === other.allotmentId && one.month === other.month;
}

function drawnOf(source: Draw['source'], items: readonly BillableItem[]): bigint {
  return sumOf(
    items.flatMap(({ draw }) => (draw && sameSource(draw.source, source) ? [prepaidValueOf(draw.amount)] : [])),
  );
}

/** What an item draws is its minutes, each at the weight that its version lays on them: recorded and drawn minutes are two numbers. */
function misweighed(item: BillableItem, { contractId, versions }: ModelContract): Findings {
  const { draw, billableMinutes, contractVersion, itemId, kind } = item;
  if (draw?.amount.unit !== 'minutes' || draw.source.contractId !== contractId || itemId.includes('@d')) return [];
  const burn = versions.find(({ versionNumber }) => versionNumber === contractVersion)?.terms.prepaid?.burn;
  const weight = Number(draw.weight ?? '1');
  const isStated = weight === 1 || (burn !== undefined && kind === 'time');
  const drawn = (billableMinutes ?? 0) * weight;
  if (isStated && Math.abs(drawn - draw.amount.minutes) < 0.000_05) return [];
  return [`${itemId} draws ${draw.amount.minutes} min for ${billableMinutes} min at ${weight}`];
}

/** The items of all periods drew what the statement says, and what is left is the rest. */
function wrongDraws(
  { source, name, whole, drawn, returned, lapsed, left }: Prepaid,
  items: readonly BillableItem[],
): Findings {
  const gone = lapsed === undefined ? 0n : prepaidValueOf(lapsed);
  const byItems = drawnOf(source, items);
  if (
    byItems === prepaidValueOf(drawn) &&
    prepaidValueOf(drawn) + prepaidValueOf(returned) + gone + prepaidValueOf(left) === prepaidValueOf(whole)
  )
    return [];
  return [
    `${source.contractId} ${name}: items drew ${byItems}, the statement says ${prepaidValueOf(drawn)} drawn, ${prepaidValueOf(returned)} returned, ${gone} lapsed and ${prepaidValueOf(left)} left of ${prepaidValueOf(whole)}`,
  ];
}

/**
 * Paid for = drawn + left + returned: what was returned is money that the client has back, at the block's own price, to the minor unit. Of a block that
 * was withdrawn what is frozen stays drawn, less what corrections in the month of its purchase give back; those of a later month reach its price once they are
 * frozen, and are a gap until then.
 */
function unbalancedBlock({ contractId, clientId }: ModelContract, known: ModelBlock, look: Look): Findings {
  const { observed } = look;
  const { block, purchaseId, withdrawn } = known;
  const source: Draw['source'] = { from: 'block', contractId, blockId: block.blockId };
  const shown = observed.prepaid.find((one) => sameSource(one.source, source));
  const isDrawn = observed.items.some(({ draw }) => draw !== undefined && sameSource(draw.source, source));
  const left = shown === undefined ? 0n : prepaidValueOf(shown.left);
  const at = `${clientId} block ${block.blockId}`;
  const findings = [
    ...(shown === undefined ? [] : wrongDraws(shown, observed.items)),
    ...((shown === undefined) === (withdrawn && !isDrawn) ? [] : [`${at} is ${shown ? 'shown' : 'not shown'}`]),
    ...(withdrawn || shown === undefined || prepaidValueOf(shown.returned) === known.returned
      ? []
      : [`${at}: ${known.returned} were returned, the statement says ${prepaidValueOf(shown.returned)}`]),
    ...(withdrawn && left > 0n ? [`${at} was withdrawn, and ${left} can still be drawn`] : []),
    ...(withdrawn && block.price !== null && look.isSettled ? silentlyGivenBack(source, block, observed) : []),
  ];
  const paid = paidFor(block, purchaseId, observed.charges);
  if (paid === null) return findings;
  const month = monthOf(block.purchasedOn);
  const items = withdrawn ? observed.items.filter((one) => isFrozen(one) || one.period === month) : observed.items;
  const held = (drawnOf(source, items) + left) * paid.under;
  const off = paid.over > held ? paid.over - held : held - paid.over;
  if (2n * off > prepaidValueOf(block.amount))
    findings.push(
      `${at}: ${paid.over} / ${paid.under} are paid for and not returned, ${held / paid.under} drawn and left`,
    );
  return findings;
}

/** Months in which corrections give something back to a withdrawn block that was sold in another, and no gap says so. */
function silentlyGivenBack(
  source: Draw['source'],
  { blockId, purchasedOn }: PrepaidBlock,
  look: Look['observed'],
): Findings {
  const open = look.items.filter((one) => !isFrozen(one) && one.period !== monthOf(purchasedOn));
  return [...new Set(open.map(({ period }) => period))].flatMap((month) => {
    const changed = drawnOf(
      source,
      open.filter(({ period }) => period === month),
    );
    const isTold = look.recordedGaps.some(
      ({ state, ending, period, charge }) =>
        (state === 'open' || ending === 'accepted') &&
        period === month &&
        charge?.chargeId.includes(`@block@${blockId}@`) === true,
    );
    return changed < 0n && !isTold ? [`${month}: ${changed} of withdrawn block ${blockId} go back without a gap`] : [];
  });
}

function isFrozen({ disposition }: BillableItem): boolean {
  return disposition === 'invoiced' || disposition === 'written-off';
}

/** What of a block its charges over all periods ask money for, as a fraction; null: it was paid for elsewhere. */
function paidFor(
  { amount, price }: PrepaidBlock,
  purchaseId: string,
  charges: readonly ChargeItem[],
): { readonly over: bigint; readonly under: bigint } | null {
  if (price === null) return null;
  const own = charges.filter(
    ({ kind, sourceEventIds }) => kind === 'prepaid-block' && sourceEventIds.includes(purchaseId),
  );
  const asked = own.map(({ net, credited }) => minorOf(net) - (credited === undefined ? 0n : minorOf(credited)));
  const { over, under } = fraction(price.net.amount);
  const whole = (over * minorUnits(price.net.currency)) / under;
  return whole === 0n ? null : { over: prepaidValueOf(amount) * sumOf(asked), under: whole };
}

interface Billed {
  amount: bigint;
  readonly on: string[];
}

/**
 * L3 over all periods of a client: the lines of issued invoices, with all that corrects them, bill no more of a piece of work than was recorded. A
 * draft may be out of date; it is not issued then.
 */
export function billedTooMuch({ model, observed, invoices, creditNotes }: Look): Findings {
  const billed = new Map<string, Billed>();
  const bill = (item: FrozenItem | BillableItem, on: string): void => {
    const key = `${item.ticketId} ${ownId(item)}`;
    const known = billed.get(key) ?? { amount: 0n, on: [] };
    billed.set(key, { amount: known.amount + amountOf(item), on: [...known.on, on] });
  };
  const freed = new Set(
    creditNotes.flatMap(({ request, lines }) =>
      lines
        .filter(({ outcome, isWhole }) => outcome !== 'corrected' && isWhole)
        .map(({ line }) => `${request.invoiceId} ${line.ticketId} ${line.itemId}`),
    ),
  );
  for (const invoice of invoices) {
    if (invoice.request === null) continue;
    for (const line of invoice.lines) if (!freed.has(holderOf(invoice, line))) bill(line, invoice.invoiceId);
  }
  for (const { request, lines } of creditNotes)
    for (const { line, outcome } of lines) if (outcome === 'corrected') bill(line, request.creditNoteId);
  // What else takes back is on no document yet, but it is owed.
  for (const item of observed.items)
    if (item.disposition !== 'invoiced' && amountOf(item) < 0n) bill(item, `what is owed back in ${item.period}`);
  return [...billed].flatMap(([key, { amount, on }]) => {
    const [ticketId = '', id = ''] = key.split(' ');
    const work = model.tickets.get(ticketId)?.works.get(id);
    const recorded = work === undefined ? 0n : recordedOf(work);
    return amount <= recorded ? [] : [`${key}: ${recorded} recorded, ${amount} on ${on.join(' and ')}`];
  });
}

function holderOf({ invoiceId }: ToldInvoice, { ticketId, itemId }: FrozenItem): string {
  return `${invoiceId} ${ticketId} ${itemId}`;
}

/** Minutes of time, else quantity in thousandths. */
function amountOf({ kind, actualMinutes, quantity }: Pick<FrozenItem, 'kind' | 'actualMinutes' | 'quantity'>): bigint {
  return kind === 'time' ? BigInt(actualMinutes ?? 0) : thousandths(quantity);
}

function recordedOf(work: ModelWork): bigint {
  if (work.kind === 'time') return BigInt(work.facts.minutes);
  return thousandths(work.facts.quantity ?? '1');
}

function thousandths(quantity: string): bigint {
  const { over, under } = fraction(quantity);
  return (over * 1_000n) / under;
}
