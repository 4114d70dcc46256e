import { parseArgs } from 'node:util';
import { runStoreCrashProof } from './proof.js';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});

const holds = await runStoreCrashProof({ kills: Number(values.kills), seed: Number(values.seed) });
process.exitCode = holds ? 0 : 1;
