import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '@billtrail/kernel';
import { ClockSuspect, OutcomeUnknown, StoreUnavailable, withinBounds, type Position } from '@billtrail/event-store';
import { ReadModelsBehind, ReadModelStopped } from '@billtrail/read-models';
import { Billtrail } from '../billtrail.js';
import type { CommandPorts } from '../command-path/command-definition.js';
import { knownPositions } from './known-positions.js';
import { boundedPorts } from './bounded-ports.js';

/** A question to the read models, answered from the position the caller asks for or later, so that it reads its own writes. */
export class Ask<Answer = unknown> extends Query<Answer | Refusal> {
  constructor(
    readonly question: (ports: CommandPorts) => Promise<Answer>,
    readonly atLeast?: Position,
  ) {
    super();
  }
}

@QueryHandler(Ask)
export class AskHandler implements IQueryHandler<Ask> {
  constructor(private readonly ports: Billtrail) {}

  async execute(asked: Ask): Promise<unknown> {
    return knownPositions(this.ports.store, () => this.answer(asked));
  }

  private async answer({ question, atLeast }: Ask): Promise<unknown> {
    const { store, models } = this.ports;
    if (atLeast !== undefined) {
      if (!models.hasRead(atLeast)) await withinBounds(store).eventAt(atLeast);
      try {
        await this.ports.upToDate(atLeast);
      } catch (error) {
        if (error instanceof ReadModelsBehind)
          return refuse(
            'ReadModelsBehind',
            `The read models are at position ${models.position()}, not yet at ${atLeast}.`,
            'Ask again in a moment. If this persists, see GET /health/ready',
            { atLeast, position: models.position() },
          );
        // A stopped read model is reported below.
        if (!(error instanceof ReadModelStopped)) throw error;
      }
    }
    const stopped = models.status().find((model) => model.state === 'stopped');
    if (stopped) {
      return refuse(
        'ReadModelsStopped',
        `The read model "${stopped.name}" stopped at position ${stopped.position}, so its figures are out of date.`,
        'See GET /health/ready for the cause. Run a version of Billtrail that can read the event, or: billtrail rebuild',
        { readModel: stopped.name, position: stopped.position },
      );
    }
    const damage = store.damage();
    if (damage !== null && models.areUnfilled()) throw damage;
    try {
      await this.ports.timePassed();
    } catch (error) {
      // What the read models hold is answered as long as nothing can be recorded.
      const canWait = [StoreUnavailable, OutcomeUnknown, ClockSuspect, ReadModelsBehind].some(
        (kind) => error instanceof kind,
      );
      if (!canWait) throw error;
    }
    return question(boundedPorts(this.ports));
  }
}
