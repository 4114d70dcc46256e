import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { refuse, type Refusal } from '@billtrail/kernel';
import type { Position } from '@billtrail/event-store';
import { readModelsAsOf, ReadModelsBehind, ReadModelStopped } from '@billtrail/read-models';
import { Billtrail } from '../billtrail.js';
import type { Surroundings } from '../command-path/command-definition.js';

/** A question to the read models, answered from a position at least as late as the caller asks for: so that it reads its own writes. */
export class Ask<Answer = unknown> extends Query<Answer | Refusal> {
  constructor(
    readonly question: (around: Surroundings) => Promise<Answer>,
    readonly atLeast?: Position,
    /** As it was at this position, folded anew: it costs the reading of the log up to there. */
    readonly upTo?: Position,
  ) {
    super();
  }
}

@QueryHandler(Ask)
export class AskHandler implements IQueryHandler<Ask> {
  constructor(private readonly around: Billtrail) {}

  async execute({ question, atLeast, upTo }: Ask): Promise<unknown> {
    const latest = Math.max(atLeast ?? 0, upTo ?? 0);
    if (latest > 0) {
      const head = await this.around.store.head();
      // No write answered such a position, so waiting for it would be in vain.
      if (latest > head) {
        return refuse(
          'InvalidInput',
          `The log ends at position ${head}; there is no position ${latest} yet.`,
          'Ask for a position that a write has answered.',
          { position: latest, head },
        );
      }
    }
    // What was at a position never changes, so there is nothing to wait for.
    if (upTo !== undefined) return this.asOf(upTo, question);
    if (atLeast !== undefined) {
      try {
        await this.around.upToDate(atLeast);
      } catch (error) {
        if (error instanceof ReadModelsBehind)
          return refuse(
            'ReadModelsBehind',
            `The read models have not reached position ${atLeast} yet; they are at ${this.around.models.position()}.`,
            'Ask again shortly. If it stays so, look at /health/ready.',
            { atLeast, position: this.around.models.position() },
          );
        // What has stopped is told below.
        if (!(error instanceof ReadModelStopped)) throw error;
      }
    }
    const stopped = this.around.models.status().find((model) => model.state === 'stopped');
    if (stopped) {
      return refuse(
        'ReadModelsStopped',
        `The read model "${stopped.name}" has stopped at position ${stopped.position}; its figures would be old.`,
        'See /health/ready for the cause. Run a version that can take the event, or "billtrail rebuild".',
        { readModel: stopped.name, position: stopped.position },
      );
    }
    return question(this.around);
  }

  private async asOf(position: Position, question: Ask['question']): Promise<unknown> {
    const { store, clock } = this.around;
    const models = await readModelsAsOf(store, position);
    try {
      return await question({
        store,
        clock,
        models,
        upToDate: () => Promise.resolve(),
        inTurn: (stream, work) => this.around.inTurn(stream, work),
      });
    } finally {
      await models.close();
    }
  }
}
