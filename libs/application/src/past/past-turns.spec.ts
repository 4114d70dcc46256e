import { describe, expect, it } from '@jest/globals';
import { PastTurns } from './past-turns.js';

/** X8 */
describe('answers about the past', () => {
  it('are worked out one at a time, in order, so many wait, and more are refused by name', async () => {
    const turns = new PastTurns();
    const steps: string[] = [];
    let atOnce = 0;
    const ask = (name: string) =>
      turns.take(async () => {
        expect(++atOnce).toBe(1);
        await Promise.resolve();
        steps.push(name);
        atOnce -= 1;
        return name;
      });
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(ask));
    expect(answers.slice(0, 6)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(answers[6]).toMatchObject({ code: 'ServerBusy' });
    expect(steps).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await ask('h')).toBe('h');
  });

  it('go on after one that failed', async () => {
    const turns = new PastTurns();
    await expect(turns.take(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turns.take(() => Promise.resolve(1))).toBe(1);
  });
});
