import type { Problem } from '@billtrail/kernel';

/** Says what is wrong, and where. */
export type Note = (path: string, problem: string) => void;

/** Every problem that is noted while something is looked at. */
export function problemsNoted(look: (note: Note) => void): readonly Problem[] {
  const problems: Problem[] = [];
  look((path, problem) => problems.push({ path, problem }));
  return problems;
}

/** True where a member is there, even where it has not its shape and is passed over: that it is missing would be said in vain. */
export function isStated(of: object, member: string): boolean {
  return Object.hasOwn(of, member);
}

/** Tells of each key that stands in a list already, where it stands first. */
export function noteRepeats<T>(
  members: readonly (T | undefined)[] | undefined,
  keyOf: (member: T) => string | null | undefined,
  repeats: (index: number, first: number, key: string) => void,
): void {
  const first = new Map<string, number>();
  members?.forEach((member, index) => {
    const key = member === undefined ? null : keyOf(member);
    if (key === null || key === undefined) return;
    const before = first.get(key);
    if (before === undefined) first.set(key, index);
    else repeats(index, before, key);
  });
}
