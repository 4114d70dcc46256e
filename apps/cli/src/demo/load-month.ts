import { createHash } from 'node:crypto';
import { invariant, isRefusal } from '@billtrail/kernel';
import {
  billingCommands,
  configurationOf,
  contractCommands,
  ticketCommands,
  type CommandClass,
  type DispatchContext,
  type CommandAnswer,
} from '@billtrail/application';
import type { DemoHistory, DemoMonth, DemoStep, DemoStream } from '@billtrail/demo';
import { withMaterialWords } from '@billtrail/ticketing';
import { fingerprintOf, streamName, type EventStore } from '@billtrail/event-store';

/** Streams loaded at the same time: enough for the store to group their commits. */
const STREAMS_AT_ONCE = 64;

const CLASSES: ReadonlyMap<string, CommandClass> = new Map(
  Object.values({ ...contractCommands, ...ticketCommands, ...billingCommands }).flatMap((one) =>
    typeof one === 'function' ? [[one.name, one]] : [],
  ),
);

export interface MonthLoader {
  readonly store: EventStore;
  dispatch(type: CommandClass, input: object, context: DispatchContext): Promise<CommandAnswer>;
  onProgress(done: number, total: number): void;
}

/**
 * Loads a demo month through the command path. Command ids are derived from the seed, so a month loaded before adds nothing, and an
 * interrupted one continues.
 */
export class LoadMonth {
  private done = 0;
  private readonly total: number;

  constructor(
    private readonly month: DemoMonth,
    private readonly to: MonthLoader,
  ) {
    const { setup, month: tickets } = month.phases;
    this.total = setup.clients.length + setup.contracts.length + tickets.tickets.length + tickets.history.length;
  }

  /** Everything before the invoice run. */
  async beforeInvoicing(): Promise<void> {
    const { startsAt, configuration, phases } = this.month;
    const publish = {
      command: { type: 'PublishConfiguration', configuration },
      at: startsAt,
      by: { id: 'demo', role: 'admin' },
    } as const;
    await this.step({ id: 'configuration', clientId: '', steps: [] }, publish, 0);
    await this.streams(phases.setup.clients);
    await this.streams(phases.setup.contracts);
    await this.streams(phases.month.tickets);
    await inParallel(phases.month.history, (history) => this.history(history));
  }

  /** Work that came too late for the invoices. */
  async afterInvoicing(): Promise<void> {
    await inParallel(this.month.phases.afterInvoicing, (stream) => this.stream(stream, 'late/'));
  }

  private async streams(streams: readonly DemoStream<object & { readonly type: string }>[]): Promise<void> {
    await inParallel(streams, async (stream) => {
      await this.stream(stream);
      this.to.onProgress(++this.done, this.total);
    });
  }

  private async stream(stream: DemoStream<object & { readonly type: string }>, phase = ''): Promise<void> {
    for (const [index, step] of stream.steps.entries()) await this.step(stream, step, index, phase);
  }

  private async step(
    { id, clientId }: DemoStream<unknown>,
    { command, at, by }: DemoStep<object & { readonly type: string }>,
    index: number,
    phase = '',
  ): Promise<void> {
    const type = CLASSES.get(command.type);
    invariant(type, `the demo has a command without a class: ${command.type}`);
    const answer = await this.to.dispatch(type, command, {
      actor: by,
      at,
      commandId: `demo/${this.month.seed}/${phase}${id}/${index}`,
      ...(by.role === 'client' ? { clientId } : {}),
    });
    invariant(!isRefusal(answer), `the demo's ${command.type} of ${id} was refused: ${JSON.stringify(answer)}`);
  }

  /** Like an import: history is recorded whatever rules it broke. */
  private async history({ ticketId, events, by }: DemoHistory): Promise<void> {
    const { materialWords } = await configurationOf(this.to.store);
    const commandId = `demo/${this.month.seed}/${createHash('sha256').update(JSON.stringify(events)).digest('hex')}`;
    await this.to.store.append({
      stream: streamName('ticket', ticketId),
      expected: 'any',
      events: events.map((event) => withMaterialWords(event, materialWords)),
      actor: by,
      commandId,
      correlationId: commandId,
      causationId: null,
      fingerprint: fingerprintOf('demo', events),
    });
    this.to.onProgress(++this.done, this.total);
  }
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: STREAMS_AT_ONCE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
