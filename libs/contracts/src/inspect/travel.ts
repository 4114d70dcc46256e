import type { Partly } from '@billtrail/kernel';
import { type Note, isStated, noteRepeats } from '../problems.js';
import type { TravelTerm } from '../terms/travel.js';

export function inspectTravel(note: Note, path: string, travel: Partly<readonly TravelTerm[]>): void {
  travel.forEach((term, index) => {
    const kinds = term?.match?.kinds;
    if (kinds !== undefined && !kinds.includes('time'))
      note(
        `${path}[${index}].match.kinds`,
        'has no time, and a visit is time: nothing would be charged; add time, or leave kinds out',
      );
    const price = term?.price;
    if (price?.kind !== 'zone-fee') return;
    const at = `${path}[${index}].price.zones`;
    noteRepeats(
      price.zones,
      ({ zone }) => zone,
      (member, first, zone) => note(`${at}[${member}].zone`, `${zone} is already ${at}[${first}]`),
    );
    if (price.zones?.length === 0 && !isStated(price, 'otherZones'))
      note(at, 'is empty: no visit would have a price; state otherZones, or a zone');
  });
}
