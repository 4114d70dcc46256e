import { parseArgs } from 'node:util';
import { runContractFilesProof } from '../contract-files/proof.js';
import { runDockerProof } from '../docker/proof.js';
import { runCutsProof, runStoresProof } from '../esdb/proof.js';
import { runFuzzProof } from '../fuzz/proof.js';
import { runInsidersProof } from '../insiders/proof.js';
import { runLawsProof } from '../laws/proof.js';
import { runPoisonProof } from '../poison/proof.js';
import { runPromisesProof } from '../promises/proof.js';
import { runPoliciesProof } from '../races/proof.js';
import { runVerdictsProof } from '../races/verdicts-proof.js';
import { runBetweenProof } from '../processes/between-proof.js';
import { runLeadersProof, runNemesisProof } from '../processes/nemesis-proof.js';
import { runSumsProof } from '../sums/proof.js';
import { runFaultsProof } from './faults-proof.js';
import { runStoreCrashProof } from './proof.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    items: { type: 'string', default: '1000000' },
    histories: { type: 'string', default: '10000' },
    contracts: { type: 'string', default: '2000' },
    files: { type: 'string', default: '2000' },
    poisoned: { type: 'string', default: '200' },
    fields: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '420' },
    leaders: { type: 'string', default: '100' },
    between: { type: 'string', default: '500' },
    cuts: { type: 'string', default: '1000' },
    requests: { type: 'string', default: '100000' },
    verdicts: { type: 'string', default: '200' },
    sequences: { type: 'string', default: '2000' },
    mutated: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const proofs: Readonly<Record<string, () => Promise<boolean> | boolean>> = {
  store: () => runStoreCrashProof({ kills: Number(values.kills), seed }),
  faults: () => runFaultsProof({ kills: Number(values.kills), seed }),
  sums: () => runSumsProof({ items: Number(values.items), seed }),
  laws: () => runLawsProof({ histories: Number(values.histories), seed }),
  'contract-files': () => runContractFilesProof({ files: Number(values.files), mutated: Number(values.mutated), seed }),
  fuzz: () => runFuzzProof({ requests: Number(values.requests), seed }),
  policies: () => runPoliciesProof(),
  verdicts: () => runVerdictsProof({ histories: Number(values.verdicts), seed }),
  insiders: () => runInsidersProof({ sequences: Number(values.sequences), seed }),
  poison: () => runPoisonProof({ facts: Number(values.poisoned), fields: Number(values.fields), seed }),
  between: () => runBetweenProof({ kills: Number(values.between), seed }),
  stores: () => runStoresProof(),
  cuts: () => runCutsProof({ cuts: Number(values.cuts), seed }),
  nemesis: () => runNemesisProof({ seconds: Number(values.seconds), seed, on: 'one folder' }),
  nodes: () => runNemesisProof({ seconds: Number(values.seconds), seed, on: 'nodes' }),
  leaders: () => runLeadersProof({ leaders: Number(values.leaders), seed }),
  docker: () => runDockerProof(),
  promises: () => runPromisesProof({ contracts: Number(values.contracts), seed }),
};
if (values.only !== undefined && !Object.hasOwn(proofs, values.only))
  throw new Error(`there is no proof ${values.only}: ${Object.keys(proofs).join(', ')}`);

for (const [name, prove] of Object.entries(proofs)) {
  if (values.only !== undefined && values.only !== name) continue;
  if (!(await prove())) process.exitCode = 1;
}
