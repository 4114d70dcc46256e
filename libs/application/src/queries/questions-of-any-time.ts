import { explain, type BillableItem, type PrepaidSource } from '@billtrail/billing';
import { isRefusal, type LocalDate, type Refusal } from '@billtrail/kernel';
import type { ItemPlace, PageRequest, ReadModels, SlaFilter, WaitingRequest } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { todayAsked } from '../configuration.js';
import { onlyOne } from '../questions/only-one.js';
import { slaStatuses } from '../questions/sla.js';

/** What a question of now or of the past can reach: read models, log and clock of one moment. */
export type QuestionPorts = Pick<CommandPorts, 'store' | 'models' | 'clock'>;

type FilterOf<List extends 'charges' | 'unpricedWork' | 'billableItems'> = Parameters<ReadModels[List]['list']>[0];
interface Asked<Filter> {
  readonly filter: Filter;
  readonly page: PageRequest;
}
interface OneItem {
  readonly itemId: string;
  readonly place: ItemPlace;
}

/** The questions that can be asked of now and of the past. What they are given and what they answer is plain data as JSON, so that another thread can be asked. */
export const QUESTIONS_OF_ANY_TIME = {
  listSla: (ports: QuestionPorts, { filter, page }: Asked<SlaFilter>) => slaStatuses(ports, filter, page),

  listItems: async ({ models }: QuestionPorts, { filter, page }: Asked<FilterOf<'billableItems'>>) => {
    const { items, ...others } = await models.billableItems.list(filter, page);
    return { items: await withWaiting(models, items), ...others };
  },

  getItem,

  explainItem: async (ports: QuestionPorts, asked: OneItem) => {
    const item = await getItem(ports, asked);
    if (item === null || isRefusal(item)) return item;
    const { waiting } = item;
    return { ...explain(item, await ports.models.documents.numbersTold(item)), ...(waiting && { waiting }) };
  },

  listCharges: ({ models }: QuestionPorts, { filter, page }: Asked<FilterOf<'charges'>>) =>
    models.charges.list(filter, page),

  getCharge,

  explainCharge: async (ports: QuestionPorts, asked: OneItem) => {
    const charge = await getCharge(ports, asked);
    if (charge === null || isRefusal(charge)) return charge;
    return explain(charge, await ports.models.documents.numbersTold(charge));
  },

  listUnpricedWork: ({ models }: QuestionPorts, { filter, page }: Asked<FilterOf<'unpricedWork'>>) =>
    models.unpricedWork.list(filter, page),

  listPrepaid: async (
    ports: QuestionPorts,
    { filter, page }: Asked<Parameters<ReadModels['prepaid']['balances']>[0]>,
  ) => ports.models.prepaid.balances(filter, page, todayAsked(ports)),

  getStatement: ({ models }: QuestionPorts, { source, page }: { source: PrepaidSource; page: PageRequest }) =>
    models.prepaid.statement(source, page),

  /** `asOf`: without it the organisation's day of that moment. */
  getBurnDown: async (
    ports: QuestionPorts,
    { contractId, asOf }: { contractId: string; asOf?: LocalDate | undefined },
  ) => {
    const day = asOf ?? todayAsked(ports);
    const found = await ports.models.prepaid.burnDown(contractId, day);
    return found && { contractId, asOf: day, ...found };
  },

  listMilestones: async ({ models }: QuestionPorts, { contractId }: { contractId: string }) => {
    const items = await models.milestones.of(contractId);
    return items && { contractId, items };
  },
};

export type QuestionOfAnyTime = keyof typeof QUESTIONS_OF_ANY_TIME;
export type GivenTo<Name extends QuestionOfAnyTime> = Parameters<(typeof QUESTIONS_OF_ANY_TIME)[Name]>[1];

/** What it answers where it is not refused; null: there is no such thing. */
export type AnswerTo<Name extends QuestionOfAnyTime> = Exclude<
  Awaited<ReturnType<(typeof QUESTIONS_OF_ANY_TIME)[Name]>>,
  Refusal
>;

/** Answers a question by its name. */
export async function answerOf<Name extends QuestionOfAnyTime>(
  name: Name,
  given: GivenTo<Name>,
  ports: QuestionPorts,
): Promise<AnswerTo<Name> | Refusal> {
  const answer = QUESTIONS_OF_ANY_TIME[name] as (
    ports: QuestionPorts,
    given: GivenTo<Name>,
  ) => Promise<AnswerTo<Name> | Refusal>;
  return answer(ports, given);
}

async function getItem({ models }: QuestionPorts, { itemId, place }: OneItem) {
  const items = await models.billableItems.explained(itemId, place);
  return onlyOne(itemId, await withWaiting(models, items), place);
}

/** `waiting`: what somebody asked to forgo of it, and waits for a second person. Absent: nothing. */
export async function withWaiting<Item extends BillableItem>(
  { approvals }: Pick<ReadModels, 'approvals'>,
  items: readonly Item[],
): Promise<readonly (Item & { readonly waiting?: readonly WaitingRequest[] })[]> {
  const waiting = await approvals.waitingOn(items);
  return items.map((item) => {
    const on = waiting.get(item);
    return on === undefined ? item : { ...item, waiting: on };
  });
}

async function getCharge({ models }: QuestionPorts, { itemId, place }: OneItem) {
  return onlyOne(itemId, await models.charges.byId(itemId, place), place);
}
