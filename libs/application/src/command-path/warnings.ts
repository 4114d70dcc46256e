import { Logger } from '@nestjs/common';
import { ClockSuspect, OutcomeUnknown, StoreUnavailable, UnknownStoredEvent } from '@billtrail/event-store';
import {
  isDamagedFile,
  NotKnown,
  ReadModelsBehind,
  ReadModelStopped,
  ReadModelsUnavailable,
} from '@billtrail/read-models';
import { VaultUnavailable } from '@billtrail/vault';
import { PolicyFailed } from '../policies/policy-failed.js';

/** Whether there is something to warn of is not known: what it rests on can't be read, or not yet. */
export interface WarningsNotKnown {
  readonly code: 'WarningsNotKnown';
  readonly message: string;
  readonly details: {
    readonly cause: string;
    /** An error of Billtrail, which stands in what it logged, and not something that is unavailable. */
    readonly isInternalError?: true;
  };
}

/** What may be unavailable, by name: it says so itself, and what can be done. */
const UNAVAILABLE = [
  NotKnown,
  PolicyFailed,
  StoreUnavailable,
  UnknownStoredEvent,
  OutcomeUnknown,
  ClockSuspect,
  ReadModelsBehind,
  ReadModelStopped,
  ReadModelsUnavailable,
  VaultUnavailable,
] as const;
const INTERNAL_ERROR = 'an error of Billtrail, which its log tells';
const logger = new Logger('warnings');

/**
 * What there is to warn of after something was recorded. That stands, and is answered as recorded, whatever goes wrong here: then this is what is told, with its cause. An
 * error instead would have the caller send again what has its effect. What nobody expects is logged as an error too.
 * @keepsRefusals
 */
export async function warningsIfKnown<Warning>(
  work: () => Promise<readonly Warning[]>,
): Promise<readonly (Warning | WarningsNotKnown)[]> {
  try {
    return await work();
  } catch (error) {
    const isExpected = UNAVAILABLE.some((kind) => error instanceof kind) || isDamagedFile(error);
    if (!isExpected) logger.error({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    const details = isExpected
      ? { cause: error instanceof Error ? error.message : String(error) }
      : { cause: INTERNAL_ERROR, isInternalError: true as const };
    const message = `It is recorded. Whether there is something to warn of can't be worked out: ${details.cause}`;
    return [{ code: 'WarningsNotKnown', message, details }];
  }
}
