/** An append that is on its way for long. */
export interface HeldAppend {
  /** It is on its way. */
  readonly isSent: Promise<void>;
  /** It arrives. */
  arrive(): void;
}

interface Waiting {
  readonly isOf: (stream: string) => boolean;
  readonly send: () => void;
  readonly arrival: Promise<void>;
}

/** Appends that a network holds back, for as long as whoever asked for it likes. */
export class HeldAppends {
  private readonly waiting: Waiting[] = [];

  /** The next append to such a stream is held back, and no other. */
  next(isOf: (stream: string) => boolean): HeldAppend {
    let send = (): void => undefined;
    let arrive = (): void => undefined;
    const isSent = new Promise<void>((resolve) => (send = resolve));
    const arrival = new Promise<void>((resolve) => (arrive = resolve));
    this.waiting.push({ isOf, send, arrival });
    return { isSent, arrive };
  }

  /** Until an append to the stream arrives. */
  async arrival(stream: string): Promise<void> {
    const index = this.waiting.findIndex(({ isOf }) => isOf(stream));
    if (index < 0) return;
    const [held] = this.waiting.splice(index, 1);
    held?.send();
    await held?.arrival;
  }
}
