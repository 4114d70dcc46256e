import { IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import type { Currency, Instant, LocalDate, TimeZone } from '@billtrail/kernel';
import type { ContractTerms } from '@billtrail/contracts';
import { CommandName, IsACurrency, IsALocalDate, IsAnId, IsAnInstant, IsATimeZone, IsLine, IsText } from './fields.js';

abstract class ClientFields {
  @IsAnId()
  clientId: string;
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
  @IsLine(200)
  name: string;
  @IsACurrency()
  currency: Currency;
  /** Days and billing periods of the client are days and months here. */
  @IsATimeZone()
  timeZone: TimeZone;
  /** ABN or VAT id. */
  @IsOptional()
  @IsLine(30)
  taxId: string | null = null;
  @IsOptional()
  @IsText(1_000)
  address: string | null = null;
  /** Why invoices carry no tax, where they don't. */
  @IsOptional()
  @IsLine()
  taxExemption: string | null = null;
}

export class RegisterClient extends ClientFields {
  @CommandName('RegisterClient')
  readonly type = 'RegisterClient';
}

export class ChangeClientDetails extends ClientFields {
  @CommandName('ChangeClientDetails')
  readonly type = 'ChangeClientDetails';
}

abstract class ContractFields {
  @IsAnId()
  contractId: string;
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

abstract class VersionFields extends ContractFields {
  @IsALocalDate()
  effectiveFrom: LocalDate;
  /** Last day in force; without it, until the next version or the termination. */
  @IsOptional()
  @IsALocalDate()
  effectiveTo: LocalDate | null = null;
  /** Coverage rules and rate card: the contract's decider inspects them whole and answers every problem at once. */
  @IsObject()
  terms: ContractTerms;
}

export class ActivateContract extends VersionFields {
  @CommandName('ActivateContract')
  readonly type = 'ActivateContract';
  @IsAnId()
  clientId: string;
  @IsLine(200)
  name: string;
  /** Lower is asked first. */
  @IsInt()
  @Min(0)
  @Max(1_000)
  priority: number = 100;
}

export class PublishContractVersion extends VersionFields {
  @CommandName('PublishContractVersion')
  readonly type = 'PublishContractVersion';
}

export class TerminateContract extends ContractFields {
  @CommandName('TerminateContract')
  readonly type = 'TerminateContract';
  @IsALocalDate()
  lastDay: LocalDate;
  @IsLine()
  reason: string;
}
