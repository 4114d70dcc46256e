import { InvariantViolation, isRefusal, type Actor, type Instant } from '@billtrail/kernel';
import {
  Billtrail,
  CommandEnvelope,
  CommandRegistry,
  DeciderHandler,
  commandDefinitions,
  todayOf,
  configurationOf,
  validated,
  type Accepted,
  type CommandAnswer,
  type CommandClass,
} from '@billtrail/application';
import { MAX_READ, type RecordedEvent } from '@billtrail/event-store';

export const ENGINEER: Actor = { id: 'eng-1', role: 'support' };
export const OPERATOR: Actor = { id: 'ops-1', role: 'operations' };
export const ACCOUNTANT: Actor = { id: 'acc-1', role: 'accounts' };
export const ADMIN: Actor = { id: 'admin-1', role: 'admin' };

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

/** How a command is sent: who, for which client (its contacts only), and where the caller stops listening. */
export interface Sending {
  readonly actor?: Actor;
  readonly clientId?: string;
  /** True: the process ends right after the command's own append, before what must follow in other streams. */
  readonly interrupted?: boolean;
}

/**
 * The whole of Billtrail in memory (or in a folder), without Nest and HTTP: commands go through their validation and the generic handler, as those of a
 * server do. Time is told, never read; each command takes a minute.
 */
export class House {
  private commands = 0;
  private readonly handler: DeciderHandler;
  /** Has no `follow`: what a process leaves behind that was killed between two appends. */
  private readonly interruptedHandler: DeciderHandler;

  private constructor(
    readonly billtrail: Billtrail,
    private readonly time: { millis: number },
  ) {
    this.handler = new DeciderHandler(new CommandRegistry(commandDefinitions), billtrail);
    const cut = commandDefinitions.map((definition) => {
      const { follow: _, ...rest } = definition;
      return rest;
    });
    this.interruptedHandler = new DeciderHandler(new CommandRegistry(cut), billtrail);
  }

  static async open(from: Instant, dataDir: string = ':memory:'): Promise<House> {
    const time = { millis: Date.parse(from) };
    const clock = (): Instant => new Date(time.millis).toISOString();
    return new House(await Billtrail.open({ dataDir, clock }), time);
  }

  get now(): Instant {
    return this.billtrail.clock();
  }

  /** The organisation's today. */
  async today(): Promise<string> {
    return todayOf(await configurationOf(this.billtrail.store), this.now);
  }

  passDays(days: number): void {
    this.time.millis += days * DAY_MILLIS;
  }

  async send<C extends object>(type: CommandClass<C>, input: object, sending: Sending = {}): Promise<CommandAnswer> {
    this.time.millis += MINUTE_MILLIS;
    this.commands += 1;
    const commandId = `command-${this.commands}`;
    const command = await validated(type, input);
    if (isRefusal(command)) return command;
    const handler = sending.interrupted ? this.interruptedHandler : this.handler;
    return handler.execute(
      new CommandEnvelope(command, {
        actor: sending.actor ?? OPERATOR,
        at: this.now,
        commandId,
        correlationId: commandId,
        causationId: null,
        ...(sending.clientId === undefined ? {} : { clientId: sending.clientId }),
      }),
    );
  }

  /** Sends a command that must be accepted. */
  async must<C extends object>(type: CommandClass<C>, input: object, sending: Sending = {}): Promise<Accepted> {
    const answer = await this.send(type, input, sending);
    if (isRefusal(answer)) throw new InvariantViolation(`${type.name} was refused: ${answer.code}, ${answer.message}`);
    return answer;
  }

  settle(): Promise<number> {
    return this.billtrail.catchUp();
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const { events, atEnd } = await this.billtrail.store.readAll({ after: 0, limit: MAX_READ });
    if (!atEnd) throw new InvariantViolation('a story of more events than one read gives');
    return events;
  }

  close(): Promise<void> {
    return this.billtrail.close();
  }
}
