import { createHash } from 'node:crypto';
import { invariant, isRefusal, type Actor } from '@billtrail/kernel';
import {
  ApproveForgoingRequest,
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
  Object.values({ ...contractCommands, ...ticketCommands, ...billingCommands, ApproveForgoingRequest }).flatMap(
    (one) => (typeof one === 'function' ? [[one.name, one]] : []),
  ),
);

export interface MonthLoader {
  readonly store: EventStore;
  dispatch(type: CommandClass, input: object, context: DispatchContext): Promise<CommandAnswer>;
  /** The request of a ticket that waits for a second person. */
  waitingOn(ticketId: string): Promise<{ readonly requestId: string; readonly hash: string }>;
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
    await inParallel(peopleOf(this.month), (person) => this.registered(person));
    await this.streams(phases.setup.clients);
    await this.streams(phases.setup.contracts);
    await this.streams(phases.month.tickets);
    await inParallel(phases.month.history, (history) => this.history(history));
  }

  /** Work that came too late for the invoices. */
  async afterInvoicing(): Promise<void> {
    await inParallel(this.month.phases.afterInvoicing, (stream) => this.stream(stream, 'late/'));
  }

  /** What waits for a second person in the end. */
  async askedFor(): Promise<void> {
    await inParallel(this.month.phases.asked, (stream) => this.stream(stream, 'asked/'));
  }

  /** The log knows the people of the month, so that one may agree to what another asks for. They have no keys, and nobody signs in as one of them. */
  private async registered({ id, role }: Actor): Promise<void> {
    const { seed, startsAt } = this.month;
    const commandId = `demo/${seed}/person/${id}`;
    const data = { personId: id, roles: [role], clientId: null };
    await this.to.store.append({
      stream: streamName('person', id),
      expected: 'any',
      events: [{ type: 'PersonRegistered', data, occurredAt: startsAt }],
      actor: { id: 'demo', role: 'admin' },
      commandId,
      correlationId: commandId,
      causationId: null,
      fingerprint: fingerprintOf('demo', data),
    });
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
    { command, at, by, agreed }: DemoStep<object & { readonly type: string }>,
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
    if (answer.waits === true && agreed !== undefined) {
      const { requestId, hash } = await this.to.waitingOn(id);
      const approve = { type: 'ApproveForgoingRequest', requestId, hash };
      await this.step({ id, clientId, steps: [] }, { command: approve, ...agreed }, index, `${phase}agreed/`);
    }
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

/** All of the organisation who do something in the month. */
function peopleOf({ phases: { month, invoicing, afterInvoicing } }: DemoMonth): readonly Actor[] {
  const people = new Map([[invoicing.by.id, invoicing.by]]);
  for (const { steps } of [...month.tickets, ...afterInvoicing])
    for (const { by } of steps) if (by.role !== 'client' && by.role !== 'system') people.set(by.id, by);
  return [...people.values()];
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: STREAMS_AT_ONCE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
