import type { RateCard } from '@billtrail/contracts';

/** A card in words: one of the configuration with its version, and the day from which that holds. */
export function cardText({ name, id, taken }: RateCard): string {
  const card = `rate card ${name} (${id})`;
  return taken === undefined ? card : `${card}, version ${taken.version} from ${taken.from}`;
}
