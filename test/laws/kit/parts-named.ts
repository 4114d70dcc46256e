import { DEFAULT_CONFIGURATION, type BillingConfiguration, type ConfigurationEvent } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { TicketEvent } from '@billtrail/ticketing';
import type { Findings } from './findings.js';
import type { Look } from './look.js';

type Words = BillingConfiguration['materialWords'];

/**
 * L2 of parts and licences: a resolved ticket without material has a gap that tells exactly the words which its texts named by the configuration of their time,
 * as far as they are in that of now; and each text was recorded with its words.
 */
export function wrongPartsNamed({ events, model, observed }: Pick<Look, 'events' | 'model' | 'observed'>): Findings {
  const findings: string[] = [];
  const namedOf = new Map<string, Set<string>>();
  let words: Words = DEFAULT_CONFIGURATION.materialWords;
  for (const recorded of events) {
    words = wordsAfter(recorded, words);
    const texts = textsOf(recorded);
    if (texts === null) continue;
    const named = namedBy(texts, words);
    const { materialWords } = recorded.data as { readonly materialWords?: readonly string[] };
    if (JSON.stringify(materialWords) !== JSON.stringify(named))
      findings.push(`${recorded.type} at ${recorded.position} names ${named.join(', ')}, and was recorded otherwise`);
    const ticketId = recorded.stream.slice('ticket-'.length);
    namedOf.set(ticketId, new Set([...(namedOf.get(ticketId) ?? []), ...named]));
  }
  const watched = new Set(words.map(({ word }) => word));
  for (const ticket of model.tickets.values()) {
    const tree = model.treeOf(ticket);
    const isAsked = ticket.merged === null && ticket.resolvedAt !== null;
    const hasMaterial = tree.some(({ works }) => [...works.values()].some(({ kind }) => kind === 'material'));
    const all = tree.flatMap(({ ticketId }) => [...(namedOf.get(ticketId) ?? [])]);
    const named = isAsked && !hasMaterial ? [...new Set(all)].filter((word) => watched.has(word)) : [];
    const expected = named.map((word) => word.toLowerCase()).sort();
    const gaps = observed.derivedGaps.filter(
      ({ kind, ticketId }) => kind === 'material-suspected' && ticketId === ticket.ticketId,
    );
    const told = gaps.map(({ cause }) => /names ([^;]*);/.exec(cause)?.[1]);
    if (told.join(' and ') !== expected.join(', '))
      findings.push(`${ticket.ticketId} names ${expected.join(', ')}, and its gap tells ${told.join(' and ')}`);
  }
  return findings;
}

function wordsAfter(recorded: RecordedEvent, words: Words): Words {
  const event = recorded as unknown as ConfigurationEvent;
  return event.type === 'ConfigurationPublished' ? event.data.configuration.materialWords : words;
}

function textsOf(recorded: RecordedEvent): readonly string[] | null {
  const event = recorded as unknown as TicketEvent;
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

/** Word by word: histories watch for single words only. */
function namedBy(texts: readonly string[], words: Words): readonly string[] {
  const said = new Set(texts.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)));
  return words.flatMap(({ word }) => (said.has(word.toLowerCase()) ? [word] : [])).sort();
}
