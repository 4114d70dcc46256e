import { InvariantViolation, isRefusal, type Actor, type Instant, type Role } from '@billtrail/kernel';
import {
  ApproveForgoingRequest,
  Billtrail,
  todayOf,
  configurationOf,
  validated,
  type Accepted,
  type CommandAnswer,
  type CommandClass,
} from '@billtrail/application';
import {
  CommandEnvelope,
  CommandRegistry,
  DeciderHandler,
  commandDefinitions,
  type CommandDefinition,
} from '@billtrail/application/testing';
import { MAX_READ, START, type Position, type RecordedEvent } from '@billtrail/event-store';
import { logOfHouse, type LogOfHouse } from '../../esdb/logs-of-houses.js';

export const ENGINEER: Actor = { id: 'eng-1', role: 'support' };
export const OPERATOR: Actor = { id: 'ops-1', role: 'operations' };
export const ACCOUNTANT: Actor = { id: 'acc-1', role: 'accounts' };
export const ADMIN: Actor = { id: 'admin-1', role: 'admin' };
/** Approves what waits for a second person. */
export const SECOND: Actor = { id: 'acc-2', role: 'accounts' };
/** Has registered everybody, and decides nothing. */

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

/** How a command is sent: who, for which client (its contacts only), and where the caller stops listening. */
export interface Sending {
  readonly actor?: Actor;
  readonly clientId?: string;
  /** True: the process ends right after the command's own append, before what must follow in other streams. */
  readonly interrupted?: boolean;
}

/** Tests copy the folders of houses, and go on in each. */
const HOME = 'houses';

/** One process: what is open between a start and an end. */
interface Process {
  readonly billtrail: Billtrail;
  readonly handler: DeciderHandler;
  readonly log: LogOfHouse;
}

async function start(
  dataDir: string,
  clock: () => Instant,
  definitions: readonly CommandDefinition[],
  log: LogOfHouse,
): Promise<Process> {
  const home = log.setting.machine === undefined ? { homeName: HOME } : {};
  const billtrail = await Billtrail.open({ dataDir, clock, ...home, ...log.setting });
  return { billtrail, log, handler: new DeciderHandler(new CommandRegistry(definitions), billtrail) };
}

/**
 * The whole of Billtrail without Nest and HTTP: commands go through their validation and the generic handler, as those of a server do. Time
 * is told, never read; each command takes a minute.
 */
export class House {
  private last: { readonly envelope: CommandEnvelope; answer: Accepted; interrupted: boolean } | null = null;

  private constructor(
    private readonly dataDir: string,
    private readonly time: { millis: number },
    private readonly definitions: readonly CommandDefinition[],
    private process: Process,
    private commands: number,
  ) {}

  /**
   * Without a folder all is in memory, and can't be restarted. `sent`: so many commands were sent to the folder before. `definitions`: the real ones, or with a bug. `log`: where it is, if that is
   * not the folder's own.
   */
  static async open(
    from: Instant,
    dataDir: string = ':memory:',
    sent: number = 0,
    definitions: readonly CommandDefinition[] = commandDefinitions,
    log?: LogOfHouse,
  ): Promise<House> {
    const time = { millis: Date.parse(from) };
    const clock = (): Instant => new Date(time.millis).toISOString();
    const process = await start(dataDir, clock, definitions, log ?? (await logOfHouse(dataDir)));
    return new House(dataDir, time, definitions, process, sent);
  }

  get sent(): number {
    return this.commands;
  }

  get billtrail(): Billtrail {
    return this.process.billtrail;
  }

  get now(): Instant {
    return this.billtrail.clock();
  }

  /** The process ends and another one opens the same folder; `between` is done to the folder while it is closed. */
  async restart(between: (dataDir: string) => void = () => undefined): Promise<void> {
    const { clock } = this.billtrail;
    await this.close();
    between(this.dataDir);
    this.process = await start(this.dataDir, clock, this.definitions, await this.process.log.again());
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
    const { handler } = this.process;
    const envelope = new CommandEnvelope(command, {
      actor: sending.actor ?? OPERATOR,
      at: this.now,
      commandId,
      correlationId: commandId,
      causationId: null,
      ...(sending.clientId === undefined ? {} : { clientId: sending.clientId }),
    });
    const answer = await (sending.interrupted ? handler.record(envelope) : handler.execute(envelope));
    if (!isRefusal(answer) && !answer.repeated)
      this.last = { envelope, answer, interrupted: sending.interrupted === true };
    return answer;
  }

