import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@billtrail/kernel';
import { PastAnswerer } from './answer-past.js';

/** What runs in the thread that answers questions about the past. */
invariant(parentPort !== null, 'this runs in a thread of its own');
PastAnswerer.start(parentPort, (workerData as { readonly file: string }).file);
