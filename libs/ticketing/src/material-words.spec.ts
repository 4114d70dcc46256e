import { describe, expect, it } from '@jest/globals';
import { spec } from '@billtrail/kernel/testing';
import { ALL_GATES_ON, materialWordsIn, ticketDecider, withMaterialWords } from './index.js';
import * as t from './testing/history.js';

const { ticketId } = t;
const words = (...all: string[]) => all.map((word) => ({ word }));
const WATCHED = words('SSD', 'cable', 'patch cable');

describe('the material words that texts name', () => {
  it.each([
    ['whole words whatever their case', ['Swapped the ssd: a CABLE too'], ['SSD', 'cable']],
    ['once each, over all texts', ['ssd', 'SSD and ssd'], ['SSD']],
    ['the longest of words that begin alike', ['One patch cable'], ['patch cable']],
    ['each of them where each is named', ['One patch cable, one cable'], ['cable', 'patch cable']],
    ['no part of a word', ['cableway, SSDs, xssd, 2ssd'], []],
    ['a letter in its other form', ['\u017fsd'], ['SSD']],
    ['nothing in an empty text', ['', ' '], []],
  ])('are %s', (_name, texts, found) => expect(materialWordsIn(texts, WATCHED)).toEqual(found));

  it('are words, not patterns', () => {
    expect(materialWordsIn(['a CAT-6 (3m) lead, C++'], words('cat-6 (3m)', 'c++'))).toEqual(['c++', 'cat-6 (3m)']);
    expect(materialWordsIn(['ccc, cat-6 3m'], words('cat-6 (3m)', 'c++'))).toEqual([]);
  });

  it('are none where the organisation watches for none', () => expect(materialWordsIn(['SSD -- '], [])).toEqual([]));
});

describe('events with texts, under a policy that says which words name parts', () => {
  const ticket = spec(ticketDecider({ gates: ALL_GATES_ON, reopenWindowDays: 14, materialWords: WATCHED }));
  const request = {
    type: 'RequestTicket',
    ticketId,
    ...t.classification,
    summary: 'SSD broken',
    description: 'and the Cable',
    ...t.ana,
  } as const;
  const note = { type: 'AddNote', ticketId, noteId: 'N-1', text: 'a cable', visibility: 'internal', ...t.ana } as const;
  const resolve = { type: 'ResolveTicket', ticketId, ...t.resolutionData, resolution: 'New SSD', ...t.ana } as const;

  it('say which of them they name', () => {
    ticket
      .given()
      .when(request)
      .thenLike({ type: 'TicketRequested', data: { materialWords: ['SSD', 'cable'] } });
    ticket
      .given(...t.inProgress)
      .when(note)
      .thenLike({ type: 'NoteAdded', data: { materialWords: ['cable'] } });
    ticket
      .given(...t.inProgressWithWork)
      .when(resolve)
      .thenLike({ type: 'TicketResolved', data: { materialWords: ['SSD'] } });
    ticket
      .given(...t.inProgress)
      .when({ ...note, text: 'all fine' })
      .thenLike({ type: 'NoteAdded', data: { materialWords: [] } });
  });

  it('are repeats of what was recorded under other words, or before words were', () => {
    const { type: _, ticketId: __, ...data } = { ...note, author: 'ana' };
    for (const materialWords of [undefined, [], ['lead']]) {
      const added = t.event('NoteAdded', {
        noteId: data.noteId,
        author: data.author,
        text: data.text,
        visibility: data.visibility,
        ...(materialWords && { materialWords }),
      });
      ticket
        .given(...t.inProgress, added)
        .when(note)
        .thenNothing();
    }
    const requested = ticket.given().when(request);
    const decided = ticketDecider().decide(request, ticketDecider().initialState);
    for (const event of 'refused' in decided ? [] : decided) ticket.given(event).when(request).thenNothing();
    requested.thenLike({ type: 'TicketRequested' });
  });

  it('that have no texts rating looks in stay as they are', () => {
    for (const event of [t.triaged, t.pendedOnClient, t.closed]) expect(withMaterialWords(event, WATCHED)).toBe(event);
  });
});
