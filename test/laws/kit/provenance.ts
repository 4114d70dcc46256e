import type { FrozenCharge, InvoiceIssueRequested, InvoiceLine } from '@billtrail/billing';
import type { ContractVersionPublished } from '@billtrail/contracts';
import type { RecordedEvent } from '@billtrail/event-store';
import { compareTexts, localDateIn } from '@billtrail/kernel';
import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import { ownId } from './model.js';
import { minorUnits } from './integers.js';

/** L6: every line names events of its own work that are in the log, a contract version that was in force, and how its price came about. */
export function withoutProvenance(invoices: readonly ToldInvoice[], events: readonly RecordedEvent[]): Findings {
  const byId = new Map(events.map((event) => [event.id, event]));
  const versions = new Map(
    events
      .filter(({ type }) => type === 'ContractVersionPublished')
      .map(({ data }) => data as Published)
      .map((version) => [`${version.contractId} ${version.versionNumber}`, version]),
  );
  const zones = zonesOfContracts(events);
  const requestedAt = new Map(
    events
      .filter(({ type }) => type === 'InvoiceIssueRequested')
      .map(({ data, position }) => [(data as InvoiceIssueRequested['data']).invoiceId, position]),
  );
  return invoices.flatMap(({ invoiceId, lines, charges }) => [
    ...charges.flatMap((charge) =>
      unfoundedCharge(`${invoiceId} ${charge.chargeItemId}`, charge, byId, new Set(versions.keys())),
    ),
    ...lines.flatMap((line) => {
      const at = `${invoiceId} ${line.itemId}`;
      const findings: string[] = [];
      if (line.sourceEventIds.length === 0) findings.push(`${at} names no event`);
      for (const id of line.sourceEventIds) {
        const source = byId.get(id);
        if (!source) findings.push(`${at} names ${id}, which is not in the log`);
        else if (source.stream !== `ticket-${line.ticketId}` || !isOfWork(source.data, ownId(line)))
          findings.push(`${at} names ${source.type} of ${source.stream}, which is not of its work`);
      }
      const version = versions.get(`${line.contractId} ${line.contractVersion}`);
      if (!version)
        findings.push(`${at} names ${line.contractId} version ${line.contractVersion}, which does not exist`);
      else if (line.itemId === line.workItemId && version.effectiveFrom > lastDayOf(line, version, zones))
        findings.push(`${at} is of ${line.workDate}, before its contract version of ${version.effectiveFrom}`);
      return [...findings, ...unnamedSources(at, line, requestedAt.get(invoiceId), events), ...traceFindings(at, line)];
    }),
  ]);
}

type Published = ContractVersionPublished['data'];

/** The zones in which each contract without one of its own may have its days: those that its client has had. */
function zonesOfContracts(events: readonly RecordedEvent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ofClients = new Map<string, Set<string>>();
  const ofContracts = new Map<string, Set<string>>();
  for (const { type, data } of events) {
    const { clientId, contractId, timeZone } = data as Readonly<Record<string, string>>;
    if (clientId === undefined) continue;
    const zones = ofClients.get(clientId) ?? new Set<string>();
    ofClients.set(clientId, zones);
    if (timeZone !== undefined && (type === 'ClientRegistered' || type === 'ClientDetailsChanged')) zones.add(timeZone);
    if (contractId !== undefined && type === 'ContractActivated') ofContracts.set(contractId, zones);
  }
  return ofContracts;
}

/** The last day at which the version of a line's contract must have begun: that of the work where it was done, or a later one where the contract has its days. */
function lastDayOf(
  { workDate, basis: { work } }: InvoiceLine,
  { contractId, terms }: Published,
  zones: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  if (work?.kind !== 'time' || work.startedAt === null) return workDate;
  const { startedAt } = work;
  const own = terms.timeZone === undefined ? (zones.get(contractId) ?? []) : [terms.timeZone];
  return [workDate, ...[...own].map((zone) => localDateIn(zone, startedAt))].toSorted(compareTexts).at(-1) ?? workDate;
}

/** The fact of a step that says what is asked after it. */
const ASKED_IN: Readonly<Record<string, string>> = { adjustment: 'difference', amount: 'net', credit: 'left' };

