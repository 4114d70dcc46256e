import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { IsACurrency, IsADecimal } from './fields.js';

export class MoneyInput {
  /** Decimal string: "187.50". */
  @IsADecimal()
  amount: string;
  /** ISO 4217. */
  @IsACurrency()
  currency: string;
}

export const IsMoney = () =>
  applyDecorators(
    IsDefined(),
    ValidateNested(),
    Type(() => MoneyInput),
  );
export const IsMoneyOrNull = () =>
  applyDecorators(
    IsOptional(),
    ValidateNested(),
    Type(() => MoneyInput),
  );
