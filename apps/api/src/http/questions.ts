import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { isRefusal, refuse, type Refusal } from '@billtrail/kernel';
import { Position } from '@billtrail/event-store';
import { Ask, type CommandPorts } from '@billtrail/application';
import type { AskedAbout } from '@billtrail/read-models';
import { Refused } from './refused.js';

/** The state of the read models a question is about: from a position on, or exactly as it was at one. */
export interface When {
  readonly atLeast?: Position | undefined;
  readonly upTo?: Position | undefined;
  /** The client, ticket, contract and month that it is about, where it is about one: of the past no more is read. */
  readonly about?: AskedAbout;
}

/** From a GET to the read models. `?atLeast=POSITION` reads your own writes; `?upTo=POSITION` reads the past. */
@Injectable()
export class Questions {
  constructor(private readonly bus: QueryBus) {}

  async ask<Answer>(
    question: (ports: CommandPorts) => Promise<Answer | Refusal>,
    when: When | Position = {},
  ): Promise<Answer> {
    const { atLeast, upTo, about }: When = when instanceof Position ? { atLeast: when } : when;
    const answer = await this.bus.execute(new Ask<Answer | Refusal>(question, atLeast, upTo, about));
    if (isRefusal(answer)) throw new Refused(answer);
    return answer;
  }

  /** The same for one resource that may not exist. */
  async find<Answer>(
    what: keyof typeof LIST_OF,
    id: string,
    question: (ports: CommandPorts) => Promise<Answer | Refusal | null>,
    when: When | Position = {},
  ): Promise<Answer> {
    const answer = await this.ask<Answer | null>(question, when);
    if (answer === null) {
      throw new Refused(
        refuse(`${what}NotFound`, `No ${inWords(what)} ${id}.`, `Check the id: ${LIST_OF[what]}`, { id }),
      );
    }
    return answer;
  }
}

/** Where the ids of each kind of resource are listed. */
const LIST_OF = {
  BillableItem: 'GET /billable-items',
  Charge: 'GET /charges',
  Contract: 'GET /prepaid',
  CreditNote: 'GET /credit-notes',
  Gap: 'GET /gaps',
  ForgoingRequest: 'GET /forgoing-requests',
  Invoice: 'GET /invoices',
  PrepaidSource: 'GET /prepaid',
  Ticket: 'GET /reconciliation/tickets lists the resolved ones',
} as const;

/** `BillableItem` -> `billable item`. */
function inWords(what: string): string {
  return what.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
