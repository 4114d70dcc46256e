import type { MoneyJson } from '@billtrail/kernel';
import { EXAMPLES, commandFamilies } from '@billtrail/application';
import type { CommandDefinition } from '@billtrail/application/testing';
import { NAMED_CONFIGURATION } from '@billtrail/billing/testing';
import { MAX_PAGE } from '@billtrail/read-models';
import type { House } from '../laws/kit/house.js';
import type { Random } from '../crash/random.js';
import { versionOf } from '../scenarios/msp.js';
import { ANNA, BEA, OMAR, PRIYA } from '../scenarios/people.js';
import { CLIENTS, LIMIT, MALLORY, MONTHS } from './world.js';

const AUD = 'AUD';
const money = (amount: string): MoneyJson => ({ amount, currency: AUD });
const PEOPLE = [PRIYA.id, OMAR.id, ANNA.id, BEA.id, MALLORY];
const DAYS = ['2026-02-20', '2026-03-02', '2026-03-04', '2026-03-05'];
/** From when a change of terms holds: back-dated, or from some day on. */
const FROM = ['2026-02-01', '2026-03-01', '2026-03-03', '2027-01-01'];
const ALL = { match: {}, id: 'all', name: 'All work' } as const;
const ALL_INCLUDED = [{ ...ALL, outcome: 'included' as const }];
const ALL_EXCLUDED = [{ ...ALL, outcome: 'excluded' as const }];
const CHEAPER = [
  { hourly: '1.00', onsite: '1.00' },
  { hourly: '149.00' },
  { rules: ALL_INCLUDED },
  { rules: ALL_EXCLUDED },
  { taxCategory: 'GST', hourly: '160.00' },
].map((terms) => (versionOf(terms) as { readonly terms: object }).terms);

/** What there is to name, and by what it is chosen. */
export interface Seen {
  readonly house: House;
  readonly random: Random;
  /** Pieces of work, by ticket. */
  readonly works: ReadonlyMap<string, ReadonlyMap<string, 'time' | 'material' | 'expense'>>;
  readonly nextId: (prefix: string) => string;
}

/** The parameters of a command's path. */
const PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(commandFamilies).flatMap(({ path, commands }) =>
    commands.map(({ command, route }) => {
      const names = [...`${path}/${route?.path ?? ''}`.matchAll(/:(\w+)/gu)].map(([, name = '']) => name);
      return [command.name, names] as const;
    }),
  ),
);

/** Fields that a usual body leaves out, and by which money may go. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  TriageTicket: ['contractId'],
  ReclassifyTicket: ['clientId', 'contractId', 'ticketType'],
  LogTimeEntry: ['statedBillableMinutes'],
  CorrectTimeEntry: ['statedBillableMinutes'],
  CorrectMaterialUsage: ['warranty'],
  RecordMaterialUsage: ['warranty'],
  RecordSupplierCredit: ['creditedOn'],
  ChangeSiteDetails: ['siteId'],
  GrantCourtesy: ['amount'],
  ActivateContract: ['priority', 'allowOverlap'],
  PublishContractVersion: ['effectiveTo'],
  DraftInvoice: ['invoiceId'],
  ApproveInvoice: ['invoiceId', 'clientId', 'period'],
  IssueInvoice: ['invoiceId', 'clientId', 'period'],
  DiscardInvoiceDraft: ['invoiceId', 'clientId', 'period'],
  IssueCreditNote: ['creditNoteId', 'clientId', 'period'],
  GiveCredits: ['creditNoteId'],
  WriteOffWork: ['itemId', 'clientId', 'period'],
};

/** A body of a command as somebody may send it who knows what is there; null: there is nothing that it could be about. */
export async function bodyOf({ command, route }: CommandDefinition, seen: Seen): Promise<object | null> {
  const { name } = command;
  const example: Readonly<Record<string, unknown>> = { ...EXAMPLES[name] };
  const made: Readonly<Record<string, string>> = route?.makes ?? {};
  const fields = new Set([...Object.keys(example), ...(PARAMETERS.get(name) ?? []), ...(BESIDES[name] ?? [])]);
  const thing = await thingFor(name, fields, seen);
  if (thing === null) return null;
  const body: Record<string, unknown> = { ...example };
  for (const field of fields) {
    const choice = CHOICES[field];
    if (field in thing) body[field] = thing[field];
    else if (choice !== undefined) body[field] = choice(seen.random, name);
  }
  if (fields.has('warranty')) Object.assign(body, UNDER_WARRANTY(seen.random));
  for (const [field, prefix] of Object.entries(made)) body[field] = seen.nextId(prefix);
  return body;
}