/** A charge names the events it rests on, where it rests on any, and its contract version; its steps end with what it asks. */
function unfoundedCharge(
  at: string,
  { sourceEventIds, contractId, contractVersion, trace, net, kind }: FrozenCharge,
  events: ReadonlyMap<string, RecordedEvent>,
  versions: ReadonlySet<string>,
): Findings {
  // What was given back of it so far is a credit, too, and says nothing of what is asked.
  const asked = trace.map(({ step, facts }) => facts[ASKED_IN[step] ?? 'net']).findLast((one) => one !== undefined);
  return [
    ...sourceEventIds.filter((id) => !events.has(id)).map((id) => `${at} names ${id}, which is not in the log`),
    ...(versions.has(`${contractId} ${contractVersion}`)
      ? []
      : [`${at} names ${contractId} version ${contractVersion}, which does not exist`]),
    ...(kind === 'prepaid-block' && sourceEventIds.length === 0 ? [`${at} names no purchase`] : []),
    ...(asked === net.amount ? [] : [`${at} is ${net.amount}, and its trace says ${String(asked)}`]),
  ];
}

function isOfWork(data: object, id: string): boolean {
  const { timeEntryId, materialUsageId, expenseId, workItemId } = data as Readonly<Record<string, unknown>>;
  return [timeEntryId, materialUsageId, expenseId, workItemId].includes(id);
}

const RECORDS: ReadonlySet<string> = new Set([
  'TimeEntryLogged',
  'TimeEntryCorrected',
  'MaterialUsed',
  'MaterialUsageCorrected',
  'ExpenseIncurred',
  'ExpenseCorrected',
]);

/**
 * Events that recorded or corrected the work of an issued line before its issue, and that it does not name. A credit for work that is gone has
 * no work to tell of: it names what the item that it takes back named.
 */
function unnamedSources(
  at: string,
  line: InvoiceLine,
  issuedAt: number | undefined,
  events: readonly RecordedEvent[],
): Findings {
  if (issuedAt === undefined || !line.trace.some(({ step }) => step === 'work')) return [];
  const sources = events.filter(
    ({ type, stream, position, data }) =>
      RECORDS.has(type) && position < issuedAt && stream === `ticket-${line.ticketId}` && isOfWork(data, ownId(line)),
  );
  return sources
    .filter(({ id }) => !line.sourceEventIds.includes(id))
    .map(({ type, id }) => `${at} does not name ${type} ${id}`);
}

/**
 * The steps that a line must tell: an adjustment at least what it adjusts, work that a block covers what it drew, all other work all of them. A block
 * of hours covers work that has no price too, and then there is none to tell.
 */
function neededSteps({ itemId, workItemId, kind, draw, trace, basis }: InvoiceLine): readonly string[] {
  if (itemId !== workItemId && trace.some(({ step }) => step === 'adjustment')) return ['adjustment'];
  const price = trace.some(({ step }) => step === 'override') ? 'override' : 'rate';
  const ofTime = kind === 'time' ? ['billable-time'] : [];
  const ofPrice = draw !== undefined && basis.price === null ? [] : [price];
  return ['work', 'contract', 'coverage', ...ofPrice, ...ofTime, draw === undefined ? 'amount' : 'prepaid'];
}

/** What the steps say must be what the line says. */
function traceFindings(at: string, line: InvoiceLine): Findings {
  const steps = new Set<string>(line.trace.map(({ step }) => step));
  const needed = neededSteps(line);
  const missing = needed.filter((step) => !steps.has(step)).map((step) => `${at} has no step ${step}`);
  const isAdjustment = needed.includes('adjustment');
  const last = line.trace.findLast(({ step }) =>
    isAdjustment ? step === 'adjustment' : step === 'amount' || step === 'courtesy',
  );
  const told = line.draw === undefined ? last?.facts[isAdjustment ? 'difference' : 'net'] : zeroOf(line);
  // Out of scope of every contract, the card of the first prices it: the last word on the contract is a rule's.
  const contract = line.trace.findLast(({ step }) => step === 'contract' || step === 'coverage');
  const wrong = [
    ...(told === line.net.amount ? [] : [`${at} is ${line.net.amount}, and its trace says ${String(told)}`]),
    ...(isAdjustment ||
    (contract?.facts['contractId'] === line.contractId && contract.facts['contractVersion'] === line.contractVersion)
      ? []
      : [`${at} is under another contract than its trace says`]),
    ...line.trace.filter(({ text }) => text.trim() === '').map(({ step }) => `${at} says nothing in step ${step}`),
  ];
  return [...missing, ...wrong];
}

/** A line that a block or an allotment covers asks nothing. */
function zeroOf({ net: { currency } }: InvoiceLine): string {
  return minorUnits(currency) === 1n ? '0' : '0.00';
}
