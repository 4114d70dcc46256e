import { conservation } from '../laws/kit/accounted-for.js';
import { LAWS } from '../laws/kit/laws.js';
import type { Law } from '../laws/kit/law.js';

/**
 * The laws, whatever the terms. What the contracts of the histories come to is reckoned there from terms that are chosen for it, such as fees of whole cents
 * a day; of what is sent here, work and documents are.
 */
export const LAWS_OF_ANY_TERMS: readonly Law[] = LAWS.map((law) =>
  law.number === 'L1' ? { ...law, check: ({ model, observed }) => conservation(model, observed) } : law,
);
