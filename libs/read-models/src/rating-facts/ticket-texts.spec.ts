import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadModels } from '../read-models.js';
import { dump } from '../spec-kit/dump.js';
import { Story, configured, event, requested, resolved } from '../spec-kit/story.js';
import { CONFIGURATION } from '../spec-kit/terms.js';

describe('what people wrote on a ticket', () => {
  let story: Story;
  let folder: string;
  beforeEach(() => {
    story = new Story();
    folder = mkdtempSync(join(tmpdir(), 'texts-'));
  });
  afterEach(async () => {
    await story.store.close();
    rmSync(folder, { recursive: true });
  });

  /** The keys of the gaps of some tickets, and all that the read models hold. */
  const told = async (...ticketIds: string[]) => {
    const file = join(folder, 'read-models.db');
    const models = await ReadModels.open({ file, store: story.store });
    await models.catchUp();
    const gaps = await Promise.all(ticketIds.map((ticketId) => models.billableItems.derivedGapsOfTicket(ticketId)));
    await models.close();
    const suspected = gaps.flat().filter(({ kind }) => kind === 'material-suspected');
    return { held: dump(file), causes: suspected.map(({ ticketId, cause }) => `${ticketId}: ${cause.split(';')[0]}`) };
  };
  const wrote = (text: string, materialWords?: readonly string[]) => {
    const data = { noteId: 'N', author: 'eng-1', text, visibility: 'internal' } as const;
    return event('NoteAdded', { ...data, ...(materialWords && { materialWords }) });
  };

  it('is kept by the words that it named, and itself only where it was recorded without them', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), wrote('left Mrs Ames a router', ['router']), resolved());
    await story.ticket('T2', requested('T2'), wrote('Mrs Bell has a router', []), resolved());
    await story.ticket('T3', requested('T3'), wrote('Mrs Cole got a router'), resolved());
    const { held, causes } = await told('T1', 'T2', 'T3');
    expect(causes).toEqual(["T1: the ticket's text names router", "T3: the ticket's text names router"]);
    for (const name of ['Ames', 'Bell']) expect(held).not.toContain(name);
    expect(held).toContain('Mrs Cole');
  });

  it('is searched again for other words only where it was recorded without any', async () => {
    await story.house();
    await story.ticket('T1', requested('T1'), wrote('a router and a switch', ['router']), resolved());
    await story.ticket('T2', requested('T2'), wrote('a router and a switch'), resolved());
    const materialWords = [{ word: 'switch', assumedPrice: null }];
    await story.tell('configuration', configured({ ...CONFIGURATION, materialWords }));
    expect((await told('T1', 'T2')).causes).toEqual(["T2: the ticket's text names switch"]);
  });
});
