import { describe, expect, it } from '@jest/globals';
import type { KeysOfStream } from '@billtrail/event-store';
import { VaultStreamKeys } from './vault-stream-keys.js';
import { VaultSetBack, VaultUnavailable } from './vault-unavailable.js';

const held = (stream: string): KeysOfStream => ({ keys: [Buffer.from(stream)], lostUpTo: 0 });

/** A vault that counts how often it is asked. */
class Counting {
  readonly asked: (readonly string[])[] = [];
  readonly keys = new Map<string, KeysOfStream>();
  readonly lost = (): VaultUnavailable | null => null;
  setBack = (): void => undefined;
  readonly onSetBack = (listener: (error: VaultSetBack) => void): void =>
    void (this.setBack = () => listener(new VaultSetBack('it was set back')));

  async streamKeys(streams: readonly string[]) {
    this.asked.push(streams);
    return new Map(streams.flatMap((stream) => (this.keys.has(stream) ? [[stream, this.keys.get(stream)!]] : [])));
  }

  async makeStreamKeys(streams: readonly string[]) {
    for (const stream of streams) if (!this.keys.has(stream)) this.keys.set(stream, held(stream));
    return this.streamKeys(streams);
  }
}

describe('keys of streams at hand', () => {
  it('are made for all that ask in one turn at once, and given without a promise from then on', async () => {
    const vault = new Counting();
    const keys = new VaultStreamKeys(vault);
    const made = await Promise.all(['a', 'b', 'a'].map(async (stream) => keys.keyFor(stream)));
    expect(made.map(String)).toEqual(['a', 'b', 'a']);
    expect(vault.asked).toEqual([['a', 'b']]);
    expect(keys.keyFor('a')).toEqual(Buffer.from('a'));
    expect(keys.keysOf(['a', 'b'])).toEqual(vault.keys);
    expect(vault.asked).toHaveLength(1);
  });

  it('are fetched for a whole slice with one question, those that are missing alone', async () => {
    const vault = new Counting();
    for (const stream of ['a', 'b', 'c']) vault.keys.set(stream, held(stream));
    const keys = new VaultStreamKeys(vault);
    await keys.keysOf(['a']);
    expect([...(await keys.keysOf(['a', 'b', 'c', 'gone'])).keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(vault.asked).toEqual([['a'], ['b', 'c', 'gone']]);
  });

  it('are fetched for all that ask in one turn with one question, and each is given its own', async () => {
    const vault = new Counting();
    for (const stream of ['a', 'b', 'c']) vault.keys.set(stream, held(stream));
    const keys = new VaultStreamKeys(vault);
    const found = await Promise.all([keys.keysOf(['a', 'b']), keys.keysOf(['b', 'c']), keys.keysOf(['gone'])]);
    expect(found.map((one) => [...one.keys()])).toEqual([['a', 'b'], ['b', 'c'], []]);
    expect(vault.asked).toEqual([['a', 'b', 'c', 'gone']]);
  });

  it('are bounded: those used last stay, and a slice with more of them is whole', async () => {
    const vault = new Counting();
    for (const stream of ['a', 'b', 'c', 'd']) vault.keys.set(stream, held(stream));
    const keys = new VaultStreamKeys(vault, 2);
    expect((await keys.keysOf(['a', 'b', 'c'])).size).toBe(3);
    await keys.keysOf(['b']);
    await keys.keysOf(['d']);
    vault.asked.length = 0;
    await keys.keysOf(['b', 'd']);
    expect(vault.asked).toEqual([]);
    await keys.keysOf(['c']);
    expect(vault.asked).toEqual([['c']]);
  });

  it('are not held to be missing for good where a loss alone is known: another process may make one', async () => {
    const vault = new Counting();
    const keys = new VaultStreamKeys(vault);
    vault.keys.set('a', { keys: [], lostUpTo: 7 });
    expect((await keys.keysOf(['a'])).get('a')?.lostUpTo).toBe(7);
    vault.keys.set('a', { ...held('a'), lostUpTo: 7 });
    expect(await keys.keysOf(['a'])).toEqual(vault.keys);
    expect(String(await keys.keyFor('a'))).toBe('a');
  });

  it('are asked for again once the vault was set back', async () => {
    const vault = new Counting();
    const keys = new VaultStreamKeys(vault);
    await keys.keyFor('a');
    vault.keys.clear();
    vault.setBack();
    expect(await keys.keysOf(['a'])).toEqual(new Map());
  });

  it('ask again after a vault that could not answer', async () => {
    const vault = new Counting();
    let isDown = true;
    const keys = new VaultStreamKeys({
      lost: vault.lost,
      onSetBack: vault.onSetBack,
      streamKeys: (streams) => vault.streamKeys(streams),
      makeStreamKeys: (streams) => (isDown ? Promise.reject(new Error('down')) : vault.makeStreamKeys(streams)),
    });
    await expect(keys.keyFor('a')).rejects.toThrow('down');
    isDown = false;
    expect(String(await keys.keyFor('a'))).toBe('a');
  });

  it('seal nothing where the file of the vault is gone, and go on opening', async () => {
    const vault = new Counting();
    let lost: VaultUnavailable | null = null;
    const keys = new VaultStreamKeys(Object.assign(vault, { lost: () => lost }));
    await keys.keyFor('a');
    lost = new VaultUnavailable('it is gone', 'Put it back');
    expect(() => keys.keyFor('a')).toThrow(lost);
    expect(keys.keysOf(['a'])).toEqual(vault.keys);
  });
});
