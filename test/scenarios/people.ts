import type { Actor } from '@billtrail/kernel';
import { ACCOUNTANT, ENGINEER, OPERATOR } from '../laws/kit/house.js';

/** Who works at the MSP: Priya on tickets, Omar steers them, Anna sends the invoices, Bea agrees. */
export const PRIYA: Actor = { ...ENGINEER, id: 'priya' };
export const OMAR: Actor = { ...OPERATOR, id: 'omar' };
export const ANNA: Actor = { ...ACCOUNTANT, id: 'anna' };
/** Looks at what is too much for Anna alone. */
export const BEA: Actor = { ...ACCOUNTANT, id: 'bea' };
