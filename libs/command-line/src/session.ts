import 'reflect-metadata';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { QueryBus } from '@nestjs/cqrs';
import { ClockSuspect } from '@billtrail/event-store';
import { isRefusal, type Refusal } from '@billtrail/kernel';
import {
  ApplicationModule,
  Ask,
  Billtrail,
  CommandDispatcher,
  storesSetting,
  type Accepted,
  type CommandAnswer,
  type Clock,
  type CommandClass,
  type DispatchContext,
  type CommandPorts,
  type SignedIn,
  type StoresSetting,
} from '@billtrail/application';
import { keepReading, personHere } from './acting.js';
import { runElsewhere } from './elsewhere.js';
import { CommandFailed, EXIT, WaitsForAnother } from './terminal/exit-codes.js';
import { asTyped, here, hostedBy, type HostingNode, type House } from './terminal/host.js';
import { counted, forTerminal, output, type Output } from './terminal/output.js';
import { NotKnown } from '@billtrail/read-models';
import { VaultUnavailable } from '@billtrail/vault';
import { progressBar } from './terminal/progress.js';
import { monthText } from './terminal/words.js';
import { keyOfStep } from './under-key.js';

export interface GlobalOptions {
  readonly data: string;
  /** The address of the server that does it; absent: the data folder is here. */
  readonly url?: string;
  readonly json: boolean;
  /** The key under which the command was sent to a server before. */
  readonly again?: string;
  /** The command with its ids, for the record of who asked; absent: it is run by no command line. */
  readonly commandLine?: string;
}

const silent = (): void => undefined;
/** What a part of Billtrail logs is for servers, but for an error that changes no answer: nothing else would tell of it. */
const ERRORS_ALONE: LoggerService = {
  log: silent,
  warn: silent,
  error: (told: unknown) => tell(typeof told === 'string' ? told : JSON.stringify(told)),
};

/** Streams that can't be read, told one by one with each answer. */
const MAX_PARKED_TOLD = 10;

/** Billtrail opened over a data folder for the length of one command. */
export class Session {
  private person: Promise<SignedIn> | null = null;
  /** Something that was sent waits for another person. */
  private isWaiting = false;

  private constructor(
    readonly billtrail: Billtrail,
    private readonly dispatcher: CommandDispatcher,
    private readonly queries: QueryBus,
    readonly out: Output,
  ) {}

  /** Opens, runs, closes. A missing folder is created only with `create`; with `checkFiles` damaged read models are filled anew; with `leavesReadModels` theirs is not opened. */
  static async run(
    options: GlobalOptions & {
      readonly create?: boolean;
      readonly checkFiles?: boolean;
      readonly leavesReadModels?: boolean;
    },
    work: (session: Session) => Promise<void>,
    clock?: Clock,
  ): Promise<void> {
    const { node } = here();
    if (node !== null) return Session.onNode(node, options, work);
    if (options.url !== undefined) return runElsewhere(options.url, options.again);
    const stores = storesSetting(process.env);
    if (options.create !== true) assertFolder(options.data, stores);
    const context = await NestFactory.createApplicationContext(
      ApplicationModule.of({
        dataDir: options.data,
        ...stores,
        checkFiles: options.checkFiles === true,
        leavesReadModels: options.leavesReadModels === true,
        lease: true,
        onPolicyTrouble: ({ policy, cause }) =>
          tell(`The policy ${policy} failed for some clients and will retry: ${cause}`),
        ...(clock ? { clock } : {}),
      }),
      // A failure to open is printed once, like any other, and not by the framework's log as well.
      { logger: false, abortOnError: false },
    );
    context.useLogger(ERRORS_ALONE);
    const billtrail = context.get(Billtrail);
    try {
      tellOfFiles(billtrail);
      const out = output(options.json);
      const session = new Session(billtrail, context.get(CommandDispatcher), context.get(QueryBus), out);
      await session.done(options, work);
    } finally {
      await context.close();
    }
  }

  /** The same over what a node has open, which stays open. */
  private static async onNode(
    { billtrail, dispatcher, queries }: HostingNode,
    options: GlobalOptions,
    work: (session: Session) => Promise<void>,
  ): Promise<void> {
    tellOfDamage(billtrail);
    await new Session(billtrail, dispatcher, queries, output(options.json)).done(options, work);
  }

  private async done({ commandLine }: GlobalOptions, work: (session: Session) => Promise<void>): Promise<void> {
    try {
      if (commandLine !== undefined) await keepReading(this.billtrail, commandLine);
      await hostedBy({ ...here(), house: await this.house() }, () => work(this));
      tellOfParked(this.billtrail);
    } catch (error) {
      // Its own message says whom it concerns; what is refused for another reason may be for want of those.
      if (!(error instanceof NotKnown)) tellOfParked(this.billtrail);
      throw error;
    }
    if (!this.isWaiting) return;
    this.out.say(
      asTyped('Recorded as a request: it has no effect until another person approves it (billtrail approvals list).'),
    );
    throw new WaitsForAnother();
  }

  /** JSON has ids and instants, and no names. */
  private async house(): Promise<House> {
    const { persons, models } = this.billtrail;
    const known = this.out.json ? [] : await persons.persons().catch(unlessVaultIsAway);
    const names = known.flatMap(({ personId, name }) => (name === null ? [] : [[personId, name] as const]));
    return { timeZone: () => models.timeZone(), names: new Map(names) };
  }

  /** Sends a command; a refusal ends the CLI command. */
  async send<C extends object>(
    type: CommandClass<C>,
    input: object,
    context: Partial<DispatchContext> = {},
  ): Promise<Accepted> {
    const answer = await this.try(type, input, context);
    if (isRefusal(answer)) throw refused(answer);
    return answer;
  }

