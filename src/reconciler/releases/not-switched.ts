/** A pull request of ARC that is known, and that nothing here does without. */
interface NotSwitched {
  /** The first release that has it. */
  readonly since: string;
  /** What it does, and why it is no switch. */
  readonly why: string;
}

const chart = (what: string): string => `it changes a Helm chart (${what}), which the lab does not install`;
const sameRequests = (what: string): string => `it ${what}, and no request of a controller or listener changes by that`;
const libraries = (which: string): string =>
  `it builds ARC with ${which}, which is part of the release: choose that one`;

export const NOT_SWITCHED: Readonly<Record<number, NotSwitched>> = {
  3575: { since: '0.11.0', why: sameRequests('moves where owner references are written') },
  3729: { since: '0.11.0', why: chart('how the version label is cut') },
  3797: { since: '0.11.0', why: chart('namespaceOverride') },
  3858: { since: '0.10.1', why: chart('where the number of workers stands in the values') },
  3949: { since: '0.11.0', why: libraries('client-go 0.32 and controller-runtime 0.20') },
  3957: { since: '0.11.0', why: sameRequests('names the two versions in a line of the log') },
  3960: { since: '0.11.0', why: sameRequests('changes texts of errors') },
  4005: { since: '0.12.0', why: sameRequests('changes texts of errors') },
  4032: { since: '0.12.0', why: sameRequests('changes texts of errors') },
  4054: { since: '0.12.0', why: sameRequests('gives metrics of listeners the label job_workflow_ref') },
  4057: { since: '0.12.0', why: sameRequests('takes a client id for the id of a GitHub App') },
  4076: {
    since: '0.12.0',
    why: sameRequests('takes the names of the service account, role and binding from the listener'),
  },
  4101: {
    since: '0.12.0',
    why: 'it mends listeners that crash where the controller serves metrics and the AutoscalingRunnerSet has no listenerMetrics (ARC issue 3993), which arc-lab upgrade-check looks for and runs of the lab do not show',
  },
  4164: { since: '0.13.0', why: chart('a flag for each pull secret of the listener') },
  4240: { since: '0.13.0', why: sameRequests('gives metrics of listeners two labels of the workflow') },
  4250: { since: '0.13.0', why: chart('the mode kubernetes-novolume') },
  4266: { since: '0.13.0', why: libraries('controller-runtime 0.22') },
  4282: { since: '0.13.1', why: chart('rules of the role in kubernetes mode') },
  4361: { since: '0.14.0', why: sameRequests('adds the status to the error of a JIT call') },
  4373: { since: '0.14.0', why: chart('a second, experimental pair of charts') },
  4410: {
    since: '0.14.0',
    why: chart('labels and annotations for inner objects; what ARC does with them is pull request 4400'),
  },
  4449: { since: '0.14.2', why: sameRequests('adds the flag --pprof-addr') },
  4459: { since: '0.14.2', why: sameRequests('adds the flag --health-probe-bind-address') },
  4475: {
    since: '0.14.2',
    why: sameRequests('fills in the kind in owner references, which were whole before in all recordings'),
  },
  4496: { since: 'latest', why: sameRequests('changes which GitHub URLs are taken') },
  4506: { since: 'latest', why: sameRequests('adds a column to what kubectl prints') },
  4508: { since: 'latest', why: libraries('client-go 0.36 and controller-runtime 0.24') },
};
