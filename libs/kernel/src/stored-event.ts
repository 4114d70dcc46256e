import type { DomainEvent } from './event.js';

/**
 * How one type of event is stored: its stored name (apart from its code name, so that code may be renamed),
 * its present schema version and the upcasters that lift older shapes, one version each.
 */
export interface StoredEventType {
  readonly type: string;
  readonly storedName: string;
  readonly schemaVersion: number;
  /**
   * The texts in data of the present schema version that are about a person, or that somebody typed: names, addresses, tax ids, ids of
   * people, descriptions, notes, reasons. Paths are dotted, `[]` stands for each element of a list: `lines[].description`.
   */
  readonly personalFields: readonly string[];
  /** `upcasters[n]` turns data of schema version n into version n + 1. */
  readonly upcasters?: Readonly<Record<number, (data: never) => object>>;
}

/** Stands in the place of a personal text of an event whose key is gone for good: somebody has said so, and it can't be read any more. */
export const LOST = '(lost)';

/** The paths to all texts in data. Codes of a closed list are no texts. */
export type TextPath<Data> = TextBelow<Data, ''>;

type TextBelow<Value, At extends string> = Value extends string
  ? string extends Value
    ? At
    : never
  : Value extends readonly (infer Element)[]
    ? TextBelow<Element, `${At}[]`>
    : Value extends object
      ? {
          [Name in keyof Value & string]-?: TextBelow<Value[Name], At extends '' ? Name : `${At}.${Name}`>;
        }[keyof Value & string]
      : never;

/** Names under which events keep what is personal. Whoever names a field so lists it; fields with other names are listed by judgement. */
type PersonalName =
  | 'address'
  | 'author'
  | 'comment'
  | 'description'
  | 'engineerId'
  | 'ownerId'
  | 'reason'
  | 'resolution'
  | 'secondPerson'
  | 'summary'
  | 'taxId'
  | 'text'
  | `${string}By`;

type SoundsPersonal<Path extends string> = Path extends PersonalName | `${string}.${PersonalName}` ? Path : never;

type DataOf<Event extends DomainEvent, Type extends string> = Extract<Event, { readonly type: Type }>['data'];

type StoredTable<Event extends DomainEvent> = {
  readonly [Type in Event['type']]: {
    readonly storedName: string;
    /** Absent: 1. */
    readonly schemaVersion?: number;
    readonly personalFields: readonly TextPath<DataOf<Event, Type>>[];
    readonly upcasters?: StoredEventType['upcasters'];
  };
};

type NoneForgotten<Event extends DomainEvent, Table extends StoredTable<Event>> = {
  readonly [Type in Event['type']]: [Forgotten<Event, Type, Table[Type]['personalFields'][number]>] extends [never]
    ? unknown
    : {
        readonly personalFields: { readonly forgotten: Forgotten<Event, Type, Table[Type]['personalFields'][number]> };
      };
};

type Forgotten<Event extends DomainEvent, Type extends string, Listed> = Exclude<
  SoundsPersonal<TextPath<DataOf<Event, Type>>>,
  Listed
>;

/**
 * The stored table of a lib's events. Does not compile where a type is missing or has no list, where a listed path leads to no text, or
 * where a field with a personal name is not listed.
 */
export function storedEventTypes<Event extends DomainEvent>(): <const Table extends StoredTable<Event>>(
  table: Table & NoneForgotten<Event, Table>,
) => readonly StoredEventType[] {
  return (table) =>
    Object.entries<Omit<StoredEventType, 'type' | 'schemaVersion'> & { readonly schemaVersion?: number }>(table).map(
      ([type, stored]) => ({ type, schemaVersion: 1, ...stored }),
    );
}
