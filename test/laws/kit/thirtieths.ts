import { at } from '@billtrail/kernel';

/** For how many thirtieths of a month each of its stretches counts, by what is charged on them; null: nothing is. */
export function thirtiethsOf(
  stretches: readonly { readonly from: number; readonly key: string | null }[],
  days: number,
) {
  const place = (day: number): number => (day === days ? 30 : Math.min(day, 30));
  const edges = stretches.map(({ from, key }) => (from === 1 ? 0 : key === null ? place(from - 1) : place(from) - 1));
  const counted = new Map<string, number>();
  stretches.forEach(({ key }, index) => {
    if (key === null) return;
    const size = (edges[index + 1] ?? 30) - at(edges, index, 'the edge of a stretch');
    counted.set(key, (counted.get(key) ?? 0) + size);
  });
  return counted;
}
