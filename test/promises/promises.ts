import { noFigures, type Bends, type PromiseFigures } from './figures.js';
import { PromiseStory } from './story.js';

export interface PromisesAsked {
  /** 2,000 is the figure of the proof. */
  readonly contracts: number;
  /** The same seed, the same contracts and changes. */
  readonly seed: number;
  readonly bends?: Bends;
  readonly onContract?: (figures: PromiseFigures) => void;
}

/** Contracts of one seed are apart from those of another. */
const SEEDS_APART = 1_000_000;

/** Tells random contracts one after the other, each in a house of its own: what is promised of them, and what happens. */
export async function provePromises({ contracts, seed, bends, onContract }: PromisesAsked): Promise<PromiseFigures> {
  const figures = noFigures();
  for (let number = 1; number <= contracts; number += 1) {
    await PromiseStory.tell(seed * SEEDS_APART + number, figures, bends);
    onContract?.(figures);
  }
  return figures;
}
