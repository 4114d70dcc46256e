/** What was found for three texts together: maps of maps, so that no text is put together for each question. */
export class ByThree<Value> {
  private readonly known = new Map<string, Map<string, Map<string, Value>>>();

  get(first: string, second: string, third: string): Value | undefined {
    return this.known.get(first)?.get(second)?.get(third);
  }

  set(first: string, second: string, third: string, value: Value): void {
    let ofFirst = this.known.get(first);
    if (ofFirst === undefined) this.known.set(first, (ofFirst = new Map()));
    let ofSecond = ofFirst.get(second);
    if (ofSecond === undefined) ofFirst.set(second, (ofSecond = new Map()));
    ofSecond.set(third, value);
  }
}
