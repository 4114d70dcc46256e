import type { Instant } from '@billtrail/kernel';

/** The time, as an input. Tests and the demo bring their own. */
export type Clock = () => Instant;

export const systemClock: Clock = () => new Date().toISOString();
