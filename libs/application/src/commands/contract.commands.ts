import { IsOptional } from 'class-validator';
import { shape, type Instant, type LocalDate, type MoneyJson, type Refusal, type Role } from '@billtrail/kernel';
import {
  DEFAULT_PRIORITY,
  type AmongContracts,
  type Burn,
  type ContractTerms,
  type PrepaidAmount,
  type PrepaidBlock,
  type StateContract as StatedContract,
  contractParts,
  ofContract as ofAnyContract,
  type ReturnPrepaidBlock as ReturnAsked,
  problemsOfWrittenTerms,
} from '@billtrail/contracts';
import type { Position, StreamSlice } from '@billtrail/event-store';
import { warnOfStatement } from './contract-statement.js';
import { clientOfContracts } from './contract-streams.js';
import type { NotSettled, ReadModels } from '@billtrail/read-models';
import { define, type CommandFamily, type CommandPorts } from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { InspectedWhole } from '../command-path/validate.js';
import {
  amongContracts,
  decidedAmongContracts,
  forgoesByTerms,
  ofContract,
  warnOfCount,
  warnOfNotice,
  warnOfSuspension,
  warnOfTermination,
  warnOfVersion,
  warnOfTerms,
} from './contract-command.js';
import { CommandName, Field, IsALocalDate, IsAnId, IsAnInstant } from './fields.js';
import { configurationOf, todayOf } from '../configuration.js';

const ACCOUNTS: readonly Role[] = ['accounts'];
type ContractParts = StatedContract['parts'];

