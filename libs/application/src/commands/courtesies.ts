import { Money, isRefusal, refuse, type Month, type Refusal } from '@billtrail/kernel';
import { givenOn, type BillableItem } from '@billtrail/billing';
import type { FactsOfWork, ReadModels } from '@billtrail/read-models';
import type * as ticketing from '@billtrail/ticketing';
import type { CommandContext } from '../command-path/command-envelope.js';
import type { ClientsOfTicket } from './any-ticket.commands.js';
import type { GrantCourtesy, WithdrawCourtesy } from './courtesy.commands.js';
import { ratedAs, workersBut, type Named, type TakenOff } from './taken-off.js';

/** More than any work comes to: of it the rating takes what the work does come to. */
const ALL = '999999999999';

/** What is given of the work, priced as it is now; or why that can't be. */
export function lookAtCourtesy(
  command: GrantCourtesy,
  context: CommandContext,
  models: ReadModels,
  clientIds: ClientsOfTicket,
): Pick<ticketing.GrantCourtesy, 'looked'> & Partial<TakenOff> {
  const { workItemId, ticketId, amount: asked = null } = command;
  const place = placeOf(command, models, clientIds);
  if (isRefusal(place)) return { looked: place };
  const { facts, name, currency } = place;
  const amount = { amount: ALL, currency };
  const courtesy = { amount, isAll: asked === null, reason: '', grantedBy: context.actor.id, eventId: 'supposed' };
  const comesTo = givenOn(ratedAs(facts, name, { courtesy }), currency);
  if (comesTo.isZero()) return { looked: nothingToGive(workItemId) };
  const given = asked === null ? comesTo : Money.from(asked);
  if (given.currency !== currency || given.compare(comesTo) > 0)
    return {
      looked: refuse(
        'CourtesyAboveWork',
        `${workItemId} comes to ${comesTo.toString()}: ${given.toString()} of it can't be given.`,
        `Give at most ${comesTo.toString()}, or leave the amount out to give all of it.`,
        { workItemId, comesTo: comesTo.toJSON() },
      ),
    };
  const workBy = workersBut(context.actor, { ticketId, workItemId }, models);
  if (isRefusal(workBy)) return { looked: workBy };
  return { looked: { amount: given.toJSON() }, off: given, clientId: facts.clientId, period: facts.period, workBy };
}

/** Why a courtesy can't be withdrawn; null: it can. */
export function lookAtWithdrawal(
  command: WithdrawCourtesy,
  _context: CommandContext,
  models: ReadModels,
  clientIds: ClientsOfTicket,
): Pick<ticketing.WithdrawCourtesy, 'looked'> {
  const parts = models.documentFacts.ofWork(command, clientIds);
  return { looked: isRefusal(parts) ? parts : refuseInvoiced(itemsIn(parts), 'withdrawn') };
}

/** The one client-period that has the work, with its facts. */
function placeOf(
  named: Named,
  models: ReadModels,
  clientIds: ClientsOfTicket,
): (FactsOfWork & { readonly currency: string }) | Refusal {
  const parts = models.documentFacts.ofWork(named, clientIds);
  if (isRefusal(parts)) return parts;
  const items = itemsIn(parts);
  const months = [...new Set(items.map(({ period }) => period))].sort();
  const part = parts.find(({ facts }) => facts.period === months[0]);
  if (part === undefined) return nothingToGive(named.workItemId);
  if (months.length > 1) return overMonths(named, months);
  const invoiced = refuseInvoiced(items, 'given');
  if (invoiced) return invoiced;
  const priced = items.find(({ net }) => net !== null);
  return { ...part, currency: priced?.net?.currency ?? part.facts.currency };
}

/** As the work is rated now. */
function itemsIn(parts: readonly FactsOfWork[]): readonly BillableItem[] {
  return parts.flatMap(({ facts, name }) => ratedAs(facts, name, {}));
}

function refuseInvoiced(items: readonly BillableItem[], verb: 'given' | 'withdrawn'): Refusal | null {
  const on = items.find(({ disposition }) => disposition === 'invoiced');
  if (on === undefined) return null;
  const remedy =
    verb === 'given'
      ? 'Give the amount back by a credit note, with the outcome `written-off`: POST /v1/credit-notes'
      : 'Credit the line to be billed again first, with the outcome `bill-again`: POST /v1/credit-notes';
  return refuse(
    'CourtesyAfterInvoice',
    `${on.itemId} is on invoice ${on.invoiceId ?? ''}: a courtesy can't be ${verb} any more.`,
    remedy,
    { itemId: on.itemId, invoiceId: on.invoiceId },
  );
}

function nothingToGive(workItemId: string): Refusal {
  return refuse(
    'CourtesyOfNothing',
    `Nothing is asked for ${workItemId}, so nothing can be given of it.`,
    'Give it when it has a price. To give prepaid hours back, give all of the work: leave the amount out.',
    { workItemId },
  );
}

function overMonths({ workItemId }: Named, months: readonly Month[]): Refusal {
  return refuse(
    'CourtesyOverMonths',
    `${workItemId} is billed in ${months.join(' and ')}: a courtesy is of one month.`,
    'Void it and log each month as an entry of its own, or write an item of it off: POST /v1/billable-items/{itemId}/write-off',
    { workItemId, months },
  );
}
