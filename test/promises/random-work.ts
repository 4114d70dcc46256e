import type { Actor, Currency } from '@billtrail/kernel';
import { ticketCommands as tickets } from '@billtrail/application';
import type { House } from '../laws/kit/house.js';
import { ENGINEER, OPERATOR } from '../laws/kit/house.js';
import type { Random } from '../crash/random.js';
import { amount, inPercent, maybe, randomDay, times } from './chance.js';
import {
  CATEGORIES,
  CLASSES,
  EXPENSE_TYPES,
  PRIORITIES,
  ROLES,
  SITES,
  TICKET_TYPES,
  WORK_TYPES,
} from './random-terms.js';

const MINUTES = [1, 7, 20, 45, 60, 70, 95, 150, 333] as const;

/** Tickets of a client, each with some work of the story's months. */
export async function doRandomWork(
  random: Random,
  house: House,
  { clientId, currency, prefix, tickets: count }: WorkAsked,
): Promise<void> {
  for (const ticketId of times(count, (n) => `${prefix}${n}`)) {
    await openTicket(random, house, ticketId, clientId);
    // Half of the tickets have one piece of work, so that nothing else of the ticket counts into its price.
    const pieces = inPercent(random, 50) ? 1 : random.whole(2, 5);
    for (const id of times(pieces, (n) => `${ticketId}-W${n}`))
      await recordWork(random, house, { ticketId, id, currency });
  }
}

interface WorkAsked {
  readonly clientId: string;
  readonly currency: Currency;
  readonly prefix: string;
  readonly tickets: number;
}

async function openTicket(random: Random, house: House, ticketId: string, clientId: string): Promise<void> {
  const send = (type: Parameters<House['must']>[0], more: object, actor: Actor = OPERATOR): Promise<unknown> =>
    house.must(type, { ticketId, ...more }, { actor });
  const ticketType = random.pick(TICKET_TYPES);
  await send(tickets.RequestTicket, {
    clientId,
    summary: 'Please help',
    ticketType,
    ...maybe(random, 40, () => ({ siteId: random.pick(SITES) })),
  });
  await send(tickets.TriageTicket, { category: random.pick(CATEGORIES), priority: random.pick(PRIORITIES) });
  await send(tickets.AssignTicket, { engineerId: ENGINEER.id });
  await send(tickets.StartWork, {}, ENGINEER);
}

interface Piece {
  readonly ticketId: string;
  readonly id: string;
  readonly currency: Currency;
}

async function recordWork(random: Random, house: House, piece: Piece): Promise<void> {
  const kind = random.whole(1, 10);
  if (kind === 1) return recordMaterial(random, house, piece);
  if (kind === 2) return recordExpense(random, house, piece);
  const { ticketId, id } = piece;
  await house.must(tickets.LogTimeEntry, timeEntry(random, piece), { actor: ENGINEER });
  const judged = random.whole(1, 20);
  const named = { ticketId, timeEntryId: id };
  if (judged > 2) await house.must(tickets.ApproveTimeEntry, named);
  else if (judged === 2) await house.must(tickets.RejectTimeEntry, { ...named, reason: 'too long' });
}

function timeEntry(random: Random, { ticketId, id }: Piece): object {
  const minutes = random.pick(MINUTES);
  const workDate = workDay(random);
  const startedAt = Date.parse(`${workDate}T${String(random.whole(0, 23)).padStart(2, '0')}:40:00Z`);
  const hasTimes = inPercent(random, 40);
  return {
    ticketId,
    timeEntryId: id,
    engineerId: ENGINEER.id,
    engineerRole: random.pick(ROLES),
    workType: random.pick([...WORK_TYPES, ...WORK_TYPES, 'night-watch']),
    minutes,
    workDate,
    description: 'Worked on it',
    ...maybe(random, 10, () => ({ statedBillableMinutes: random.pick([1, 40, 130]) })),
    ...(hasTimes
      ? {
          startedAt: new Date(startedAt).toISOString(),
          endedAt: new Date(startedAt + minutes * 60_000).toISOString(),
        }
      : maybe(random, 30, () => ({ rateClass: random.pick(CLASSES) }))),
  };
}

/** Now and then on the last day of a month, so that an entry may cross its end. */
function workDay(random: Random): string {
  return inPercent(random, 15)
    ? random.pick(['2026-01-31', '2026-02-28', '2026-03-31'])
    : before20thApril(randomDay(random));
}

function before20thApril(day: string): string {
  return day > '2026-04-18' ? '2026-04-18' : day;
}

async function recordMaterial(random: Random, house: House, { ticketId, id, currency }: Piece): Promise<void> {
  const price = (most: number) => ({ amount: amount(random, currency, most, 5), currency });
  const usage = {
    ticketId,
    materialUsageId: id,
    itemCode: 'PART',
    description: 'A part',
    quantity: random.pick(['1', '3', '0.5', '12.125']),
    unit: 'piece',
    ...maybe(random, 80, () => ({ unitCost: price(90) })),
    ...maybe(random, 80, () => ({ listPrice: price(120) })),
    ...(inPercent(random, 8) ? { underWarranty: true, warrantyClaim: `RMA-${id}` } : {}),
    workDate: workDay(random),
  };
  await house.must(tickets.RecordMaterialUsage, usage, { actor: ENGINEER });
  await house.must(tickets.ApproveMaterialUsage, { ticketId, materialUsageId: id });
}

async function recordExpense(random: Random, house: House, { ticketId, id, currency }: Piece): Promise<void> {
  const expenseType = inPercent(random, 60) ? random.pick(EXPENSE_TYPES) : undefined;
  const expense = {
    ticketId,
    expenseId: id,
    description: 'Parking',
    cost: { amount: amount(random, currency, 80, 20), currency },
    ...maybe(random, 30, () => ({ taxIncluded: { amount: amount(random, currency, 10), currency } })),
    // How many kilometres there were is asked.
    ...maybe(random, expenseType === 'mileage' ? 100 : 40, () => ({
      quantity: random.pick(['2', '12.5']),
      unit: 'km',
    })),
    ...(expenseType === undefined ? {} : { expenseType }),
    workDate: workDay(random),
  };
  await house.must(tickets.RecordExpense, expense, { actor: ENGINEER });
  await house.must(tickets.ApproveExpense, { ticketId, expenseId: id });
}
