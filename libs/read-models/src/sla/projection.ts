import type { DerivedProjection } from '../runner/projection.js';
import { SlaClocks } from './clocks.js';
import { ACTS, CLOCKS } from './tables.js';

/** How tickets stand against the service levels of their contracts, and which of them the policy must look at when. */
export const slaProjection: DerivedProjection = {
  name: 'sla',
  schemaVersion: 2,
  derivedFrom: ['rating-facts'],
  tables: [CLOCKS, ACTS],
  markAll: (database) =>
    database.exec(`INSERT OR IGNORE INTO stale_clocks
      SELECT ticket_id FROM tickets WHERE client_id IN (SELECT client_id FROM contracts WHERE has_service_levels = 1)
      UNION SELECT ticket_id FROM sla_records`),
  start: (database) => new SlaClocks(database),
};
