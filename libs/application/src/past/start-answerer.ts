import { MessageChannel, Worker } from 'node:worker_threads';
import { PastAnswerer } from './answer-past.js';

/** Megabytes of objects that a question may take in its thread; what it folds is in a file. */
export const MOST_MEGABYTES = 256;
/** Of which those for objects that live a moment; rating makes many. */
const MEGABYTES_OF_YOUNG = 32;

/** Whoever answers questions about the past, as the one who asks sees it. */
export interface Answerer {
  tell(text: string): void;
  /** While one is worked out, the process does not end by itself. */
  isAsked(yes: boolean): void;
  /** Ends it, whatever it is at. */
  end(): Promise<void>;
}

export interface Hearing {
  readonly hear: (text: string) => void;
  /** Called once if it ends by itself. `isOutOfMemory`: it needed more than it may take. */
  readonly ended: (why: { readonly isOutOfMemory: boolean; readonly cause: string }) => void;
}

export type StartAnswerer = (hearing: Hearing) => Answerer;

const ENTRY = new URL('./past-thread.js', import.meta.url);

/** In a thread of its own, whose memory is bounded. */
export function inItsThread(file: string, entry = ENTRY, megabytes = MOST_MEGABYTES): StartAnswerer {
  return ({ hear, ended }) => {
    const thread = new Worker(entry, {
      workerData: { file },
      resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: MEGABYTES_OF_YOUNG },
    });
    let isOver = false;
    const over = (cause: string, isOutOfMemory: boolean) => {
      if (!isOver) ended({ cause, isOutOfMemory });
      isOver = true;
    };
    thread.on('message', hear);
    thread.on('error', (error: Error & { code?: unknown }) =>
      over(error.message, error.code === 'ERR_WORKER_OUT_OF_MEMORY'),
    );
    thread.on('exit', (code) => over(`exit code ${code}`, false));
    thread.unref();
    return {
      tell: (text) => thread.postMessage(text),
      isAsked: (yes) => (yes ? thread.ref() : thread.unref()),
      end: async () => {
        isOver = true;
        await thread.terminate();
      },
    };
  };
}

/** In the thread of whoever asks, by the same messages: where sources run that a thread can't load. */
export function inThisThread(file: string): StartAnswerer {
  return ({ hear }) => {
    const { port1, port2 } = new MessageChannel();
    const answerer = PastAnswerer.start(port2, file);
    port1.on('message', hear);
    port1.unref();
    port2.unref();
    return {
      tell: (text) => port1.postMessage(text),
      isAsked: (yes) => (yes ? port1.ref() : port1.unref()),
      end: async () => {
        port1.close();
        await answerer.close();
      },
    };
  };
}
