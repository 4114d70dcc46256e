/**
 * True where two values would be written as the same JSON, to the order of their keys: then no row that is made of them differs. Asked of what
 * is plain data; it is several times faster than to write both out.
 */
export function alike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && alikeInOrder(one, other);
  if (Array.isArray(other)) return false;
  const keys = Object.keys(other);
  let index = 0;
  // The keys of the first are walked and not listed: hundreds of rows with some ten objects each are compared for one new entry.
  for (const key in one) {
    if (key !== keys[index++]) return false;
    if (!alike((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key])) return false;
  }
  return index === keys.length;
}

function alikeInOrder(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!alike(one[index], other[index])) return false;
  return true;
}
