import { draftableCharges, draftableItems } from '@billtrail/billing';
import { MAX_PAGE, type Gap } from '@billtrail/read-models';
import { invariant } from '@billtrail/kernel';
import {
  WithdrawForgoingRequest,
  billingCommands as billing,
  configurationOf,
  draftsToMake,
} from '@billtrail/application';
import { chosen, type History, type InvoiceNote } from './history.js';
import { ACCOUNTANT, ADMIN, OPERATOR } from './house.js';
import type { Step } from './steps.js';
import { CONFIGURATION, prices } from './time-and-materials.js';
import { voidWork } from './work-steps.js';

/** Client-periods in which something can be billed now; those where work waits more than once, so that they are chosen more often. */
async function accounts(history: History): Promise<readonly { clientId: string; period: string }[]> {
  const { billtrail } = history.house;
  await billtrail.upToDate();
  const { items } = await billtrail.models.billableItems.list({ disposition: 'billable' }, { limit: MAX_PAGE });
  const { items: charges } = await billtrail.models.charges.list({ disposition: 'billable' }, { limit: MAX_PAGE });
  const due = draftableCharges(charges, {
    at: history.house.now,
    contracts: [],
    clientTimeZone: CONFIGURATION.organisation.timeZone,
    configuration: CONFIGURATION,
  });
  return [
    ...draftableItems(items).flatMap(({ clientId, period }) => (clientId === null ? [] : [{ clientId, period }])),
    ...due.filter((_, index) => index % 3 === 0).map(({ clientId, period }) => ({ clientId, period })),
  ];
}

/** Now and then under an id that is used already. */
export async function draft(history: History, { pick: [which, id] }: Step): Promise<void> {
  const account = chosen(await accounts(history), which);
  const used = id % 10 === 9 ? chosen(history.invoices, id)?.invoiceId : undefined;
  if (account) await draftOn(history, account, used);
}

async function draftOn(
  history: History,
  account: { clientId: string; period: string },
  invoiceId: string = history.nextId('I-'),
): Promise<void> {
  const invoice: InvoiceNote = { invoiceId, ...account, stage: 'draft' };
  const input = { invoiceId: invoice.invoiceId, ...account, ...(await groupOf(history, account)) };
  if (await history.send(billing.DraftInvoice, input, ACCOUNTANT)) history.invoices.push(invoice);
}

/** Mostly one of those that a run would draft: of a recipient, and of a contract or site. Now and then none is named. */
async function groupOf(
  { house: { billtrail }, invoices: { length } }: History,
  { clientId, period }: { clientId: string; period: string },
): Promise<object> {
  if (length % 4 === 3) return {};
  return chosen(await draftsToMake(billtrail, clientId, period), length) ?? {};
}

/** Two accountants press the button at once. */
export async function twoDrafts(history: History, { pick: [which] }: Step): Promise<void> {
  const account = chosen(await accounts(history), which);
  if (account) await Promise.all([draftOn(history, account), draftOn(history, account)]);
}

function idOf({ invoiceId, clientId, period }: InvoiceNote): object {
  return { invoiceId, clientId, period };
}

export async function discard(history: History, { pick: [which] }: Step): Promise<void> {
  const invoice = chosen(
    history.invoices.filter(({ stage }) => stage !== 'discarded'),
    which,
  );
  if (!invoice) return;
  const discarded = await history.send(
    billing.DiscardInvoiceDraft,
    { ...idOf(invoice), reason: 'not now' },
    ACCOUNTANT,
  );
  if (discarded) invoice.stage = 'discarded';
}

/** Approves and issues a draft, and discards it where it is refused; sometimes it is left lying. */
export async function bill(history: History, step: Step): Promise<void> {
  const open = (): InvoiceNote[] => history.invoices.filter(({ stage }) => stage === 'draft' || stage === 'approved');
  if (open().length === 0) await draft(history, step);
  if (step.pick[1] % 2 === 0 && step.pick[2] % 2 === 0) return;
  const invoice = chosen(open(), step.pick[0]);
  if (!invoice) return;
  await issue(history, invoice, false);
  if (invoice.stage !== 'approved') return;
  await history.send(billing.DiscardInvoiceDraft, { ...idOf(invoice), reason: 'stale' }, ACCOUNTANT);
  invoice.stage = 'discarded';
}

/** The process dies between the request of the issue and the number. */
export async function interruptedIssue(history: History, { pick: [which] }: Step): Promise<void> {
  const open = history.invoices.filter(({ stage }) => stage === 'draft' || stage === 'approved');
  const invoice = chosen(open, which);
  if (invoice) await issue(history, invoice, true);
}

async function issue(history: History, invoice: InvoiceNote, interrupted: boolean): Promise<void> {
  if (await history.send(billing.ApproveInvoice, idOf(invoice), ACCOUNTANT)) invoice.stage = 'approved';
  if (await history.send(billing.IssueInvoice, idOf(invoice), ACCOUNTANT, { interrupted })) invoice.stage = 'issued';
}

