import { type Partly } from '@billtrail/kernel';
import { type Note, isStated, noteRepeats } from '../problems.js';
import type { Burn } from '../terms/prepaid.js';

/** What the weights of a block or of the terms say about each other. */
export function inspectBurn(note: Note, path: string, burn: Partly<Burn> | undefined): void {
  if (burn?.by !== 'weights') return;
  burn.weights?.forEach((one, index) => {
    if (one !== undefined && CRITERIA.every((name) => !isStated(one, name)))
      note(`${path}.weights[${index}]`, 'must name a workType, a rateClass or both');
  });
  noteRepeats(
    burn.weights,
    (one) => {
      const isWhole = CRITERIA.every((name) => isStated(one, name) === (one[name] !== undefined));
      return isWhole ? JSON.stringify(CRITERIA.map((name) => one[name] ?? null)) : null;
    },
    (index, first) => note(`${path}.weights[${index}]`, `weighs the same work as ${path}.weights[${first}]`),
  );
}

const CRITERIA = ['workType', 'rateClass'] as const;
