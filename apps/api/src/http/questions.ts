import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { isRefusal, refuse, type Refusal } from '@billtrail/kernel';
import { Position } from '@billtrail/event-store';
import {
  answerOf,
  Ask,
  AskPast,
  type AnswerTo,
  type CommandPorts,
  type GivenTo,
  type QuestionOfAnyTime,
} from '@billtrail/application';
import type { AskedAbout } from '@billtrail/read-models';
import { Refused } from './refused.js';

/** The state that a question is about: from a position on, or exactly as it was at one. */
export interface When {
  readonly atLeast?: Position | undefined;
  readonly upTo?: Position | undefined;
  /** The client, ticket, contract and month that it is about, where it is about one: of the past no more is read. */
  readonly about?: AskedAbout;
}

/** From a GET to the read models. `?atLeast=POSITION` reads your own writes; a question that has a name can be asked of the past, `?upTo=POSITION`. */
@Injectable()
export class Questions {
  constructor(private readonly bus: QueryBus) {}

  async ask<Answer>(question: (ports: CommandPorts) => Promise<Answer | Refusal>, atLeast?: Position): Promise<Answer> {
    return answered(await this.bus.execute(new Ask<Answer | Refusal>(question, atLeast)));
  }

  async askNamed<Name extends QuestionOfAnyTime>(
    name: Name,
    given: GivenTo<Name>,
    when: When,
  ): Promise<AnswerTo<Name>> {
    const { atLeast, upTo, about } = when;
    if (upTo === undefined) return this.ask<AnswerTo<Name>>((ports) => answerOf(name, given, ports), atLeast);
    // As JSON has it, which is how it is answered.
    return answered(
      (await this.bus.execute(new AskPast(name, given, upTo, about, atLeast))) as AnswerTo<Name> | Refusal,
    );
  }

  /** The same for one resource that may not exist. */
  async find<Answer>(
    what: keyof typeof LIST_OF,
    id: string,
    question: (ports: CommandPorts) => Promise<Answer | Refusal | null>,
    atLeast?: Position,
  ): Promise<Answer> {
    return found(what, id, await this.ask<Answer | null>(question, atLeast));
  }

  async findNamed<Name extends QuestionOfAnyTime>(
    what: keyof typeof LIST_OF,
    id: string,
    name: Name,
    given: GivenTo<Name>,
    when: When,
  ): Promise<NonNullable<AnswerTo<Name>>> {
    return found(what, id, (await this.askNamed(name, given, when)) as NonNullable<AnswerTo<Name>> | null);
  }
}

function answered<Answer>(answer: Answer | Refusal): Answer {
  if (isRefusal(answer)) throw new Refused(answer);
  return answer;
}

/** What was found under an id. Refuses PersonNotFound, and so on, where nothing was. */
export function found<Answer>(what: keyof typeof LIST_OF, id: string, answer: Answer | null): Answer {
  if (answer !== null) return answer;
  throw new Refused(refuse(`${what}NotFound`, `No ${inWords(what)} ${id}.`, `Check the id: ${LIST_OF[what]}`, { id }));
}

/** Where the ids of each kind of resource are listed. */
const LIST_OF = {
  BillableItem: 'GET /v1/billable-items',
  Charge: 'GET /v1/charges',
  Contract: 'GET /v1/prepaid',
  CreditNote: 'GET /v1/credit-notes',
  Gap: 'GET /v1/gaps',
  Approval: 'GET /v1/approvals',
  Invoice: 'GET /v1/invoices',
  Person: 'GET /v1/persons',
  PrepaidSource: 'GET /v1/prepaid',
  Ticket: 'GET /v1/reconciliation/tickets lists the resolved ones',
} as const;

/** `BillableItem` -> `billable item`. */
function inWords(what: string): string {
  return what.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
