import { describe, expect, it } from '@jest/globals';
import { isTormented, notReached, type Torment } from './reached.js';
import { OF_NODES } from './torment.js';

const CALM: Torment = { kills: 0, deaths: 0, freezes: 0, clocks: 0, networkFaults: new Map(), changesOfLeader: 0 };
const ALL: Torment = {
  kills: 1,
  deaths: 1,
  freezes: 1,
  clocks: 1,
  networkFaults: new Map(OF_NODES.map((fault) => [fault, 1])),
  changesOfLeader: 1,
};

describe('a proof against a nemesis', () => {
  it('proves nothing where nothing was acknowledged, or nothing went wrong', () => {
    expect([isTormented(CALM, 5), isTormented(ALL, 0), isTormented(ALL, 5)]).toEqual([false, false, true]);
    expect(isTormented({ ...CALM, networkFaults: new Map([['cut', 1]]) }, 1)).toBe(true);
  });

  it('names what was done in none of its runs', () => {
    expect(notReached([CALM, ALL])).toEqual([]);
    expect(notReached([{ ...ALL, kills: 0, changesOfLeader: 0, networkFaults: new Map([['cut', 2]]) }])).toEqual([
      'kill',
      'change of leader',
      ...OF_NODES.filter((fault) => fault !== 'cut'),
    ]);
  });
});
