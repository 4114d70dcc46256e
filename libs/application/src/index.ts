export { ApplicationModule, commandDefinitions } from './application.module.js';
export { Billtrail, type ApplicationOptions } from './billtrail.js';
export { systemClock, type Clock } from './clock.js';
export { ApiKeys } from './access/api-keys.js';
export { type CommandClass, type CommandDefinition, type CommandPorts } from './command-path/command-definition.js';
export {
  CommandEnvelope,
  type Accepted,
  type CommandAnswer,
  type CommandContext,
  type CommandWarning,
} from './command-path/command-envelope.js';
export { CommandDispatcher, type DispatchContext } from './command-path/dispatcher.js';
export { DeciderHandler } from './command-path/decider-handler.js';
export { CommandRegistry } from './command-path/command-registry.js';
export { validated } from './command-path/validate.js';
export { configurationOf, todayOf } from './configuration.js';
export { accountStream } from './invoicing/account.js';
export { Ask } from './queries/ask.js';
export { storedNames } from './stored-events.js';
export * as ticketCommands from './commands/ticket.commands.js';
export * as contractCommands from './commands/contract.commands.js';
export * as billingCommands from './commands/billing.commands.js';
export { clientAskedFor } from './commands/references.js';
export { IsALocalDate, IsAMonth, IsAnId } from './commands/fields.js';
export { supposedContract } from './questions/supposed-contract.js';
export { whatIfContract, whatIfVersion, type SupposedVersion, type WhatIfAnswer } from './questions/what-if.js';
export { contractsOf, planContracts, type ContractPlan, type PlannedVersion } from './questions/contract-plan.js';
export { slaStatuses } from './questions/sla.js';
export { backDatingOf, type BackDating } from './questions/back-dating.js';
export { invoiceWarnings, type InvoiceWarning } from './questions/invoice-warnings.js';
