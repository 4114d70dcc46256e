import { streamName, type StreamName } from '@billtrail/event-store';
import type { Month } from '@billtrail/kernel';

/** The account of a client in one month (ADR 2). Client ids may contain hyphens; the period, which has a fixed form, comes last. */
export function accountStream({ clientId, period }: { readonly clientId: string; readonly period: Month }): StreamName {
  return streamName('account', `${clientId}-${period}`);
}
