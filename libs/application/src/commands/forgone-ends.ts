import { addTo, Money, type Month, invariant } from '@billtrail/kernel';
import type { BillableItem } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';
import { ticketOf } from './merges.js';

/** A command about one piece of work of a ticket. */
export interface AboutWork {
  readonly ticketId: string;
  readonly timeEntryId?: string | null;
  readonly materialUsageId?: string | null;
  readonly expenseId?: string | null;
}

/** The piece of work that a command is about. */
export function workOf({ timeEntryId, materialUsageId, expenseId }: AboutWork): string {
  const workItemId = timeEntryId ?? materialUsageId ?? expenseId;
  invariant(workItemId !== undefined && workItemId !== null, 'the command names no piece of work');
  return workItemId;
}

/**
 * What was written off or given back of work stays in the month that forwent it. Work that is corrected to a day of another month ends it there, and is asked
 * whole in the other one: whoever corrects is told.
 */
export async function warnOfForgoneLeft(given: AboutWork, ports: CommandPorts): Promise<readonly CommandWarning[]> {
  const workItemId = workOf(given);
  const items = (): readonly BillableItem[] =>
    ports.models.billableItems.ofTicketNow(given.ticketId).filter((item) => item.workItemId === workItemId);
  const now = await onceForgone(items, ports);
  const ended = now.filter(isEnded);
  const left = monthsOf(ended);
  const asked = now.filter((item) => isAsked(item) && !left.includes(item.period));
  if (left.length === 0 || asked.length === 0) return [];
  const [from, to] = [left.join(', '), monthsOf(asked).join(', ')];
  const [net, askedNet] = [sumOf(ended).negated(), sumOf(asked)];
  const message = `What was forgone of ${workItemId} in ${from}, ${net.toString()} before tax, ends there: it is work of ${to} now, where it is asked whole, ${askedNet.toString()}. ${forgoThere(asked)}`;
  const sums = { net: net.toJSON(), asked: askedNet.toJSON() };
  return [
    {
      code: 'ForgoneEnds',
      message,
      details: { workItemId, from: left, to: monthsOf(asked), itemIds: idsOf(asked), ...sums },
    },
  ];
}

/**
 * What was written off or given back was agreed with the client whose work it was. Work of a ticket that goes to another client ends it there, and is asked whole of the
 * other one: whoever moves the ticket is told, of each client that it left.
 */
export async function warnOfForgoneOfOthers(
  { ticketId, clientId = null }: { readonly ticketId: string; readonly clientId?: string | null },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  if (clientId === null) return [];
  const now = await onceForgone(() => ports.models.billableItems.ofTicketNow(ticketId), ports);
  const ended = now.filter((item) => isEnded(item) && item.clientId !== clientId);
  const works = new Set(ended.map(({ workItemId }) => workItemId));
  const asked = now.filter((item) => isAsked(item) && item.clientId === clientId && works.has(item.workItemId));
  if (asked.length === 0) return [];
  const byClient = new Map<string | null, BillableItem[]>();
  for (const item of ended) addTo(byClient, item.clientId, item);
  return [...byClient].map(([left, of]) => {
    const [net, askedNet] = [sumOf(of).negated(), sumOf(asked)];
    const message = `What was forgone of ticket ${ticketId} for client ${left ?? 'nobody'} in ${monthsOf(of).join(', ')}, ${net.toString()} before tax, ends there: the work is asked whole of client ${clientId} in ${monthsOf(asked).join(', ')}, ${askedNet.toString()}. ${forgoThere(asked)}`;
    const sums = { net: net.toJSON(), asked: askedNet.toJSON() };
    return {
      code: 'ForgoneEnds',
      message,
      details: { ticketId, from: left, to: clientId, itemIds: idsOf(asked), ...sums },
    };
  });
}

/** The items as a command left them, where something of them was forgone before it: nearly all wait for nothing. */
async function onceForgone(
  items: () => readonly BillableItem[],
  ports: CommandPorts,
): Promise<readonly BillableItem[]> {
  if (!items().some(isForgone)) return [];
  await ports.upToDateToMend();
  return items();
}

function forgoThere(asked: readonly BillableItem[]): string {
  return `To forgo it there, write it off (POST /v1/billable-items/${asked[0]?.itemId ?? ''}/write-off), or give that much back once it is invoiced, with the outcome "written-off": POST /v1/credit-notes`;
}

function idsOf(items: readonly BillableItem[]): readonly string[] {
  return items.map(({ itemId }) => itemId);
}

function isEnded(item: BillableItem): boolean {
  return item.disposition === 'written-off' && signOf(item) < 0;
}

function isAsked(item: BillableItem): boolean {
  return item.disposition === 'billable' && signOf(item) > 0;
}

/**
 * A courtesy, or a write-off of what was never invoiced, is of its own work and ends with it. What other work takes over of a price that they shared is asked:
 * whoever voids is told.
 */
export async function warnOfForgoneVoided(
  given: AboutWork,
  { store, models }: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const workItemId = workOf(given);
  const { ticketId } = given;
  const ticket = await ticketOf(store, ticketId);
  const courtesy = ticket.stage === 'not-requested' ? null : ticket.record.workItems.get(workItemId)?.courtesy;
  const writtenOff = models.billableItems
    .ofTicketNow(ticketId)
    .filter((item) => item.workItemId === workItemId && isForgone(item) && item.creditNoteId === undefined);
  const ends = courtesy ? Money.from(courtesy.amount) : writtenOff.length === 0 ? null : sumOf(writtenOff);
  if (ends === null) return [];
  const what = courtesy ? 'The courtesy' : 'What was written off';
  const message = `${what} of ${workItemId}, ${ends.toString()} before tax, ends with it: what other work takes over of a price that they shared is asked. To forgo that too, give it on the other work: POST /v1/tickets/${ticketId}/work/{workItemId}/courtesy, or write it off: POST /v1/billable-items/{itemId}/write-off`;
  return [{ code: 'ForgoneEnds', message, details: { workItemId, ticketId, net: ends.toJSON() } }];
}

function isForgone(item: BillableItem): boolean {
  return item.disposition === 'written-off' && signOf(item) > 0;
}

/** Of items of one piece of work, which all have one currency; of none it is not asked. */
function sumOf(items: readonly BillableItem[]): Money {
  const nets = items.flatMap(({ net }) => (net === null ? [] : [Money.from(net)]));
  const [first] = nets;
  invariant(first !== undefined, 'nothing that was forgone has an amount');
  return Money.sum(nets, first.currency);
}

function signOf({ net }: BillableItem): number {
  return net === null ? 0 : Money.from(net).value.comparedTo(0);
}

function monthsOf(items: readonly BillableItem[]): readonly Month[] {
  return [...new Set(items.map(({ period }) => period))].sort();
}
