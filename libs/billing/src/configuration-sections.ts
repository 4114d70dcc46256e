import { canonical } from '@billtrail/contracts';
import type { BillingConfiguration } from './configuration-shape.js';

/**
 * What a change of a section has rated again:
 * - `everything`: every client-period, and what is found in tickets;
 * - `tickets`: what is found in the texts of tickets and in tickets without work;
 * - `places`: the work of clients whose class hours or holidays are others by it;
 * - `cards`: the work of clients with contracts that name a card whose prices are others by it;
 * - `nothing`: it is asked for when something is done.
 */
export type RatedAgain = 'everything' | 'tickets' | 'places' | 'cards' | 'nothing';

interface Section {
  readonly readBy: string;
  readonly ratedAgain: RatedAgain;
}

const toCome = (readBy: string): Section => ({
  readBy: `Nothing reads it yet: ${readBy}`,
  ratedAgain: 'nothing',
});

/** Every section of a configuration: who reads it, and what a change of it has rated again. What is frozen never is. */
export const CONFIGURATION_SECTIONS: Readonly<Record<keyof BillingConfiguration, Section>> = {
  organisation: {
    readBy:
      'Documents (name, tax id, address), rating (currency, zone, calendar, holidays), questions that ask for today.',
    ratedAgain: 'everything',
  },
  unbilledAfterDays: { readBy: 'Gaps: `unbilled`.', ratedAgain: 'everything' },
  taxRates: { readBy: 'Drafts, issues and credit notes; the check of contracts.', ratedAgain: 'nothing' },
  taxDate: { readBy: 'Drafts, issues and credit notes.', ratedAgain: 'nothing' },
  taxRounding: { readBy: 'Drafts, issues and credit notes.', ratedAgain: 'nothing' },
  invoices: { readBy: "Drafts of clients that don't say.", ratedAgain: 'nothing' },
  taxRegistered: { readBy: 'Drafts, issues and credit notes.', ratedAgain: 'nothing' },
  issueDates: { readBy: 'Issues and credit notes.', ratedAgain: 'nothing' },
  paymentTerms: { readBy: 'Drafts and issues, where neither contract nor client says.', ratedAgain: 'nothing' },
  draftApproval: { readBy: 'Approvals of drafts.', ratedAgain: 'nothing' },
  invoiceSeries: { readBy: 'Issues.', ratedAgain: 'nothing' },
  creditNoteSeries: { readBy: 'Credit notes.', ratedAgain: 'nothing' },
  quickQuestionMinutes: { readBy: 'Gaps: `scope-suspected`.', ratedAgain: 'everything' },
  materialWords: { readBy: 'Gaps: `material-suspected`.', ratedAgain: 'tickets' },
  assumedPricePerHour: {
    readBy: 'Gaps: `work-not-recorded`; write-offs and accepted gaps of work without a price.',
    ratedAgain: 'tickets',
  },
  assumedMinutesPerTicket: { readBy: 'Gaps: `work-not-recorded`.', ratedAgain: 'tickets' },
  secondPersonAbove: {
    readBy: 'Write-offs, courtesies, prices set for an entry, accepted gaps, credit notes.',
    ratedAgain: 'nothing',
  },
  limits: {
    readBy: 'Write-offs, courtesies, prices set for an entry, accepted gaps, credit notes.',
    ratedAgain: 'nothing',
  },
  chargeLeadDays: {
    readBy: 'Drafts of charges in advance, and the months that are opened for them.',
    ratedAgain: 'nothing',
  },
  calendars: { readBy: 'Rating, where organisation, client, site or contract names one.', ratedAgain: 'places' },
  holidaySets: { readBy: 'Rating, where organisation, client, site or contract names one.', ratedAgain: 'places' },
  rateCards: { readBy: 'Rating, where contracts name one; the check of contracts.', ratedAgain: 'cards' },
  workTypes: { readBy: 'The check of contracts.', ratedAgain: 'nothing' },
  engineerRoles: { readBy: 'The check of contracts.', ratedAgain: 'nothing' },
  categories: { readBy: 'The check of contracts.', ratedAgain: 'nothing' },
  ticketTypes: { readBy: 'The check of contracts.', ratedAgain: 'nothing' },
  priorities: toCome('the screens of tickets, which come with the console.'),
  gates: { readBy: 'Moves of tickets.', ratedAgain: 'nothing' },
  reopenWithinDays: { readBy: 'Moves of tickets.', ratedAgain: 'nothing' },
  selfApproval: { readBy: 'Approvals of work.', ratedAgain: 'nothing' },
  approvalRules: { readBy: 'Approvals of time that a rule gives.', ratedAgain: 'nothing' },
  workDaysBack: { readBy: 'Recording of work.', ratedAgain: 'nothing' },
  reasonCodes: {
    readBy: 'Declarations of no charge, write-offs, accepted gaps, credit notes, rejections of work.',
    ratedAgain: 'nothing',
  },
  currencyRates: toCome('reports over several currencies, which come with month-end.'),
  serviceLevelPolicies: toCome('contracts that name a policy, which come with the service levels of tickets.'),
  internalTargets: toCome('the internal clocks of tickets, which come with the service levels of tickets.'),
  documentTexts: toCome('printed documents, which come with the delivery of documents.'),
  accountMap: toCome('the export to accounting, which comes with the delivery of documents.'),
};

/** The parts of the organisation that say who it is: rating reads none of them. */
const IDENTITY = ['name', 'taxId', 'address', 'contact', 'bank'] as const;
/** The parts that say where it works. */
const PLACES = ['calendar', 'holidays'] as const;

/** What a new configuration has rated again, each once. */
export function ratedAgainBy(before: BillingConfiguration, after: BillingConfiguration): ReadonlySet<RatedAgain> {
  const names = Object.keys(CONFIGURATION_SECTIONS) as (keyof BillingConfiguration)[];
  const changed = names.filter((name) => differs(before[name], after[name]));
  return new Set(
    changed.flatMap((name) =>
      name === 'organisation' ? ofOrganisation(before, after) : CONFIGURATION_SECTIONS[name].ratedAgain,
    ),
  );
}

function ofOrganisation(before: BillingConfiguration, after: BillingConfiguration): readonly RatedAgain[] {
  const without = (names: readonly string[], { organisation }: BillingConfiguration) =>
    Object.fromEntries(Object.entries(organisation).filter(([name]) => !names.includes(name)));
  const places = [...IDENTITY, ...PLACES];
  if (differs(without(places, before), without(places, after))) return ['everything'];
  return differs(without(IDENTITY, before), without(IDENTITY, after)) ? ['places'] : [];
}

function differs(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) !== canonical(other ?? null);
}
