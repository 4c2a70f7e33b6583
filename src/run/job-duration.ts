import type { RunSettings } from './settings.ts';

/** With these presets jobs end; where nothing says when, they run for JOB_US. */
const JOBS_END: readonly (string | undefined)[] = [
  'jobs',
  'no-capacity',
  'waits-for-node',
  'slow-node',
  'one-slow-node',
  'job-still-running',
];
const JOB_US = 10_000_000;

/** The settings with a duration of jobs where their preset lets jobs end and nothing says when. */
export function withJobDuration<S extends Pick<RunSettings, 'pods' | 'jobDurationUs'>>(settings: S): S {
  const isOpen = settings.jobDurationUs === undefined && JOBS_END.includes(settings.pods);
  return isOpen ? { ...settings, jobDurationUs: JOB_US } : settings;
}
