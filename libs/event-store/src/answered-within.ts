import { setImmediate as nextTurn } from 'node:timers/promises';

/** What comes in that time, or `late` is thrown. Nothing is cancelled: what is asked for goes on, and whoever waits for it no more hears nothing of how it ends. */
export async function answeredWithin<Answer>(answer: Promise<Answer>, ms: number, late: () => Error): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    // What has come while this process was busy is taken first.
    timer = setTimeout(() => void nextTurn().then(() => reject(late())), ms);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
