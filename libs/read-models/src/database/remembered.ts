/** Values by name, as many as fit: beyond the bound those that were not asked for longest are dropped. */
export class Remembered<Value> {
  private readonly byName = new Map<string, { readonly value: Value; readonly size: number }>();
  private size = 0;

  /** `maxSize`: of all values together, in the unit of the sizes given to {@link put}. */
  constructor(private readonly maxSize: number) {}

  get isEmpty(): boolean {
    return this.byName.size === 0;
  }

  /** A value that is asked for counts as the latest used. */
  get(name: string): Value | undefined {
    const known = this.byName.get(name);
    if (known === undefined) return undefined;
    this.byName.delete(name);
    this.byName.set(name, known);
    return known.value;
  }

  /** In place of what was known by that name. A value that is larger than the bound is not kept. */
  put(name: string, value: Value, size: number): void {
    this.drop(name);
    if (size > this.maxSize) return;
    for (const oldest of this.byName.keys()) {
      if (this.size + size <= this.maxSize) break;
      this.drop(oldest);
    }
    this.byName.set(name, { value, size });
    this.size += size;
  }

  clear(): void {
    this.byName.clear();
    this.size = 0;
  }

  private drop(name: string): void {
    this.size -= this.byName.get(name)?.size ?? 0;
    this.byName.delete(name);
  }
}
