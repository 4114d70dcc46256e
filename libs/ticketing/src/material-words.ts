import type { TicketEvent } from './events.js';

/** A word that names a part or licence, as the configuration spells it. */
export interface MaterialWord {
  readonly word: string;
}

/** The words of the configuration that texts name, in its spelling, sorted, each once: whole words whatever their case, and of words that begin alike the longest. */
export function materialWordsIn(texts: readonly string[], words: readonly MaterialWord[]): readonly string[] {
  if (words.length === 0) return [];
  const { pattern, spelled } = searchOf(words);
  const found = new Set<string>();
  for (const text of texts) for (const [named] of text.matchAll(pattern)) found.add(spelled(named));
  return [...found].sort();
}

/** The event with the words that its texts name, where rating looks for parts in them; any other is unchanged. */
export function withMaterialWords(event: TicketEvent, words: readonly MaterialWord[]): TicketEvent {
  const texts = textsOf(event);
  if (texts === null) return event;
  // The spread keeps the event's type; TypeScript can't follow it through a union.
  return { ...event, data: { ...event.data, materialWords: materialWordsIn(texts, words) } } as TicketEvent;
}

/** All that somebody wrote with the event; null: rating looks for parts in none of it. */
function textsOf(event: TicketEvent): readonly string[] | null {
  switch (event.type) {
    case 'TicketRequested':
      return [event.data.summary, event.data.description ?? ''];
    case 'NoteAdded':
      return [event.data.text];
    case 'TicketResolved':
      return [event.data.resolution ?? ''];
    default:
      return null;
  }
}

interface Search {
  readonly pattern: RegExp;
  /** How the configuration spells what the pattern found. */
  readonly spelled: (named: string) => string;
}

/** One search for all words of a configuration; made once, because many texts are searched with it. */
const searches = new WeakMap<readonly MaterialWord[], Search>();

function searchOf(words: readonly MaterialWord[]): Search {
  const known = searches.get(words);
  if (known !== undefined) return known;
  const all = words.map(({ word }) => word).sort((a, b) => b.length - a.length);
  const alternatives = all.map(escaped).join('|');
  const byLowerCase = new Map(all.map((word) => [word.toLowerCase(), word]));
  const search: Search = {
    // `ram` is found in "added RAM" and not in "program".
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, 'giu'),
    spelled: (named) =>
      byLowerCase.get(named.toLowerCase()) ??
      // Two letters may be one to a search and have lower cases of their own: s and the long s.
      all.find((word) => new RegExp(`^${escaped(word)}$`, 'iu').test(named)) ??
      named,
  };
  searches.set(words, search);
  return search;
}

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
