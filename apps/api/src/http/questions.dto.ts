import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  Field,
  InspectedWhole,
  IsALastDay,
  IsALocalDate,
  IsAMonth,
  IsAHash,
  IsAnId,
  IsTrueOrFalse,
  MayBeLeftOut,
} from '@billtrail/application';
import {
  ofContract,
  ofPriceIncrease,
  problemsOfWrittenTerms,
  type ContractTerms,
  type IncreaseWhere,
} from '@billtrail/contracts';
import { ReadQuery } from './queries.dto.js';

/** A hypothetical contract version, and the client and month to rate with it. */
export class WhatIfBody {
  @IsAnId()
  clientId: string;
  /** A month: 2026-03. */
  @IsAMonth()
  period: string;
  /** A contract of the client, or an id not in use yet. */
  @IsAnId()
  contractId: string;
  /** For a contract that does not exist yet. The lower priority is tried first. */
  @MayBeLeftOut()
  @Field(ofContract.contract.priority)
  priority?: number;
  @IsALocalDate()
  effectiveFrom: string;
  @IsOptional()
  @IsALastDay()
  effectiveTo: string | null = null;
  @Field(ofContract.version.terms)
  @InspectedWhole(ofContract.version.terms, 'ContractMalformed', problemsOfWrittenTerms)
  terms: ContractTerms;
  /** Compare only this work item. */
  @MayBeLeftOut()
  @IsAnId()
  workItemId?: string;
  /** Also rate again what is already on drafts and invoices. */
  @IsTrueOrFalse()
  includeFrozen: boolean = false;
}

/** An increase of prices over many contracts. */
export class UpliftBody {
  @Field(ofPriceIncrease.percent)
  percent: string;
  @Field(ofPriceIncrease.from)
  from: string;
  @MayBeLeftOut()
  @Field(ofPriceIncrease.roundTo)
  roundTo?: string;
  @MayBeLeftOut()
  @Field(ofPriceIncrease.where)
  where?: IncreaseWhere;
  /** The month whose cost at the new prices is told; by default the one before the present. */
  @MayBeLeftOut()
  @IsAMonth()
  month?: string;
}

/** The same, as it was shown. */
export class PublishUpliftBody extends UpliftBody {
  /** The `hash` of the increase that was seen. */
  @IsAHash()
  hash: string;
}

/** A contract file as JSON (docs/contracts.md). It is checked as a whole, and all problems are reported at once. */
export class ContractFileBody {}

export class BackDatingQuery extends ReadQuery {
  /** The version; by default the one published last. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  versionNumber?: number;
}
