import { readableMoney, unreachable } from '@billtrail/kernel';
import type { Approval } from './query.js';

type Asked = Pick<Approval, 'value' | 'waitsBecause' | 'clientId' | 'period'>;

/** In a sentence; empty where it does not wait. */
export function whyItWaits({ value, waitsBecause, clientId, period }: Asked): string {
  if (waitsBecause === null) return '';
  const { because } = waitsBecause;
  switch (because) {
    case 'own-work':
      return 'The person who asked did some of this work.';
    case 'by-engineer':
      return 'Engineers need approval to change approved or resolved work.';
    case 'value-not-stated':
      return 'Nobody can state yet what it is worth.';
    case 'loosens':
      return `This loosens ${waitsBecause.rules.join(', ')}, so a second person must approve it.`;
    case 'above-limit': {
      const { ticketId, sum, limit, stoodIn } = waitsBecause;
      if (sum === null) {
        const worth = value === null ? 'It' : readableMoney(value);
        return `${worth} can't be compared with the limit, which is ${readableMoney(limit)}.`;
      }
      const month = stoodIn?.period ?? period;
      const of =
        ticketId === null
          ? `for client ${stoodIn?.clientId ?? clientId ?? ''}${month === null ? '' : ` in ${month}`}${stoodIn === undefined ? '' : ', where this work is, or was when it was approved or resolved,'}`
          : `on ticket ${ticketId}`;
      return `This would bring what single people have forgone ${of} to ${readableMoney(sum)}; the limit is ${readableMoney(limit)}.`;
    }
    default:
      return unreachable(because);
  }
}
