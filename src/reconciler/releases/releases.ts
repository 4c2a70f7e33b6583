import { latestRelease } from './latest.ts';
import { newRelease } from './new.ts';
import { oldRelease } from './old.ts';
import { ReleaseList } from './release-list.ts';
import { v0_9_3 } from './v0-9-3.ts';
import { v0_11_0 } from './v0-11-0.ts';
import { v0_12_1 } from './v0-12-1.ts';
import { v0_13_1 } from './v0-13-1.ts';
import { v0_14_0 } from './v0-14-0.ts';
import { v0_14_1 } from './v0-14-1.ts';
import { v0_14_2 } from './v0-14-2.ts';

/** A release is one file here and one place in this list. */
export const RELEASES = new ReleaseList([
  v0_9_3,
  oldRelease,
  newRelease,
  v0_11_0,
  v0_12_1,
  v0_13_1,
  v0_14_0,
  v0_14_1,
  v0_14_2,
  latestRelease,
]);
