import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsObject, IsOptional, Max, Min, ValidateIf } from 'class-validator';
import type { Instant, LocalDate, Role } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import {
  DEFAULT_PRIORITY,
  MAX_PRIORITY,
  type ContractTerms,
  type PrepaidAmount,
  type PrepaidBlock,
  type StateContract as StatedContract,
  contract as contractDecider,
  type ReturnPrepaidBlock as ReturnAsked,
  problemsOfTerms,
} from '@billtrail/contracts';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { InspectedWhole } from '../command-path/validate.js';
import {
  ofContract,
  ofDaysInForce,
  warnOfCount,
  warnOfNotice,
  warnOfSuspension,
  warnOfTermination,
  warnOfTerms,
  withClient,
  withItsClient,
  withStatedClient,
} from './contract-command.js';
import { CommandName, IsALastDay, IsALocalDate, IsAnId, IsAnInstant, IsLine } from './fields.js';
import { configurationOf, todayOf } from '../configuration.js';
import { IsMoneyOrNull, MoneyInput } from './money.dto.js';

const ACCOUNTS: readonly Role[] = ['accounts'];
/** Most parts in one contract file: each may be an event, and all of them go into one append. */
const MAX_PARTS_OF_CONTRACT = 10_000;
type ContractParts = StatedContract['parts'];

