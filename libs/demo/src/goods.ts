import type { Topic } from './texts.js';

/**
 * A part or licence that engineers fit. `word` is what their notes call it: the configuration lists it, so only tickets with goods (or
 * with a planted gap) may use it in their texts.
 */
export interface Goods {
  readonly word: string;
  readonly itemCode: string;
  readonly description: string;
  readonly unit: string;
  readonly unitCost: string;
  readonly listPrice: string;
  /** Counted by the piece, with a serial number. */
  readonly isSerialised: boolean;
  /** The ticket that needs it, in words that don't name it. */
  readonly topic: Topic;
  /** What the engineer wrote when the part went in: each names the word, and no other of the list. */
  readonly note: string;
  readonly resolution: string;
}

type Prices = Pick<Goods, 'itemCode' | 'description' | 'unit' | 'unitCost' | 'listPrice' | 'isSerialised'>;
type Story = Pick<Topic, 'category' | 'summary' | 'work' | 'resolution'>;

function goods(word: string, prices: Prices, story: Story, note: string, resolution: string): Goods {
  return { word, ...prices, topic: { ...story, descriptions: [], notes: [] }, note, resolution };
}

function piece(
  itemCode: string,
  description: string,
  unitCost: string,
  listPrice: string,
  isSerialised = false,
): Prices {
  return { itemCode, description, unit: 'piece', unitCost, listPrice, isSerialised };
}

export const GOODS: readonly Goods[] = [
  goods(
    'toner',
    piece('TNR-BK', 'Black cartridge for the office printer', '68.00', '95.00'),
    {
      category: 'printing',
      summary: 'Pages come out pale and streaky',
      work: ['Cleaned the printer and ran test pages', 'Changed what was used up and tested again'],
      resolution: 'Test pages are clean.',
    },
    'Put a new toner from the van into the printer on {place}.',
    'Replaced the toner; test pages are clean.',
  ),
  goods(
    'SSD',
    piece('SSD-500', 'Solid state drive, 500 GB', '88.00', '129.00', true),
    {
      category: 'workstation',
      summary: 'Computer takes ten minutes to start',
      work: [
        'Tested the disk of the computer',
        'Moved the data to a new disk',
        'Checked programs and files with the user',
      ],
      resolution: 'The computer starts in seconds.',
    },
    'The old disk reports errors. Cloned it to a 500 GB SSD from stock.',
    'Fitted an SSD and moved the data; the computer starts in seconds.',
  ),
  goods(
    'memory module',
    piece('MEM-16', 'Memory, 16 GB', '52.00', '79.00'),
    {
      category: 'workstation',
      summary: 'Computer freezes with several programs open',
      work: ['Watched the computer under load', 'Opened the computer and tested it afterwards'],
      resolution: 'No freeze since.',
    },
    'Memory is full all day. Added a 16 GB memory module from the van.',
    'Added a memory module; no freeze since.',
  ),
  goods(
    'patch cable',
    piece('CAB-3M', 'Network lead, 3 m', '6.50', '15.00'),
    {
      category: 'network',
      summary: 'Desk on {place} has no network',
      work: ['Traced the line from the desk to the cabinet', 'Connected the desk anew and measured it'],
      resolution: 'The desk is connected.',
    },
    'The lead under the desk was crushed. Ran a new patch cable to the wall.',
    'Replaced the patch cable; the desk is connected.',
  ),
  goods(
    'licence',
    { ...piece('LIC-OFFICE', 'Office suite subscription, one user, one year', '142.00', '180.00'), unit: 'user' },
    {
      category: 'applications',
      summary: 'New starter needs the office programs',
      work: ['Looked for a free seat', 'Installed the programs and signed the new starter in'],
      resolution: 'The programs open for the new starter.',
    },
    'No free seat was left. Bought another licence and gave it to the new starter.',
    'Assigned a licence to the new account; the programs open.',
  ),
  goods(
    'power supply',
    piece('PSU-65', 'Laptop power adapter, 65 W', '41.00', '69.00'),
    {
      category: 'workstation',
      summary: 'Laptop does not charge any more',
      work: ['Tested the laptop with another adapter', 'Brought a working adapter to the user'],
      resolution: 'The laptop charges.',
    },
    'The adapter is dead. Left a 65 W power supply from stock with the user.',
    'Handed out a power supply; the laptop charges.',
  ),
  goods(
    'docking station',
    piece('DOCK-C', 'Desk dock with two display outputs', '171.00', '239.00', true),
    {
      category: 'workstation',
      summary: 'Second screen stays black at the desk',
      work: ['Tested the screens and the dock', 'Swapped the dock and set up both screens'],
      resolution: 'Both screens work.',
    },
    'The dock has no signal on its second output. Swapped in a docking station from stock.',
    'Swapped the docking station; both screens work.',
  ),
  goods(
    'access point',
    piece('WAP-AX', 'Wireless base for ceilings', '219.00', '299.00', true),
    {
      category: 'network',
      summary: 'Wireless drops in the meeting room',
      work: ['Measured the wireless in the meeting room', 'Mounted and set up the new base', 'Measured again'],
      resolution: 'Signal is strong in the whole room.',
    },
    'Coverage ends at the door. Mounted one more access point above {place}.',
    'Mounted an access point; signal is strong in the whole room.',
  ),
];
