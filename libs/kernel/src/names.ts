/** What every object has by itself: it is found in each list by name, whatever stands in that. */
export const INHERITED_NAMES: readonly string[] = Object.getOwnPropertyNames(Object.prototype).sort();

/** True for `constructor`, `toString`, `__proto__` and the like: nothing that people name may be called so. */
export function isInherited(name: string): boolean {
  return INHERITED_NAMES.includes(name);
}

/** What stands in a list under a name that somebody gave; undefined: nothing does. */
export function namedIn<One>(list: Readonly<Record<string, One>> | undefined, name: string): One | undefined {
  return list !== undefined && Object.hasOwn(list, name) ? list[name] : undefined;
}

/** Where a value has a member, at any depth, that is called as every object's own: `taxRates.toString`, `lines[2].constructor`. */
export function inheritedNamesIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const rest: { readonly path: string; readonly value: unknown }[] = [{ path: '', value }];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    if (typeof one.value !== 'object' || one.value === null) continue;
    for (const [name, within] of Object.entries(one.value)) {
      const member = one.path === '' ? name : `${one.path}.${name}`;
      const path = Array.isArray(one.value) ? `${one.path}[${name}]` : member;
      if (isInherited(name)) found.push(path);
      else rest.push({ path, value: within });
    }
  }
  return found.sort();
}
