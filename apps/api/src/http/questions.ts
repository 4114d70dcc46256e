import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { isRefusal, refuse } from '@billtrail/kernel';
import { Ask, type Surroundings } from '@billtrail/application';
import { Refused } from './refused.js';

/** From a GET to the read models. `?atLeast=POSITION` reads one's own writes. */
@Injectable()
export class Questions {
  constructor(private readonly bus: QueryBus) {}

  async ask<Answer>(question: (around: Surroundings) => Promise<Answer>, atLeast?: number): Promise<Answer> {
    const answer = await this.bus.execute(new Ask<Answer>(question, atLeast));
    if (isRefusal(answer)) throw new Refused(answer);
    return answer;
  }

  /** The same for one thing that may not be there. */
  async find<Answer>(
    what: string,
    id: string,
    question: (around: Surroundings) => Promise<Answer | null>,
    atLeast?: number,
  ): Promise<Answer> {
    const answer = await this.ask(question, atLeast);
    if (answer === null) {
      throw new Refused(refuse(`${what}NotFound`, `There is no ${inWords(what)} ${id}.`, 'Correct the id.', { id }));
    }
    return answer;
  }
}

/** `BillableItem` -> `billable item`. */
function inWords(what: string): string {
  return what.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
