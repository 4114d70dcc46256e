import { randomUUID } from 'node:crypto';
import type { Actor, Instant } from '@billtrail/kernel';
import type { StoredAppend, StoredEvent } from '../capabilities.js';
import type { RecordedEvent, StreamName } from '../port.js';
import type { PositionNumber } from '../position.js';
import type { EncodedAppend } from '../requests.js';
import { isSealed } from '../sealed-data.js';
import { lifted } from '../sealing.js';
import type { StoredNames } from '../stored-names.js';
import type { EngineEvent, EngineEventToAppend } from './engine.js';

/** Beside the data of each event: what its append says of all its events, and what else of it the engine has no place for. */
interface Metadata {
  readonly commandId: string;
  readonly fingerprint: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: Actor;
  readonly recordedAt: Instant;
  readonly occurredAt: Instant;
  readonly schemaVersion: number;
}

const FOREIGN = 'Billtrail did not write it: another program has written into its streams';
const NOBODY: Actor = { id: 'unknown', role: 'system' };

/** Events of one log as the engine holds them: its streams have a prefix, so that others have room beside it. */
export class StoredForm {
  private readonly prefix: string;
  /** A stream beside the log: what is said of the log as a whole. */
  readonly about: string;

  constructor(
    prefix: string,
    private readonly names: StoredNames,
  ) {
    this.prefix = `${prefix}.`;
    this.about = `${prefix}:about`;
  }

  isOurs({ stream }: EngineEvent): boolean {
    return stream.startsWith(this.prefix);
  }

  streamOf(name: StreamName): string {
    return this.prefix + name;
  }

  /** Each gets an id, which stays over all that is sent again. */
  toAppend(append: EncodedAppend, recordedAt: Instant): EngineEventToAppend[] {
    return append.events.map(({ storedName, schemaVersion, occurredAt, json }) => ({
      id: randomUUID(),
      type: storedName,
      data: JSON.parse(json) as object,
      metadata: metadataOf(append, { recordedAt, occurredAt, schemaVersion }),
    }));
  }

  /** As in the log that they are copied from: with their ids and to the byte. */
  toCopy(append: StoredAppend): EngineEventToAppend[] {
    return append.events.map(({ id, storedName, schemaVersion, occurredAt, json }) => {
      const data = JSON.parse(json) as object;
      return {
        id,
        type: storedName,
        data: JSON.stringify(data) === json ? data : Buffer.from(json),
        metadata: metadataOf(append, { recordedAt: append.recordedAt, occurredAt, schemaVersion }),
      };
    });
  }

  /** In the present shape, but for what is sealed. */
  recorded(event: EngineEvent): RecordedEvent {
    const metadata = metadataIn(event);
    const { commandId, correlationId, causationId, actor, recordedAt, occurredAt, schemaVersion } = metadata;
    const data = dataOf(event);
    const why = isForeign(event) || data === null ? FOREIGN : this.names.whyUnknown(event.type, schemaVersion);
    const known = why === null ? this.names.fromStored(event.type) : null;
    const recorded: RecordedEvent = {
      id: event.id,
      stream: event.stream.slice(this.prefix.length),
      version: event.revision + 1,
      position: event.position as PositionNumber,
      type: known?.type ?? `unknown:${event.type}`,
      data: data ?? {},
      schemaVersion,
      occurredAt,
      recordedAt,
      actor,
      commandId,
      correlationId,
      causationId,
    };
    if (known === null) return { ...recorded, unknown: why ?? FOREIGN };
    if (isSealed(recorded.data) || schemaVersion === known.schemaVersion) return recorded;
    return lifted(recorded, (old) => this.names.upcast(known, schemaVersion, old));
  }

  /** As it is stored. */
  stored(event: EngineEvent): StoredEvent & Omit<StoredAppend, 'events'> {
    const { fingerprint, commandId, correlationId, causationId, actor, recordedAt, occurredAt, schemaVersion } =
      metadataIn(event);
    return {
      id: event.id,
      version: event.revision + 1,
      storedName: event.type,
      schemaVersion,
      occurredAt,
      json: jsonOf(event),
      stream: event.stream.slice(this.prefix.length),
      actor,
      commandId,
      fingerprint,
      correlationId,
      causationId,
      recordedAt,
    };
  }
}

/** What an event of ours says of its append. */
export function appendOf(event: EngineEvent): Pick<Metadata, 'commandId' | 'fingerprint'> {
  return metadataIn(event);
}

export function recordedAtOf(event: EngineEvent): Instant {
  return metadataIn(event).recordedAt;
}

/** Its data as they are stored, to the byte. */
export function jsonOf({ data }: EngineEvent): string {
  return data instanceof Uint8Array ? Buffer.from(data).toString() : JSON.stringify(data);
}

function dataOf({ data }: EngineEvent): object | null {
  try {
    const parsed: unknown = data instanceof Uint8Array ? JSON.parse(Buffer.from(data).toString()) : data;
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function metadataOf(
  { commandId, fingerprint, correlationId, causationId, actor }: Omit<StoredAppend, 'events' | 'recordedAt'>,
  more: Pick<Metadata, 'recordedAt' | 'occurredAt' | 'schemaVersion'>,
): Metadata {
  return { commandId, fingerprint, correlationId, causationId, actor, ...more };
}

function isForeign({ metadata }: EngineEvent): boolean {
  const { commandId, schemaVersion, recordedAt } = (metadata ?? {}) as Partial<Metadata>;
  return typeof commandId !== 'string' || typeof schemaVersion !== 'number' || typeof recordedAt !== 'string';
}

function metadataIn(event: EngineEvent): Metadata {
  if (!isForeign(event)) return event.metadata as Metadata;
  return {
    commandId: event.id,
    fingerprint: null,
    correlationId: event.id,
    causationId: null,
    actor: NOBODY,
    recordedAt: event.created,
    occurredAt: event.created,
    schemaVersion: 1,
  };
}
