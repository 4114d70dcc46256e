import { SqliteEventStore, StoredNames, type AppendRequest, type Claim, type EventStore } from '@billtrail/event-store';
import type { StoredEventType } from '@billtrail/kernel';

/** What the parent asks of a log: open it, append to it, close it. */
export type Asked = { readonly id: number; readonly log: number } & (
  | { readonly open: { readonly file: string; readonly types: readonly StoredEventType[] } }
  | { readonly append: AppendRequest; readonly claims: readonly Claim[] }
  | { readonly close: true }
);

/** An append as it was acknowledged, its position as text. */
export interface AnsweredAppend {
  readonly version: number;
  readonly position: string;
  readonly repeated: boolean;
}

export type Answered = { readonly id: number } & (
  { readonly answer: AnsweredAppend | null } | { readonly error: { readonly name: string; readonly message: string } }
);

const stores = new Map<number, EventStore>();

async function carryOut(asked: Asked): Promise<AnsweredAppend | null> {
  const { log } = asked;
  if ('open' in asked) {
    const { file, types } = asked.open;
    stores.set(log, SqliteEventStore.open({ file, names: new StoredNames(types.map(writtenOnly)) }));
    return null;
  }
  const store = stores.get(log);
  if (store === undefined) throw new Error(`log ${log} was never opened`);
  if ('append' in asked) {
    const { position, ...appended } = await store.append(asked.append, asked.claims);
    return { ...appended, position: String(position) };
  }
  await store.close();
  return null;
}

/** Functions don't come over. What only appends lifts nothing. */
function writtenOnly(type: StoredEventType): StoredEventType {
  const same = (data: object): object => data;
  const upcasters = Object.fromEntries(Array.from({ length: type.schemaVersion - 1 }, (_, n) => [n + 1, same]));
  return { ...type, upcasters };
}

function tell(answered: Answered): void {
  process.send?.(answered);
}

process.on('message', (asked: Asked) => {
  const { id } = asked;
  carryOut(asked).then(
    (answer) => tell({ id, answer }),
    (error: Error) => tell({ id, error: { ...error, name: error.name, message: error.message } }),
  );
});
