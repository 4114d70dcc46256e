import { streamName, type StreamName } from '@billtrail/event-store';
import type { Month } from '@billtrail/kernel';

/** The account of a client in one month (ADR 2). Ids may hold hyphens, so the period, whose form is fixed, comes last. */
export function accountStream({ clientId, period }: { readonly clientId: string; readonly period: Month }): StreamName {
  return streamName('account', `${clientId}-${period}`);
}

/** The client of an account stream. */
export function clientOfAccount(stream: StreamName): string {
  return stream.slice('account-'.length, -'-2026-01'.length);
}
