/** True when two values of plain JSON hold the same, whatever the order of their fields. A mark of irregularity does not count, nor what was found in a text. */
export function sameData(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const a = fieldsOf(left);
  const b = fieldsOf(right);
  return a.size === b.size && [...a].every(([field, value]) => b.has(field) && sameData(value, b.get(field)));
}

/** What was made of a fact when it was recorded. Made again it may come out otherwise. */
const BESIDE: ReadonlySet<string> = new Set(['irregular', 'materialWords']);

function fieldsOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([field, held]) => !BESIDE.has(field) && held !== undefined));
}