abstract class ContractFields {
  @IsAnId()
  contractId: string;
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

abstract class DaysInForce extends ContractFields {
  /**
   * True if this contract may overlap with another of the client at the same priority: tickets then name their contract, otherwise their
   * work has no price.
   */
  @IsOptional()
  @IsBoolean()
  allowOverlap?: boolean;
}

abstract class VersionFields extends DaysInForce {
  @IsALocalDate()
  effectiveFrom: LocalDate;
  /** Last day in force; by default until the next version or the termination. */
  @IsOptional()
  @IsALastDay()
  effectiveTo: LocalDate | null = null;
  /** Coverage rules, rate card and other terms: checked as a whole, all problems are reported at once. */
  @IsObject()
  @InspectedWhole((terms) => problemsOfTerms(terms, null))
  terms: ContractTerms;
}

export class ActivateContract extends VersionFields {
  @CommandName('ActivateContract')
  readonly type = 'ActivateContract';
  @IsAnId()
  clientId: string;
  @IsLine(200)
  name: string;
  /** The contract with the lower priority is tried first. */
  @IsInt()
  @Min(0)
  @Max(MAX_PRIORITY)
  priority: number = DEFAULT_PRIORITY;
}

export class PublishContractVersion extends VersionFields {
  @CommandName('PublishContractVersion')
  readonly type = 'PublishContractVersion';
}

export class TerminateContract extends DaysInForce {
  @CommandName('TerminateContract')
  readonly type = 'TerminateContract';
  @IsALocalDate()
  lastDay: LocalDate;
  /** True if what its charges are committed to is forgone, for the reason of the termination; by default it stays owed to its end. */
  @IsOptional()
  @IsBoolean()
  releasesCommitments?: boolean;
  @IsLine()
  reason: string;
}

export class RenewContract extends DaysInForce {
  @CommandName('RenewContract')
  readonly type = 'RenewContract';
  @IsInt()
  @Min(1)
  versionNumber: number;
  /** The later last day; null: open-ended. Required: a missing day does not renew. */
  @ValidateIf((command: RenewContract) => command.effectiveTo !== null)
  @IsALastDay('send null')
  effectiveTo: LocalDate | null;
}

/** A whole contract, as in a contract file. */
export class StateContract extends ContractFields {
  @CommandName('StateContract')
  readonly type = 'StateContract';
  /** Its activation, versions, termination, blocks, counts and suspensions as commands; the contract's decider checks them. */
  @IsArray()
  @ArrayMaxSize(MAX_PARTS_OF_CONTRACT)
  @IsObject({ each: true })
  parts: ContractParts;
}

export class SuspendContract extends ContractFields {
  @CommandName('SuspendContract')
  readonly type = 'SuspendContract';
  /** First day of the suspension. */
  @IsALocalDate()
  from: LocalDate;
  @IsLine()
  reason: string;
}

export class ResumeContract extends ContractFields {
  @CommandName('ResumeContract')
  readonly type = 'ResumeContract';
  /** First day in force again. */
  @IsALocalDate()
  resumedOn: LocalDate;
}

export class PurchasePrepaidBlock extends ContractFields {
  @CommandName('PurchasePrepaidBlock')
  readonly type = 'PurchasePrepaidBlock';
  @IsAnId()
  blockId: string;
  /** `{"unit": "minutes", "minutes": 600}` or `{"unit": "money", "money": {"amount": "1000.00", "currency": "AUD"}}`. */
  @IsObject()
  amount: PrepaidAmount;
  @IsALocalDate()
  purchasedOn: LocalDate;
  /** Last day on which work can draw on it; by default it does not expire. */
  @IsOptional()
  @IsALastDay()
  expiresOn: LocalDate | null = null;
  /** `{"net": {"amount": "900.00", "currency": "AUD"}, "taxCategory": "GST"}`; by default it was paid for elsewhere. */
  @IsOptional()
  @IsObject()
  price: PrepaidBlock['price'] = null;
}

export class ReturnPrepaidBlock extends ContractFields {
  @CommandName('ReturnPrepaidBlock')
  readonly type = 'ReturnPrepaidBlock';
  @IsAnId()
  blockId: string;
  @IsAnId()
  returnId: string;
  /** What of the block goes back, in its unit: `{"unit": "minutes", "minutes": 900}`. This or `net`. */
  @IsOptional()
  @IsObject()
  amount?: PrepaidAmount | null;
  /** How much of its price goes back, with what that buys of the block: `{"amount": "1950.00", "currency": "AUD"}`. */
  @IsMoneyOrNull()
  net?: MoneyInput | null;
  /** By default today. */
  @IsOptional()
  @IsALocalDate()
  returnedOn?: LocalDate | null;
  @IsLine()
  reason: string;
}

export class WithdrawPrepaidBlock extends ContractFields {
  @CommandName('WithdrawPrepaidBlock')
  readonly type = 'WithdrawPrepaidBlock';
  @IsAnId()
  blockId: string;
  @IsLine()
  reason: string;
}

export class RecordCount extends ContractFields {
  @CommandName('RecordCount')
  readonly type = 'RecordCount';
  /** What is counted, as the contract's charges name it: `workstation`. */
  @IsLine(100)
  countOf: string;
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  count: number;
  /** From this day on, until the next count. */
  @IsALocalDate()
  from: LocalDate;
}

export class RecordNotice extends ContractFields {
  @CommandName('RecordNotice')
  readonly type = 'RecordNotice';
  /** The day on which notice was given. */
  @IsALocalDate()
  givenOn: LocalDate;
  @IsLine()
  reason: string;
}

export class WithdrawNotice extends ContractFields {
  @CommandName('WithdrawNotice')
  readonly type = 'WithdrawNotice';
  @IsLine()
  reason: string;
}

/** What nobody drew of the block, as rating has it now: no more than that can go back. */
async function withWhatIsLeft(
  { returnedOn, ...command }: ReturnPrepaidBlock,
  { at }: CommandContext,
  ports: CommandPorts,
): Promise<ReturnAsked> {
  await ports.upToDate();
  const { contractId, blockId } = command;
  const known = await ports.models.prepaid.balance({ from: 'block', contractId, blockId });
  return {
    ...command,
    returnedOn: returnedOn ?? todayOf(await configurationOf(ports.store), at),
    ...(known === null ? {} : { left: known.left }),
  };
}

export const contractFamily: CommandFamily = {
  heading: 'Contracts',
  path: 'contracts',
  commands: [
    ofDaysInForce(
      ActivateContract,
      { summary: 'Activate a contract with its first version', path: '', adds: true, makes: { contractId: 'k' } },
      (command, _context, ports) => withClient(command, command.clientId, ports),
      warnOfTerms,
    ),
    ofDaysInForce(
      PublishContractVersion,
      { summary: 'Publish a version of a contract', path: ':contractId/versions', adds: true },
      withItsClient,
      warnOfTerms,
    ),
    // Only a contract file states a whole contract.
    ofDaysInForce(StateContract, null, withStatedClient, warnOfTerms),
    ofDaysInForce(
      TerminateContract,
      { summary: 'Terminate a contract', path: ':contractId/terminate' },
      withItsClient,
      warnOfTermination,
    ),
    ofDaysInForce(
      RenewContract,
      { summary: 'Renew a contract version to a later day', path: ':contractId/renew' },
      withItsClient,
    ),
    ofContract(
      SuspendContract,
      ACCOUNTS,
      { summary: 'Suspend a contract from a day', path: ':contractId/suspend' },
      warnOfSuspension,
    ),
    ofContract(ResumeContract, ACCOUNTS, { summary: 'Resume a suspended contract', path: ':contractId/resume' }),
    ofContract(
      RecordNotice,
      ACCOUNTS,
      { summary: 'Record notice, so that a contract ends with its term', path: ':contractId/notice' },
      warnOfNotice,
    ),
    ofContract(WithdrawNotice, ACCOUNTS, { summary: 'Withdraw a notice', path: ':contractId/notice/withdraw' }),
    ofContract(PurchasePrepaidBlock, ACCOUNTS, {
      summary: 'Add a prepaid block to a contract',
      path: ':contractId/prepaid-blocks',
      adds: true,
      makes: { blockId: 'b' },
    }),
    define({
      command: ReturnPrepaidBlock,
      roles: ACCOUNTS,
      route: {
        summary: 'Return hours or money of a prepaid block',
        path: ':contractId/prepaid-blocks/:blockId/return',
        adds: true,
        makes: { returnId: 'r' },
      },
      stream: ({ contractId }) => streamName('contract', contractId),
      decider: contractDecider,
      prepare: withWhatIsLeft,
    }),
    ofContract(WithdrawPrepaidBlock, ACCOUNTS, {
      summary: 'Withdraw a prepaid block purchased by mistake',
      path: ':contractId/prepaid-blocks/:blockId/withdraw',
    }),
    // Operations look after the devices, so they may count them.
    ofContract(
      RecordCount,
      ['operations', 'accounts'],
      { summary: 'Record a count of devices or users', path: ':contractId/counts', adds: true },
      warnOfCount,
    ),
  ],
};
