/** How urgent a ticket is, most urgent first. Tickets have one of these, and no contract can ask for another. */
export const PRIORITIES = ['critical', 'high', 'moderate', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];
