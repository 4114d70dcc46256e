import type { Instant } from '@billtrail/kernel';
import type { About, Decisions } from './decisions.js';
import { warrantyRule } from './warranty.js';
import type { MaterialFacts } from './events.js';
import { blankField } from './refusals.js';
import { correctWork, recordWork, voidWork } from './work-items.js';
import {
  type ExpenseInput,
  type MaterialInput,
  expenseFacts,
  expenseRule,
  materialFacts,
  materialRule,
} from './work-rules.js';

export interface RecordMaterialUsage extends About, MaterialInput {
  readonly type: 'RecordMaterialUsage';
  readonly materialUsageId: string;
}
export interface CorrectMaterialUsage extends About, MaterialInput {
  readonly type: 'CorrectMaterialUsage';
  readonly materialUsageId: string;
  readonly reason: string;
}
export interface VoidMaterialUsage extends About {
  readonly type: 'VoidMaterialUsage';
  readonly materialUsageId: string;
  readonly reason: string;
}
export interface RecordExpense extends About, ExpenseInput {
  readonly type: 'RecordExpense';
  readonly expenseId: string;
}
export interface CorrectExpense extends About, ExpenseInput {
  readonly type: 'CorrectExpense';
  readonly expenseId: string;
  readonly reason: string;
}
export interface VoidExpense extends About {
  readonly type: 'VoidExpense';
  readonly expenseId: string;
  readonly reason: string;
}

export type GoodsCommand =
  RecordMaterialUsage | CorrectMaterialUsage | VoidMaterialUsage | RecordExpense | CorrectExpense | VoidExpense;

/** Materials and expenses: recorded, corrected, voided. */
export const GOODS: Decisions<GoodsCommand> = {
  RecordMaterialUsage(command, ticket, occurredAt) {
    const { materialUsageId } = command;
    const facts = materialFacts(command);
    return recordWork(ticket, 'material', materialUsageId, facts, ruleOfMaterial(facts, command.at), {
      type: 'MaterialUsed',
      data: { ...facts, materialUsageId, recordedBy: command.by.id },
      occurredAt,
    });
  },
  CorrectMaterialUsage(command, ticket, occurredAt) {
    const { materialUsageId, reason } = command;
    const facts = materialFacts(command);
    return correctWork(
      ticket,
      'material',
      materialUsageId,
      facts,
      blankField({ reason }) ?? ruleOfMaterial(facts, command.at),
      {
        type: 'MaterialUsageCorrected',
        data: { ...facts, materialUsageId, reason, correctedBy: command.by.id },
        occurredAt,
      },
    );
  },
  VoidMaterialUsage(command, ticket, occurredAt) {
    const { materialUsageId, reason } = command;
    const data = { materialUsageId, reason };
    return voidWork(ticket, 'material', materialUsageId, reason, { type: 'MaterialUsageVoided', data, occurredAt });
  },
  RecordExpense(command, ticket, occurredAt) {
    const { expenseId } = command;
    const facts = expenseFacts(command);
    return recordWork(ticket, 'expense', expenseId, facts, expenseRule(facts, command.at), {
      type: 'ExpenseIncurred',
      data: { ...facts, expenseId, recordedBy: command.by.id },
      occurredAt,
    });
  },
  CorrectExpense(command, ticket, occurredAt) {
    const { expenseId, reason } = command;
    const facts = expenseFacts(command);
    return correctWork(ticket, 'expense', expenseId, facts, blankField({ reason }) ?? expenseRule(facts, command.at), {
      type: 'ExpenseCorrected',
      data: { ...facts, expenseId, reason, correctedBy: command.by.id },
      occurredAt,
    });
  },
  VoidExpense(command, ticket, occurredAt) {
    const { expenseId, reason } = command;
    return voidWork(ticket, 'expense', expenseId, reason, {
      type: 'ExpenseVoided',
      data: { expenseId, reason },
      occurredAt,
    });
  },
};

function ruleOfMaterial(facts: MaterialFacts, at: Instant): ReturnType<typeof materialRule> {
  return materialRule(facts, at) ?? warrantyRule(facts);
}
