import { CARDS_OF_AUSTRALIA } from './cards-of-australia.js';
import { CARDS_OF_ELSEWHERE } from './cards-of-elsewhere.js';
import { CARDS_OF_GOVERNMENT } from './cards-of-government.js';
import type { PublishedCard } from './published-card.js';

/** Rate cards that providers publish, each as contract terms without a line of code for it. */
export const PUBLISHED_CARDS: readonly PublishedCard[] = [
  ...CARDS_OF_AUSTRALIA,
  ...CARDS_OF_ELSEWHERE,
  ...CARDS_OF_GOVERNMENT,
];
