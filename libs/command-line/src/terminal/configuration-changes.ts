import type { TermsDifference } from '@billtrail/contracts';

const MAX_TOLD = 60;

/** A value of a configuration, as it is and as it would be. */
export function changeText({ path, before, after }: TermsDifference): string {
  return `${path}: ${told(before)} -> ${told(after)}`;
}

function told(value: unknown): string {
  if (value === undefined) return 'not stated';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_TOLD ? `${text.slice(0, MAX_TOLD)}...` : text;
}