const UNDER_WARRANTY = (random: Random) =>
  random.pick([{}, { underWarranty: true, warrantyClaim: 'RMA-1' }, { underWarranty: true }]);

type Choice = (random: Random, name: string) => unknown;

const CHOICES: Readonly<Record<string, Choice>> = {
  clientId: (random) => random.pick(CLIENTS),
  contractId: (random) => `${random.pick(CLIENTS)}-1`,
  category: (random) => random.pick(['network', 'maintenance']),
  ticketType: (random) => random.pick(['incident', 'project']),
  scope: (random) => random.pick(['in-contract', 'out-of-scope']),
  materials: (random) => random.pick(['listed', 'none-used']),
  engineerId: (random) => random.pick(PEOPLE),
  ownerId: (random) => random.pick(PEOPLE),
  minutes: (random) => random.pick([1, 30, 60, 120, 240, 300]),
  statedBillableMinutes: (random) => random.pick([null, null, 1]),
  workType: (random) => random.pick(['remote', 'remote', 'onsite', 'unheard-of']),
  workDate: (random) => random.pick(DAYS),
  version: (random) => random.pick([1, 1, 2]),
  quantity: (random) => random.pick(['0.001', '1', '3']),
  listPrice: (random) => random.pick([money('0.01'), money('250.00'), null]),
  cost: (random) => random.pick([money('0.01'), money('50.00')]),
  pricePerHour: (random) => random.pick([money('0.01'), money('120.00'), money('200.00'), null]),
  amount: (random, name) =>
    name === 'GrantCourtesy'
      ? random.pick([null, money('100.00')])
      : name === 'RecordSupplierCredit'
        ? random.pick([money('0.01'), money('250.00')])
        : { unit: 'minutes', minutes: 600 },
  effectiveFrom: (random) => random.pick(FROM),
  from: (random) => random.pick(FROM),
  effectiveTo: (random) => random.pick([null, '2026-03-03']),
  lastDay: (random) => random.pick(['2026-02-28', '2026-03-03', '2027-01-01']),
  resumedOn: (random) => random.pick(DAYS),
  purchasedOn: (random) => random.pick(DAYS),
  givenOn: (random) => random.pick(DAYS),
  creditedOn: () => '2026-03-04',
  siteId: () => 'branch',
  milestoneId: () => 'go-live',
  jobId: () => 'approvals',
  terms: (random) => random.pick(CHEAPER),
  priority: (random, name) => (name === 'ActivateContract' ? random.pick([1, 10, 100]) : random.pick(['low', 'high'])),
  allowOverlap: () => true,
  timeZone: (random) => random.pick(['Australia/Sydney', 'Europe/London']),
  period: (random) => random.pick(MONTHS),
  // The limit is what the log says by then: an admin lifts it only with another.
  configuration: (random) => ({
    ...NAMED_CONFIGURATION,
    selfApproval: 'recorded',
    secondPersonAbove: random.pick([LIMIT, money('100000.00')]),
    unbilledAfterDays: random.pick([0, 14, 60]),
    assumedPricePerHour: random.pick([null, money('150.00')]),
  }),
};

