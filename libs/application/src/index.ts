export { ApplicationModule, commandDefinitions, commandFamilies } from './application.module.js';
export { Billtrail, type ApplicationOptions } from './billtrail.js';
export { PolicyFailed } from './policies/policy-failed.js';
export { readinessOf, type Readiness } from './readiness.js';
export { accountOf } from './invoicing/account.js';
export type { Target } from './command-path/target.js';
export { systemClock, type Clock } from './clock.js';
export { Access } from './access/access.js';
export { PrepareBulkJob, RunBulkJob } from './commands/bulk.commands.js';
export { bulkJobItems, bulkJobOf, refusedToLook, type BulkJob, type BulkJobItem } from './bulk/bulk-jobs.js';
export { EndDelegation, NameDelegate } from './commands/delegation.commands.js';
export { DELEGATION_STATES, type DelegationState } from './deciding/delegations.js';
export { toldDelegations, type DelegationTold } from './deciding/told-delegations.js';
export { accessPage } from './access/access-page.js';
export { makeFirstKey, makeKey } from './access/keys.js';
export type { KeyTold, MadeKeyOf } from './access/persons.js';
export {
  ChangePerson,
  MakeKey,
  RegisterPerson,
  RevokeKey,
  ROLES_OF_PEOPLE,
  RotateKey,
  SCOPES,
} from './access/persons.commands.js';
export type { AskedBy, RecordedOfPerson } from './access/record-of-person.js';
export { keyMissing, notSignedIn, type SignedIn } from './access/sign-in.js';
export type { AdoptionPlan } from './gate/adopt.js';
export { storesSetting, type StoresSetting } from './stores-setting.js';
export type { CommandClass, CommandFamily, CommandPorts, CommandRoute } from './command-path/command-definition.js';
export {
  PASSING_REFUSALS,
  type Accepted,
  type CommandAnswer,
  type CommandWarning,
} from './command-path/command-envelope.js';
export { commandIdOf } from './command-path/idempotency-key.js';
export { CommandDispatcher, type DispatchContext } from './command-path/dispatcher.js';
export { InspectedWhole, requiredFieldsOf, validated } from './command-path/validate.js';
export { configurationOf, latestToday, todayAsked, todayOf } from './configuration.js';
export { expandedSets, proposedChanges, type ProposedChange } from './holidays/public-holidays.js';
export { EXAMPLES } from './commands/examples.js';
export { actionsOn, type ActionNow, type Thing } from './questions/actions.js';
export { invoiceActedOn, itemActedOn, requestActedOn, ticketActedOn } from './questions/things-acted-on.js';
export { Ask } from './queries/ask.js';
export { AskPast } from './queries/ask-past.js';
export {
  answerOf,
  withWaiting,
  type AnswerTo,
  type GivenTo,
  type QuestionOfAnyTime,
} from './queries/questions-of-any-time.js';
export { storedNames } from './stored-events.js';
export * as ticketCommands from './commands/tickets.js';
export * as contractCommands from './commands/contracts.js';
export * as billingCommands from './commands/billing.commands.js';
export {
  ApproveForgoingRequest,
  RefuseForgoingRequest,
  WithdrawForgoingRequest,
} from './commands/approvals.commands.js';
export type { Beginning } from './deciding/beginning.js';
export { beginningNow, nobodyAgrees } from './commands/configuration.definitions.js';
export { mineToDecide, seenBy, toldTo, type ApprovalTold } from './deciding/who-decides.js';
export { whoMayDecide, type WhoMayDecide } from './deciding/may-decide.js';
export { AcceptClock } from './commands/clock.definitions.js';
export { clientAskedFor, sitesOf } from './commands/references.js';
export {
  Field,
  IsAHash,
  IsALastDay,
  IsALocalDate,
  IsAMonth,
  IsAnId,
  IsAnInstant,
  IsTrueOrFalse,
  MayBeLeftOut,
  shapesOf,
} from './commands/fields.js';
export { checkAgainst } from './questions/check-contracts.js';
export { whatIfStated, whatIfVersion, type WhatIfAnswer } from './questions/what-if.js';
export { contractsOf, planContracts, type ContractPlan, type PlannedVersion } from './questions/contract-plan.js';
export {
  planIncrease,
  publishIncrease,
  type ContractIncrease,
  type IncreaseAsked,
  type IncreasePlan,
  type PublishedIncrease,
} from './questions/price-increase.js';
export { onlyOne } from './questions/only-one.js';
export { slaStatuses } from './questions/sla.js';
export { backDatingOf } from './questions/back-dating.js';
export { reconciled, type Reconciled } from './questions/reconciled.js';
export { creditsOwed } from './questions/credits-owed.js';
export { zoneOfTicket, zonesOf } from './questions/zones.js';
export { draftsToMake } from './questions/drafts-to-make.js';
export { redraftOf } from './questions/redraft.js';
export { MAX_RATED_ON_A_PAGE, withFreshness, type Freshness, type StaleDraft } from './questions/stale-drafts.js';
export { invoiceWarnings, type InvoiceWarning } from './questions/invoice-warnings.js';
export { warningsIfKnown, type WarningsNotKnown } from './command-path/warnings.js';
export { foreseen } from './foreseen.js';
