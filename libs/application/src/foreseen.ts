import { refuse, type Refusal } from '@billtrail/kernel';
import {
  ClockApart,
  ClockSuspect,
  OutcomeUnknown,
  StoreUnavailable,
  UNLIFTED_REMEDY,
  UnknownStoredEvent,
  VAULT_INCOMPLETE_REMEDY,
} from '@billtrail/event-store';
import {
  isDamagedFile,
  NotKnown,
  ReadModelsBehind,
  ReadModelStopped,
  ReadModelsUnavailable,
  RowUnreadable,
} from '@billtrail/read-models';
import { VaultIncomplete, VaultUnavailable } from '@billtrail/vault';
import { PolicyFailed } from './policies/policy-failed.js';

/** A failure of the store, of the vault, of the read models or of the clock: what was asked may be taken once it has passed or was mended. */
export interface Foreseen {
  /** For whoever sends requests: it names no file and no address of the machine. */
  readonly told: Refusal;
  /** What whoever runs Billtrail is told otherwise: they may see those, and run commands again. */
  readonly here: Partial<Pick<Refusal, 'message' | 'remedy'>>;
}

const AGAIN_HERE = 'Run it again in a moment.';
const READABLE_HERE = 'Run a version of Billtrail that can read the event. Nothing is lost.';

/** The list of the failures that are foreseen, by the class of the error; null: it is none of them. What the API documents is read off the codes here, so each stands as it is told. */
export function foreseen(error: unknown): Foreseen | null {
  if (error instanceof NotKnown || error instanceof PolicyFailed) return { told: error.refusal, here: {} };
  return ofLog(error) ?? ofVault(error) ?? ofReadModels(error);
}

function ofLog(error: unknown): Foreseen | null {
  if (error instanceof StoreUnavailable) {
    const { problem, remedy, message } = error;
    const told = refuse('StoreUnavailable', `The store is unavailable: ${problem}.`, remedy, { problem });
    return { told, here: { message } };
  }
  if (error instanceof ClockApart) {
    const { clock, store, remedy } = error;
    return { told: refuse('ClockApart', `${capitalised(error.message)}.`, remedy, { clock, store }), here: {} };
  }
  if (error instanceof ClockSuspect) {
    const { clock, last, remedy } = error;
    const details = { clock, lastRecordedAt: last };
    return { told: refuse('ClockSuspect', `${capitalised(error.message)}.`, remedy, details), here: {} };
  }
  if (error instanceof OutcomeUnknown) {
    const told = refuse(
      'OutcomeUnknown',
      'Whether this was recorded is not known: the store failed in that moment.',
      'Send the request again with the same Idempotency-Key: it has one effect.',
      { commandIds: error.commandIds },
    );
    return { told, here: {} };
  }
  return error instanceof UnknownStoredEvent ? unread(error) : null;
}

function unread({ kind, message, stream }: UnknownStoredEvent): Foreseen {
  if (kind === 'newer') {
    const told = refuse(
      'NewerEvent',
      `A newer version of Billtrail has recorded something here: ${message}.`,
      'Use the version that wrote it, or a newer one. Nothing is lost.',
      { stream },
    );
    return { told, here: { remedy: READABLE_HERE } };
  }
  const cannot = `This can't be read: ${message}.`;
  const told =
    kind === 'sealed'
      ? refuse('VaultIncomplete', cannot, VAULT_INCOMPLETE_REMEDY, { stream })
      : refuse('EventUnreadable', cannot, UNLIFTED_REMEDY, { stream });
  return { told, here: {} };
}

function ofVault(error: unknown): Foreseen | null {
  if (!(error instanceof VaultUnavailable)) return null;
  const { message, remedy } = error;
  const told =
    error instanceof VaultIncomplete
      ? refuse('VaultIncomplete', 'The vault lacks keys of streams, and makes no new ones.', remedy, {
          streams: error.streams.length,
        })
      : refuse('VaultUnavailable', 'The vault of keys is unavailable.', remedy);
  return { told, here: { message } };
}

function ofReadModels(error: unknown): Foreseen | null {
  if (error instanceof ReadModelsBehind) {
    const { reached, wanted } = error;
    const told = refuse(
      'ReadModelsBehind',
      `The read models are at position ${reached}, and this rests on what was recorded up to ${wanted}.`,
      'Send it again in a moment, under the same Idempotency-Key. If this persists, see GET /health/ready',
      { wanted, position: reached },
    );
    return { told, here: { remedy: AGAIN_HERE } };
  }
  if (error instanceof ReadModelStopped) {
    const told = refuse(
      'ReadModelsStopped',
      capitalised(error.message),
      'See GET /health/ready for the cause. Run a version of Billtrail that can read the event, or: billtrail rebuild',
      { readModel: error.model, position: error.position },
    );
    return { told, here: { remedy: READABLE_HERE } };
  }
  if (error instanceof RowUnreadable) {
    const told = unavailable(
      `A row of the read models can't be read, for something else has changed their file: ${error.what}. Nothing that was recorded is lost.`,
      'Fill the read models anew from the log: billtrail rebuild',
    );
    return { told, here: { message: error.message, remedy: error.remedy } };
  }
  if (error instanceof ReadModelsUnavailable) {
    const { message, remedy } = error;
    const told = unavailable('The file of the read models is unavailable. Nothing that was recorded is lost.', remedy);
    return { told, here: { message } };
  }
  // The log's own errors are named by then.
  if (!isDamagedFile(error)) return null;
  const told = unavailable(
    'The file of the read models is damaged. The log is another file: nothing that was recorded is lost.',
    'Start the server again: it fills them anew from the log.',
  );
  return { told, here: { remedy: 'Fill them anew from the log: billtrail rebuild' } };
}

function unavailable(message: string, remedy: string): Refusal {
  return refuse('ReadModelsUnavailable', message, remedy);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
