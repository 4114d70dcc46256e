import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Position } from '@billtrail/event-store';
import { neededOf, type AskedAbout } from '@billtrail/read-models';
import { Billtrail } from '../billtrail.js';
import { knownPositions } from './known-positions.js';
import type { GivenTo, QuestionOfAnyTime } from './questions-of-any-time.js';

/** A question answered as it was at a position of the log, in another thread: the answer is as JSON has it. */
export class AskPast<Name extends QuestionOfAnyTime = QuestionOfAnyTime> extends Query<unknown> {
  constructor(
    readonly name: Name,
    readonly given: GivenTo<Name>,
    readonly upTo: Position,
    /** The one client, ticket, contract or month that it is about: then no more is read and rated. */
    readonly about: AskedAbout = {},
    /** Must be of this log as well. */
    readonly atLeast?: Position,
  ) {
    super();
  }
}

/** The past does not change, so there is nothing to wait for. */
@QueryHandler(AskPast)
export class AskPastHandler implements IQueryHandler<AskPast> {
  constructor(private readonly billtrail: Billtrail) {}

  execute({ name, given, upTo, about, atLeast }: AskPast): Promise<unknown> {
    const { store, models, past } = this.billtrail;
    return knownPositions(store, async () => {
      for (const kept of [atLeast, upTo]) if (kept !== undefined) await store.eventAt(kept);
      return past.ask({ name, given, upTo, needed: neededOf(about, upTo, models) });
    });
  }
}
