import type { Switch } from './switches.ts';

/** A pull request that builds on an earlier one: the later without the earlier does not hold together. */
interface Rule {
  readonly later: Switch;
  readonly earlier: Switch;
  readonly why: string;
}

export const RULES: readonly Rule[] = [
  { later: 4152, earlier: 4059, why: 'it mends the back-off that the other brought' },
  {
    later: 4191,
    earlier: 3831,
    why: 'a registration kept in the secret is made in the one pass that the other brought',
  },
  { later: 4239, earlier: 4142, why: 'a runner cannot be deleted for exit code 0 and asked for at the service' },
  { later: 4260, earlier: 4239, why: 'it goes on where the other deletes the runner' },
  { later: 4664, earlier: 3941, why: 'it takes the call to the service out of the one pass that takes a runner down' },
  { later: 4668, earlier: 4383, why: 'it changes the order in which the listener of the other handles a message' },
  { later: 4669, earlier: 3941, why: 'the patches that it joins are made in the one pass that takes a runner down' },
  { later: 4670, earlier: 4626, why: 'it sets the defaults of the flags that the other brought' },
  { later: 4673, earlier: 3848, why: 'it sets the defaults of the flags that the other brought' },
  { later: 4516, earlier: 4320, why: 'it adds one finalizer in a pass where the other adds both' },
  { later: 4516, earlier: 4090, why: 'it keeps no copy of the GitHub secret' },
  { later: 4516, earlier: 4492, why: "it compares the listener's configuration in every pass" },
  { later: 4516, earlier: 3941, why: 'its last patch is that of a runner taken down in one pass' },
];
