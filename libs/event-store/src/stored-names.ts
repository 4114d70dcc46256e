import { InvariantViolation, type StoredEventType } from '@billtrail/kernel';
import { KEY_CLAIMED } from './claims.js';

/** Both directions between code names and stored names, and the lifting of old shapes. What stores write by themselves is always known. */
export class StoredNames {
  private readonly byType = new Map<string, StoredEventType>();
  private readonly byStoredName = new Map<string, StoredEventType>();

  constructor(...tables: readonly (readonly StoredEventType[])[]) {
    for (const entry of [KEY_CLAIMED, ...tables.flat()]) {
      if (this.byType.has(entry.type)) throw new InvariantViolation(`event type registered twice: ${entry.type}`);
      if (this.byStoredName.has(entry.storedName))
        throw new InvariantViolation(`stored name used twice: ${entry.storedName}`);
      for (let version = 1; version < entry.schemaVersion; version++) {
        if (!entry.upcasters?.[version])
          throw new InvariantViolation(`${entry.type} has no upcaster from schema version ${version}`);
      }
      this.byType.set(entry.type, entry);
      this.byStoredName.set(entry.storedName, entry);
    }
  }

  /** Of the tables. */
  types(): readonly StoredEventType[] {
    return [...this.byType.values()].filter((one) => one !== KEY_CLAIMED);
  }

  /** How a code type is stored. Throws on a type that nobody registered: it could never be read again. */
  toStored(type: string): StoredEventType {
    const entry = this.byType.get(type);
    if (!entry) throw new InvariantViolation(`event type ${type} has no stored name; add it to its lib's table`);
    return entry;
  }

  /** Why an event of this name and schema version can't be read; null: it can. */
  whyUnknown(storedName: string, schemaVersion: number): string | null {
    const entry = this.byStoredName.get(storedName);
    if (!entry)
      return `the log holds an event "${storedName}" that this version of Billtrail does not know; run the version that wrote it, or a newer one`;
    return schemaVersion > entry.schemaVersion
      ? `${storedName} was stored with schema version ${schemaVersion}; this version of Billtrail knows up to ${entry.schemaVersion}`
      : null;
  }

  /** @throws InvariantViolation for a name that is unknown. */
  fromStored(storedName: string): StoredEventType {
    const entry = this.byStoredName.get(storedName);
    if (!entry) throw new InvariantViolation(`no event is stored as ${storedName}`);
    return entry;
  }

  /** Lifts data of an older schema version to the present one. */
  upcast(entry: StoredEventType, schemaVersion: number, data: object): object {
    let lifted = data;
    for (let version = schemaVersion; version < entry.schemaVersion; version++) {
      lifted = (entry.upcasters as Record<number, (data: object) => object>)[version]!(lifted);
    }
    return lifted;
  }
}
