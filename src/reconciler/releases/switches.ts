/**
 * Pull requests of ARC that the reconcilers and their policies tell apart, by number, with what each does. The reconcilers
 * ask a release for these and never for its name.
 */
export const SWITCHES = {
  3831: 'one pass registers a runner, makes its secret and makes its pod',
  3832: 'a flag sets the number of workers',
  3848: 'flags set the rate and the burst of the Kubernetes client',
  3891: "a runner is ready when its pod's Ready condition says so",
  3941: 'a runner is taken down in one pass, which waits for nothing',
} as const;

export type Switch = keyof typeof SWITCHES;

export type Switches = ReadonlySet<Switch>;

export function isSwitch(number: number): number is Switch {
  return Object.hasOwn(SWITCHES, number);
}
