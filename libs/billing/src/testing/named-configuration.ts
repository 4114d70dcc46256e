import { DEFAULT_CONFIGURATION } from '../configuration.js';
import type { PublishedConfiguration } from '../events.js';

/** The default with an invented organisation, as tests publish it. */
export const NAMED_CONFIGURATION: PublishedConfiguration = {
  ...DEFAULT_CONFIGURATION,
  organisation: {
    ...DEFAULT_CONFIGURATION.organisation,
    name: 'Example MSP',
    taxId: '96 999 111 222',
    address: '1 Example Street, Sydney NSW 2000',
  },
};
