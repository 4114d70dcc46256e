import { PrepareBulkJob, RunBulkJob, ticketCommands as commands, type CommandClass } from '@billtrail/application';
import { chosen, type History, type TicketNote, type WorkNote } from './history.js';
import { ACCOUNTANT, ENGINEER, OPERATOR } from './house.js';
import { WORK_TYPES } from './time-and-materials.js';
import type { Step } from './steps.js';
import { versionOfWork } from './work-version.js';

const MINUTES = [1, 7, 20, 45, 60, 70, 95, 333] as const;
const MINUTE_MILLIS = 60_000;
const QUANTITIES = ['1', '3', '0.5', '12.125'] as const;

/** Tickets that take work, those first that are not yet resolved. */
function workable(history: History): readonly TicketNote[] {
  return history.tickets.filter(({ stage }) => stage !== 'request' && stage !== 'triage');
}

/** Ids as logs of before made them of ids: of a part, an adjustment, a write-off. */
const LOOK_ALIKES = ['1~1', '1-a1', '1-a2', '1-w1', '2~d1', '2-x1'] as const;

/** Ids are unique on their ticket only: some systems number the work of each ticket anew. */
function workId(history: History, prefix: string, [, , day, number]: Step['pick']): string {
  if (number % 16 === 7) return chosen(LOOK_ALIKES, day) ?? '1~1';
  return number % 4 === 3 ? `${1 + (day % 3)}` : history.nextId(prefix);
}

function timeFacts(history: History, [, minutes, day, type]: Step['pick']): object {
  return {
    engineerId: type % 3 === 0 ? 'eng-2' : 'eng-1',
    engineerRole: day % 2 === 0 ? 'engineer' : 'senior',
    workType: chosen(WORK_TYPES, type),
    minutes: chosen(MINUTES, minutes),
    statedBillableMinutes: minutes % 5 === 0 ? 40 : null,
    workDate: history.dayBack(day),
    description: 'Worked on it',
  };
}

/** The same with start and end, which may lie on both sides of midnight, or of a month's end. */
function timedFacts(history: History, pick: Step['pick']): object {
  const minutes = chosen(MINUTES, pick[1]) ?? 1;
  const workDate = history.dayBack(pick[2]);
  const startedAt = `${workDate}T${String(pick[3] % 24).padStart(2, '0')}:30:00Z`;
  const endedAt = new Date(Date.parse(startedAt) + minutes * MINUTE_MILLIS).toISOString();
  return { ...timeFacts(history, pick), startedAt, endedAt };
}

/** Every third entry has start and end. */
function mayBeTimed({ clientId }: TicketNote, [, , day]: Step['pick']): boolean {
  return day % 3 === 0 && clientId !== null;
}

export async function logTime(history: History, ticket: TicketNote | null, step: Step): Promise<void> {
  const { pick } = step;
  const on = ticket ?? chosen(workable(history), pick[0]);
  if (!on) return;
  const id = workId(history, 'W-', pick);
  const timed = mayBeTimed(on, pick);
  const facts = timed ? timedFacts(history, pick) : timeFacts(history, pick);
  const input = { ticketId: on.ticketId, timeEntryId: id, ...facts };
  if (await history.send(commands.LogTimeEntry, input, ENGINEER))
    on.works.push({ ticketId: on.ticketId, id, kind: 'time', timed, voided: false });
}

/** One to three entries on a ticket. */
export async function logTimes(history: History, step: Step): Promise<void> {
  const [which, minutes, day, type] = step.pick;
  const ticket = chosen(workable(history), which);
  for (let more = 0; more <= type % 3; more++)
    await logTime(history, ticket ?? null, { ...step, pick: [which, minutes + more, day, type + more] });
}

/** Starts a timer, or stops the one that runs. */
export async function useTimer(history: History, step: Step): Promise<void> {
  const ticket = chosen(workable(history), step.pick[0]);
  if (ticket) await startOrStopTimer(history, ticket, step);
}

