import { newRelease } from './new.ts';
import { oldRelease } from './old.ts';
import { ReleaseList } from './release-list.ts';

/** A release is one file here and one place in this list. */
export const RELEASES = new ReleaseList([oldRelease, newRelease]);
