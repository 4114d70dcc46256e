import { DEFAULT_CONFIGURATION } from '@billtrail/billing';

/**
 * A body of each command and posted question, by its name, as somebody may send it. Well-formed: whether it is taken is decided by nothing but who sends it
 * and what is there. Where it names something, that is Acme's: ticket INC0001 of acme, under the contract acme-support.
 */
const AUD = 'AUD';
const CLIENT = { name: 'Acme Pty Ltd', currency: AUD, timeZone: 'Australia/Sydney' };
const SITE = { siteId: 'branch', from: '2026-01-01', name: 'Branch' };
const HOURLY = {
  coverage: [{ id: 'all-work', name: 'All work', match: {}, outcome: 'billable' }],
  rateCard: {
    id: 'hourly',
    name: 'Hourly rates',
    currency: AUD,
    labour: [{ workType: 'remote-support', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 30,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
  },
};
const TIME = {
  engineerId: 'support-1',
  engineerRole: 'engineer',
  workType: 'remote-support',
  minutes: 70,
  workDate: '2026-03-10',
  description: 'Found and mended the fault',
};
const MATERIAL = {
  itemCode: 'SSD-1T',
  description: 'SSD 1 TB',
  quantity: '1',
  listPrice: { amount: '120.00', currency: AUD },
  workDate: '2026-03-10',
};
const EXPENSE = { description: 'Parking', cost: { amount: '19.95', currency: AUD }, workDate: '2026-03-10' };
const HOUR = { unit: 'minutes', minutes: 60 };
const MONTH = { clientId: 'acme', period: '2026-03' };
const UPLIFT = { percent: '4', from: '2027-07-01' };
const GOODWILL = { reasonCode: 'goodwill', comment: 'Agreed with the client on the phone' };
const MISTAKE = { reason: 'Recorded on the wrong ticket' };

export const EXAMPLES: Readonly<Record<string, object>> = {
  RegisterClient: { clientId: 'acme', ...CLIENT },
  ChangeClientDetails: CLIENT,
  RegisterSite: SITE,
  ChangeSiteDetails: { from: '2026-07-01', name: 'Branch, moved' },
  ActivateContract: {
    contractId: 'acme-support',
    clientId: 'acme',
    name: 'Support agreement',
    effectiveFrom: '2026-01-01',
    terms: HOURLY,
  },
  PublishContractVersion: { effectiveFrom: '2026-02-01', terms: HOURLY },
  TerminateContract: { lastDay: '2027-01-01', reason: 'The client moves to another provider' },
  RenewContract: { versionNumber: 1, effectiveTo: null },
  SuspendContract: { from: '2026-11-01', reason: 'The office is closed' },
  ResumeContract: { resumedOn: '2026-11-15' },
  RecordNotice: { givenOn: '2026-11-01', reason: 'By letter of the client' },
  WithdrawNotice: { reason: 'The client stays' },
  PurchasePrepaidBlock: { amount: HOUR, purchasedOn: '2026-03-01' },
  ReturnPrepaidBlock: { amount: HOUR, reason: 'The client needs fewer hours' },
  WithdrawPrepaidBlock: MISTAKE,
  DeclareMilestoneReached: { reachedOn: '2026-03-10', acceptedBy: 'Kim Lee' },
  WithdrawMilestoneDeclaration: MISTAKE,
  RecordCount: { countOf: 'workstation', count: 3, from: '2026-03-01' },
  WhatIfBody: { ...MONTH, contractId: 'acme-support', effectiveFrom: '2026-03-01', terms: HOURLY },
  ContractFileBody: { clients: [] },
  UpliftBody: UPLIFT,
  PublishUpliftBody: { ...UPLIFT, hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  RequestTicket: { summary: 'The server does not answer' },
  TriageTicket: { clientId: 'acme', category: 'server', priority: 'high' },
  ReclassifyTicket: { category: 'network' },
  AssignTicket: { engineerId: 'support-1' },
  ReprioritiseTicket: { priority: 'low' },
  StartWork: {},
  PendTicketOnClient: { reason: 'Waits for access to the server room' },
  PendTicketOnThirdParty: { reason: 'Waits for the provider of the line' },
  ResumeTicket: {},
  ResolveTicket: { resolution: 'Replaced the disk', materials: 'none-used', scope: 'in-contract' },
  RequestServiceVerification: {},
  ApproveServiceVerification: {},
  RejectServiceVerification: { reason: 'It is still slow' },
  CloseTicket: {},
  CancelTicket: { as: 'cancelled', reason: 'The client no longer needs it' },
  ReopenTicket: { reason: 'It happened again' },
  AddNote: { text: 'The client calls back at four' },
  DeclareNoCharge: { reasonCode: 'goodwill', reason: 'Agreed with the client on the phone' },
  MergeTicket: { into: 'INC0002', reason: 'The same fault' },
  SplitTicket: { reason: 'It was another fault' },
  ClassifyScope: { scope: 'in-contract', reason: 'The contract names servers' },
  LogTimeEntry: TIME,
  CorrectTimeEntry: { ...TIME, minutes: 60, reason: 'The break was counted' },
  ApproveTimeEntry: { version: 1 },
  RejectTimeEntry: { version: 1, reason: 'The description does not say what was done', reasonCode: 'not-as-done' },
  ApproveMaterialUsage: { version: 1 },
  RejectMaterialUsage: { version: 1, reason: 'The client brought it', reasonCode: 'not-as-done' },
  ApproveExpense: { version: 1 },
  RejectExpense: { version: 1, reason: 'The receipt is missing', reasonCode: 'not-as-done' },
  OverrideTimeEntryPrice: { pricePerHour: { amount: '120.00', currency: AUD }, reason: 'As quoted' },
  VoidTimeEntry: MISTAKE,
  RecordMaterialUsage: MATERIAL,
  RecordSupplierCredit: { amount: { amount: '95.00', currency: AUD }, reference: 'CN-4711', creditedOn: '2026-03-20' },
  CorrectMaterialUsage: { ...MATERIAL, quantity: '2', reason: 'Two were built in' },
  VoidMaterialUsage: MISTAKE,
  RecordExpense: EXPENSE,
  CorrectExpense: { ...EXPENSE, cost: { amount: '21.95', currency: AUD }, reason: 'As on the receipt' },
  VoidExpense: MISTAKE,
  GrantCourtesy: { reason: 'The client waited long' },
  WithdrawCourtesy: MISTAKE,
  StartTimer: { engineerId: 'support-1' },
  StopTimer: {},
  WriteOffWork: GOODWILL,
  AssignBillingGap: { ownerId: 'accounts-1' },
  AcceptBillingGap: GOODWILL,
  WithdrawForgoingRequest: { reason: 'It is billed after all' },
  ApproveForgoingRequest: { hash: '5f'.repeat(32), comment: 'As agreed with the client' },
  RefuseForgoingRequest: { reason: 'The client pays for it' },
  DraftInvoice: MONTH,
  DiscardInvoiceDraft: { reason: 'More work came in' },
  ApproveInvoice: {},
  IssueInvoice: {},
  IssueCreditNote: { invoiceId: 'inv-1', items: [{ itemId: 'te-1', outcome: 'bill-again' }], ...GOODWILL },
  GiveCredits: { ...MONTH, items: ['acme-support:sla:2026-03'], ...GOODWILL },
  PrepareBulkJob: { act: 'approve-work', from: '2026-03-01', to: '2026-03-31' },
  RunBulkJob: {},
  PublishConfiguration: {
    configuration: {
      ...DEFAULT_CONFIGURATION,
      organisation: { ...DEFAULT_CONFIGURATION.organisation, name: 'Sample Services' },
    },
  },
  RegisterPerson: { name: 'Kim Lee', email: 'kim@example.com', roles: ['support'] },
  ChangePerson: { roles: ['support', 'operations'] },
  MakeKey: { role: 'support', expiresInDays: 90 },
  RotateKey: {},
  RevokeKey: {},
};