export async function startOrStopTimer(
  history: History,
  ticket: TicketNote,
  { pick: [, leaves] }: Step,
): Promise<void> {
  const { ticketId } = ticket;
  if (ticket.timer === null) {
    const timerId = history.nextId('R-');
    if (await history.send(commands.StartTimer, { ticketId, timerId, engineerId: 'eng-1' }, ENGINEER))
      ticket.timer = timerId;
    return;
  }
  const id = history.nextId('W-');
  const entry = {
    timeEntryId: id,
    engineerRole: 'senior',
    workType: 'remote',
    workDate: history.dayBack(0),
    description: 'By the clock',
  };
  const input = { ticketId, timerId: ticket.timer, ...(leaves % 4 === 0 ? {} : entry) };
  // A timer that ran for days leaves no entry: it is stopped without one.
  const stopped = await history.send(commands.StopTimer, input, ENGINEER);
  if (stopped && 'timeEntryId' in input) ticket.works.push({ ticketId, id, kind: 'time', timed: true, voided: false });
  if (!stopped) await history.send(commands.StopTimer, { ticketId, timerId: ticket.timer }, ENGINEER);
  ticket.timer = null;
}

/** Every other time of the client with blocks and hours, so that what was drawn and invoiced changes. */
export async function correctTime(history: History, { pick }: Step): Promise<void> {
  const times = history.works(({ kind }) => kind === 'time');
  const prepaid = new Set(history.tickets.flatMap((one) => (one.clientId === 'redgum-council' ? [one.ticketId] : [])));
  // Each of them may get any of the minutes.
  const drawn =
    Math.floor(pick[1] / MINUTES.length) % 2 === 0 ? times.filter(({ ticketId }) => prepaid.has(ticketId)) : [];
  const work = chosen(drawn.length === 0 ? times : drawn, pick[0]);
  if (!work) return;
  const ticket = history.tickets.find(({ ticketId }) => ticketId === work.ticketId);
  const timed = ticket !== undefined && mayBeTimed(ticket, pick);
  const facts = timed ? timedFacts(history, pick) : timeFacts(history, pick);
  const input = { ticketId: work.ticketId, timeEntryId: work.id, ...facts, reason: 'mistyped' };
  const agreed = pick[1] % 5 > 0;
  if ((await history.send(commands.CorrectTimeEntry, input, ENGINEER, { agreed })) && timed) work.timed = true;
}

/** A price for this one entry; now and then withdrawn again, or in a currency that the contract has no price in. */
export async function overridePrice(history: History, { pick: [which, price, how] }: Step): Promise<void> {
  const work = chosen(
    history.works(({ kind }) => kind === 'time'),
    which,
  );
  if (!work) return;
  const currency = how % 7 === 6 ? 'USD' : 'AUD';
  const pricePerHour = how % 4 === 3 ? null : { amount: `${90 + (price % 60)}.50`, currency };
  const input = { ticketId: work.ticketId, timeEntryId: work.id, pricePerHour, reason: 'agreed by phone' };
  await history.send(commands.OverrideTimeEntryPrice, input, ACCOUNTANT);
}

/** All of a piece of work or an amount of it; every third time it is withdrawn again. Mostly with a second person, for nobody knows what it comes to. */
export async function giveOrWithdraw(history: History, { pick: [which, price, how, people] }: Step): Promise<void> {
  const work = chosen(
    history.works(() => true),
    which,
  );
  if (!work) return;
  const named = { ticketId: work.ticketId, workItemId: work.id };
  if (how % 3 === 2) {
    await history.send(commands.WithdrawCourtesy, { ...named, reason: 'was not us' }, ACCOUNTANT);
    return;
  }
  const amount = how % 3 === 0 ? null : { amount: `${1 + (price % 90)}.25`, currency: 'AUD' };
  const input = { ...named, amount, reason: 'apology for the outage' };
  await history.send(commands.GrantCourtesy, input, ACCOUNTANT, { agreed: people % 5 > 0 });
}

