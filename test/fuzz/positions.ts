/** Positions that answers told, for those that come later to name: so the same operations can be told of another log. */
export class Positions {
  private readonly told: string[] = [];

  learn(answer: unknown): void {
    const { position } = (answer ?? {}) as { position?: unknown };
    if (typeof position === 'string') this.told.push(position);
  }

  /** `POSITION-3`: the third last position that was answered. */
  in(text: string): string {
    return text.replace(/POSITION-(\d+)/, (_all, back: string) => this.told.at(-Number(back)) ?? '0.00000000');
  }
}