  /** Sends a command and returns a refusal as a value. Who acts is who the context names, as the demo's people, or the person whose key the environment holds. */
  async try<C extends object>(
    type: CommandClass<C>,
    input: object,
    context: Partial<DispatchContext> = {},
  ): Promise<CommandAnswer> {
    const { actor, clientId } =
      context.actor === undefined ? await this.acting() : { ...context, actor: context.actor };
    const idempotencyKey = context.idempotencyKey ?? keyOfStep(type.name, input);
    const answer = await this.dispatcher.dispatch(type, input, { ...context, actor, clientId, idempotencyKey });
    if (isRefusal(answer)) return toldHere(answer);
    // Who the context names acts in a story of its own, which decides what waits there too.
    if (answer.waits === true && context.actor === undefined) this.isWaiting = true;
    return answer.warnings === undefined ? answer : { ...answer, warnings: answer.warnings.map(toldHere) };
  }

  /** Who acts, looked up once: what one command does is done by one person. Without a key nothing is recorded. */
  acting(): Promise<SignedIn> {
    return (this.person ??= personHere(this.billtrail));
  }

  async ask<Answer>(question: (ports: CommandPorts) => Promise<Answer>): Promise<Answer> {
    const answer = await this.queries.execute(new Ask<Answer>(question));
    if (isRefusal(answer)) throw refused(answer);
    return answer;
  }

  /** Brings the read models and policies up to date with the log. */
  async catchUp(label = 'read models'): Promise<void> {
    // A node follows the log by itself, and its policies run on one of all.
    if (here().node !== null) return this.billtrail.upToDateToMend();
    const bar = progressBar(label, this.out.json);
    await this.billtrail.catchUp({ onProgress: ({ position, target }) => bar.to(position.at, target.at) });
    bar.done();
    const trouble = this.billtrail.trouble();
    if (trouble instanceof ClockSuspect) tell(`${trouble.name}: ${trouble.message}. ${trouble.remedy}`);
  }
}

/** What an answer can't show: that it comes from rows beside a damaged log, or from rows that are filled anew. */
function tellOfFiles(billtrail: Billtrail): void {
  for (const notice of billtrail.vaultNotices) tell(notice);
  tellOfDamage(billtrail);
  for (const told of billtrail.models.emptiedAtOpening()) tell(told);
}

function tellOfDamage({ store }: Billtrail): void {
  const damage = store.damage();
  if (damage !== null) tell(`StoreUnavailable: ${damage.message}`);
}

/** What an answer over all clients leaves out. */
function tellOfParked({ models }: Billtrail): void {
  const all = models.known.parkedInShort()?.streams ?? 0;
  if (all === 0) return;
  const { items } = models.known.parkedStreams({ limit: MAX_PARKED_TOLD });
  for (const { clients, period, readModels, cause, stream, position } of items) {
    if (readModels.length === 0) {
      tell(`Events that no figure rests on can't be read: ${cause} (${stream}, position ${position})`);
      continue;
    }
    const of = clients.length === 0 ? 'an unknown client' : `client ${clients.join(', ')}`;
    const inMonth = period === null ? '' : ` in ${monthText(period)}`;
    const figures = clients.length === 0 ? 'no figures are shown' : `its figures${inMonth} are not shown`;
    tell(`Events of ${of} can't be read or taken, so ${figures}: ${cause} (${stream}, position ${position})`);
  }
  if (all > items.length) tell(`and events of ${counted(all - items.length, 'more stream')}`);
}

/** Then people are told by their ids. */
function unlessVaultIsAway(error: unknown): readonly [] {
  if (error instanceof VaultUnavailable) return [];
  throw error;
}

/** To stderr, beside the answer. */
function tell(line: string): void {
  here().stderr.write(forTerminal(asTyped(line)));
}

/** A log or a vault of its own is in the folder. Where both are elsewhere all in it is made of them, and it is made too. */
function assertFolder(folder: string, { storeUrl, vaultUrl }: StoresSetting): void {
  if (storeUrl === undefined && !existsSync(join(folder, 'events.db'))) throw noStore(folder);
  if (storeUrl === undefined || vaultUrl !== undefined || existsSync(folder)) return;
  throw new CommandFailed(
    EXIT.storeUnavailable,
    'FolderMissing',
    `There is no folder ${folder}, and the vault of the log on EventStoreDB (BILLTRAIL_STORE) is in it.`,
    'Name the data folder of this node with --data DIR; where it never had one, make it: billtrail serve --data DIR',
    { folder },
  );
}

/** A question must not create an empty store, which would answer that all is well. */
function noStore(folder: string): CommandFailed {
  const isFile = statSync(folder, { throwIfNoEntry: false })?.isFile() === true;
  return new CommandFailed(
    EXIT.storeUnavailable,
    'StoreMissing',
    isFile ? `${folder} is a file, not a data folder.` : `No store in ${folder}.`,
    'Use another folder with --data DIR, or see it with sample data: npm run demo',
    { folder },
  );
}

/** With its texts as they are told at a command line. */
export function toldHere<Told extends { readonly message: string; readonly remedy?: string }>(told: Told): Told {
  const { message, remedy } = told;
  return { ...told, message: asTyped(message), ...(remedy === undefined ? {} : { remedy: asTyped(remedy) }) };
}

export function refused(refusal: Refusal): CommandFailed {
  return new CommandFailed(EXIT.refused, refusal.code, refusal.message, refusal.remedy, refusal.details);
}
