import type { Random } from '../crash/random.js';

type Place = readonly (string | number)[];

/** A contract file with one thing in it that no file may say, and where: nothing of the check knows how it was made. */
export interface Mutated {
  readonly document: unknown;
  /** Stands in the text of the file where the mistake is; null: something is missing. */
  readonly marker: string | null;
  /** As the check tells it: the last step of its path. */
  readonly member: string;
}

/** A text that is no id, no day, no number, no choice and no name of a member. */
const MARKER = '@@ wrong @@';
/** Members whose text may be anything but blank, and members that may be left out or hold names of any sort. */
const FREE: ReadonlySet<string> = new Set(
  (
    'name workType workTypes engineerRole engineerRoles categories ticketTypes sites rateClass rateClasses countOf reason ' +
    'taxCategory taxCategories weekday weekend holiday time material expense type zone card'
  ).split(' '),
);
/** Members that no contract file may leave out, wherever they stand. */
const REQUIRED: ReadonlySet<string> = new Set(
  'clientId contracts effectiveFrom terms rateCard outcome rateClass percent purchasedOn lastDay'.split(' '),
);
/** Every member and every place in a list below a value. */
function placesIn(value: unknown, from: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const members: (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((member: unknown, index) => [index, member])
    : Object.entries(value);
  return members.flatMap(([key, member]) => [[...from, key], ...placesIn(member, [...from, key])]);
}

function at(document: unknown, place: Place): unknown {
  return place.reduce<unknown>((within, step) => (within as Record<string, unknown>)[step], document);
}

export function mutated(random: Random, sound: object): Mutated {
  const document = structuredClone(sound);
  const places = placesIn(document);
  switch (random.whole(0, 3)) {
    case 0: {
      const objects = [[], ...places].filter((place) => isObject(at(document, place)));
      const place = random.pick(objects);
      (at(document, place) as Record<string, unknown>)[MARKER] = 1;
      return { document, marker: MARKER, member: MARKER };
    }
    case 1: {
      const required = places.filter((place) => {
        const member = String(place.at(-1));
        return REQUIRED.has(member) && !(member === 'rateClass' && !place.includes('rateClassMultipliers'));
      });
      const place = random.pick(required);
      const member = String(place.at(-1));
      delete (at(document, place.slice(0, -1)) as Record<string, unknown>)[member];
      return { document, marker: null, member };
    }
    default: {
      const leaves = places.filter((place) => !isFree(place) && typeof at(document, place) !== 'object');
      const place = random.pick(leaves);
      const member = place.at(-1) ?? '';
      (at(document, place.slice(0, -1)) as Record<string | number, unknown>)[member] = MARKER;
      return { document, marker: MARKER, member: typeof member === 'number' ? `[${member}]` : member };
    }
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFree(place: Place): boolean {
  const named = place.findLast((step) => typeof step === 'string');
  // A contract's priority is a number, a criterion's priorities are choices, and those of a credit are free.
  return FREE.has(String(named)) || (named === 'priorities' && place.includes('credits'));
}
