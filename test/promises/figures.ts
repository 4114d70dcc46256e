import type { WhatIfAnswer } from '@billtrail/application';
import type { CheckFigures } from './checked.js';

/** What a run came to. */
export interface PromiseFigures extends CheckFigures {
  contracts: number;
  /** By what they are: version, terms, count ... */
  readonly changes: Map<string, number>;
  /** Changes that were refused, as the question before them was. */
  refused: number;
  /** Client-periods compared item by item, and of those the ones in which something changed. */
  periods: number;
  changed: number;
  drafts: number;
  lines: number;
  /** Client-periods whose documents the back-dating speaks of. */
  backDated: number;
  /** Months of a plan whose money was compared. */
  planned: number;
  /** Months in which gaps about lines of invoices came or went with a change, as its plan said. */
  frozen: number;
  readonly broken: string[];
}

export function noFigures(): PromiseFigures {
  return {
    contracts: 0,
    changes: new Map(),
    refused: 0,
    periods: 0,
    changed: 0,
    drafts: 0,
    lines: 0,
    backDated: 0,
    planned: 0,
    frozen: 0,
    ruled: 0,
    priced: 0,
    broken: [],
  };
}

/** How a seeded bug bends what is promised. */
export type Bends = (answer: WhatIfAnswer) => WhatIfAnswer;
