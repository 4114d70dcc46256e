// fast-check with one seed for all specs: a property that passes today passes tomorrow. BILLTRAIL_SEED looks at other cases.
// Stands in for 'fast-check' by the module map of ../jest.config.mjs.
import fc from '../node_modules/fast-check/lib/fast-check.js';

const HOUSE_SEED = 20_261_129;

fc.configureGlobal({ seed: Number(process.env.BILLTRAIL_SEED ?? HOUSE_SEED) });

export * from '../node_modules/fast-check/lib/fast-check.js';
export default fc;
