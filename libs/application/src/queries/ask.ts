import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '@billtrail/kernel';
import {
  ClockSuspect,
  CutStore,
  OutcomeUnknown,
  PositionUnknown,
  StoreUnavailable,
  type Position,
} from '@billtrail/event-store';
import { type AskedAbout, readModelsAsOf, ReadModelsBehind, ReadModelStopped } from '@billtrail/read-models';
import { Billtrail } from '../billtrail.js';
import { PastTurns } from './past-turns.js';
import type { CommandPorts } from '../command-path/command-definition.js';

/** A question to the read models, answered from the position the caller asks for or later, so that it reads its own writes. */
export class Ask<Answer = unknown> extends Query<Answer | Refusal> {
  constructor(
    readonly question: (ports: CommandPorts) => Promise<Answer>,
    readonly atLeast?: Position,
    /** As it was at this position. The log is read up to there. */
    readonly upTo?: Position,
    /** The one client, ticket, contract or month that it is about: then no more is read and rated. */
    readonly about?: AskedAbout,
  ) {
    super();
  }
}

@QueryHandler(Ask)
export class AskHandler implements IQueryHandler<Ask> {
  private readonly past = new PastTurns();

  constructor(private readonly ports: Billtrail) {}

  async execute(asked: Ask): Promise<unknown> {
    try {
      return await this.answer(asked);
    } catch (error) {
      if (error instanceof PositionUnknown) return this.positionUnknown(error);
      throw error;
    }
  }

  /** Of another log, or of this one before it was put back: waiting for such a position would be in vain, and reading on from it would miss events. */
  private async positionUnknown({ position }: PositionUnknown): Promise<Refusal> {
    const head = await this.ports.store.head();
    return refuse(
      'PositionUnknown',
      `Position ${position} is not of this log, which ends at ${head}: another event is there, or none.`,
      'Ask again without it: the log was restored since, or it is another one. Lists begin with their first page.',
      { position, head },
    );
  }

  private async answer({ question, atLeast, upTo, about }: Ask): Promise<unknown> {
    const { store } = this.ports;
    for (const kept of [atLeast, upTo]) if (kept !== undefined) await store.eventAt(kept);
    // The past does not change, so there is nothing to wait for.
    if (upTo !== undefined) return this.past.take(() => this.asOf(upTo, question, about));
    if (atLeast !== undefined) {
      try {
        await this.ports.upToDate(atLeast);
      } catch (error) {
        if (error instanceof ReadModelsBehind)
          return refuse(
            'ReadModelsBehind',
            `The read models are at position ${this.ports.models.position()}, not yet at ${atLeast}.`,
            'Ask again in a moment. If this persists, see GET /health/ready',
            { atLeast, position: this.ports.models.position() },
          );
        // A stopped read model is reported below.
        if (!(error instanceof ReadModelStopped)) throw error;
      }
    }
    const stopped = this.ports.models.status().find((model) => model.state === 'stopped');
    if (stopped) {
      return refuse(
        'ReadModelsStopped',
        `The read model "${stopped.name}" stopped at position ${stopped.position}, so its figures are out of date.`,
        'See GET /health/ready for the cause. Run a version of Billtrail that can read the event, or: billtrail rebuild',
        { readModel: stopped.name, position: stopped.position },
      );
    }
    const damage = this.ports.store.damage();
    if (damage !== null && this.ports.models.areUnfilled()) throw damage;
    try {
      await this.ports.timePassed();
    } catch (error) {
      // What the read models hold is answered as long as nothing can be recorded.
      const canWait = [StoreUnavailable, OutcomeUnknown, ClockSuspect, ReadModelsBehind].some(
        (kind) => error instanceof kind,
      );
      if (!canWait) throw error;
    }
    return question(this.ports);
  }

  private async asOf(position: Position, question: Ask['question'], about?: AskedAbout): Promise<unknown> {
    const { clock, models: live } = this.ports;
    const store = new CutStore(this.ports.store, position);
    const models = await readModelsAsOf(this.ports.store, position, about && { about, live });
    try {
      return await question({
        store,
        clock,
        models,
        upToDate: () => Promise.resolve(),
        inTurn: (stream, work) => this.ports.inTurn(stream, work),
      });
    } finally {
      await models.close();
    }
  }
}
