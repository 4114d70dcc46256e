import { fork, type ChildProcess } from 'node:child_process';
import {
  ClaimTaken,
  CommandIdReused,
  DecisionTooOld,
  InvalidStoreRequest,
  Position,
  START,
  StoreUnavailable,
  TooLarge,
  WrongExpectedVersion,
  type Appended,
  type AppendRequest,
  type Claim,
  type StoredNames,
} from '@billtrail/event-store';
import type { StoredEventType } from '@billtrail/kernel';
import { childFile } from './child-code.js';
import type { Answered, AnsweredAppend, Asked } from './serving-child.js';

const ERRORS = [
  ClaimTaken,
  CommandIdReused,
  DecisionTooOld,
  InvalidStoreRequest,
  StoreUnavailable,
  TooLarge,
  WrongExpectedVersion,
];

type Question = Asked extends infer One ? (One extends Asked ? Omit<One, 'id' | 'log'> : never) : never;

interface Waiting {
  readonly resolve: (answer: AnsweredAppend | null) => void;
  readonly reject: (error: Error) => void;
}

/** Another process, which appends to logs that this one reads. */
export class SecondProcess {
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private logs = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (answered: Answered) => this.take(answered));
    child.on('exit', (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`the second process ended with ${code}`));
    });
  }

  static async start(): Promise<SecondProcess> {
    return new SecondProcess(fork(await childFile('serving-child'), { serialization: 'advanced' }));
  }

  async open(file: string, names: StoredNames): Promise<SecondWriter> {
    const log = ++this.logs;
    const types = names.types().map(withoutUpcasters);
    await this.ask(log, { open: { file, types } });
    return new SecondWriter((question) => this.ask(log, question));
  }

  stop(): void {
    this.child.disconnect();
  }

  private ask(log: number, question: Question): Promise<AnsweredAppend | null> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, log, ...question });
    });
  }

  private take(answered: Answered): void {
    const { resolve, reject } = this.waiting.get(answered.id) as Waiting;
    this.waiting.delete(answered.id);
    if ('answer' in answered) resolve(answered.answer);
    else reject(revived(answered.error));
  }
}

/** One log, as the second process has it open. */
export class SecondWriter {
  constructor(private readonly ask: (question: Question) => Promise<AnsweredAppend | null>) {}

  async append(request: AppendRequest, claims: readonly Claim[] = []): Promise<Appended> {
    const { position, ...appended } = (await this.ask({ append: request, claims })) as AnsweredAppend;
    return { ...appended, position: Position.parse(position) ?? START };
  }

  async close(): Promise<void> {
    await this.ask({ close: true });
  }
}

/** Functions don't go over to another process. */
function withoutUpcasters(type: StoredEventType): StoredEventType {
  const { upcasters: _, ...stored } = type;
  return stored;
}

function revived(error: { readonly name: string; readonly message: string }): Error {
  const kind = ERRORS.find(({ name }) => name === error.name) ?? Error;
  return Object.assign(Object.create(kind.prototype) as Error, error);
}