abstract class ContractFields {
  @IsAnId()
  contractId: string;
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

const { contract, version, termination, renewal, suspension, resumption, block, count, ...others } = ofAnyContract;
const { milestone, notice, reason, returned } = others;

abstract class DaysInForce extends ContractFields {
  @IsOptional()
  @Field(ofAnyContract.allowOverlap)
  allowOverlap?: boolean;
}

abstract class VersionFields extends DaysInForce {
  @Field(version.effectiveFrom)
  effectiveFrom: LocalDate;
  @Field(version.effectiveTo)
  effectiveTo: LocalDate | null = null;
  /** Coverage rules, rate card and other terms: all problems are reported at once. */
  @Field(version.terms)
  @InspectedWhole(version.terms, 'ContractMalformed', problemsOfWrittenTerms)
  terms: ContractTerms;
}

export class ActivateContract extends VersionFields {
  @CommandName('ActivateContract')
  readonly type = 'ActivateContract';
  @IsAnId()
  clientId: string;
  @Field(contract.name)
  name: string;
  @Field(contract.priority)
  priority: number = DEFAULT_PRIORITY;
}

export class PublishContractVersion extends VersionFields {
  @CommandName('PublishContractVersion')
  readonly type = 'PublishContractVersion';
  @IsOptional()
  @Field(ofAnyContract.increase)
  increase?: { readonly percent: string; readonly ofVersion: number };
}

export class TerminateContract extends DaysInForce {
  @CommandName('TerminateContract')
  readonly type = 'TerminateContract';
  @Field(termination.lastDay)
  lastDay: LocalDate;
  @IsOptional()
  @Field(termination.releasesCommitments)
  releasesCommitments?: boolean;
  @Field(reason)
  reason: string;
}

export class RenewContract extends DaysInForce {
  @CommandName('RenewContract')
  readonly type = 'RenewContract';
  @Field(renewal.versionNumber)
  versionNumber: number;
  /** Required: a missing day does not renew. */
  @Field(renewal.effectiveTo)
  effectiveTo: LocalDate | null;
}

/** A whole contract, as in a contract file. */
export class StateContract extends ContractFields {
  @CommandName('StateContract')
  readonly type = 'StateContract';
  /** Its activation, versions, termination, blocks, counts and suspensions as commands. */
  @Field(contractParts)
  parts: ContractParts;
}

export class SuspendContract extends ContractFields {
  @CommandName('SuspendContract')
  readonly type = 'SuspendContract';
  @Field(suspension.from)
  from: LocalDate;
  @Field(reason)
  reason: string;
}

export class ResumeContract extends DaysInForce {
  @CommandName('ResumeContract')
  readonly type = 'ResumeContract';
  @Field(resumption.resumedOn)
  resumedOn: LocalDate;
}

export class PurchasePrepaidBlock extends ContractFields {
  @CommandName('PurchasePrepaidBlock')
  readonly type = 'PurchasePrepaidBlock';
  @IsAnId()
  blockId: string;
  /** `{"unit": "minutes", "minutes": 600}` or `{"unit": "money", "money": {"amount": "1000.00", "currency": "AUD"}}`. */
  @Field(block.amount)
  amount: PrepaidAmount;
  @Field(block.purchasedOn)
  purchasedOn: LocalDate;
  @Field(block.expiresOn)
  expiresOn: LocalDate | null = null;
  /** `{"net": {"amount": "900.00", "currency": "AUD"}, "taxCategory": "GST"}`; by default it was paid for elsewhere. */
  @Field(block.price)
  price: PrepaidBlock['price'] = null;
  /** `{"by": "multiplier"}` or `{"by": "weights", "weights": [{"rateClass": "weekend", "weight": "2"}]}`. */
  @IsOptional()
  @Field(block.burn)
  burn?: Burn;
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
  @Field(returned)
  amount?: PrepaidAmount | null;
  /** How much of its price goes back, with what that buys of the block: `{"amount": "1950.00", "currency": "AUD"}`. */
  @IsOptional()
  @Field(shape.money(shape.decimal))
  net?: MoneyJson | null;
  /** By default today. */
  @IsOptional()
  @IsALocalDate()
  returnedOn?: LocalDate | null;
  @Field(reason)
  reason: string;
}

export class WithdrawPrepaidBlock extends ContractFields {
  @CommandName('WithdrawPrepaidBlock')
  readonly type = 'WithdrawPrepaidBlock';
  @IsAnId()
  blockId: string;
  @Field(reason)
  reason: string;
}

export class RecordCount extends ContractFields {
  @CommandName('RecordCount')
  readonly type = 'RecordCount';
  @Field(count.countOf)
  countOf: string;
  @Field(count.count)
  count: number;
  @Field(count.from)
  from: LocalDate;
}

export class DeclareMilestoneReached extends ContractFields {
  @CommandName('DeclareMilestoneReached')
  readonly type = 'DeclareMilestoneReached';
  @IsAnId()
  milestoneId: string;
  @Field(milestone.reachedOn)
  reachedOn: LocalDate;
  @Field(milestone.acceptedBy)
  acceptedBy: string;
}

export class WithdrawMilestoneDeclaration extends ContractFields {
  @CommandName('WithdrawMilestoneDeclaration')
  readonly type = 'WithdrawMilestoneDeclaration';
  @IsAnId()
  milestoneId: string;
  @Field(reason)
  reason: string;
}

export class RecordNotice extends ContractFields {
  @CommandName('RecordNotice')
  readonly type = 'RecordNotice';
  @Field(notice.givenOn)
  givenOn: LocalDate;
  @Field(reason)
  reason: string;
}

export class WithdrawNotice extends ContractFields {
  @CommandName('WithdrawNotice')
  readonly type = 'WithdrawNotice';
  @Field(reason)
  reason: string;
}

async function returnedToday(
  { returnedOn, ...command }: ReturnPrepaidBlock,
  { at }: CommandContext,
  ports: CommandPorts,
): Promise<AmongContracts | Refusal> {
  const day = returnedOn ?? todayOf(await configurationOf(ports.store), at);
  return amongContracts({ ...command, returnedOn: day }, ports);
}

/** What nobody drew of the block, as rating has it at the moment of the decision: no more than that can go back. Refuses: ReadModelsDiffer. */
function withWhatIsLeft(
  asked: AmongContracts,
  _context: CommandContext,
  models: ReadModels,
  from: Position,
  { stream }: StreamSlice,
): AmongContracts | Refusal | NotSettled {
  const { contractId, blockId } = asked as AmongContracts & ReturnAsked;
  return models.settled(from, () => {
    const clients = [clientOfContracts(stream)];
    const differs = models.comparison?.refusesWhatRestsOn({ clients, withMonths: true }) ?? null;
    if (differs !== null) return differs;
    const known = models.prepaid.balanceNow({ from: 'block', contractId, blockId });
    return known === null ? asked : { ...asked, left: known.left };
  });
}

export const contractFamily: CommandFamily = {
  heading: 'Contracts',
  path: 'contracts',
  commands: [
    ofContract(
      ActivateContract,
      ACCOUNTS,
      { summary: 'Activate a contract with its first version', path: '', adds: true, makes: { contractId: 'k' } },
      warnOfTerms,
    ),
    ofContract(
      PublishContractVersion,
      ACCOUNTS,
      { summary: 'Publish a version of a contract', path: ':contractId/versions', adds: true },
      warnOfVersion,
    ),
    // Only a contract file states a whole contract.
    ofContract(StateContract, ACCOUNTS, null, warnOfStatement),
    ofContract(
      TerminateContract,
      ACCOUNTS,
      { summary: 'Terminate a contract', path: ':contractId/terminate' },
      warnOfTermination,
    ),
    ofContract(RenewContract, ACCOUNTS, {
      summary: 'Renew a contract version to a later day',
      path: ':contractId/renew',
    }),
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
      ...decidedAmongContracts,
      prepare: returnedToday,
      collect: withWhatIsLeft,
      forgoes: forgoesByTerms,
    }),
    ofContract(WithdrawPrepaidBlock, ACCOUNTS, {
      summary: 'Withdraw a prepaid block purchased by mistake',
      path: ':contractId/prepaid-blocks/:blockId/withdraw',
    }),
    // Whoever runs the project knows when a part of it is done; what was billed goes back by a decision of Accounts.
    ofContract(DeclareMilestoneReached, ['operations', 'accounts'], {
      summary: 'Declare a milestone reached',
      path: ':contractId/milestones/:milestoneId/reached',
    }),
    ofContract(WithdrawMilestoneDeclaration, ACCOUNTS, {
      summary: 'Withdraw the declaration of a milestone',
      path: ':contractId/milestones/:milestoneId/withdraw',
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
