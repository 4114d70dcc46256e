import { fold, invariant, isRefusal, type DomainEvent, type Refusal } from '@billtrail/kernel';
import { streamName, type Position } from '@billtrail/event-store';
import type { CommandDefinition, CommandPorts } from '../command-path/command-definition.js';
import { isPassing, type CommandAnswer, type CommandContext } from '../command-path/command-envelope.js';
import { decideAndAppend } from '../command-path/decide-and-append.js';
import { validated } from '../command-path/validate.js';
import { bulkJobDecider, type BulkItem, type BulkJobEvent, type BulkJobState, type BulkRefusal } from './bulk-job.js';

/** Things of the list that are sent between two entries of how far it is: so many are looked at again after an end in between. */
const ITEMS_PER_STEP = 250;
/** Things that are sent at once: they share commits. */
const AT_ONCE = 128;

export async function bulkJobStateOf({ store }: Pick<CommandPorts, 'store'>, jobId: string): Promise<BulkJobState> {
  const { events } = await store.readStream(streamName('bulk', jobId));
  return fold(bulkJobDecider, events as readonly DomainEvent[] as readonly BulkJobEvent[]);
}

/** What a job sends: the definitions of the commands of its list by their names, and that of its own progress. */
export interface SentByJob {
  readonly ofItems: ReadonlyMap<string, CommandDefinition>;
  readonly ofProgress: CommandDefinition;
}

/**
 * Sends what is left of the list, each thing under an id of its own that is the same whenever it is sent: after a crash, or with two processes at it, each has one
 * effect. What is refused is noted and stops nothing; what fails otherwise ends it, and it goes on when it is run again.
 */
export async function runBulkJob(
  ports: CommandPorts,
  { ofItems, ofProgress }: SentByJob,
  jobId: string,
  context: CommandContext,
): Promise<Position | null | Refusal> {
  const { items, started, upTo: before } = await bulkJobStateOf(ports, jobId);
  if (started === null) return null;
  let last: Position | null = null;
  for (let upTo = before; upTo < items.length;) {
    const step = items.slice(upTo, upTo + ITEMS_PER_STEP);
    const refused: BulkRefusal[] = [];
    const passing: Refusal[] = [];
    await atOnce(step, async (item, place) => {
      if (item.exceptions.length > 0 && !started.withExceptions) return;
      const index = upTo + place;
      const definition = ofItems.get(item.command);
      invariant(definition !== undefined, () => `a bulk job has a command ${item.command} on its list`);
      const answer = await sent(ports, definition, item.input, { ...context, commandId: `${jobId}/${index}` });
      if (!isRefusal(answer)) return;
      if (isPassing(answer)) passing.push(answer);
      else refused.push({ index, code: answer.code, message: answer.message });
    });
    // It says nothing of the work: the caller is told, and the job goes on from here.
    if (passing[0] !== undefined) return passing[0];
    upTo += step.length;
    refused.sort((one, other) => one.index - other.index);
    const progress = { jobId, upTo, refused };
    const advanced = await sent(ports, ofProgress, progress, { ...context, commandId: `${jobId}/up-to/${upTo}` });
    if (isRefusal(advanced)) return advanced;
    last = advanced.position;
  }
  return last;
}

/** The command on its way as any other, without a key of a caller. */
async function sent(
  ports: CommandPorts,
  definition: CommandDefinition,
  input: object,
  { actor, at, correlationId, commandId }: CommandContext,
): Promise<CommandAnswer> {
  const command = await validated(definition.command, input);
  if (isRefusal(command)) return command;
  const context = { actor, at, correlationId, commandId, causationId: null };
  const stream = await definition.stream(command, ports);
  return ports.inTurn(stream, async () => {
    const loaded = await ports.store.load(stream, commandId);
    const { done } = loaded;
    if (done) return { stream, version: done.version, last: done.position, position: done.position, repeated: true };
    return decideAndAppend(
      ports,
      definition,
      { command, context, asked: input, claimed: null, carriedOut: null },
      loaded,
    );
  });
}

/** Nobody goes on once one has failed, and none is left behind at it. */
async function atOnce(
  items: readonly BulkItem[],
  work: (item: BulkItem, place: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [place, item] of left) {
      if (failed) return;
      try {
        await work(item, place);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failure = ended.find((one) => one.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