/** Writes work off; what an adjustment added to an invoice mostly turns out not to have been done at all. */
export async function writeOff(history: History, { pick: [which, what, end] }: Step): Promise<void> {
  const { items } = await history.house.billtrail.models.billableItems.list({}, { limit: MAX_PAGE });
  const open = items.filter(({ disposition }) => disposition === 'billable' || disposition === 'unpriced');
  const added = open.filter(({ itemId, net }) => itemId.includes('@a') && net?.amount.startsWith('-') === false);
  const ofAdded = what % 4 > 0 && added.length > 0;
  const item = chosen(ofAdded ? added : open, which);
  if (!item || item.clientId === null) return;
  const { clientId, period, itemId, ticketId } = item;
  const input = { clientId, period, itemId, reasonCode: 'goodwill', comment: 'agreed by phone' };
  const given = await history.send(billing.WriteOffWork, input, ACCOUNTANT, { agreed: true });
  if (!given || !ofAdded || end % 4 === 0) return;
  for (const work of history.works((one) => one.ticketId === ticketId && itemId.startsWith(`${one.id}@`)))
    await voidWork(history, work);
}

async function openGaps(history: History): Promise<readonly Gap[]> {
  return (await history.house.billtrail.models.gaps.list({ state: 'open' }, { limit: MAX_PAGE })).items;
}

async function openGap(history: History, number: number): Promise<string | undefined> {
  return chosen(await openGaps(history), number)?.gapId;
}

export async function ownGap(history: History, { pick: [which] }: Step): Promise<void> {
  const gapId = await openGap(history, which);
  if (gapId) await history.send(billing.AssignBillingGap, { gapId, ownerId: 'ops-2' }, OPERATOR);
}

/** Sometimes on one person's word alone, one gap of a client after the other, until one waits for a second person; that is withdrawn. */
export async function acceptGap(history: History, { pick: [which, how] }: Step): Promise<void> {
  const gap = chosen(await openGaps(history), which);
  if (gap === undefined) return;
  const why = { reasonCode: 'goodwill', comment: 'not worth the call' };
  if (how % 4 > 0) {
    await history.send(billing.AcceptBillingGap, { gapId: gap.gapId, ...why }, ACCOUNTANT, { agreed: true });
    return;
  }
  const { clientId, period } = gap;
  const { approvals } = history.house.billtrail.models;
  for (const one of await openGaps(history)) {
    if (one.clientId !== clientId || one.period !== period) continue;
    await history.send(billing.AcceptBillingGap, { gapId: one.gapId, ...why }, ACCOUNTANT);
    const [waiting] = (await approvals.list({ state: 'waiting' })).items;
    if (waiting === undefined) continue;
    const back = { requestId: waiting.requestId, reason: 'asked by mistake' };
    await history.send(WithdrawForgoingRequest, back, ACCOUNTANT);
    return;
  }
}

/** Two taxes on one net, each rounded by itself. */
const STATE_AND_COUNTY = {
  taxes: [
    { name: 'State', rate: '7.25' },
    { name: 'County', rate: '1.375' },
  ],
};

const NEW = [{ word: 'new', assumedPrice: null }];

export async function configure(history: History, { pick: [days, series, minutes, tax] }: Step): Promise<void> {
  const { rateCards } = await configurationOf(history.house.billtrail.store);
  const { house } = rateCards ?? CONFIGURATION.rateCards ?? {};
  invariant(house !== undefined, 'the house has a card');
  // A version of the card may be for days in the past, and for the very day of another.
  const version = { ...prices(`${100 + (minutes % 90)}.05`, '171.00'), from: history.dayBack(series) };
  const configuration = {
    ...CONFIGURATION,
    unbilledAfterDays: days % 20,
    taxRates: { ...CONFIGURATION.taxRates, GST: tax % 5 === 4 ? STATE_AND_COUNTY : tax % 2 === 0 ? '12.5' : '10' },
    taxRounding: tax % 3 === 0 ? ('line' as const) : ('document' as const),
    ...(series % 2 === 0 ? { paymentTerms: { due: 'day-of-next-month' as const, day: 1 + (days % 31) } } : {}),
    quickQuestionMinutes: 10 + (minutes % 30),
    // Words come and go: `new` is said by those who take an SSD along.
    materialWords: [
      ...CONFIGURATION.materialWords.filter((_, index) => index !== days % 6),
      ...(tax % 2 === 0 ? NEW : []),
    ],
    rateCards: { house: minutes % 3 === 0 ? house : { ...house, versions: [...house.versions, version] } },
    holidaySets: {
      state: {
        days: [{ date: history.dayBack(days), name: 'Show day', ...(minutes % 2 === 0 ? {} : { from: '12:00' }) }],
      },
    },
    invoiceSeries: series % 3 === 0 ? { series: 'NEW', prefix: 'N-', digits: 4 } : CONFIGURATION.invoiceSeries,
  };
  await history.send(billing.PublishConfiguration, { configuration }, ADMIN);
}
