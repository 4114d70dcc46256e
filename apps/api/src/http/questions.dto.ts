import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsObject, IsOptional, Max, Min } from 'class-validator';
import { IsALocalDate, IsAMonth, IsAnId } from '@billtrail/application';
import { MAX_PRIORITY, type ContractTerms } from '@billtrail/contracts';
import { ReadQuery } from './queries.dto.js';

/** One more version of a contract, supposed and not published; and the client-period that is rated with it. */
export class WhatIfBody {
  @IsAnId()
  clientId: string;
  /** A month: 2026-03. */
  @IsAMonth()
  period: string;
  /** A contract of the client, or an id that none has yet. */
  @IsAnId()
  contractId: string;
  /** Of a contract that does not exist yet: lower is asked first. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_PRIORITY)
  priority?: number;
  @IsALocalDate()
  effectiveFrom: string;
  @IsOptional()
  @IsALocalDate()
  effectiveTo: string | null = null;
  @IsObject()
  terms: ContractTerms;
  /** Compare only this piece of work. */
  @IsOptional()
  @IsAnId()
  workItemId?: string;
  /** Rate what is on drafts and invoices too, as if it were not. */
  @IsBoolean()
  includeFrozen: boolean = false;
}

/** A contract file as JSON (docs/contracts.md). It is inspected whole; every problem comes in one answer. */
export class ContractFileBody {
  @IsOptional()
  @IsArray()
  workTypes?: string[];
  @IsOptional()
  @IsArray()
  engineerRoles?: string[];
  @IsArray()
  clients: object[];
}

export class BackDatingQuery extends ReadQuery {
  /** Which version; without it, the one published last. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  versionNumber?: number;
}
