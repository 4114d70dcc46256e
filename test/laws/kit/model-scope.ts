/** What was said of the scope of each piece of work of a ticket, work by work, as it was said. */
export class ModelScope {
  private readonly byWork = new Map<string, 'declared out' | 'rated out' | 'in'>();
  /** What Operations said last, where no resolution as in contract came after it: work that is recorded later is so too. */
  private later: 'rated out' | null = null;
  /** True once anything was said of it that is not plain: out of scope, or by Operations. */
  isSaid = false;

  declared(scope: 'in-contract' | 'out-of-scope' | null, workIds: readonly string[]): void {
    if (scope === null) return;
    if (scope === 'out-of-scope') this.isSaid = true;
    for (const id of workIds) {
      const known = this.byWork.get(id) ?? this.later;
      if (scope === 'out-of-scope') this.byWork.set(id, known === 'rated out' ? known : 'declared out');
      else if (!this.byWork.has(id)) this.byWork.set(id, 'in');
    }
    if (scope === 'in-contract') this.later = null;
  }

  decided(scope: 'in-contract' | 'out-of-scope', workIds: readonly string[]): void {
    this.isSaid = true;
    for (const id of workIds) this.byWork.set(id, scope === 'out-of-scope' ? 'rated out' : 'in');
    this.later = scope === 'out-of-scope' ? 'rated out' : null;
  }

  /** Somebody said that the work is out of scope, and nobody has decided. */
  isDeclaredOut(workId: string): boolean {
    return this.byWork.get(workId) === 'declared out';
  }

  isRatedOut(workId: string): boolean {
    return (this.byWork.get(workId) ?? this.later) === 'rated out';
  }
}