/** Mostly approved, sometimes rejected; all of a ticket at once, now and then by a bulk job, or one piece. Now and then whoever decides has not seen the latest correction. */
export async function judgeWork(history: History, { pick: [which, how, all, seen] }: Step): Promise<void> {
  const works = history.works(() => true);
  const one = chosen(works, which);
  if (!one) return;
  if (all % 9 === 4) return approveInBulk(history, one);
  const judged = all % 3 === 0 ? [one] : works.filter(({ ticketId }) => ticketId === one.ticketId);
  for (const work of judged) {
    const version = seen % 7 === 6 ? 1 : await versionOfWork(history.house.billtrail.store, work.ticketId, work.id);
    const input = { ticketId: work.ticketId, [ID_NAMES[work.kind]]: work.id, version };
    const [approve, reject] = JUDGES[work.kind];
    if (how % 6 === 0) await history.send(reject, { ...input, reason: 'too much' }, OPERATOR);
    else await history.send(approve, input, OPERATOR);
  }
}

/** All that nobody has decided on yet of the ticket, also what has exceptions. */
async function approveInBulk(history: History, { ticketId }: WorkNote): Promise<void> {
  const jobId = history.nextId('J-');
  const prepared = await history.send(PrepareBulkJob, { jobId, act: 'approve-work', ticketId }, OPERATOR);
  if (prepared) await history.send(RunBulkJob, { jobId, withExceptions: true }, OPERATOR);
}

const ID_NAMES = { time: 'timeEntryId', material: 'materialUsageId', expense: 'expenseId' } as const;
const JUDGES: Readonly<Record<WorkNote['kind'], readonly [approve: CommandClass, reject: CommandClass]>> = {
  time: [commands.ApproveTimeEntry, commands.RejectTimeEntry],
  material: [commands.ApproveMaterialUsage, commands.RejectMaterialUsage],
  expense: [commands.ApproveExpense, commands.RejectExpense],
};

/** Voids one entry, or all the work of a ticket that was resolved with it. */
export async function voidTime(history: History, { pick: [which, all] }: Step): Promise<void> {
  const resolved = history.tickets.filter(
    ({ stage, works }) => stage === 'resolved' && works.some((work) => !work.voided),
  );
  const ticket = all % 2 === 0 ? chosen(resolved, which) : undefined;
  const one = chosen(
    history.works(({ kind }) => kind === 'time'),
    which,
  );
  const works = ticket?.works.filter((work) => !work.voided) ?? (one ? [one] : []);
  for (const work of works) await voidWork(history, work);
}

/** What was never done, whatever became of it. `agreed` false: where it waits for a second person, it goes on to wait. */
export async function voidWork(history: History, work: WorkNote, agreed = true): Promise<void> {
  const { ticketId, id } = work;
  const inputs = {
    time: [commands.VoidTimeEntry, { ticketId, timeEntryId: id, reason: 'twice' }],
    material: [commands.VoidMaterialUsage, { ticketId, materialUsageId: id, reason: 'sent back' }],
    expense: [commands.VoidExpense, { ticketId, expenseId: id, reason: 'paid twice' }],
  } as const;
  const [command, input] = inputs[work.kind];
  if (await history.send<object>(command, input, ENGINEER, { agreed })) work.voided = true;
}

function materialFacts(history: History, [, quantity, day, price]: Step['pick']): object {
  return {
    itemCode: 'SSD-1T',
    description: 'Solid state disk',
    quantity: chosen(QUANTITIES, quantity),
    unit: 'piece',
    unitCost: price % 3 === 0 ? null : { amount: '81.35', currency: price % 7 === 1 ? 'USD' : 'AUD' },
    listPrice: price % 5 === 0 ? null : { amount: '119.97', currency: 'AUD' },
    ...(price % 11 === 0 ? { underWarranty: true, warrantyClaim: `RMA-${price}` } : { underWarranty: false }),
    workDate: history.dayBack(day),
  };
}

