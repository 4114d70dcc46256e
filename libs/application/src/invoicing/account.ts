import { streamName, type StreamName } from '@billtrail/event-store';
import { invariant, type Month } from '@billtrail/kernel';
import type { Target } from '../command-path/target.js';

interface ClientPeriod {
  readonly clientId: string;
  readonly period: Month;
}

/** The account of a client in one month (ADR 2). Client ids may contain hyphens; the period, which has a fixed form, comes last. */
export function accountStream({ clientId, period }: ClientPeriod): StreamName {
  return streamName('account', `${clientId}-${period}`);
}

const OF_ACCOUNT = /^account-(?<clientId>.+)-(?<period>\d{4}-\d{2})$/u;

/** For commands on an account whose caller names an invoice or item of it. `by`: what was said beside the command's fields to find it. */
export function accountOf(find: () => Promise<ClientPeriod>, by: object = {}): Target {
  return {
    by,
    fields: ['clientId', 'period'],
    find: async () => {
      const { clientId, period } = await find();
      return { clientId, period };
    },
    of: (stream) => {
      const parts = OF_ACCOUNT.exec(stream)?.groups;
      invariant(parts, `${stream} is no account`);
      return { clientId: parts['clientId'], period: parts['period'] };
    },
  };
}
