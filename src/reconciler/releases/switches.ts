/**
 * Pull requests of ARC that the reconcilers and their policies tell apart, by number, with what each does. The reconcilers
 * ask a release for these and never for its name.
 */
export const SWITCHES = {
  3664: 'a label made of a name neither begins nor ends with - _ or .',
  3831: 'one pass registers a runner, makes its secret and makes its pod',
  3832: 'a flag sets the number of workers',
  3848: 'flags set the rate and the burst of the Kubernetes client',
  3891: "a runner is ready when its pod's Ready condition says so",
  3937: "keys of the listener's configuration are in snake case",
  3941: 'a runner is taken down in one pass, which waits for nothing',
  3975: "the listener's metrics can be configured",
  4016: 'the metric of busy runners counts these, and not all that are registered',
  4033: "the listener's configuration is deleted with its pod, and made again",
  4059: 'failures have times: each is followed by a longer back-off, and after the sixth the runner is deleted',
  4080: 'a scale set of the same minor version is taken, not of the same version only',
  4090: "the GitHub secret is not copied into the controller's namespace, nor read in every pass over a scale set",
  4142: 'a container that ended with 0 has done its job, and the service is not asked',
  4152: 'a back-off ends by itself; without it, with the next event',
  4191: 'the secret holds the registration, and the status no JIT config',
  4201: 'a pod that exists already is waited for',
  4239: 'a runner whose job is done, or whose pod fails during its job, is deleted',
  4260: 'a runner deleted because its pod failed during its job is removed from the service at once',
  4289: 'a listener is taken down in one pass, which comes again after a second',
  4299: "a listener's name is made of namespace, runner group and URL, not of the namespace only",
  4305: 'an exceeded quota is tried again, for ten minutes',
  4320: 'a set makes its runners with both finalizers; what is missing is added in one pass, which goes on',
  4324: 'every runner of a set has the label of its component',
  4332: "a listener's pod that was evicted is deleted",
  4340: 'a pod whose phase is Failed has failed, whatever its containers say',
  4377: "a listener's pod asks for a Linux node",
  4383: 'a listener deletes a message before it acts on it, and a poll without one repeats what it knows',
  4390: 'one call to the Actions service at a time, whatever the number of workers',
  4400: 'labels and annotations for the objects that are made can be given',
  4404: 'a container that ended with 7 makes its runner Outdated, and its set, and the scale set is shut down',
  4406: 'a queue with priorities, and no limit of requeues that all runners share',
  4408: 'a scale set can have several labels',
  4451: 'a flag chooses how the work queue holds keys back',
  4457: 'a failed init container fails its pod',
  4472: 'a job that no runner was given is not counted as completed by its listener',
  4492: "the listener's configuration is compared in every pass",
  4502: "a new scale set's name is written into the AutoscalingRunnerSet's spec",
  4516: 'finalizers are added one a pass, the last is taken off with a resource version, and a set follows its spec in place',
  4626: 'flags set the number of workers of each controller',
  4664: 'a runner is removed from the service in the background, and one whose job is done needs no removal',
  4668: 'a listener patches the set before anything else, and runners of started jobs beside its decisions',
  4669: 'both finalizers of a runner are taken off by one patch',
  4670: 'controllers have two workers, and that of runners has four',
  4673: 'a finished pod goes at once, and the Kubernetes client sends 100 requests a second, 200 at once',
} as const;

/** Pull requests that no release has. What they do here is what their descriptions say, and was never recorded. */
const DESCRIBED: ReadonlySet<number> = new Set([4626, 4664, 4668, 4669, 4670, 4673]);

export function isDescribed(number: number): boolean {
  return DESCRIBED.has(number);
}

export type Switch = keyof typeof SWITCHES;

/** Pull requests that no release has without another one, whose number switches both. */
export const PARTS: ReadonlyMap<number, Switch> = new Map([
  [4336, 4340],
  [4405, 4390],
]);

export type Switches = ReadonlySet<Switch>;

export function isSwitch(number: number): number is Switch {
  return Object.hasOwn(SWITCHES, number);
}
