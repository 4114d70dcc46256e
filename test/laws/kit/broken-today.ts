import { contractCommands as contracts } from '@billtrail/application';
import type { Msp } from '../../scenarios/msp.js';
import type { Law } from './law.js';
import { hourAtTheEdge } from './broken-stories.js';

/** A fact that breaks a law over all periods of a client today. */
export interface BrokenToday {
  /** The case that tells of it; N: random histories found it, and no case does yet. */
  readonly case: `${'K' | 'G' | 'Y' | 'N'}${number}`;
  readonly says: string;
  readonly law: Law['number'];
  /** The day on which the story begins. */
  readonly day: string;
  /** What goes before, over which all laws hold. */
  readonly before: (msp: Msp) => Promise<void>;
  readonly fact: (msp: Msp) => Promise<void>;
}

/** Each fact with a short story that ends in it. Random histories leave them out. */
export const BROKEN_TODAY: readonly BrokenToday[] = [
  {
    case: 'K13',
    says: 'an invoiced hour moves over a month\u2019s end with the zone of its client, and is there twice',
    law: 'L1',
    day: '2026-07-02',
    before: hourAtTheEdge,
    fact: (msp) =>
      msp.send(contracts.ChangeClientDetails, {
        clientId: 'bluegum',
        name: 'bluegum',
        currency: 'AUD',
        timeZone: 'Australia/Perth',
      }),
  },
  {
    case: 'K13',
    says: 'the hour that moved is billed once more',
    law: 'L3',
    day: '2026-07-02',
    before: hourAtTheEdge,
    fact: async (msp) => {
      await msp.send(contracts.ChangeClientDetails, {
        clientId: 'bluegum',
        name: 'bluegum',
        currency: 'AUD',
        timeZone: 'Australia/Perth',
      });
      await msp.bills('I2', 'bluegum', '2026-06');
    },
  },
];
