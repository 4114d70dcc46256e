import { expect, it } from '@jest/globals';
import { runContractFilesProof } from './proof.js';

it('the JSON Schema and the check agree on random contract files, and each mistake is told with its place', () => {
  const lines: string[] = [];
  const holds = runContractFilesProof({ files: 60, mutated: 60, seed: 7, print: (line) => lines.push(line) });
  expect([holds, lines.filter((line) => !line.startsWith('ok'))]).toEqual([true, []]);
});
