import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { IsALastDay, IsALocalDate, IsAMonth, IsAnId, MayBeLeftOut } from '@billtrail/application';
import { MAX_PRIORITY, type ContractTerms } from '@billtrail/contracts';
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
  @IsInt()
  @Min(0)
  @Max(MAX_PRIORITY)
  priority?: number;
  @IsALocalDate()
  effectiveFrom: string;
  @IsOptional()
  @IsALastDay()
  effectiveTo: string | null = null;
  @IsObject()
  terms: ContractTerms;
  /** Compare only this work item. */
  @MayBeLeftOut()
  @IsAnId()
  workItemId?: string;
  /** Also rate again what is already on drafts and invoices. */
  @IsBoolean()
  includeFrozen: boolean = false;
}

/** A contract file as JSON (docs/contracts.md). It is checked as a whole, and all problems are reported at once. */
export class ContractFileBody {
  @IsOptional()
  @IsArray()
  workTypes?: string[];
  @IsOptional()
  @IsArray()
  engineerRoles?: string[];
  @IsOptional()
  @IsArray()
  categories?: string[];
  @IsOptional()
  @IsArray()
  ticketTypes?: string[];
  @IsOptional()
  @IsArray()
  taxCategories?: string[];
  @IsArray()
  clients: object[];
}

export class BackDatingQuery extends ReadQuery {
  /** The version; by default the one published last. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  versionNumber?: number;
}
