import type { NemesisRun } from './nemesis.js';
import { OF_NODES, type Tormented } from './torment.js';

/** What was done to servers, and what came of it. */
export type Torment = Tormented & Pick<NemesisRun, 'deaths' | 'changesOfLeader'>;

/** Something was acknowledged, and something went wrong meanwhile: else the laws hold of nothing. */
export function isTormented(torment: Torment, acknowledged: number): boolean {
  const { kills, deaths, freezes, clocks, networkFaults } = torment;
  const faults = [...networkFaults.values()].reduce((sum, count) => sum + count, 0);
  return acknowledged > 0 && kills + deaths + freezes + clocks + faults > 0;
}

/** What was never done to the nodes of these runs, by name. */
export function notReached(runs: readonly Torment[]): readonly string[] {
  const some = (of: (torment: Torment) => number): boolean => runs.some((one) => of(one) > 0);
  const kinds: readonly (readonly [string, (torment: Torment) => number])[] = [
    ['kill', ({ kills }) => kills],
    ['death right after an append', ({ deaths }) => deaths],
    ['stop', ({ freezes }) => freezes],
    ['wrong clock', ({ clocks }) => clocks],
    ['change of leader', ({ changesOfLeader }) => changesOfLeader],
    ...OF_NODES.map((fault) => [fault, ({ networkFaults }: Torment) => networkFaults.get(fault) ?? 0] as const),
  ];
  return kinds.filter(([, of]) => !some(of)).map(([name]) => name);
}