const EXPENSE_TYPES = ['mileage', 'meals', 'hotel'] as const;

/** Of some the quantity is told, of some what of the cost is tax, of some the type, by which the card prices or limits them. */
function expenseFacts(history: History, [type, cents, day, currency]: Step['pick']): object {
  const isForeign = currency % 9 === 0;
  const expenseType = type % 2 === 0 ? chosen(EXPENSE_TYPES, type) : undefined;
  // How many kilometres there were is asked.
  const isCounted = cents % 3 === 0 || expenseType === 'mileage';
  return {
    description: 'Parking',
    cost: {
      amount: `${1 + (cents % 60)}.${String(currency % 100).padStart(2, '0')}`,
      currency: isForeign ? 'JPY' : 'AUD',
    },
    workDate: history.dayBack(day),
    ...(isCounted ? { quantity: chosen(QUANTITIES, currency), unit: 'km' } : {}),
    ...(currency % 4 === 1 && !isForeign ? { taxIncluded: { amount: '0.91', currency: 'AUD' } } : {}),
    ...(expenseType === undefined ? {} : { expenseType }),
  };
}

export async function recordGoods(history: History, { pick }: Step): Promise<void> {
  const ticket = chosen(workable(history), pick[0]);
  if (!ticket) return;
  const { ticketId } = ticket;
  const kind = pick[1] % 2 === 0 ? 'material' : 'expense';
  const id = workId(history, kind === 'material' ? 'M-' : 'X-', pick);
  const accepted =
    kind === 'material'
      ? await history.send(
          commands.RecordMaterialUsage,
          { ticketId, materialUsageId: id, ...materialFacts(history, pick) },
          ENGINEER,
        )
      : await history.send(
          commands.RecordExpense,
          { ticketId, expenseId: id, ...expenseFacts(history, pick) },
          ENGINEER,
        );
  if (!accepted) return;
  ticket.works.push({ ticketId, id, kind, voided: false });
  const [, , , price] = pick;
  if (kind !== 'material' || price % 11 !== 0 || price % 2 > 0) return;
  // Half of the claims are paid, in part or whole.
  const amount = { amount: `${20 + (price % 90)}.50`, currency: price % 3 > 0 && price % 7 === 1 ? 'USD' : 'AUD' };
  const paid = { ticketId, materialUsageId: id, amount, reference: 'CN-1', creditedOn: history.dayBack(0) };
  const isRecorded = await history.send(commands.RecordSupplierCredit, paid, ACCOUNTANT);
  // Half of these were typed for another claim.
  const typed = { ticketId, materialUsageId: id, reference: 'CN-1', reason: 'of another claim' };
  if (isRecorded && price % 4 === 0) await history.send(commands.WithdrawSupplierCredit, typed, ACCOUNTANT);
}

function goods(history: History, number: number): WorkNote | undefined {
  return chosen(
    history.works(({ kind }) => kind !== 'time'),
    number,
  );
}

export async function correctGoods(history: History, { pick }: Step): Promise<void> {
  const work = goods(history, pick[0]);
  if (!work) return;
  const { ticketId, id } = work;
  const reason = 'wrong figures';
  const agreed = pick[1] % 5 > 0;
  if (work.kind === 'material') {
    await history.send(
      commands.CorrectMaterialUsage,
      { ticketId, materialUsageId: id, ...materialFacts(history, pick), reason },
      ENGINEER,
      { agreed },
    );
  } else {
    await history.send(
      commands.CorrectExpense,
      { ticketId, expenseId: id, ...expenseFacts(history, pick), reason },
      ENGINEER,
      { agreed },
    );
  }
}

export async function voidGoods(history: History, { pick: [which] }: Step): Promise<void> {
  const work = goods(history, which);
  if (work) await voidWork(history, work);
}