const KIND_BY_FIELD = { timeEntryId: 'time', materialUsageId: 'material', expenseId: 'expense' } as const;

/** The thing that a body is about: what it says of it, by field. null: there is none. */
async function thingFor(
  name: string,
  fields: ReadonlySet<string>,
  { house, random, works, nextId }: Seen,
): Promise<Readonly<Record<string, unknown>> | null> {
  const { models } = house.billtrail;
  const one = <Element>(list: readonly Element[]): Element | null => (list.length === 0 ? null : random.pick(list));
  if (fields.has('requestId')) {
    await house.billtrail.upToDate();
    const request = one((await models.approvals.list({ state: 'waiting' }, { limit: MAX_PAGE })).items);
    return request && { requestId: request.requestId, hash: request.hash };
  }
  if (fields.has('gapId')) {
    await house.settle();
    const gap = one((await models.gaps.list({ state: 'open' }, { limit: MAX_PAGE })).items);
    return gap && { gapId: gap.gapId };
  }
  if (name === 'WriteOffWork') {
    const item = one((await models.billableItems.list({ disposition: 'billable' }, { limit: MAX_PAGE })).items);
    return item && { itemId: item.itemId, clientId: item.clientId, period: item.period };
  }
  if (fields.has('invoiceId') && name !== 'DraftInvoice') {
    const invoice = one((await models.invoices.list({}, { limit: MAX_PAGE })).items);
    if (invoice === null) return null;
    const { invoiceId, clientId, period } = invoice;
    const lines = (await models.invoices.lines(invoiceId, { limit: MAX_PAGE })).items;
    const line = one(lines);
    const outcome = random.pick(['bill-again', 'written-off', 'corrected']);
    const items = line === null ? [] : [{ itemId: line.itemId, outcome }];
    return { invoiceId, clientId, period, items, creditNoteId: nextId('C') };
  }
  if (name === 'RequestTicket') return { ticketId: nextId('N') };
  if (name === 'ActivateContract' || name === 'RegisterClient')
    return { contractId: nextId('k'), ...(name === 'RegisterClient' && { clientId: nextId('client') }) };
  if (fields.has('blockId')) {
    const { items } = await models.prepaid.balances({}, { limit: MAX_PAGE });
    const block = one(items.flatMap(({ source: { contractId }, name: blockId }) => ({ contractId, blockId })));
    if (name !== 'PurchasePrepaidBlock') return block;
  }
  if (name === 'SplitTicket') {
    const ticketId = one([...works.keys()].filter((id) => models.ticketMerges.isMergedNow(id)));
    return ticketId === null ? null : { ticketId };
  }
  if (!fields.has('ticketId')) return { invoiceId: nextId('I'), creditNoteId: nextId('C') };
  const ofTicket = ticketFor(fields, { random, works, nextId });
  return ofTicket && { ...ofTicket, into: random.pick([...works.keys()]), noteId: nextId('n') };
}

function ticketFor(
  fields: ReadonlySet<string>,
  { random, works, nextId }: Pick<Seen, 'random' | 'works' | 'nextId'>,
): Readonly<Record<string, unknown>> | null {
  const field = (Object.keys(KIND_BY_FIELD) as (keyof typeof KIND_BY_FIELD)[]).find((one) => fields.has(one));
  const isAnyWork = fields.has('workItemId');
  if (field === undefined && !isAnyWork) return { ticketId: random.pick([...works.keys()]), timerId: nextId('timer') };
  const pieces = [...works].flatMap(([ticketId, ofTicket]) =>
    [...ofTicket].flatMap(([id, kind]) =>
      isAnyWork || (field !== undefined && KIND_BY_FIELD[field] === kind) ? [{ ticketId, id }] : [],
    ),
  );
  if (pieces.length === 0) return null;
  const { ticketId, id } = random.pick(pieces);
  return { ticketId, [field ?? 'workItemId']: id };
}