  /**
   * The caller of the command accepted last did not hear the answer, and sends it again. Answers false where there is none yet.
   * @throws InvariantViolation where it had a second effect on its stream.
   */
  async sendAgain(): Promise<boolean> {
    if (this.last === null) return false;
    const { envelope, answer, interrupted } = this.last;
    const again = await this.process.handler.execute(envelope);
    const isKnown = !isRefusal(again) && again.repeated && again.stream === answer.stream;
    // What was only asked for when the process ended has its effect later in the stream, once.
    if (!isKnown || (interrupted ? again.version < answer.version : again.version !== answer.version))
      throw new InvariantViolation(
        `${envelope.command.constructor.name} sent again: ${JSON.stringify([answer, again])}`,
      );
    this.last = { envelope, answer: again, interrupted: false };
    return true;
  }

  /** As `send`; what then waits for a second person is approved by one, and is answered as that. */
  async sendAgreed<C extends object>(
    type: CommandClass<C>,
    input: object,
    sending: Sending = {},
    second: Actor = SECOND,
  ): Promise<CommandAnswer> {
    const answer = await this.send(type, input, sending);
    if (isRefusal(answer) || answer.waits !== true) return answer;
    const { requestId } = answer.warnings?.[0]?.details ?? {};
    return this.approve(String(requestId), second, sending.actor ?? OPERATOR);
  }

  /** A second person looks at a request and approves it. */
  async approve(requestId: string, second: Actor = SECOND, requester?: Actor): Promise<CommandAnswer> {
    await this.billtrail.upToDate();
    const request = await this.billtrail.models.approvals.get(requestId);
    await this.registers(second.id);
    await this.registers(request?.requestedBy ?? requester?.id ?? second.id);
    return this.send(ApproveForgoingRequest, { requestId, hash: request?.hash ?? '0'.repeat(64) }, { actor: second });
  }

  /** Says in the log who an actor is, unless that was said before: each by a registrar of their own, who could act as nobody else. */
  async registers(
    personId: string,
    by: Actor = { id: `registrar-of-${personId}`, role: 'admin' },
    roles: readonly Role[] = ['accounts'],
  ): Promise<void> {
    const { store } = this.billtrail;
    const stream = `person-${personId}`;
    const { version } = await store.readStream(stream);
    if (version > 0) return;
    const commandId = `registered/${personId}`;
    const data = { personId, roles, clientId: null };
    const events = [{ type: 'PersonRegistered', data, occurredAt: this.now }];
    const ids = { commandId, correlationId: commandId, causationId: null, fingerprint: commandId };
    await store.append({ stream, expected: version, events, actor: by, ...ids });
  }

  /** Sends a command that must be accepted. */
  async must<C extends object>(type: CommandClass<C>, input: object, sending: Sending = {}): Promise<Accepted> {
    const answer = await this.send(type, input, sending);
    if (isRefusal(answer)) throw new InvariantViolation(`${type.name} was refused: ${answer.code}, ${answer.message}`);
    return answer;
  }

  /** @throws InvariantViolation where a policy threw: a server would only tell of it. */
  async settle(): Promise<Position> {
    const position = await this.billtrail.catchUp();
    const [trouble] = this.billtrail.policyTroubles();
    if (trouble !== undefined) throw new InvariantViolation(`${trouble.policy}: ${trouble.cause}`);
    return position;
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const { events, atEnd } = await this.billtrail.store.readAll({ after: START, limit: MAX_READ });
    if (!atEnd) throw new InvariantViolation('a story of more events than one read gives');
    return events;
  }

  async close(): Promise<void> {
    await this.billtrail.close();
    await this.process.log.release();
  }
}
