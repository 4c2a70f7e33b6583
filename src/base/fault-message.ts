/** What refusals say of themselves that somebody has asked a simulation for. */
export const FAULT_MESSAGE = 'this fault was asked for in the lab';
