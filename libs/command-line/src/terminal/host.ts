import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryBus } from '@nestjs/cqrs';
import type { Refusal, TimeZone } from '@billtrail/kernel';
import type { Billtrail, CommandDispatcher, SignedIn } from '@billtrail/application';

/** A node that runs a command for somebody elsewhere. */
export interface HostingNode {
  readonly billtrail: Billtrail;
  readonly dispatcher: CommandDispatcher;
  readonly queries: QueryBus;
  /** Who has asked for it, as their key says. */
  readonly askedBy: SignedIn;
  /** Where the request comes from. */
  readonly source: string;
  /** Under which the command was sent; undefined: it is not meant to be sent again. */
  readonly idempotencyKey: string | undefined;
  /** Tells the operator of an error that nobody has foreseen, and gives what the caller is told of it. */
  readonly broke: (error: unknown) => Refusal;
  /** Why a command, by its words, is not run for them; null: it is. */
  readonly refuses: (words: string) => Refusal | null;
}

type Sink = Pick<NodeJS.WritableStream, 'write'>;

/** Where a command runs, for the length of one. */
export interface Host {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** What was typed after `billtrail`. */
  readonly args: readonly string[];
  /** The files that it has read, by the names that were typed. */
  readonly files: Map<string, string>;
  /** A text as it is told here: by commands and not by routes, and with the store that whoever typed named. */
  readonly byCommand: (text: string) => string;
  /** As the house knows it; null: no store is open. */
  readonly house: House | null;
  /** null: at a terminal. */
  readonly node: HostingNode | null;
}

/** What the texts of a command take from the store that it has open. */
export interface House {
  /** The organisation's zone: the days and times of lists are in it. */
  readonly timeZone: () => TimeZone;
  /** Names of registered people by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

const hosts = new AsyncLocalStorage<Host>();

/** The terminal, unless a node runs the command. */
export function here(): Host {
  const { stdout, stderr } = process;
  return (
    hosts.getStore() ?? {
      stdout,
      stderr,
      args: [],
      files: new Map(),
      byCommand: (text) => text,
      house: null,
      node: null,
    }
  );
}

/** A text that names commands, each as it has to be typed here; said twice, it is the same. */
export function asTyped(text: string): string {
  return here().byCommand(text);
}

export function hostedBy<Done>(host: Host, work: () => Promise<Done>): Promise<Done> {
  return hosts.run(host, work);
}
