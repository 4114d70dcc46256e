import { describe, expect, it } from '@jest/globals';
import type { Readiness } from '@billtrail/application';
import { START } from '@billtrail/event-store';
import { healthText, notReadyRemedy } from './health-text.js';

const READY: Readiness = {
  status: 'ready',
  log: null,
  vault: null,
  numbering: null,
  head: START,
  position: START,
  isCaughtUp: true,
  lag: 0,
  ageSeconds: 0,
  readModels: [],
  parked: null,
  runsPolicies: false,
  lease: null,
  isDraining: false,
  policies: [],
};

describe('the health of a node, told to somebody elsewhere', () => {
  it('speaks of nodes, of no folder, and of no command that --url refuses', () => {
    expect(healthText(READY, true)).toContain('Policies: run by another node of this log, or by none yet');
    expect(healthText({ ...READY, runsPolicies: true }, true)).toContain('Policies: run by this node');
    expect(healthText(READY, true)).not.toContain('folder');
    expect(notReadyRemedy(true)).not.toContain('billtrail ');
    expect(healthText(READY, false)).toContain('a server that runs on this folder tells');
    expect(notReadyRemedy(false)).toContain('billtrail rebuild');
  });

  it('says of one that ends that it does', () => {
    expect(healthText(READY, true)).not.toContain('Ending');
    expect(healthText({ ...READY, isDraining: true }, true)).toContain('Ending: it takes no more requests');
  });
});
