import type { Reckoning } from './reckoning.js';
import { blocksOfMoney } from './blocks-of-money.js';
import { blocksRunOut } from './blocks-run-out.js';
import { clientLeaves } from './managed-client-leaves.js';
import { countsChange } from './managed-counts-change.js';
import { projectByClass } from './project-by-class.js';
import { projectWithCap } from './project-with-cap.js';
import { retainerInDollars } from './retainer-in-dollars.js';
import { retainerRollsOver } from './retainer-rolls-over.js';
import { seatsAreCommitted } from './seats-are-committed.js';
import { seatsJoin } from './seats-join.js';
import { seatsLeave } from './seats-leave.js';
import { visitsFarAway } from './visits-far-away.js';
import { visitsOverSites } from './visits-over-sites.js';

export const RECKONINGS: readonly Reckoning[] = [
  countsChange,
  clientLeaves,
  blocksRunOut,
  blocksOfMoney,
  retainerRollsOver,
  retainerInDollars,
  projectWithCap,
  projectByClass,
  visitsOverSites,
  visitsFarAway,
  seatsJoin,
  seatsLeave,
  seatsAreCommitted,
];
